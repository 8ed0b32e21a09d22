"""Every fact the law asks about, declared once.

The portal's questions, the verification requests, the columns of the registry and of the
screening files, the masks and the API schemas are all made from this list.
"""

from collections.abc import Mapping
from functools import partial

from jiekun.kernel.facts import Fact, FactBook

PLACES = {"district": "本区", "city": "本市其他区", "province": "本省其他市", "elsewhere": "外省"}
STAGES = {
    "none": "不在校",
    "kindergarten_public": "公办幼儿园",
    "kindergarten_inclusive": "普惠性民办幼儿园",
    "kindergarten_other": "其他幼儿园",
    "primary": "小学",
    "junior": "初中",
    "senior": "普通高中",
    "vocational": "中等职业学校",
    "college": "大专或本科",
    "postgraduate": "研究生",
}
DISABILITIES = {
    "none": "无残疾证",
    "visual": "视力",
    "hearing": "听力",
    "speech": "言语",
    "limb": "肢体",
    "intellectual": "智力",
    "mental": "精神",
    "multiple": "多重",
}
SITUATIONS = {
    "present": "健在并能抚养",
    "dead": "已去世",
    "declared_missing": "被宣告失踪",
    "not_found": "查找不到",
    "disabled": "残疾",
    "seriously_ill": "患重病",
    "in_prison": "服刑在押",
    "compulsory_rehab": "强制隔离戒毒",
    "restricted": "被限制人身自由的其他措施",
    "lost_contact": "失去联系且未履行抚养责任",
}
AWAY = {
    "home": "在家生活",
    "in_prison": "在监狱服刑",
    "compulsory_rehab": "强制隔离戒毒",
    "declared_missing": "被宣告失踪",
    "clergy_away": "宗教教职人员，离家独立生活满三年",
}

_person = partial(Fact, entity="person")
_household = partial(Fact, entity="household")


def _flag(
    name: str,
    label: str,
    by: str,
    question: str,
    *,
    sensitive: bool = False,
    household: bool = False,
    months: int = 12,
    judged_by: str | None = None,
) -> Fact:
    return Fact(
        name=name,
        entity="household" if household else "person",
        kind="bool",
        label=label,
        question=question,
        answered_by=by,
        sensitivity="sensitive" if sensitive else "personal",
        valid_months=months,
        judged_by=judged_by,
    )


def _money(
    name: str,
    label: str,
    by: str,
    question: str,
    *,
    unit: str = "yuan/month",
    months: int = 6,
    maximum: int = 1_000_000,
    judged_by: str | None = None,
) -> Fact:
    return _person(
        name=name,
        kind="money",
        label=label,
        question=question,
        answered_by=by,
        sensitivity="sensitive",
        unit=unit,
        valid_months=months,
        maximum=maximum,
        judged_by=judged_by,
    )


def _count(
    name: str,
    label: str,
    by: str,
    question: str,
    *,
    unit: str,
    maximum: int,
    household: bool = False,
    months: int = 12,
    sensitive: bool = False,
) -> Fact:
    return Fact(
        name=name,
        entity="household" if household else "person",
        kind="int",
        label=label,
        question=question,
        answered_by=by,
        sensitivity="sensitive" if sensitive else "personal",
        unit=unit,
        maximum=maximum,
        valid_months=months,
    )


def _choice(
    name: str,
    label: str,
    by: str,
    question: str,
    choices: Mapping[str, str],
    *,
    sensitive: bool = False,
    months: int = 12,
) -> Fact:
    return _person(
        name=name,
        kind="choice",
        label=label,
        question=question,
        answered_by=by,
        sensitivity="sensitive" if sensitive else "personal",
        choices=choices,
        valid_months=months,
    )


def _parent(who: str, label: str) -> list[Fact]:
    return [
        _choice(
            f"{who}_situation",
            f"{label}现状",
            "公安",
            f"孩子的{label}现在是什么情况？",
            SITUATIONS,
            sensitive=True,
        ),
        _count(
            f"{who}_months",
            f"{label}该情形的月数",
            "司法",
            f"{label}的刑期、措施期限，或失去联系，一共多少个月？",
            unit="months",
            maximum=1200,
            sensitive=True,
        ),
        _choice(
            f"{who}_disability_class",
            f"{label}残疾类别",
            "残联",
            f"{label}残疾证上是哪一类？",
            DISABILITIES,
            sensitive=True,
        ),
        _count(
            f"{who}_disability_level",
            f"{label}残疾等级",
            "残联",
            f"{label}残疾证上是几级（没有证填 0）？",
            unit="level",
            maximum=4,
            sensitive=True,
        ),
    ]


