"""Children whose parents live but cannot raise them, by the wider national definition."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="unsupported_child",
    label="事实无人抚养儿童基本生活保障",
    short="事实无人抚养",
    to="person",
    gives="money",
    office="民政",
    eligible="unsupported_eligible",
    amount="unsupported_amount",
    about="父母都在重残、重病、服刑、戒毒、失联这类情形里，或者一个不在了、另一个在这些情形里，孩子按孤儿的标准领生活费。已经领了低保的，只补差的那部分。",
    apply="由监护人或近亲属向孩子户籍所在街道提出，主要靠部门数据查验，不公示。",
    stops_with=("tekun", "orphan"),
)


@rule(cites="SW19-1", label="父亲重残")
def father_heavily_disabled(father_disability_class: str, father_disability_level: int) -> bool:
    """Any class at level one or two; intellectual and mental also at three and four."""
    return father_disability_class != "none" and (
        father_disability_level in {1, 2}
        or (
            father_disability_class in {"intellectual", "mental"}
            and father_disability_level in {3, 4}
        )
    )


@rule(cites="SW19-1", label="母亲重残")
def mother_heavily_disabled(mother_disability_class: str, mother_disability_level: int) -> bool:
    """Any class at level one or two; intellectual and mental also at three and four."""
    return mother_disability_class != "none" and (
        mother_disability_level in {1, 2}
        or (
            mother_disability_class in {"intellectual", "mental"}
            and mother_disability_level in {3, 4}
        )
    )


@rule(cites="SW19-1", label="父亲无法抚养")
def father_unable(father_situation: str, father_months: int, father_heavily_disabled: bool) -> bool:
    """Being held or out of contact counts from six months."""
    return (
        father_situation == "seriously_ill"
        or (father_situation == "disabled" and father_heavily_disabled)
        or (
            father_situation in {"in_prison", "compulsory_rehab", "restricted", "lost_contact"}
            and father_months >= 6
        )
    )


@rule(cites="SW19-1", label="母亲无法抚养")
def mother_unable(mother_situation: str, mother_months: int, mother_heavily_disabled: bool) -> bool:
    """Being held or out of contact counts from six months."""
    return (
        mother_situation == "seriously_ill"
        or (mother_situation == "disabled" and mother_heavily_disabled)
        or (
            mother_situation in {"in_prison", "compulsory_rehab", "restricted", "lost_contact"}
            and mother_months >= 6
        )
    )


@rule(cites="SW19-1", label="父母都无法抚养")
def unsupported_by_parents(
    father_situation: str, mother_situation: str, father_unable: bool, mother_unable: bool
) -> bool:
    """Both unable, or one dead or declared missing and the other unable; both gone is an orphan."""
    father_gone = father_situation in {"dead", "declared_missing"}
    mother_gone = mother_situation in {"dead", "declared_missing"}
    return (
        (father_unable and mother_unable)
        or (father_gone and mother_unable)
        or (father_unable and mother_gone)
    )


@rule(cites="SW19-1", label="属于事实无人抚养的情形")
def unsupported_conditions(minor: bool, unsupported_by_parents: bool) -> bool:
    return minor and unsupported_by_parents


@rule(cites="SW19-2", label="符合事实无人抚养儿童条件")
def unsupported_eligible(
    hukou: str, minor: bool, unsupported_by_parents: bool, chooses_tekun: bool
) -> bool:
    return minor and unsupported_by_parents and hukou == "district" and not chooses_tekun


@rule(cites="SW19-2", label="事实无人抚养儿童")
def unsupported_entitled(unsupported_recognised: bool, unsupported_eligible: bool) -> bool:
    """Recognised already, or would be on applying."""
    return unsupported_recognised or unsupported_eligible


@rule(cites="SW19-3", label="家里低保人均已得")
def dibao_per_head(in_dibao_family: bool, dibao_amount: Decimal, dibao_members: int) -> Decimal:
    """What dibao brings each member, had or to be had, so that the two are never counted twice."""
    return dibao_amount / max(1, dibao_members) if in_dibao_family else Decimal(0)


@rule(cites="SW19-3", label="每月补差")
def unsupported_amount(
    child_standard: Decimal,
    dibao_unit: bool,
    dibao_per_head: Decimal,
    disability_living_eligible: bool,
    disability_living_amount: Decimal,
) -> Decimal:
    """Less what dibao and the disabled child's living allowance bring already."""
    had = dibao_per_head if dibao_unit else Decimal(0)
    disability = disability_living_amount if disability_living_eligible else Decimal(0)
    return max(Decimal(0), child_standard - had - disability)
