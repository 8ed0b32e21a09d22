"""How the city counted income and heads in 2020, while people could not work."""

from decimal import Decimal

from jiekun.kernel import rule


@rule(cites="WH20-2.1.2c", label="疫情期间可以少计劳动收入的家庭", since="2020-04-01")
def epidemic_leniency(dibao_recognised: bool, low_income_recognised: bool) -> bool:
    """For families already on dibao or low-income who went back to work or trade."""
    return dibao_recognised or low_income_recognised


@rule(
    cites=("WH20-2.1.2c", "L649-10"),
    label="本人计入月收入",
    since="2020-04-01",
    until="2020-06-30",
    name="counted_income",
)
def counted_income_april_to_june(
    epidemic_leniency: bool,
    counted_earnings: Decimal,
    business_income: Decimal,
    property_income: Decimal,
    counted_transfers: Decimal,
) -> Decimal:
    """From April to June what work and trade bring does not count."""
    earned = counted_earnings + business_income
    worked = Decimal(0) if epidemic_leniency else earned
    return worked + property_income + counted_transfers


@rule(
    cites=("WH20-2.1.2c", "L649-10"),
    label="本人计入月收入",
    since="2020-07-01",
    name="counted_income",
)
def counted_income_july_to_december(
    epidemic_leniency: bool,
    counted_earnings: Decimal,
    business_income: Decimal,
    property_income: Decimal,
    counted_transfers: Decimal,
) -> Decimal:
    """From July on half of it counts, to the plan's end in December."""
    earned = counted_earnings + business_income
    worked = earned / 2 if epidemic_leniency else earned
    return worked + property_income + counted_transfers


@rule(cites=("WH20-2.1.2b", "L649-12"), label="每月低保金", since="2020-04-01", until="2020-06-30")
def dibao_amount(
    dibao_standard: Decimal,
    dibao_members: int,
    members_died_recently: int,
    countable_income: Decimal,
) -> Decimal:
    """Whoever died of illness in these months still counts as a head."""
    heads = dibao_members + members_died_recently
    return max(Decimal(0), dibao_standard * heads - countable_income)


@rule(cites=("WH20-2.3.1d", "L649-10"), label="扣减的刚性支出")
def rigid_allowed(rigid_expense: Decimal, rigid_deduction: Decimal) -> Decimal:
    """Six kinds of hard cost, by fixed sums and by what was spent: a person settles how much."""
    return Decimal(0) if rigid_expense == 0 else min(rigid_deduction, rigid_expense)