IDENTITY = [
    _person(
        name="birth_date",
        kind="date",
        label="出生日期",
        question="哪年哪月哪日出生？",
        answered_by="公安",
        valid_months=1200,
    ),
    _choice("sex", "性别", "公安", "性别是？", {"male": "男", "female": "女"}, months=1200),
    _choice("hukou", "户籍地", "公安", "户口在哪里？", PLACES),
    _count(
        "months_lived_here",
        "在本区连续居住月数",
        "公安",
        "在本区连续住了多少个月？",
        unit="months",
        maximum=1440,
    ),
    _flag(
        "residence_permit_valid",
        "本市居住证在有效期内",
        "公安",
        "有没有本市的居住证，今年签注过吗？",
    ),
    _choice("away", "目前状况", "司法", "本人现在在家生活吗？", AWAY, sensitive=True, months=6),
]

WORK = [
    _flag("employed", "正在就业", "人社", "现在有工作吗？", months=3),
    _flag("hard_to_employ", "就业困难人员", "人社", "是否被认定为就业困难人员？"),
    _flag("wants_training", "有培训意愿", "本人", "愿意参加免费的技能培训吗？", months=6),
    _count(
        "trainings_this_year",
        "今年已参加免费培训次数",
        "人社",
        "今年参加过几次免费培训？",
        unit="times",
        maximum=50,
    ),
    _flag("in_free_training", "正在参加免费培训", "人社", "现在正在参加免费培训吗？", months=1),
    _flag("self_employed", "自主创业", "人社", "自己开店、办企业或做个体经营吗？"),
    _flag(
        "startup_conditions_met",
        "符合残疾人创业补贴条件",
        "残联",
        "创业情况是否达到补贴条件？",
        judged_by="区残联",
    ),
    _flag(
        "startup_grant_paid", "已领过创业补贴", "残联", "以前领过残疾人创业补贴吗？", months=1200
    ),
]

INCOME = [
    _money("wage_income", "工资收入", "人社", "每月工资（税前、含补贴）多少？"),
    _money("work_cost", "必要就业成本", "本人", "每月为上班必须花的钱（交通、用餐等）多少？"),
    _money("odd_job_income", "零工收入", "本人", "每月打零工挣多少？", months=3),
    _money("business_income", "经营净收入", "税务", "每月经营净赚多少？"),
    _money("property_income", "财产净收入", "不动产登记", "每月租金、利息等净得多少？"),
    _money(
        "pension_income", "退休金或养老金", "人社", "每月退休金或养老金多少（不含基础养老金）？"
    ),
    _money("basic_pension", "城乡居民基础养老金", "人社", "每月基础养老金多少？"),
    _money("transfer_income", "其他转移收入", "民政", "每月赡养费、失业金、遗属补助等多少？"),
    _money(
        "exempt_income", "依法不计入的收入", "民政", "每月抚恤金、计生奖扶、奖学金、救助款等多少？"
    ),
    _money("old_age_allowance", "高龄津贴", "民政", "每月高龄津贴多少？"),
    _money("transfer_paid", "转移性支出", "税务", "每月缴的税、社保和付的赡养费多少？"),
    _flag("receives_pension", "享受退休养老待遇", "人社", "领退休金或职工养老金吗？"),
    _money("rigid_expense", "刚性支出", "医保", "每月因残疾、重病等不得不花的钱多少？"),
    _money(
        "rigid_deduction",
        "核定的刚性支出扣减额",
        "民政",
        "核算收入时准予扣减多少？",
        judged_by="街道",
    ),
]

