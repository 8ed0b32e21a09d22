"""More for those on dibao who need more: the disabled, the ill, the old, the young."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="category_topup",
    label="低保对象分类重点救助",
    short="分类重点救助",
    to="person",
    gives="money",
    office="民政",
    eligible="category_topup_eligible",
    amount="category_topup_amount",
    about="低保家庭里的残疾人、重病人、七十岁以上老人、学龄前儿童和在校学生，每月多发一份。",
    apply="不用另外申请，审低保时一起定。",
)


@rule(cites="JJ19-2.1b", label="残疾一类的增发")
def topup_for_disability(
    disability_cert_valid: bool,
    disability_level: int,
    topup_disabled: Decimal,
    topup_heavy: Decimal,
) -> Decimal:
    """Levels one and two at the higher rate."""
    if not disability_cert_valid:
        return Decimal(0)
    return topup_heavy if disability_level in {1, 2} else topup_disabled


@rule(cites="JJ19-2.1b", label="学龄前或在校")
def of_school_age_or_before(age: int, school_stage: str) -> bool:
    """Before school is read as up to six years of age."""
    return school_stage != "none" or age <= 6


@rule(cites="JJ19-2.1b", label="其他各类的增发")
def topup_for_others(
    serious_illness: bool,
    age: int,
    of_school_age_or_before: bool,
    topup_heavy: Decimal,
    topup_young: Decimal,
) -> Decimal:
    """One of them, the highest: the ill and those of seventy, or children and students."""
    heavy = topup_heavy if serious_illness or age >= 70 else Decimal(0)
    young = topup_young if of_school_age_or_before else Decimal(0)
    return max(heavy, young)


@rule(cites="JJ19-2.1b", label="可以得到分类重点救助")
def category_topup_eligible(dibao_person: bool, category_topup_amount: Decimal) -> bool:
    return dibao_person and category_topup_amount > 0


@rule(cites="JJ19-2.1b", label="每月分类重点救助", reading="topup_together:disability_adds")
def category_topup_amount(topup_for_disability: Decimal, topup_for_others: Decimal) -> Decimal:
    """No two at once, disability excepted: so disability is added to the highest other."""
    return topup_for_disability + topup_for_others


@rule(
    cites="JJ19-2.1b",
    label="每月分类重点救助",
    reading="topup_together:highest_only",
    name="category_topup_amount",
)
def category_topup_highest(topup_for_disability: Decimal, topup_for_others: Decimal) -> Decimal:
    return max(topup_for_disability, topup_for_others)
