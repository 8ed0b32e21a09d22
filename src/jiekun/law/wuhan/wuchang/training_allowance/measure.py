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
    about="就业困难的人参加免费培训，上课这段时间给生活费。数额照城市低保标准，学完就停。",
    apply="由培训机构随培训名册一并申报。",
)


@rule(cites="W24-3", label="可以领培训生活费")
def training_allowance_eligible(
    wuchang_scope: bool, hard_to_employ: bool, in_free_training: bool
) -> bool:
    return wuchang_scope and hard_to_employ and in_free_training


@rule(cites="W24-3", label="培训期每月生活费")
def training_allowance_amount(in_free_training: bool, dibao_standard_urban: Decimal) -> Decimal:
    """The line is a monthly sum, so this is read as monthly; parts of a month are unsettled."""
    return dibao_standard_urban if in_free_training else Decimal(0)
