"""School help at every stage, and free textbooks while they were promised."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="free_textbooks",
    label="高中阶段免费教科书（2018 至 2020 年）",
    short="免费教科书",
    to="person",
    gives="goods",
    office="教育",
    eligible="free_textbooks_eligible",
    about="城乡低保、特困家庭的孩子读高中、中职，教科书不要钱。",
    apply="学校按名单发放。",
)


@rule(cites=("JJ19-2.5a", "L649-33"), label="可以得到教育救助")
def education_aid_eligible(
    school_stage: str, urban_hardship: bool, dibao_person: bool, tekun_entitled: bool
) -> bool:
    """The town's poorest from kindergarten on; others on relief as the country has it."""
    return (urban_hardship and school_stage != "none") or (
        (dibao_person or tekun_entitled)
        and school_stage in {"primary", "junior", "senior", "vocational", "college"}
    )


@rule(cites="JJ19-2.5a", label="一年的教育救助")
def education_aid_amount(education_aid_sum: Decimal) -> Decimal:
    """Fees waived, grants, living money or paid work, as each stage's policy has it."""
    return education_aid_sum


@rule(cites="JJ19-2.5b", label="可以领免费教科书", since="2018-01-01", until="2020-12-31")
def free_textbooks_eligible(school_stage: str, dibao_person: bool, tekun_entitled: bool) -> bool:
    """Town and country alike."""
    return school_stage in {"senior", "vocational"} and (dibao_person or tekun_entitled)
