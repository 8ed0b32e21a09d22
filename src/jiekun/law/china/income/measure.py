"""Family income as dibao counts it, and the dibao unit whose income it is.

Before July 2021 each province or city set the method (L649-10); none of those texts was found, so
the national method of 2021 is taken for the years before it too.
"""

from decimal import Decimal

from jiekun.kernel import People, rule


@rule(cites=("L649-9", "MF57-7"), label="低保共同生活成员")
def dibao_unit(away: str, tekun_recognised: bool) -> bool:
    """Who is away in the listed ways, or already kept as tekun, is not counted."""
    return away == "home" and not tekun_recognised


@rule(cites=("L649-9", "MF57-7"), label="共同生活人数")
def dibao_members(dibao_unit: People) -> int:
    return len(dibao_unit)


@rule(cites=("L649-10", "MF57-13"), label="计入的零工收入")
def counted_odd_job_income(odd_job_income: Decimal) -> Decimal:
    return odd_job_income


@rule(cites=("L649-10", "MF57-13"), label="扣减的就业成本")
def work_cost_deduction(
    wage_income: Decimal, counted_odd_job_income: Decimal, work_cost: Decimal
) -> Decimal:
    """Costs of working come off earnings only, never off other income."""
    earned = wage_income + counted_odd_job_income
    return min(work_cost, earned) if earned > 0 else Decimal(0)


@rule(cites=("L649-10", "MF57-13"), label="计入的工资性收入")
def counted_earnings(
    wage_income: Decimal, counted_odd_job_income: Decimal, work_cost_deduction: Decimal
) -> Decimal:
    return wage_income + counted_odd_job_income - work_cost_deduction


@rule(cites=("L649-10", "MF57-13"), label="计入的转移净收入")
def counted_transfers(
    pension_income: Decimal,
    basic_pension: Decimal,
    basic_pension_counted_share: Decimal,
    old_age_allowance: Decimal,
    transfer_income: Decimal,
    transfer_paid: Decimal,
) -> Decimal:
    """The old-age allowance is a regular transfer and not among the exempt ones (unlike MF43-6)."""
    received = (
        pension_income
        + basic_pension * basic_pension_counted_share
        + old_age_allowance
        + transfer_income
    )
    return received - transfer_paid


@rule(cites=("L649-10", "MF57-13"), label="本人计入月收入")
def counted_income(
    counted_earnings: Decimal,
    business_income: Decimal,
    property_income: Decimal,
    counted_transfers: Decimal,
) -> Decimal:
    """Exempt income (pensions of honour, awards, relief) is asked apart and never enters."""
    return counted_earnings + business_income + property_income + counted_transfers


@rule(cites=("L649-10", "MF57-13"), label="扣减的刚性支出")
def rigid_allowed(rigid_expense: Decimal, rigid_deduction: Decimal) -> Decimal:
    """How much is allowed is a person's decision; without such costs there is nothing to decide."""
    return Decimal(0) if rigid_expense == 0 else min(rigid_deduction, rigid_expense)


@rule(cites=("L649-10", "MF57-13"), label="扣减前家庭月收入")
def income_before_deduction(dibao_unit: People) -> Decimal:
    return max(Decimal(0), sum(p.counted_income for p in dibao_unit))


@rule(cites=("L649-10", "MF57-13"), label="家庭每月刚性支出")
def rigid_expense_total(dibao_unit: People) -> Decimal:
    return sum(p.rigid_expense for p in dibao_unit)


@rule(cites=("L649-10", "MF57-13"), label="家庭扣减的刚性支出")
def rigid_allowed_total(dibao_unit: People) -> Decimal:
    return sum(p.rigid_allowed for p in dibao_unit)


@rule(cites=("L649-10", "MF57-13"), label="刚性支出全部扣减后的家庭月收入")
def income_at_least(income_before_deduction: Decimal, rigid_expense_total: Decimal) -> Decimal:
    """What is left if every hard cost were deducted: still too much, and nothing needs deciding."""
    return max(Decimal(0), income_before_deduction - rigid_expense_total)


@rule(cites=("L649-10", "MF57-13"), label="家庭计入月收入")
def countable_income(income_before_deduction: Decimal, rigid_allowed_total: Decimal) -> Decimal:
    return max(Decimal(0), income_before_deduction - rigid_allowed_total)


@rule(cites=("L649-12", "MF57-23"), label="人均月收入")
def income_per_member(countable_income: Decimal, dibao_members: int) -> Decimal:
    return countable_income / max(1, dibao_members)
