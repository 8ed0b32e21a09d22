"""A supplement when prices rise: its switch and its sum; who gets it is each place's own law."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="price_supplement",
    label="临时价格补贴",
    short="价格补贴",
    to="person",
    gives="money",
    office="民政",
    eligible="price_supplement_eligible",
    amount="price_supplement_amount",
    about="物价涨得多的月份，给低保、特困这些困难群众每人补一份。涨了多少，就按低保标准补多少。",
    apply="不用申请，和低保金、供养金一起发。",
    universal=True,
)


@rule(cites="L649-10", label="已启动价格补贴")
def price_link_on(
    cpi_rise: Decimal, food_cpi_rise: Decimal, price_link_cpi: Decimal, price_link_food: Decimal
) -> bool:
    """Either index reaching its mark is enough."""
    return cpi_rise >= price_link_cpi or food_cpi_rise >= price_link_food


@rule(cites="L649-10", label="当月每人价格补贴")
def price_supplement_amount(
    dibao_person: bool,
    tekun_entitled: bool,
    dibao_standard: Decimal,
    low_income_cpi_rise: Decimal,
) -> Decimal:
    """The line times how much the index of the low-income rose over a year."""
    rise = max(Decimal(0), low_income_cpi_rise)
    return dibao_standard * rise if dibao_person or tekun_entitled else Decimal(0)
