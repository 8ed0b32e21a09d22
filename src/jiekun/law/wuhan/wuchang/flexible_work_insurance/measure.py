"""Social insurance help for disabled people who work for themselves or by the job."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="flexible_work_insurance",
    label="灵活就业残疾人社保补贴",
    short="灵活就业补贴",
    to="person",
    gives="money",
    office="残联",
    eligible="flexible_work_insurance_eligible",
    amount="flexible_work_insurance_amount",
    about="没有单位、自己缴社保的残疾人，补贴一部分社保费。数额还没有公布。",
    apply="带缴费凭证、残疾证到街道残联提出。",
)


@rule(cites="W22-2.9h", label="可以领灵活就业社保补贴")
def flexible_work_insurance_eligible(
    wuchang_scope: bool, disability_cert_valid: bool, flexible_work: bool
) -> bool:
    return wuchang_scope and disability_cert_valid and flexible_work


@rule(cites="W22-2.9h", label="灵活就业社保补贴")
def flexible_work_insurance_amount(flexible_work_insurance: Decimal) -> Decimal:
    return flexible_work_insurance
