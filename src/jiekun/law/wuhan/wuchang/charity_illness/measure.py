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


@rule(cites="W24-8", label="自费费用", reading="self_paid:out_of_list", name="charity_self_paid")
def charity_self_paid_out_of_list(medical_out_of_list: Decimal) -> Decimal:
    """As insurers use the word: what stands outside their lists."""
    return medical_out_of_list


@rule(cites="W24-8", label="自费费用", reading="self_paid:after_everything")
def charity_self_paid(medical_self_paid: Decimal) -> Decimal:
    """What every insurance and relief left over the year, in one sum."""
    return medical_self_paid


@rule(
    cites="W24-8",
    label="超过起付线的自费",
    reading="charity_threshold_per:visit",
    name="charity_excess",
)
def charity_excess_by_visit(medical_excess_by_visit: Decimal) -> Decimal:
    """The threshold comes off each bill, so only bills above it count."""
    return medical_excess_by_visit


@rule(cites="W24-8", label="超过起付线的自费", reading="charity_threshold_per:year")
def charity_excess(charity_self_paid: Decimal, charity_threshold: Decimal) -> Decimal:
    """The cap is yearly, so the threshold is taken once a year too."""
    return max(Decimal(0), charity_self_paid - charity_threshold)


@rule(cites="W24-8", label="可以领慈善特助")
def charity_illness_eligible(
    wuchang_scope: bool,
    hardship_person: bool,
    serious_illness: bool,
    charity_excess: Decimal,
    charity_paid: Decimal,
    charity_cap: Decimal,
) -> bool:
    """Hardship is read narrowly, as being on relief."""
    return (
        wuchang_scope
        and hardship_person
        and serious_illness
        and charity_excess > 0
        and charity_paid < charity_cap
    )


@rule(cites="W24-8", label="本次慈善特助")
def charity_illness_amount(
    charity_excess: Decimal,
    charity_share: Decimal,
    charity_cap: Decimal,
    charity_paid: Decimal,
) -> Decimal:
    due = min(charity_excess * charity_share, charity_cap)
    return max(Decimal(0), due - charity_paid)
