"""Visits, care and training for people on relief who cannot look after themselves."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="service_aid",
    label="服务类救助",
    short="服务救助",
    to="person",
    gives="service",
    office="民政",
    eligible="service_aid_eligible",
    about="救助家庭里自己照顾不了自己的老人、残疾人、孩子和重病人，有人来探访、照料、做康复、做社工服务。",
    apply="向街道提出，由街道评估需要。",
)


@rule(cites="W22-5a", label="可以得到服务类救助")
def service_aid_eligible(
    wuchang_scope: bool,
    hardship_person: bool,
    self_care_failed: int,
    age: int,
    disability_cert_valid: bool,
    serious_illness: bool,
) -> bool:
    """Failing any of the six is read as not being able to look after oneself."""
    return (
        wuchang_scope
        and hardship_person
        and self_care_failed >= 1
        and (age >= 60 or age < 18 or disability_cert_valid or serious_illness)
    )


@rule(cites="W22-5a", label="服务类救助每月最高")
def service_aid_ceiling(tekun_standard: Decimal) -> Decimal:
    """Not above what a tekun person is kept by."""
    return tekun_standard


@rule(cites="W22-5a", label="服务费用在最高限之内")
def service_aid_within(service_aid_cost: Decimal, service_aid_ceiling: Decimal) -> bool:
    return service_aid_cost <= service_aid_ceiling
