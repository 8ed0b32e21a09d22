"""Who a person is, and how they earn, spend and learn."""

from jiekun.law.fact_words import (
    AWAY,
    MISFORTUNES,
    PLACES,
    STAGES,
    WORKER_CLASSES,
    choice,
    count,
    flag,
    money,
    person,
)

IDENTITY = [
    person(
        name="birth_date",
        kind="date",
        label="出生日期",
        question="哪年哪月哪日出生？",
        answered_by="公安",
        valid_months=1200,
    ),
    choice("sex", "性别", "公安", "性别是？", {"male": "男", "female": "女"}, months=1200),
    choice("hukou", "户籍地", "公安", "户口在哪里？", PLACES),
    count(
        "months_lived_here",
        "在本区连续居住月数",
        "公安",
        "在本区连续住了多少个月？",
        unit="months",
        maximum=1440,
    ),
    flag(
        "residence_permit_valid",
        "本市居住证在有效期内",
        "公安",
        "有没有本市的居住证，今年签注过吗？",
    ),
    choice("away", "目前状况", "司法", "本人现在在家生活吗？", AWAY, sensitive=True, months=6),
]

WORK = [
    flag("employed", "正在就业", "人社", "现在有工作吗？", months=3),
    flag("hard_to_employ", "就业困难人员", "人社", "是否被认定为就业困难人员？"),
    flag("wants_training", "有培训意愿", "本人", "愿意参加免费的技能培训吗？", months=6),
    count(
        "trainings_this_year",
        "今年已参加免费培训次数",
        "人社",
        "今年参加过几次免费培训？",
        unit="times",
        maximum=50,
    ),
    flag("in_free_training", "正在参加免费培训", "人社", "现在正在参加免费培训吗？", months=1),
    flag("self_employed", "自主创业", "人社", "自己开店、办企业或做个体经营吗？"),
    flag(
        "startup_conditions_met",
        "符合残疾人创业补贴条件",
        "残联",
        "创业情况是否达到补贴条件？",
        judged_by="区残联",
    ),
    flag("startup_grant_paid", "已领过创业补贴", "残联", "以前领过残疾人创业补贴吗？", months=1200),
    flag("flexible_work", "灵活就业", "人社", "是没有单位、自己缴社保的灵活就业吗？"),
    count(
        "startup_months",
        "创业已满月数",
        "人社",
        "店或企业开张到现在几个月了？",
        unit="months",
        maximum=720,
    ),
    flag("unemployed_registered", "已登记失业", "人社", "登记失业了吗？", months=3),
    flag("cannot_work", "丧失劳动能力", "街道评估", "因伤病残疾干不了活吗？", sensitive=True),
    flag("wants_work", "有就业意愿", "本人", "想找份工作吗？", months=6),
    count(
        "training_days",
        "本月培训天数",
        "人社",
        "这个月培训了几天？",
        unit="",
        maximum=31,
        months=1,
    ),
    choice(
        "worker_hardship_class",
        "困难职工类别",
        "总工会",
        "工会建的是哪一类困难职工档案？",
        WORKER_CLASSES,
    ),
    choice(
        "worker_misfortune",
        "职工遭遇的变故",
        "总工会",
        "最近遇到了什么变故？",
        MISFORTUNES,
        sensitive=True,
        months=6,
    ),
]

INCOME = [
    money("wage_income", "工资收入", "人社", "每月工资（税前、含补贴）多少？"),
    money("work_cost", "必要就业成本", "本人", "每月为上班必须花的钱（交通、用餐等）多少？"),
    money("odd_job_income", "零工收入", "本人", "每月打零工挣多少？", months=3),
    money("business_income", "经营净收入", "税务", "每月经营净赚多少？"),
    money("property_income", "财产净收入", "不动产登记", "每月租金、利息等净得多少？"),
    money("pension_income", "退休金或养老金", "人社", "每月退休金或养老金多少（不含基础养老金）？"),
    money("basic_pension", "城乡居民基础养老金", "人社", "每月基础养老金多少？"),
    money("transfer_income", "其他转移收入", "民政", "每月赡养费、失业金、遗属补助等多少？"),
    money(
        "exempt_income", "依法不计入的收入", "民政", "每月抚恤金、计生奖扶、奖学金、救助款等多少？"
    ),
    money("old_age_allowance", "高龄津贴", "民政", "每月高龄津贴多少？"),
    money("transfer_paid", "转移性支出", "税务", "每月缴的税、社保和付的赡养费多少？"),
    flag("receives_pension", "享受退休养老待遇", "人社", "领退休金或职工养老金吗？"),
    money("rigid_expense", "刚性支出", "医保", "每月因残疾、重病等不得不花的钱多少？"),
    money(
        "rigid_deduction",
        "核定的刚性支出扣减额",
        "民政",
        "核算收入时准予扣减多少？",
        judged_by="街道",
    ),
]

SCHOOL = [
    choice("school_stage", "就读阶段", "教育", "现在在哪里上学？", STAGES, months=10),
    flag("full_time_student", "全日制在校", "教育", "是全日制在校学生吗？", months=10),
    flag(
        "education_aid_recognised",
        "教育部门确定的帮扶对象",
        "教育",
        "学校或教育局确定为帮扶对象了吗？",
    ),
    money("kindergarten_fee", "保教费", "教育", "幼儿园每月保教费多少？", maximum=50_000),
    money("school_tuition", "学费", "教育", "一年学费多少？", unit="yuan/year"),
    money("school_book_fee", "书抄费", "教育", "一年书本费、抄本费多少？", unit="yuan/year"),
]
