"""What offices owe by number: coverage, staff, spending ceilings."""

from decimal import Decimal

from jiekun.kernel import rule


@rule(cites="W22-10e", label="购买服务经费上限")
def purchase_ceiling(relief_spending_last_year: Decimal, purchase_share: Decimal) -> Decimal:
    """All of last year's relief spending is the base; five per cent, as a rule."""
    return relief_spending_last_year * purchase_share


@rule(cites="W22-10e", label="购买服务经费没有超过上限")
def purchase_within(purchase_spending: Decimal, purchase_ceiling: Decimal) -> bool:
    return purchase_spending <= purchase_ceiling
