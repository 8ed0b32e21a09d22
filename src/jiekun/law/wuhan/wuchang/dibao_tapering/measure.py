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
    about="低保家庭有人找到工作、人均收入超过低保线以后，低保不是马上停，而是给一段缓冲期。一般不超过半年，这期间发多少要看区里怎么定。",
    apply="不用另外申请，复核时由街道提出。",
    stops_with=("dibao",),
)


@rule(
    cites=("W22-2.1c", "TZ22-1"),
    label="渐退期最长月数",
    since="2022-10-20",
    reading="tapering_limit:six_months",
    name="tapering_limit",
)
def tapering_limit_of_the_notice(
    dibao_tapering_months: int, dibao_tapering_months_national: int
) -> int:
    """The later notice from above says six as a rule; a district's year does not outweigh it."""
    return min(dibao_tapering_months, dibao_tapering_months_national)


@rule(
    cites="W22-2.1c",
    label="渐退期最长月数",
    reading="tapering_limit:twelve_months",
    name="tapering_limit",
)
def tapering_limit_of_the_district(dibao_tapering_months: int) -> int:
    """The year the district names; past six months a reason is written down."""
    return dibao_tapering_months


@rule(
    cites="W22-2.1c",
    label="渐退期最长月数",
    until="2022-10-19",
    reading="tapering_limit:six_months",
)
def tapering_limit(dibao_tapering_months: int) -> int:
    return dibao_tapering_months


@rule(cites=("W22-2.1c", "MF57-33"), label="在低保渐退期内")
def dibao_tapering_eligible(
    dibao_recognised: bool,
    people: People,
    dibao_test_income: Decimal,
    dibao_standard: Decimal,
    months_over_standard: int,
    tapering_limit: int,
) -> bool:
    return (
        dibao_recognised
        and any(p.employed for p in people)
        and dibao_test_income >= dibao_standard
        and months_over_standard <= tapering_limit
    )


@rule(cites="W22-2.1c", label="渐退期每月金额")
def dibao_tapering_amount(
    dibao_standard: Decimal, dibao_members: int, dibao_tapering_share: Decimal
) -> Decimal:
    """How much of the full sum is paid while leaving is written nowhere."""
    return dibao_standard * dibao_members * dibao_tapering_share
