"""Everything a household gets in a year, together."""

from decimal import Decimal

from jiekun.kernel import Measure, People, per_year, rule

MEASURE = Measure(
    name="total",
    label="全家一年合计",
    to="household",
    gives="money",
    office="民政",
    eligible="total_eligible",
    amount="household_total",
    about="一家人一年各项合计。",
)


@rule(cites="D12-16", label="一个人一年的合计")
def person_total(
    tekun_eligible: bool,
    tekun_amount: Decimal,
    orphan_eligible: bool,
    orphan_amount: Decimal,
    meals_eligible: bool,
    meals_amount: Decimal,
    home_care_eligible: bool,
    home_care_amount: Decimal,
    education_eligible: bool,
    education_amount: Decimal,
    medical_eligible: bool,
    medical_amount: Decimal,
    training_eligible: bool,
    training_amount: Decimal,
    startup_eligible: bool,
    startup_amount: Decimal,
) -> Decimal:
    zero = Decimal(0)
    monthly = (
        (tekun_amount if tekun_eligible else zero)
        + (orphan_amount if orphan_eligible else zero)
        + (meals_amount if meals_eligible else zero)
        + (home_care_amount if home_care_eligible else zero)
    )
    yearly = (
        (education_amount if education_eligible else zero)
        + (medical_amount if medical_eligible else zero)
        + (training_amount if training_eligible else zero)
        + (startup_amount if startup_eligible else zero)
    )
    return per_year(monthly) + yearly


@rule(cites="D12-16", label="全家一年合计")
def household_total(
    people: People,
    dibao_eligible: bool,
    dibao_amount: Decimal,
    relief_eligible: bool,
    relief_amount: Decimal,
) -> Decimal:
    zero = Decimal(0)
    own = (per_year(dibao_amount) if dibao_eligible else zero) + (
        relief_amount if relief_eligible else zero
    )
    return own + sum(p.person_total for p in people)


@rule(cites="D12-16", label="得到任何一项")
def total_eligible(household_total: Decimal) -> bool:
    return household_total > 0
