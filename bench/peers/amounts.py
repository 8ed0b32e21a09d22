"""The dozen's numbers for engines that take them as constants: fen, hours, days since 1970."""

from __future__ import annotations

from datetime import date

ON = date(2024, 11, 1)
STANDARD = (106_000, 91_250, 79_570)  # urban, suburban, rural
SAVINGS_MONTHS = 36
LIVING = (137_800, 118_625, 103_441)  # 1.3 standards, rounded to the fen
CARE = (10_630, 53_130, 106_250)  # self care full, partial, none
ORPHAN_INSTITUTION, ORPHAN_HOME = 267_120, 178_080
WORK_COST = 31_800
MEALS_80, MEALS_70, MEALS_60 = 15_000, 9_000, 13_550
EDUCATION = (0, 100_000, 125_000, 200_000, 500_000)  # by stage, none first
MEDICAL_THRESHOLD, MEDICAL_CAP = 300_000, 1_000_000
RELIEF_MONTHS = 4
CARE_HOURS = 365
TRAINING, STARTUP = 80_000, 1_000_000
HOME_CARE_MOST, HOME_CARE_RATE = 40, 3_500

CODES = {
    "self_care": ("full", "partial", "none"),
    "parents": ("alive", "one", "dead", "gone"),
    "school_stage": ("none", "kindergarten", "compulsory", "senior", "college"),
    "region": ("urban", "suburban", "rural"),
}
PERSON = (
    "tekun", "orphan", "meals", "home_care", "education", "medical", "training", "startup",
    "care_hours", "insurance",
)  # fmt: skip
HOUSEHOLD = ("dibao", "relief", "total")
OUTPUTS = (*PERSON, *HOUSEHOLD)


def born_by(years: int) -> int:
    """The last day of birth of those who have completed so many years on the day asked."""
    return (ON.replace(year=ON.year - years) - date(1970, 1, 1)).days


B16, B18, B60, B70, B80 = map(born_by, (16, 18, 60, 70, 80))
