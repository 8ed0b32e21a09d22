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
    about="残疾孩子做康复训练，残联给训练补贴。",
    apply="监护人向残联提出，到定点康复机构训练。",
)


@rule(
    cites=("W22-2.9a", "W24-21"),
    label="在康复训练的年龄之内",
    reading="last_year_of_age:inclusive",
)
def child_rehab_age(age: int, child_rehab_last_age: int) -> bool:
    """Through the whole of the last year named: 0 to 14 ends on the fifteenth birthday."""
    return age <= child_rehab_last_age


@rule(
    cites=("W22-2.9a", "W24-21"),
    label="在康复训练的年龄之内",
    reading="last_year_of_age:exclusive",
    name="child_rehab_age",
)
def child_rehab_age_before(age: int, child_rehab_last_age: int) -> bool:
    return age < child_rehab_last_age


@rule(cites=("W22-2.9a", "W24-21"), label="本区残疾儿童")
def disabled_child_here(wuchang_scope: bool, disability_class: str, disability_level: int) -> bool:
    """Any class and level."""
    return wuchang_scope and disability_class != "none" and disability_level in {1, 2, 3, 4}


@rule(cites=("W22-2.9a", "W24-21"), label="在残疾儿童康复之内")
def child_rehab_eligible(child_rehab_age: bool, disabled_child_here: bool) -> bool:
    return child_rehab_age and disabled_child_here


@rule(cites=("W22-2.9a", "W24-21"), label="康复训练补贴")
def child_rehab_training_amount(child_rehab_training: Decimal) -> Decimal:
    return child_rehab_training
