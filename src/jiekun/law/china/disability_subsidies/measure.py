"""The two allowances for disabled people: to live on, and to be cared for."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="disability_living",
    label="困难残疾人生活补贴",
    short="残疾人生活补贴",
    to="person",
    gives="money",
    office="残联",
    eligible="disability_living_eligible",
    amount="disability_living_amount",
    about="低保家庭里有残疾证的人，每月补一份生活开销。特困人员和孤儿另有保障，不重复领。",
    apply="带残疾证向街道提出，外地也可以受理；从申请的当月算起。",
    stops_with=("tekun", "orphan"),
)

CARE = Measure(
    name="disability_care",
    label="重度残疾人护理补贴",
    short="残疾人护理补贴",
    to="person",
    gives="money",
    office="残联",
    eligible="disability_care_eligible",
    amount="disability_care_amount",
    about="残疾证是一级、二级、要人长期照护的，每月补一份护理开销，不看家里收入。特困人员和领工伤护理费的不重复领。",
    apply="带残疾证向街道提出，外地也可以受理；从申请的当月算起。",
    stops_with=("tekun",),
)


@rule(cites="LB15-2", label="重度残疾")
def heavily_disabled(disability_level: int, disability_cert_valid: bool) -> bool:
    """Levels one and two of any class; other lists of heavy disability are each their own."""
    return disability_cert_valid and disability_level in {1, 2}


@rule(cites="LB15-2", label="可以领残疾人生活补贴")
def disability_living_eligible(
    hukou: str,
    disability_cert_valid: bool,
    dibao_person: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
) -> bool:
    """An orphan has its own standard and keeps only the care money."""
    return (
        hukou == "district"
        and disability_cert_valid
        and dibao_person
        and not tekun_entitled
        and not orphan_entitled
    )


@rule(cites="LB15-2", label="每月残疾人生活补贴")
def disability_living_amount(disability_living_allowance: Decimal) -> Decimal:
    return disability_living_allowance


@rule(cites="LB15-2", label="可以领残疾人护理补贴")
def disability_care_eligible(
    hukou: str, heavily_disabled: bool, tekun_entitled: bool, injury_nursing_paid: bool
) -> bool:
    return (
        hukou == "district" and heavily_disabled and not tekun_entitled and not injury_nursing_paid
    )


@rule(cites="LB15-2", label="每月残疾人护理补贴")
def disability_care_amount(disability_care_allowance: Decimal) -> Decimal:
    return disability_care_allowance
