"""A grant for disabled people who started a business of their own."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="startup_grant",
    label="残疾人自主创业补贴",
    short="创业补贴",
    to="person",
    gives="money",
    office="残联",
    eligible="startup_grant_eligible",
    amount="startup_grant_amount",
    about="残疾人自己开店、办企业站住了脚的，给一次创业资金。一辈子一次。",
    apply="带营业执照和残疾证到街道残联提出，由区残联审核。",
)


@rule(cites="W22-2.9i", label="可以领创业补贴", name="startup_grant_eligible")
def startup_grant_after_a_year(
    wuchang_scope: bool,
    disability_cert_valid: bool,
    self_employed: bool,
    startup_grant_paid: bool,
    startup_months: int,
) -> bool:
    """Once, when the business has stood a year and still does."""
    return (
        wuchang_scope
        and disability_cert_valid
        and self_employed
        and not startup_grant_paid
        and startup_months >= 12
    )


@rule(cites="W24-20", label="可以领创业补贴")
def startup_grant_eligible(
    wuchang_scope: bool,
    disability_cert_valid: bool,
    self_employed: bool,
    startup_grant_paid: bool,
    startup_conditions_met: bool,
) -> bool:
    """No city registration is asked here; the conditions are the federation's finding."""
    return (
        wuchang_scope
        and disability_cert_valid
        and self_employed
        and not startup_grant_paid
        and startup_conditions_met
    )


@rule(cites=("W22-2.9i", "W24-20"), label="创业补贴")
def startup_grant_amount(startup_grant: Decimal) -> Decimal:
    return startup_grant
