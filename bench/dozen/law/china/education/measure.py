"""Help with school, by stage."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="education",
    label="教育救助",
    to="person",
    gives="money",
    office="教育",
    eligible="education_eligible",
    amount="education_amount",
    about="困难家庭在校的孩子，按学段每年发一笔。",
)


@rule(cites="D12-8", label="可以享受教育救助")
def education_eligible(in_hardship: bool, school_stage: str) -> bool:
    return school_stage != "none" and in_hardship


@rule(cites="D12-8", label="每年教育救助")
def education_amount(
    school_stage: str,
    education_kindergarten: Decimal,
    education_compulsory: Decimal,
    education_senior: Decimal,
    education_college: Decimal,
) -> Decimal:
    if school_stage == "kindergarten":
        return education_kindergarten
    if school_stage == "compulsory":
        return education_compulsory
    return education_senior if school_stage == "senior" else education_college
