"""Hours of care for older people who cannot look after themselves."""

from datetime import date

from jiekun.kernel import Measure, rule, years_since

MEASURE = Measure(
    name="care_hours",
    label="照护服务",
    to="person",
    gives="hours",
    office="民政",
    eligible="care_hours_eligible",
    amount="care_hours_amount",
    about="六十岁以上、不能自理、住在家里的困难老人，每年三百六十五小时。",
)


@rule(cites="D12-11", label="可以享受照护服务")
def care_hours_eligible(
    birth_date: date, self_care: str, in_institution: bool, in_hardship: bool
) -> bool:
    return (
        self_care == "none" and years_since(birth_date) >= 60 and not in_institution and in_hardship
    )


@rule(cites="D12-11", label="每年照护小时数")
def care_hours_amount(care_hours_yearly: int) -> int:
    return care_hours_yearly
