"""Temporary relief: in an emergency at once, for large bills after a look at means."""

from decimal import Decimal

from jiekun.kernel import Measure, per_year, rule

MEASURE = Measure(
    name="emergency_relief",
    label="急难型临时救助",
    short="急难救助",
    to="household",
    gives="money",
    office="民政",
    eligible="emergency_relief_eligible",
    amount="relief_amount",
    about="家里突然出了事、生了大病，日子一下子过不下去的，先救助再补手续。不看户口在哪里，在出事的地方就能救。",
    apply="向出事地或住地的街道提出，说不清也可以由社区代报。",
)

EXPENDITURE = Measure(
    name="expenditure_relief",
    label="支出型临时救助",
    short="支出型救助",
    to="household",
    gives="money",
    office="民政",
    eligible="expenditure_relief_eligible",
    amount="relief_amount",
    about="上学、看病这些必须花的钱突然多到承受不起，日子过不下去的，救助一次。要看收入和家底。",
    apply="向街道提出，带票据。",
)


@rule(cites=("L649-47", "LS18-2"), label="符合急难型救助条件")
def emergency_relief_eligible(sudden_hardship: str, basic_life_in_difficulty: bool) -> bool:
    """No registration is asked; whether life is in difficulty is the street's to see."""
    return sudden_hardship != "none" and basic_life_in_difficulty


@rule(cites=("L649-47", "LS18-2"), label="收入和财产符合支出型救助")
def relief_means(
    income_before_deduction: Decimal,
    dibao_members: int,
    disposable_income: Decimal,
    edge_assets_within_limit: bool,
) -> bool:
    """Below what people there had to spend last year; property by the edge family's limits."""
    return (
        per_year(income_before_deduction) < disposable_income * dibao_members
        and edge_assets_within_limit
    )


@rule(cites=("L649-47", "LS18-2"), label="符合支出型救助条件")
def expenditure_relief_eligible(
    spending_surge: bool,
    basic_life_in_difficulty: bool,
    dibao_recognised: bool,
    relief_means: bool,
) -> bool:
    """Families on dibao have shown their means already: only their costs are looked at."""
    return spending_surge and basic_life_in_difficulty and (dibao_recognised or relief_means)


@rule(cites=("L649-48", "LS18-2"), label="临时救助封顶线")
def relief_cap(
    dibao_standard: Decimal, relief_cap_multiple: Decimal, members_at_home: int
) -> Decimal:
    """So many times the monthly line for each person in need."""
    return dibao_standard * relief_cap_multiple * members_at_home


@rule(cites=("L649-48", "LS18-2"), label="临时救助金额")
def relief_amount(relief_proposed: Decimal, relief_cap: Decimal) -> Decimal:
    """What the street proposes, up to the cap; more takes a case conference."""
    return min(relief_proposed, relief_cap)
