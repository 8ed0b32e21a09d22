"""Homes, training, devices, care and pensions of the plan's people."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="unsafe_house_aid",
    label="危房改造差异化补助",
    short="危房补助",
    to="household",
    gives="money",
    office="房管",
    eligible="unsafe_house_aid_eligible",
    amount="unsafe_house_aid_amount",
    about="兜底保障对象家庭的房子鉴定下来不安全的，补助改造，越困难补得越多。",
    apply="由民政推送名单，住建上门鉴定。",
)

TRAINING = Measure(
    name="migrant_training",
    label="进城农村贫困人口培训补贴",
    short="培训补贴",
    to="person",
    gives="money",
    office="人社",
    eligible="migrant_training_eligible",
    amount="migrant_training_amount",
    about="从农村进城的建档立卡家庭，有人参加职业技能培训的，给补贴。",
    apply="到常住地社区平台登记、报名。",
)

DEVICE = Measure(
    name="device_aid",
    label="基本型辅助器具补贴",
    short="辅具补贴",
    to="person",
    gives="money",
    office="残联",
    eligible="device_aid_eligible",
    amount="device_aid_amount",
    about="兜底保障对象里的残疾人要配轮椅、助听器这类基本辅具的，给补贴。",
    apply="向区残联提出。",
)

PENSION = Measure(
    name="pension_paid",
    label="社会保险代缴",
    short="社保代缴",
    to="person",
    gives="money",
    office="人社",
    eligible="pension_paid_eligible",
    amount="pension_paid_amount",
    about="兜底保障对象参加养老保险，个人要缴的由政府代缴，行动不便的上门办。",
    apply="不用申请，按名单代缴。",
)

CARE = Measure(
    name="central_care",
    label="重度残疾人集中照护",
    short="集中照护",
    to="person",
    gives="service",
    office="残联",
    eligible="central_care_eligible",
    about="兜底保障对象里的重度残疾人，愿意住照护机构的，安排集中照护。",
    apply="向区残联提出。",
)

JOBS = Measure(
    name="job_service_311",
    label="“311”就业服务",
    short="311 服务",
    to="person",
    gives="service",
    office="人社",
    eligible="job_service_eligible",
    about="登记失业的兜底家庭劳动力，每年至少三次岗位信息、一次职业指导、一次免费培训信息。",
    apply="登记失业以后由社区平台送上。",
    universal=True,
)


@rule(cites="HC20-3.4c", label="可以领危房补助")
def unsafe_house_aid_eligible(backstop_family: bool, house_unsafe: bool) -> bool:
    return backstop_family and house_unsafe


@rule(cites="HC20-3.4c", label="危房补助")
def unsafe_house_aid_amount(unsafe_house_aid: Decimal) -> Decimal:
    return unsafe_house_aid


@rule(cites=("HC20-3.4d", "L649-37"), label="可以申请公租房")
def public_rental_eligible(
    housing_difficulty: bool,
    backstop_family: bool,
    moved_to_city: bool,
    in_dibao_family: bool,
    people: People,
) -> bool:
    """Those who moved and work steadily may apply where they work; the country's own stay in."""
    moved = backstop_family and moved_to_city and any(p.employed for p in people)
    national = in_dibao_family or any(p.tekun_entitled and not p.in_institution for p in people)
    return housing_difficulty and (moved or national)


@rule(cites="HC20-3.6e", label="可以领培训补贴")
def migrant_training_eligible(
    file_family: bool, moved_to_city: bool, in_free_training: bool
) -> bool:
    return file_family and moved_to_city and in_free_training


@rule(cites="HC20-3.6e", label="培训补贴")
def migrant_training_amount(migrant_training: Decimal) -> Decimal:
    return migrant_training


@rule(cites="HC20-3.7c", label="可以领辅具补贴")
def device_aid_eligible(
    backstop_person: bool, disability_cert_valid: bool, needs_device: bool
) -> bool:
    return backstop_person and disability_cert_valid and needs_device


@rule(cites="HC20-3.7c", label="辅具补贴")
def device_aid_amount(device_aid: Decimal) -> Decimal:
    return device_aid


@rule(cites="HC20-3.8a", label="可以代缴社保")
def pension_paid_eligible(
    backstop_person: bool, age: int, full_time_student: bool, receives_pension: bool
) -> bool:
    """From sixteen to sixty, not at school and not yet drawing: whoever may be insured."""
    return backstop_person and 16 <= age < 60 and not full_time_student and not receives_pension


@rule(cites="HC20-3.8a", label="一年代缴的社保")
def pension_paid_amount(pension_paid: Decimal) -> Decimal:
    return pension_paid


@rule(cites="HC20-3.7f", label="可以集中照护")
def central_care_eligible(
    backstop_person: bool, heavily_disabled: bool, wants_institution: bool
) -> bool:
    return backstop_person and heavily_disabled and wants_institution


@rule(cites="HC20-3.6a", label="可以得到 311 服务")
def job_service_eligible(backstop_family: bool, unemployed_registered: bool) -> bool:
    return backstop_family and unemployed_registered
