"""Dibao for one: a gravely ill or disabled member of an edge family applies alone."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="dibao_single",
    label="单人户低保",
    short="单人低保",
    to="person",
    gives="money",
    office="民政",
    eligible="dibao_single_eligible",
    amount="dibao_single_amount",
    about="低保边缘家庭里的重残、重病的人，可以一个人单独申请低保。只看他本人的收入，差多少补多少。",
    apply="由本人或家人向街道提出，带残疾人证或病情证明。",
    stops_with=("dibao", "tekun"),
)


@rule(cites="MF57-8", label="可以单人申请的残疾")
def single_disability(
    disability_class: str, disability_level: int, disability_cert_valid: bool
) -> bool:
    """Any class at level one or two; intellectual and mental also at three."""
    return disability_cert_valid and (
        (disability_class != "none" and disability_level in {1, 2})
        or (disability_class in {"intellectual", "mental"} and disability_level == 3)
    )


@rule(cites="MF57-8", label="符合单人户低保条件")
def dibao_single_eligible(
    in_edge_family: bool,
    in_dibao_family: bool,
    dibao_unit: bool,
    single_disability: bool,
    serious_illness: bool,
    counted_income: Decimal,
    dibao_standard: Decimal,
) -> bool:
    """Only the applicant's own income is set against the line, before any deduction."""
    return (
        in_edge_family
        and not in_dibao_family
        and dibao_unit
        and (single_disability or serious_illness)
        and counted_income < dibao_standard
    )


@rule(cites="MF57-23", label="单人每月低保金")
def dibao_single_amount(dibao_standard: Decimal, counted_income: Decimal) -> Decimal:
    return dibao_standard - max(Decimal(0), counted_income)


@rule(cites="L649-9", label="低保对象", until="2021-06-30", name="dibao_person")
def dibao_person_of_a_family(in_dibao_family: bool, dibao_unit: bool) -> bool:
    """Before the method of 2021 the country knew no dibao for one of a family."""
    return in_dibao_family and dibao_unit


@rule(cites="MF57-8", label="低保对象")
def dibao_person(in_dibao_family: bool, dibao_unit: bool, dibao_single_eligible: bool) -> bool:
    """A member of a dibao family, or on dibao alone."""
    return (in_dibao_family and dibao_unit) or dibao_single_eligible
