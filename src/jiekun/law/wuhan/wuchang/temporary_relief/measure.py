"""The district's emergency relief, and what a street may pay from petty cash."""

from decimal import Decimal

from jiekun.kernel import rule


@rule(cites="W22-4.1", label="符合急难型救助条件")
def emergency_relief_eligible(sudden_hardship: str, basic_life_in_difficulty: bool) -> bool:
    """Events, injury, illness, epidemics, other causes, and people stranded without means."""
    return sudden_hardship != "none" and basic_life_in_difficulty


@rule(cites="W22-4.3b", label="备用金救助金额线")
def petty_cash_line(dibao_standard_urban: Decimal, petty_cash_multiple: Decimal) -> Decimal:
    """The town line whichever the family's own."""
    return dibao_standard_urban * petty_cash_multiple


@rule(cites="W22-4.3b", label="可以从备用金支付")
def petty_cash_may_pay(relief_proposed: Decimal, petty_cash_line: Decimal) -> bool:
    """Strictly below the line; at the line it goes for approval."""
    return relief_proposed < petty_cash_line


@rule(cites="W22-4.3a", label="全区备用金总额")
def petty_cash_total(petty_cash_fund: Decimal, streets: Decimal) -> Decimal:
    return petty_cash_fund * streets
