"""Help at school for children of families on relief."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="education_aid",
    label="教育救助",
    short="教育救助",
    to="person",
    gives="money",
    office="教育",
    eligible="education_aid_eligible",
    amount="education_aid_amount",
    about="困难家庭的孩子上学，按所在的学段减免费用、发助学金和生活补助。每个学段给多少由教育部门定。",
    apply="向学校提出，由教育局认定资格。",
)


@rule(cites="L649-33", label="可以得到教育救助")
def education_aid_eligible(school_stage: str, dibao_person: bool, tekun_entitled: bool) -> bool:
    """From compulsory school to college; kindergartens and graduates are not named."""
    return (dibao_person or tekun_entitled) and school_stage in {
        "primary",
        "junior",
        "senior",
        "vocational",
        "college",
    }


@rule(cites="L649-33", label="一年的教育救助")
def education_aid_amount(education_aid_sum: Decimal) -> Decimal:
    return education_aid_sum
