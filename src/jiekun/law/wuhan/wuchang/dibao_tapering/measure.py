"""Leaving dibao by degrees after finding work."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="dibao_tapering",
    label="低保渐退期",
    short="低保渐退",
    to="household",
    gives="money",
    office="民政",
    eligible="dibao_tapering_eligible",
    amount="dibao_tapering_amount",
    about="低保家庭有人找到工作、人均收入超过低保线以后，低保不是马上停，而是给一段缓冲期。最长一年，这期间发多少要看区里怎么定。",
    apply="不用另外申请，复核时由街道提出。",
    stops_with=("dibao",),
)


@rule(cites=("W22-2.1c", "MF57-33"), label="在低保渐退期内")
def dibao_tapering_eligible(
    dibao_recognised: bool,
    people: People,
    dibao_test_income: Decimal,
    dibao_standard: Decimal,
    months_over_standard: int,
    dibao_tapering_months: int,
) -> bool:
    """W22 allows up to a year; TZ22-1 says six months as a rule, so past six a reason is needed."""
    return (
        dibao_recognised
        and any(p.employed for p in people)
        and dibao_test_income >= dibao_standard
        and months_over_standard <= dibao_tapering_months
    )


@rule(cites="W22-2.1c", label="渐退期每月金额")
def dibao_tapering_amount(
    dibao_standard: Decimal, dibao_members: int, dibao_tapering_share: Decimal
) -> Decimal:
    """How much of the full sum is paid while leaving is written nowhere."""
    return dibao_standard * dibao_members * dibao_tapering_share
