"""Whom Hecheng's plan is about, and how dibao, tekun and relief treat them."""

from decimal import Decimal

from jiekun.kernel import People, rule


@rule(cites="HC20-1", label="建档立卡家庭")
def file_family(poverty_file: str) -> bool:
    """A family with a file, out of poverty or not: the plan means to keep it out."""
    return poverty_file != "none"


@rule(cites="HC20-1", label="兜底保障对象")
def backstop_person(file_family: bool, dibao_person: bool, tekun_entitled: bool) -> bool:
    return file_family and (dibao_person or tekun_entitled)


@rule(cites="HC20-1", label="兜底保障对象家庭")
def backstop_family(people: People) -> bool:
    return any(p.backstop_person for p in people)


@rule(cites="HC20-3.1b", label="符合参照单人户条件", since="2021-07-01")
def dibao_single_eligible(
    poverty_file: str,
    in_dibao_family: bool,
    in_edge_family: bool,
    dibao_unit: bool,
    heavily_disabled: bool,
    single_disability: bool,
    serious_illness: bool,
    counted_income: Decimal,
    dibao_standard: Decimal,
) -> bool:
    """Families not out of poverty, by the plan; edge families, by the later national method."""
    by_plan = poverty_file == "poor" and (heavily_disabled or serious_illness)
    by_method = in_edge_family and (single_disability or serious_illness)
    return (
        (by_plan or by_method)
        and not in_dibao_family
        and dibao_unit
        and counted_income < dibao_standard
    )


@rule(
    cites="HC20-3.1b",
    label="符合参照单人户条件",
    until="2021-06-30",
    name="dibao_single_eligible",
)
def dibao_single_before_the_method(
    poverty_file: str,
    in_dibao_family: bool,
    dibao_unit: bool,
    heavily_disabled: bool,
    serious_illness: bool,
    counted_income: Decimal,
    dibao_standard: Decimal,
) -> bool:
    return (
        poverty_file == "poor"
        and not in_dibao_family
        and dibao_unit
        and (heavily_disabled or serious_illness)
        and counted_income < dibao_standard
    )


@rule(cites="HC20-3.1b", label="单人每月低保金")
def dibao_single_amount(dibao_standard: Decimal, counted_income: Decimal) -> Decimal:
    return dibao_standard - max(Decimal(0), counted_income)


@rule(cites="HC20-3.1b", label="低保对象")
def dibao_person(in_dibao_family: bool, dibao_unit: bool, dibao_single_eligible: bool) -> bool:
    return (in_dibao_family and dibao_unit) or dibao_single_eligible


@rule(cites="HC20-3.1c", label="有刚性支出的人")
def has_rigid_cause(
    disability_cert_valid: bool,
    serious_illness: bool,
    school_stage: str,
    full_time_student: bool,
) -> bool:
    """Disability, grave illness, or full-time study from senior school on."""
    return (
        disability_cert_valid
        or serious_illness
        or (full_time_student and school_stage in {"senior", "vocational", "college"})
    )


@rule(cites=("HC20-3.1c", "L649-10"), label="扣减的刚性支出")
def rigid_allowed(
    rigid_expense: Decimal, rigid_deduction: Decimal, has_rigid_cause: bool
) -> Decimal:
    """As far as the local office settles; costs of other causes are not named."""
    if rigid_expense == 0 or not has_rigid_cause:
        return Decimal(0)
    return min(rigid_deduction, rigid_expense)


@rule(cites="HC20-3.1e", label="照料等级")
def care_grade(self_care_failed: int) -> str:
    """Three grades: full care, half care, none."""
    if self_care_failed >= 4:
        return "全护理"
    return "半护理" if self_care_failed >= 1 else "全自理"


@rule(cites="HC20-3.1e", label="要集中供养的失能特困人员")
def wants_central_care(
    tekun_entitled: bool, self_care_failed: int, wants_institution: bool
) -> bool:
    return tekun_entitled and self_care_failed >= 1 and wants_institution


@rule(cites="HC20-3.1h", label="加大临时救助的家庭")
def more_relief(
    in_dibao_family: bool, poverty_file: str, basic_life_in_difficulty: bool, people: People
) -> bool:
    """Dibao, tekun, and those fallen back into poverty or newly in it."""
    return basic_life_in_difficulty and (
        in_dibao_family
        or poverty_file in {"poor", "returned"}
        or any(p.tekun_entitled for p in people)
    )


@rule(cites=("HC20-3.1h", "L649-47"), label="符合急难型救助条件")
def emergency_relief_eligible(
    sudden_hardship: str, basic_life_in_difficulty: bool, more_relief: bool
) -> bool:
    """Those on relief need name no sudden event: their difficulty is enough."""
    return more_relief or (sudden_hardship != "none" and basic_life_in_difficulty)


@rule(cites="HC20-4.2b", label="可以领价格补贴")
def price_supplement_eligible(
    dibao_person: bool, tekun_entitled: bool, price_link_on: bool
) -> bool:
    return (dibao_person or tekun_entitled) and price_link_on


@rule(cites=("HC20-3.7a", "LB15-2"), label="可以领残疾人生活补贴")
def disability_living_eligible(
    hukou: str,
    disability_cert_valid: bool,
    dibao_person: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
) -> bool:
    return (
        hukou == "district"
        and disability_cert_valid
        and dibao_person
        and not tekun_entitled
        and not orphan_entitled
    )


@rule(cites=("HC20-3.7a", "LB15-2"), label="可以领残疾人护理补贴")
def disability_care_eligible(
    hukou: str, heavily_disabled: bool, tekun_entitled: bool, injury_nursing_paid: bool
) -> bool:
    return (
        hukou == "district" and heavily_disabled and not tekun_entitled and not injury_nursing_paid
    )
