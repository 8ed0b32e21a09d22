"""Dibao as the district carries it out: who may apply here, and the district's own clauses."""

from decimal import Decimal

from jiekun.kernel import People, rule


@rule(cites="W22-8f", label="可以在本区申请低保")
def dibao_applies_here(dibao_unit: People, permit_holders_apply: Decimal) -> bool:
    """People of the city apply where they live; permit holders once the district lets them."""
    return any(
        p.hukou in {"district", "city"} or (p.residence_permit_valid and permit_holders_apply == 1)
        for p in dibao_unit
    )


@rule(cites=("W22-2.1c", "MF57-13"), label="扣减的就业成本")
def work_cost_deduction(
    wage_income: Decimal, counted_odd_job_income: Decimal, work_cost: Decimal
) -> Decimal:
    """W22 names families already on dibao; MF57-13 nets earnings for all, so all are in."""
    earned = wage_income + counted_odd_job_income
    return min(work_cost, earned) if earned > 0 else Decimal(0)


@rule(cites=("W22-2.1b", "MF57-8"), label="符合低保条件")
def dibao_eligible(
    dibao_applies_here: bool,
    dibao_test_income: Decimal,
    dibao_standard: Decimal,
    assets_within_limit: bool,
) -> bool:
    return dibao_applies_here and dibao_test_income < dibao_standard and assets_within_limit
