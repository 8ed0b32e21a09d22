"""Dibao: a family below the standard is brought up to it."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="dibao",
    label="最低生活保障",
    to="household",
    gives="money",
    office="民政",
    eligible="dibao_eligible",
    amount="dibao_amount",
    about="人均收入不到标准，存款、车、房不超限的，每月补足差额。",
)


@rule(cites="D12-5", label="算在低保一家里")
def dibao_unit(
    hukou_here: bool, in_institution: bool, tekun_eligible: bool, orphan_eligible: bool
) -> bool:
    return hukou_here and not in_institution and not tekun_eligible and not orphan_eligible


@rule(cites="D12-6", label="计入的收入")
def counted_income(
    wage_income: Decimal, employed: bool, other_income: Decimal, work_cost: Decimal
) -> Decimal:
    """Going to work costs something; what it costs is not counted."""
    earned = max(Decimal(0), wage_income - work_cost) if employed else wage_income
    return earned + other_income


@rule(cites="D12-6", label="全家计入的收入")
def family_income(dibao_unit: People, rigid_expense: Decimal) -> Decimal:
    return max(Decimal(0), sum(p.counted_income for p in dibao_unit) - rigid_expense)


@rule(cites="D12-6", label="低保一家的人数")
def dibao_members(dibao_unit: People) -> int:
    return len(dibao_unit)


@rule(cites="D12-6", label="人均收入")
def income_per_member(family_income: Decimal, dibao_members: int) -> Decimal:
    return family_income / max(1, dibao_members)


@rule(cites="D12-5", label="符合低保条件")
def dibao_eligible(
    dibao_members: int,
    income_per_member: Decimal,
    standard: Decimal,
    savings_within_limit: bool,
    cars: int,
    houses: int,
) -> bool:
    return (
        dibao_members > 0
        and income_per_member < standard
        and savings_within_limit
        and cars == 0
        and houses <= 1
    )


@rule(cites="D12-6", label="每月低保金")
def dibao_amount(standard: Decimal, dibao_members: int, family_income: Decimal) -> Decimal:
    return max(Decimal(0), standard * dibao_members - family_income)


@rule(cites="D12-5", label="低保家庭的人")
def in_dibao_family(dibao_unit: bool, dibao_eligible: bool) -> bool:
    return dibao_unit and dibao_eligible
