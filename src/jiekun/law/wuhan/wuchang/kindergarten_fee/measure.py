"""Kindergarten fees for children of families the education office supports."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="kindergarten_fee",
    label="学前保教费资助",
    short="保教费资助",
    to="person",
    gives="money",
    office="教育",
    eligible="kindergarten_fee_eligible",
    amount="kindergarten_fee_amount",
    about="教育部门确定的困难家庭，孩子上公办园或普惠性民办园，保教费全免。其他民办园不在内。",
    apply="向孩子所在幼儿园提出，由教育局确定。",
)


@rule(cites="W24-5", label="可以得到保教费资助")
def kindergarten_fee_eligible(
    wuchang_scope: bool, school_stage: str, education_aid_recognised: bool
) -> bool:
    """Whose family is in hardship is the education office's finding, not a computed one."""
    return (
        wuchang_scope
        and school_stage in {"kindergarten_public", "kindergarten_inclusive"}
        and education_aid_recognised
    )


@rule(cites="W24-5", label="每月资助的保教费")
def kindergarten_fee_amount(kindergarten_fee: Decimal, kindergarten_fee_share: Decimal) -> Decimal:
    return kindergarten_fee * kindergarten_fee_share