SCHOOL = [
    _choice("school_stage", "就读阶段", "教育", "现在在哪里上学？", STAGES, months=10),
    _flag("full_time_student", "全日制在校", "教育", "是全日制在校学生吗？", months=10),
    _flag(
        "education_aid_recognised",
        "教育部门确定的帮扶对象",
        "教育",
        "学校或教育局确定为帮扶对象了吗？",
    ),
    _money("kindergarten_fee", "保教费", "教育", "幼儿园每月保教费多少？", maximum=50_000),
    _money("school_tuition", "学费", "教育", "一年学费多少？", unit="yuan/year"),
    _money("school_book_fee", "书抄费", "教育", "一年书本费、抄本费多少？", unit="yuan/year"),
]

HEALTH = [
    _choice(
        "disability_class", "残疾类别", "残联", "残疾证上是哪一类？", DISABILITIES, sensitive=True
    ),
    _count(
        "disability_level",
        "残疾等级",
        "残联",
        "残疾证上是几级（没有证填 0）？",
        unit="level",
        maximum=4,
        sensitive=True,
    ),
    _flag(
        "disability_has_mental",
        "多重残疾中含精神残疾",
        "残联",
        "多重残疾里有精神残疾吗？",
        sensitive=True,
    ),
    _flag(
        "disability_cert_valid",
        "残疾证在有效期内",
        "残联",
        "残疾证还在有效期内吗？",
        sensitive=True,
    ),
    _flag(
        "disability_cert_local",
        "残疾证由本区残联颁发",
        "残联",
        "残疾证是本区残联发的吗？",
        sensitive=True,
    ),
    _flag("serious_illness", "患重大疾病", "医保", "得了医保认定的重大疾病吗？", sensitive=True),
    _money(
        "medical_self_paid",
        "全年医疗自费",
        "医保",
        "今年各种报销和救助之后，自己一共付了多少医药费？",
        unit="yuan/year",
        months=3,
        maximum=5_000_000,
    ),
    _money(
        "charity_paid",
        "今年已得慈善特助",
        "慈善会",
        "今年已经领过多少慈善爱心特助？",
        unit="yuan/year",
        months=1,
    ),
    _flag("adl_eat", "能自己吃饭", "街道评估", "能自己吃饭吗？", sensitive=True),
    _flag("adl_dress", "能自己穿衣", "街道评估", "能自己穿衣吗？", sensitive=True),
    _flag("adl_bed", "能自己上下床", "街道评估", "能自己上下床吗？", sensitive=True),
    _flag("adl_toilet", "能自己如厕", "街道评估", "能自己上厕所吗？", sensitive=True),
    _flag("adl_walk", "能在室内自己行走", "街道评估", "能在屋里自己走动吗？", sensitive=True),
    _flag("adl_bath", "能自己洗澡", "街道评估", "能自己洗澡吗？", sensitive=True),
    _flag("low_mobility", "行动不便", "卫健", "出门看病是否困难？", sensitive=True),
    _count(
        "danger_level",
        "精神障碍危险性等级",
        "卫健",
        "卫健评定的危险性是几级？",
        unit="level",
        maximum=5,
        sensitive=True,
    ),
    _flag(
        "guards_patient",
        "是严重精神障碍患者的监护人",
        "卫健",
        "是严重精神障碍患者的监护人吗？",
        sensitive=True,
    ),
    _flag(
        "guardian_award_approved",
        "监护管理奖励条件已审定",
        "卫健",
        "这一年的监护管理是否审定合格？",
        judged_by="区卫健局",
    ),
]

