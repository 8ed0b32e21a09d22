"""Living money for the family of a child in rehabilitation."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="child_rehab_family",
    label="残疾儿童康复家庭生活补助",
    short="康复家庭补助",
    to="person",
    gives="money",
    office="残联",
    eligible="child_rehab_family_eligible",
    amount="child_rehab_family_amount",
    about="孩子做康复的家庭，残联另给一份生活补助，贴补陪护的开销。",
    apply="监护人向残联提出，和康复训练一起办。",
)


@rule(
    cites=("W22-2.9b", "W24-21"),
    label="在家庭补助的年龄之内",
    reading="last_year_of_age:inclusive",
)
def child_rehab_family_age(age: int, child_rehab_family_last_age: int) -> bool:
    return age <= child_rehab_family_last_age


@rule(
    cites=("W22-2.9b", "W24-21"),
    label="在家庭补助的年龄之内",
    reading="last_year_of_age:exclusive",
    name="child_rehab_family_age",
)
def child_rehab_family_age_before(age: int, child_rehab_family_last_age: int) -> bool:
    return age < child_rehab_family_last_age


@rule(cites=("W22-2.9b", "W24-21"), label="可以领康复家庭补助")
def child_rehab_family_eligible(child_rehab_family_age: bool, disabled_child_here: bool) -> bool:
    return child_rehab_family_age and disabled_child_here


@rule(cites=("W22-2.9b", "W24-21"), label="康复家庭生活补助")
def child_rehab_family_amount(child_rehab_family: Decimal) -> Decimal:
    return child_rehab_family
