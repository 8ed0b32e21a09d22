"""Money for disabled people on a skills course."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="disabled_training",
    label="残疾人技能培训补贴",
    short="残疾人培训",
    to="person",
    gives="money",
    office="残联",
    eligible="disabled_training_eligible",
    amount="disabled_training_amount",
    about="区残联每年办几期就业技能培训班，参加岗位技能提升的残疾人有补贴。数额还没有公布。",
    apply="到街道残联报名。",
)

TRANSPORT = Measure(
    name="disabled_training_transport",
    label="残疾人培训交通补贴",
    short="培训交通补贴",
    to="person",
    gives="money",
    office="残联",
    eligible="disabled_training_transport_eligible",
    amount="disabled_training_transport_amount",
    about="残疾人参加职业技能培训，来回的路费也有补贴。数额还没有公布。",
    apply="报名培训时一起办。",
)


@rule(cites="W22-2.9g", label="可以领培训交通补贴")
def disabled_training_transport_eligible(disabled_training_eligible: bool) -> bool:
    """The draft is silent on it, so it goes on beside the draft's allowance."""
    return disabled_training_eligible


@rule(cites="W22-2.9g", label="培训交通补贴")
def disabled_training_transport_amount(disabled_training_transport: Decimal) -> Decimal:
    return disabled_training_transport


@rule(cites=("W22-2.9g", "W24-25"), label="可以领培训补贴")
def disabled_training_eligible(
    wuchang_scope: bool, disability_cert_valid: bool, in_disability_training: bool
) -> bool:
    return wuchang_scope and disability_cert_valid and in_disability_training


@rule(cites=("W22-2.9g", "W24-25"), label="培训补贴")
def disabled_training_amount(disabled_training_allowance: Decimal) -> Decimal:
    return disabled_training_allowance