CARE = [
    _flag("in_institution", "在机构集中供养", "民政", "现在住在福利院、养老院等机构里吗？"),
    _count(
        "obligors_able",
        "有能力的法定义务人数",
        "民政",
        "有能力赡养、抚养、扶养他的人有几个？",
        unit="persons",
        maximum=50,
    ),
    _flag("tekun_assets_ok", "财产符合特困规定", "民政", "名下财产是否在特困人员规定之内？"),
    _flag("no_spouse_or_children", "无配偶无子女", "民政", "没有配偶也没有子女吗？"),
    _flag("meal_card", "有老年人卡", "民政", "办了老年人卡吗？"),
    _flag(
        "home_service_confirmed", "居家一小时服务对象", "民政", "民政确认为居家一小时服务对象了吗？"
    ),
    _count(
        "home_service_hours",
        "本月居家服务时数",
        "民政",
        "这个月服务了多少小时？",
        unit="hours/month",
        maximum=744,
        months=1,
    ),
    _count(
        "severe_hours_used",
        "今年已用重残居家服务时数",
        "残联",
        "今年已经服务了多少小时？",
        unit="hours/year",
        maximum=8784,
        months=1,
    ),
    _flag(
        "handed_over_vagrant",
        "由原市救助站移交",
        "民政",
        "是原市救助站移交回来的吗？",
        sensitive=True,
    ),
    _flag("cared_for", "事实上有人照料", "民政", "现在有人照料他吗？"),
    _flag(
        "vagrant_review_passed",
        "三方合议通过",
        "民政",
        "民政、公安、街道合议的结论是？",
        judged_by="区民政局、武昌公安分局、街道合议",
    ),
    _flag(
        "licence_with_cert",
        "持残疾证期间取得驾照",
        "公安",
        "办了残疾证之后考取过机动车驾驶证吗？",
        months=1200,
    ),
    _flag("licence_grant_paid", "已领过驾照补贴", "残联", "以前领过驾照培训补贴吗？", months=1200),
    _flag(
        "in_disability_training",
        "正在参加残疾人技能培训",
        "残联",
        "现在参加残疾人技能培训班吗？",
        months=1,
    ),
    _flag("group_insured", "已在群体保险之内", "医保", "已经由别的群体保险保障了吗？"),
    _flag(
        "district_hardship", "区政府认定的其他困难对象", "民政", "是区政府认定的其他困难对象吗？"
    ),
    _flag("tekun_recognised", "已认定特困人员", "民政", "已经认定为特困人员了吗？"),
    _flag("orphan_recognised", "已认定孤儿", "民政", "已经认定为孤儿了吗？"),
    _flag(
        "unsupported_recognised",
        "已认定事实无人抚养儿童",
        "民政",
        "已经认定为事实无人抚养儿童了吗？",
    ),
    _flag("chooses_tekun", "选择特困供养", "本人", "孩子的监护人选择特困供养而不是儿童保障吗？"),
]

HOUSEHOLD = [
    _flag(
        "assets_within_limit",
        "财产在低保限额内",
        "民政",
        "房、车、存款等经核对在低保限额之内吗？",
        household=True,
        months=6,
    ),
    _flag(
        "edge_assets_within_limit",
        "财产在低保边缘限额内",
        "民政",
        "房、车、存款等经核对在低保边缘限额之内吗？",
        household=True,
        months=6,
    ),
    _flag("rural", "按农村标准", "民政", "这户按农村标准计算吗？", household=True),
    _flag("dibao_recognised", "正在享受低保", "民政", "这户现在领低保吗？", household=True),
    _flag(
        "edge_recognised",
        "已认定低保边缘家庭",
        "民政",
        "这户认定为低保边缘家庭了吗？",
        household=True,
    ),
    _flag(
        "low_income_recognised",
        "已认定低收入家庭",
        "民政",
        "这户认定为低收入家庭了吗？",
        household=True,
    ),
    _count(
        "months_over_standard",
        "收入超过低保标准的月数",
        "民政",
        "就业后收入超过低保标准有几个月了？",
        unit="months",
        maximum=120,
        household=True,
        months=1,
    ),
    _flag(
        "family_planning_special",
        "计划生育特殊家庭",
        "卫健",
        "是计划生育特殊家庭吗？",
        household=True,
        sensitive=True,
    ),
    _flag(
        "bereaved_family",
        "计生失独家庭",
        "卫健",
        "是计生失独家庭吗？",
        household=True,
        sensitive=True,
    ),
    _flag(
        "bereaved_member_died",
        "失独家庭成员去世且未发慰问金",
        "卫健",
        "今年家里有成员去世、还没领慰问金吗？",
        household=True,
        sensitive=True,
    ),
]

FACTS = FactBook(
    [
        *IDENTITY,
        *WORK,
        *INCOME,
        *SCHOOL,
        *HEALTH,
        *CARE,
        *_parent("father", "父亲"),
        *_parent("mother", "母亲"),
        *HOUSEHOLD,
    ]
)
