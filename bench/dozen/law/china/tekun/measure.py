"""Tekun: those who can neither work, nor live of something, nor turn to anybody."""

from datetime import date
from decimal import Decimal

from jiekun.kernel import Measure, round_half_up, rule, years_since

MEASURE = Measure(
    name="tekun",
    label="特困供养",
    to="person",
    gives="money",
    office="民政",
    eligible="tekun_eligible",
    amount="tekun_amount",
    about="没有劳动能力、没有收入、没有人供养的，每月发基本生活费和照料费。",
)


@rule(cites="D12-3", label="没有劳动能力")
def cannot_work(birth_date: date, severely_disabled: bool) -> bool:
    return years_since(birth_date) >= 60 or years_since(birth_date) < 16 or severely_disabled


@rule(cites="D12-3", label="没有生活来源")
def without_income(wage_income: Decimal, other_income: Decimal, standard: Decimal) -> bool:
    return wage_income + other_income < standard


@rule(cites="D12-3", label="符合特困条件")
def tekun_eligible(
    hukou_here: bool,
    no_supporter: bool,
    cannot_work: bool,
    without_income: bool,
    savings_within_limit: bool,
) -> bool:
    return hukou_here and no_supporter and cannot_work and without_income and savings_within_limit


@rule(cites="D12-3", label="每月特困供养金")
def tekun_amount(
    standard: Decimal,
    tekun_ratio: Decimal,
    self_care: str,
    care_none: Decimal,
    care_partial: Decimal,
    care_full: Decimal,
) -> Decimal:
    living = round_half_up(standard * tekun_ratio)
    if self_care == "none":
        return living + care_none
    return living + (care_partial if self_care == "partial" else care_full)
