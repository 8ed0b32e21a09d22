"""A grant for disabled people who passed their driving test."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="driving_grant",
    label="残疾人驾照培训补贴",
    short="驾照补贴",
    to="person",
    gives="money",
    office="残联",
    eligible="driving_grant_eligible",
    amount="driving_grant_amount",
    about="武汉户口的残疾人，在残疾证有效期间考下驾照，给一次培训补贴。一辈子一次。",
    apply="拿驾照和残疾证到街道残联提出。",
)


@rule(cites="W24-20", label="可以领驾照补贴")
def driving_grant_eligible(
    hukou: str, disability_cert_valid: bool, licence_with_cert: bool, licence_grant_paid: bool
) -> bool:
    """City registration, of whatever district; once in a life."""
    return (
        hukou in {"district", "city"}
        and disability_cert_valid
        and licence_with_cert
        and not licence_grant_paid
    )


@rule(cites="W24-20", label="驾照补贴")
def driving_grant_amount(driving_grant: Decimal) -> Decimal:
    return driving_grant
