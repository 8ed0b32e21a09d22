"""Temporary relief after a blow, bounded by the standard and the number of people."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="relief",
    label="临时救助",
    to="household",
    gives="money",
    office="民政",
    eligible="relief_eligible",
    amount="relief_amount",
    about="遇到急难、收入不到两倍标准的家庭，一次发到每人四个月标准为止。",
)


@rule(cites="D12-10", label="可以享受临时救助")
def relief_eligible(
    emergency_cost: Decimal, income_per_member: Decimal, standard: Decimal, relief_line: Decimal
) -> bool:
    return emergency_cost > 0 and income_per_member < standard * relief_line


@rule(cites="D12-10", label="临时救助金")
def relief_amount(
    emergency_cost: Decimal, standard: Decimal, relief_months: Decimal, people: People
) -> Decimal:
    return min(emergency_cost, standard * relief_months * len(people))
