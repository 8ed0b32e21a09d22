"""Care money for dibao families with more than one disabled member."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="multi_disabled_care",
    label="一户多残居家护理补贴",
    short="一户多残补贴",
    to="household",
    gives="money",
    office="残联",
    eligible="multi_disabled_care_eligible",
    amount="multi_disabled_care_amount",
    about="低保家庭里有两个以上残疾人的，另给一份居家护理补贴。数额还没有公布。",
    apply="带残疾证到街道残联提出。",
)


@rule(cites="W22-2.9c", label="家里持证残疾人数")
def disabled_members(people: People) -> int:
    """Those living at home with a valid certificate."""
    return sum(1 for p in people if p.disability_cert_valid and p.away == "home")


@rule(cites="W22-2.9c", label="可以领一户多残补贴")
def multi_disabled_care_eligible(in_dibao_family: bool, disabled_members: int) -> bool:
    return in_dibao_family and disabled_members >= 2


@rule(cites="W22-2.9c", label="一户多残补贴")
def multi_disabled_care_amount(multi_disabled_care: Decimal) -> Decimal:
    return multi_disabled_care
