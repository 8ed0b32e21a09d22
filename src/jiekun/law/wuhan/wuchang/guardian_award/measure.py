"""A yearly award for those who watch over a severely ill psychiatric patient."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="guardian_award",
    label="严重精神障碍患者监护人奖励",
    short="监护奖励",
    to="person",
    gives="money",
    office="卫健",
    eligible="guardian_award_eligible",
    amount="guardian_award_amount",
    about="照看严重精神障碍患者的监护人，一年下来监护得好，经审定发一份奖励。",
    apply="监护人与街道签监护协议，年底由区卫健局审定。",
)


@rule(
    cites=("W22-2.10e", "W24-12"),
    label="可以领监护奖励",
    reading="guardian_award_per:patient",
    name="guardian_award_eligible",
)
def guardian_award_once_a_patient(
    wuchang_scope: bool,
    guards_patient: bool,
    guardian_award_approved: bool,
    co_guardian_awarded: bool,
) -> bool:
    """One award a patient: the second guardian gets none."""
    return wuchang_scope and guards_patient and guardian_award_approved and not co_guardian_awarded


@rule(
    cites=("W22-2.10e", "W24-12"),
    label="可以领监护奖励",
    reading="guardian_award_per:guardian",
)
def guardian_award_eligible(
    wuchang_scope: bool, guards_patient: bool, guardian_award_approved: bool
) -> bool:
    """One award a guardian; whether the conditions were met is the health office's finding."""
    return wuchang_scope and guards_patient and guardian_award_approved


@rule(
    cites=("W22-2.10e", "W24-12"),
    label="一年监护奖励",
    reading="guardian_award_part_year:by_month",
    name="guardian_award_amount",
)
def guardian_award_by_month(guardian_award: Decimal, guarding_months: int) -> Decimal:
    return guardian_award * guarding_months / 12


@rule(
    cites=("W22-2.10e", "W24-12"),
    label="一年监护奖励",
    reading="guardian_award_part_year:whole",
)
def guardian_award_amount(guardian_award: Decimal) -> Decimal:
    return guardian_award
