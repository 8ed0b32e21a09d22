"""Meals for older people, more the older they are."""

from datetime import date
from decimal import Decimal

from jiekun.kernel import Measure, rule, years_since

MEASURE = Measure(
    name="meals",
    label="老年助餐",
    to="person",
    gives="money",
    office="民政",
    eligible="meals_eligible",
    amount="meals_amount",
    about="七十岁起人人有，六十岁起困难的有，每月按年龄发助餐补贴。",
)


@rule(cites="D12-7", label="可以享受助餐")
def meals_eligible(birth_date: date, hukou_here: bool, in_hardship: bool) -> bool:
    return hukou_here and (
        years_since(birth_date) >= 70 or (years_since(birth_date) >= 60 and in_hardship)
    )


@rule(cites="D12-7", label="每月助餐补贴")
def meals_amount(
    birth_date: date, meals_80: Decimal, meals_70: Decimal, meals_60: Decimal
) -> Decimal:
    if years_since(birth_date) >= 80:
        return meals_80
    return meals_70 if years_since(birth_date) >= 70 else meals_60
