"""Families above every line whose hard costs eat what they earn."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="rigid_family",
    label="刚性支出困难家庭",
    short="刚性支出困难",
    to="household",
    gives="status",
    office="民政",
    eligible="rigid_eligible",
    about="收入不算最低，但吃住、看病、上学、康复这些省不掉的钱占了收入的大头，可以认定为刚性支出困难家庭。认定一次管一年。",
    apply="和申请低保走同一个口子，向街道提出，带看病、上学的票据。",
    stops_with=("dibao", "dibao_edge"),
)


@rule(cites=("L649-47", "GX25-4"), label="上年度当地居民人均可支配收入")
def disposable_income(
    rural: bool, disposable_income_urban: Decimal, disposable_income_rural: Decimal
) -> Decimal:
    return disposable_income_rural if rural else disposable_income_urban


@rule(cites="GX25-4", label="人均收入低于当地居民人均可支配收入")
def below_disposable_income(
    family_income_year: Decimal, disposable_income: Decimal, dibao_members: int
) -> bool:
    return family_income_year < disposable_income * dibao_members


@rule(cites=("GX25-4", "GX25-5"), label="符合刚性支出困难家庭条件")
def rigid_eligible(
    dibao_applies_here: bool,
    in_dibao_family: bool,
    in_edge_family: bool,
    dibao_unit_empty: bool,
    below_disposable_income: bool,
    edge_assets_within_limit: bool,
    rigid_spending_year: Decimal,
    family_income_year: Decimal,
    rigid_spending_share: Decimal,
) -> bool:
    """Property by the edge family's limits, as the article allows; costs above the local share."""
    return (
        dibao_applies_here
        and not in_dibao_family
        and not in_edge_family
        and not dibao_unit_empty
        and below_disposable_income
        and edge_assets_within_limit
        and rigid_spending_year > family_income_year * rigid_spending_share
    )


@rule(cites="GX25-4", label="家里没有按家庭计算的人")
def dibao_unit_empty(dibao_members: int) -> bool:
    """Everybody is tekun already, or away."""
    return dibao_members == 0


@rule(cites="GX25-10", label="刚性支出困难家庭")
def in_rigid_family(rigid_recognised: bool, rigid_eligible: bool) -> bool:
    """Recognised already, or would be on applying."""
    return rigid_recognised or rigid_eligible
