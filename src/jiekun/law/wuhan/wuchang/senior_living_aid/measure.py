"""Living money for pupils at ordinary senior schools."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="senior_living_aid",
    label="普通高中学生生活补助",
    short="高中生活补助",
    to="person",
    gives="money",
    office="教育",
    eligible="senior_living_aid_eligible",
    amount="senior_living_aid_amount",
    about="教育部门确定的帮扶家庭，孩子读普通高中，一年平均补助一笔生活费。具体分几档由教育局定。",
    apply="向学校提出，由教育局确定。",
)


@rule(cites="W24-6", label="可以领高中生活补助")
def senior_living_aid_eligible(
    wuchang_scope: bool, school_stage: str, education_aid_recognised: bool
) -> bool:
    """Ordinary senior schools only: vocational ones are not named."""
    return wuchang_scope and school_stage == "senior" and education_aid_recognised


@rule(cites="W24-6", label="一年生活补助（平均数）")
def senior_living_aid_amount(senior_living_aid_average: Decimal) -> Decimal:
    """The clause gives an average; a pupil's own step may lie above or below."""
    return senior_living_aid_average
