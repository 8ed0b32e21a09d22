"""Living money for pupils in the nine years of compulsory school."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="compulsory_living_aid",
    label="义务教育学生生活补助",
    short="义教生活补助",
    to="person",
    gives="money",
    office="教育",
    eligible="compulsory_living_aid_eligible",
    amount="compulsory_living_aid_amount",
    about="教育部门确定的帮扶家庭，孩子读小学、初中，一年补助一笔生活费。",
    apply="向学校提出，由教育局确定。",
)


@rule(cites="W24-6", label="可以领义务教育生活补助")
def compulsory_living_aid_eligible(
    wuchang_scope: bool, school_stage: str, education_aid_recognised: bool
) -> bool:
    return wuchang_scope and school_stage in {"primary", "junior"} and education_aid_recognised


@rule(cites="W24-6", label="一年生活补助")
def compulsory_living_aid_amount(compulsory_living_aid: Decimal) -> Decimal:
    return compulsory_living_aid
