"""School aid of the plan, stage by stage; no sums are written."""

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
    about="兜底保障对象家庭的孩子读小学、初中，补助一份生活费。",
    apply="向学校提出，按学籍所在地办。",
)

SENIOR = Measure(
    name="senior_aid",
    label="普通高中资助和免费教科书",
    short="高中资助",
    to="person",
    gives="money",
    office="教育",
    eligible="senior_aid_eligible",
    amount="senior_aid_amount",
    about="兜底保障对象家庭的孩子读普通高中，给助学金，教科书不要钱。",
    apply="向学校提出。",
)

VOCATIONAL = Measure(
    name="vocational_aid",
    label="中职免学费和助学金",
    short="中职资助",
    to="person",
    gives="money",
    office="教育",
    eligible="vocational_aid_eligible",
    amount="vocational_aid_amount",
    about="读中职的学生免学费，困难的另有助学金。",
    apply="向学校提出。",
)

RAINDEW = Measure(
    name="raindew",
    label="雨露计划补助",
    short="雨露计划",
    to="person",
    gives="money",
    office="教育",
    eligible="raindew_eligible",
    amount="raindew_amount",
    about="建档立卡家庭的孩子读中职、高职，另有一份职业教育补助。",
    apply="向户籍所在乡镇提出。",
)

MIGRANT = Measure(
    name="migrant_pupil_aid",
    label="进城随迁子女资助",
    short="随迁子女资助",
    to="person",
    gives="money",
    office="教育",
    eligible="migrant_pupil_aid_eligible",
    amount="migrant_pupil_aid_amount",
    about="从农村进城的建档立卡家庭，孩子在城里上学，从幼儿园到高中的五项资助一样享受。",
    apply="向就读学校提出。",
)


@rule(cites="HC20-3.2c", label="可以领义务教育生活补助")
def compulsory_living_aid_eligible(backstop_family: bool, school_stage: str) -> bool:
    return backstop_family and school_stage in {"primary", "junior"}


@rule(cites="HC20-3.2c", label="一年生活补助")
def compulsory_living_aid_amount(compulsory_living_aid: Decimal) -> Decimal:
    return compulsory_living_aid


@rule(cites="HC20-3.2d", label="可以领高中资助")
def senior_aid_eligible(backstop_family: bool, school_stage: str) -> bool:
    return backstop_family and school_stage == "senior"


@rule(cites="HC20-3.2d", label="一年高中资助")
def senior_aid_amount(senior_aid: Decimal) -> Decimal:
    return senior_aid


@rule(cites="HC20-3.2f", label="可以领中职资助")
def vocational_aid_eligible(school_stage: str) -> bool:
    """Fees are waived for every pupil there; whose family is poor decides the grant."""
    return school_stage == "vocational"


@rule(cites="HC20-3.2f", label="一年中职资助")
def vocational_aid_amount(
    vocational_aid_eligible: bool,
    backstop_family: bool,
    vocational_fee_waiver: Decimal,
    vocational_grant: Decimal,
) -> Decimal:
    if not vocational_aid_eligible:
        return Decimal(0)
    return vocational_fee_waiver + vocational_grant if backstop_family else vocational_fee_waiver


@rule(cites="HC20-3.2g", label="可以领雨露计划补助")
def raindew_eligible(backstop_family: bool, school_stage: str) -> bool:
    """Vocational schooling of both levels; which colleges are vocational the office checks."""
    return backstop_family and school_stage in {"vocational", "college"}


@rule(cites="HC20-3.2g", label="一年雨露计划补助")
def raindew_amount(raindew: Decimal) -> Decimal:
    return raindew


@rule(cites="HC20-3.2h", label="进城随迁子女")
def migrant_pupil_aid_eligible(file_family: bool, moved_to_city: bool, school_stage: str) -> bool:
    """Kindergarten, vocational grant and fees, senior grant and fees: five in all."""
    return (
        file_family
        and moved_to_city
        and school_stage
        in {"kindergarten_public", "kindergarten_inclusive", "vocational", "senior"}
    )


@rule(cites="HC20-3.2h", label="一年随迁子女资助")
def migrant_pupil_aid_amount(migrant_pupil_aid: Decimal) -> Decimal:
    return migrant_pupil_aid
