"""Dibao: a family below the line is brought up to it."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="dibao",
    label="最低生活保障",
    short="低保",
    to="household",
    gives="money",
    office="民政",
    eligible="dibao_eligible",
    amount="dibao_amount",
    about="一家人每月人均收入不到当地低保标准，家里的房、车、存款也不超限，每月把差的钱补上。全家一起算，一起领。",
    apply="由家里一个人向户籍所在街道提出，在线也可以；交身份证件、核对授权书和承诺书。",
)


@rule(cites="L649-10", label="低保标准")
def dibao_standard(
    rural: bool, dibao_standard_urban: Decimal, dibao_standard_rural: Decimal
) -> Decimal:
    return dibao_standard_rural if rural else dibao_standard_urban


@rule(cites=("L649-11", "MF57-4"), label="可以在本区申请低保")
def dibao_applies_here(dibao_unit: People) -> bool:
    """One member registered here is enough (MF57-5)."""
    return any(p.hukou == "district" for p in dibao_unit)


@rule(cites=("L649-12", "MF57-23"), label="与低保标准相比的人均收入")
def dibao_test_income(
    income_before_deduction: Decimal,
    income_at_least: Decimal,
    income_per_member: Decimal,
    dibao_members: int,
    dibao_standard: Decimal,
) -> Decimal:
    """Deductions only lower income: where they change nothing, nobody has to decide them."""
    before = income_before_deduction / max(1, dibao_members)
    least = income_at_least / max(1, dibao_members)
    if before < dibao_standard:
        return before
    if least >= dibao_standard:
        return least
    return income_per_member


@rule(cites=("L649-9", "MF57-8"), label="符合低保条件")
def dibao_eligible(
    dibao_applies_here: bool,
    dibao_test_income: Decimal,
    dibao_standard: Decimal,
    assets_within_limit: bool,
) -> bool:
    return dibao_applies_here and dibao_test_income < dibao_standard and assets_within_limit


@rule(cites=("L649-12", "MF57-23"), label="每月低保金")
def dibao_amount(dibao_standard: Decimal, dibao_members: int, countable_income: Decimal) -> Decimal:
    """The difference between the line and the income, for the whole family."""
    return max(Decimal(0), dibao_standard * dibao_members - countable_income)


@rule(cites=("L649-11", "MF57-21"), label="低保家庭")
def in_dibao_family(dibao_recognised: bool, dibao_eligible: bool) -> bool:
    """Recognised already, or would be on applying: not asking costs nobody a second benefit."""
    return dibao_recognised or dibao_eligible
