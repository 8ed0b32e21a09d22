"""Cheaper meals at the community canteens."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="canteen_meals",
    label="老年助餐补贴",
    short="助餐",
    to="person",
    gives="goods",
    office="民政",
    eligible="canteen_meals_eligible",
    amount="canteen_meals_amount",
    about="六十岁以上的老人到社区幸福食堂刷老年人卡吃饭，早中晚每餐都便宜一点。低保、低收入的老人便宜得更多。",
    apply="办好老年人卡，到食堂刷本人的卡。",
    universal=True,
)


@rule(cites=("W22-2.8e", "W24-16"), label="可以享受助餐")
def canteen_meals_eligible(wuchang_scope: bool, age: int, meal_card: bool) -> bool:
    return wuchang_scope and age >= 60 and meal_card


@rule(cites="W22-2.8e", label="一天三餐最多减免", name="canteen_meals_amount")
def canteen_meals_amount_for_all(
    meal_breakfast: Decimal, meal_lunch: Decimal, meal_dinner: Decimal
) -> Decimal:
    """The rules of 2022 name no second rate for families on relief."""
    return meal_breakfast + meal_lunch + meal_dinner


@rule(
    cites="W24-16",
    label="一天最多减免",
    reading="canteen_share:one_a_day",
    name="canteen_meals_amount",
)
def canteen_meals_amount_of_one_meal(
    low_income_family: bool,
    tekun_entitled: bool,
    meal_breakfast: Decimal,
    meal_lunch: Decimal,
    meal_dinner: Decimal,
    meal_breakfast_low_income: Decimal,
    meal_lunch_low_income: Decimal,
    meal_dinner_low_income: Decimal,
) -> Decimal:
    """One person, one card, one meal a day: the dearest counts."""
    if low_income_family or tekun_entitled:
        return max(meal_breakfast_low_income, meal_lunch_low_income, meal_dinner_low_income)
    return max(meal_breakfast, meal_lunch, meal_dinner)


@rule(cites="W24-16", label="一天三餐最多减免", reading="canteen_share:each_meal")
def canteen_meals_amount(
    low_income_family: bool,
    tekun_entitled: bool,
    meal_breakfast: Decimal,
    meal_lunch: Decimal,
    meal_dinner: Decimal,
    meal_breakfast_low_income: Decimal,
    meal_lunch_low_income: Decimal,
    meal_dinner_low_income: Decimal,
) -> Decimal:
    """One share at each meal: a second card swipe at the same meal takes nothing off."""
    if low_income_family or tekun_entitled:
        return meal_breakfast_low_income + meal_lunch_low_income + meal_dinner_low_income
    return meal_breakfast + meal_lunch + meal_dinner
