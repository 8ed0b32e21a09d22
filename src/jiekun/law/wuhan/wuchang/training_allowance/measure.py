"""Living money while on a free course."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="training_allowance",
    label="培训期间生活费补助",
    short="培训补助",
    to="person",
    gives="money",
    office="人社",
    eligible="training_allowance_eligible",
    amount="training_allowance_amount",
    about="就业困难的人参加免费培训，上课这段时间给生活费。学完就停。",
    apply="由培训机构随培训名册一并申报。",
)


@rule(cites=("W22-2.5d", "W24-3"), label="可以领培训生活费")
def training_allowance_eligible(
    wuchang_scope: bool, hard_to_employ: bool, in_free_training: bool
) -> bool:
    return wuchang_scope and hard_to_employ and in_free_training


@rule(cites="W22-2.5d", label="培训期每月生活费", name="training_allowance_amount")
def training_allowance_unset(training_allowance: Decimal) -> Decimal:
    """The rules of 2022 promise living money without a sum."""
    return training_allowance


@rule(
    cites="W24-3",
    label="培训期每月生活费",
    reading="training_allowance_by:day",
    name="training_allowance_amount",
)
def training_allowance_by_day(
    in_free_training: bool, dibao_standard_urban: Decimal, training_days: int
) -> Decimal:
    """A thirtieth of the monthly line for each day of the course."""
    return dibao_standard_urban * training_days / 30 if in_free_training else Decimal(0)


@rule(cites="W24-3", label="培训期每月生活费", reading="training_allowance_by:month")
def training_allowance_amount(in_free_training: bool, dibao_standard_urban: Decimal) -> Decimal:
    """The line is a monthly sum, so the plain reading is the whole line for a month begun."""
    return dibao_standard_urban if in_free_training else Decimal(0)
