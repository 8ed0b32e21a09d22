"""Tuition waived and copy books paid at ordinary senior schools."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="senior_fees",
    label="普通高中免学费、资助书抄费",
    short="高中免学费",
    to="person",
    gives="money",
    office="教育",
    eligible="senior_fees_eligible",
    amount="senior_fees_amount",
    about="教育部门确定的帮扶家庭，孩子读普通高中不交学费，课本和抄本的钱也由区里出。",
    apply="向学校提出，由教育局确定。",
)


@rule(cites="W24-6", label="可以免高中学费")
def senior_fees_eligible(
    wuchang_scope: bool, school_stage: str, education_aid_recognised: bool
) -> bool:
    """Ordinary senior schools only: vocational ones are not named."""
    return wuchang_scope and school_stage == "senior" and education_aid_recognised


@rule(cites="W24-6", label="一年免去的学费和书抄费")
def senior_fees_amount(school_tuition: Decimal, school_book_fee: Decimal) -> Decimal:
    """The book money has no sum in the clause, so what the school charges is taken."""
    return school_tuition + school_book_fee
