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
    eligible="child_rehab_eligible",
    amount="child_rehab_family_amount",
    about="孩子做康复的家庭，残联另给一份生活补助，贴补陪护的开销。",
    apply="监护人向残联提出，和康复训练一起办。",
)


@rule(cites="W24-21", label="康复家庭生活补助")
def child_rehab_family_amount(child_rehab_family: Decimal) -> Decimal:
    return child_rehab_family
