"""Rehabilitation training for disabled children."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="child_rehab_training",
    label="残疾儿童康复训练补贴",
    short="康复训练",
    to="person",
    gives="money",
    office="残联",
    eligible="child_rehab_eligible",
    amount="child_rehab_training_amount",
    about="十五岁以内的残疾孩子做康复训练，残联给训练补贴。",
    apply="监护人向残联提出，到定点康复机构训练。",
)


@rule(cites="W24-21", label="在残疾儿童康复之内")
def child_rehab_eligible(
    wuchang_scope: bool,
    age: int,
    child_rehab_last_age: int,
    disability_class: str,
    disability_level: int,
) -> bool:
    """Any class and level, through the whole of the last year of age."""
    return (
        wuchang_scope
        and age <= child_rehab_last_age
        and disability_class != "none"
        and disability_level in {1, 2, 3, 4}
    )


@rule(cites="W24-21", label="康复训练补贴")
def child_rehab_training_amount(child_rehab_training: Decimal) -> Decimal:
    return child_rehab_training
