"""A home for people handed back from the old city shelter who have nobody and nothing."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="vagrant_care",
    label="移交流浪人员集中供养",
    short="集中供养",
    to="person",
    gives="service",
    office="民政",
    eligible="vagrant_care_eligible",
    amount="vagrant_care_amount",
    about="原市救助站移交回来的武昌籍流浪人员，干不了活、没有收入、也没人照料的，三方商定后住进养老机构，标准照特困人员。",
    apply="由区民政局、公安分局和街道一起商定，不用本人申请。",
    stops_with=("tekun",),
)


@rule(cites="W24-18", label="符合集中供养条件")
def vagrant_care_eligible(
    hukou: str,
    handed_over_vagrant: bool,
    tekun_no_labour: bool,
    tekun_no_source: bool,
    cared_for: bool,
    vagrant_review_passed: bool,
) -> bool:
    """No labour and no means are read as for tekun, whose standard the clause borrows."""
    return (
        handed_over_vagrant
        and hukou == "district"
        and tekun_no_labour
        and tekun_no_source
        and not cared_for
        and vagrant_review_passed
    )


@rule(cites="W24-18", label="每月供养标准")
def vagrant_care_amount(handed_over_vagrant: bool, tekun_standard: Decimal) -> Decimal:
    return tekun_standard if handed_over_vagrant else Decimal(0)
