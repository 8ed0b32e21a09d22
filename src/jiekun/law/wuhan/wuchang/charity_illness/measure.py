"""Charity's share of a large medical bill."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="charity_illness",
    label="慈善爱心特助",
    short="慈善特助",
    to="person",
    gives="money",
    office="民政",
    eligible="charity_illness_eligible",
    amount="charity_illness_amount",
    about="困难群众得了大病，报销和救助之后自己掏的钱超过起付线，超出的部分由慈善再帮一份。一年有封顶。",
    apply="带诊断和结算单据向街道提出，转慈善会。",
)


@rule(cites="W24-8", label="可以领慈善特助")
def charity_illness_eligible(
    wuchang_scope: bool,
    hardship_person: bool,
    serious_illness: bool,
    medical_self_paid: Decimal,
    charity_threshold: Decimal,
    charity_paid: Decimal,
    charity_cap: Decimal,
) -> bool:
    """Hardship is read narrowly, as being on relief; the threshold applies once a year."""
    return (
        wuchang_scope
        and hardship_person
        and serious_illness
        and medical_self_paid > charity_threshold
        and charity_paid < charity_cap
    )


@rule(cites="W24-8", label="本次慈善特助")
def charity_illness_amount(
    medical_self_paid: Decimal,
    charity_threshold: Decimal,
    charity_share: Decimal,
    charity_cap: Decimal,
    charity_paid: Decimal,
) -> Decimal:
    """Self-paid is what every insurance and relief left over the year, in one sum."""
    due = min(max(Decimal(0), medical_self_paid - charity_threshold) * charity_share, charity_cap)
    return max(Decimal(0), due - charity_paid)
