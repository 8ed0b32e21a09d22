"""Orphans: children who lost both parents, or whose parents cannot be found."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="orphan",
    label="孤儿基本生活保障",
    short="孤儿",
    to="person",
    gives="money",
    office="民政",
    eligible="orphan_eligible",
    amount="child_standard",
    about="父母都不在了，或者生父母都找不到的孩子，每月有一份基本生活费。住福利机构的标准高一些，成年后还在上学的接着给。",
    apply="由监护人向孩子户籍所在街道提出，区民政局认定。",
    stops_with=("tekun", "unsupported_child"),
)


@rule(cites="GE10-1", label="失去父母或查找不到生父母")
def orphan_parents_lost(father_situation: str, mother_situation: str) -> bool:
    """Dead, declared missing or not to be found, each parent in any of these ways."""
    return father_situation in {"dead", "declared_missing", "not_found"} and mother_situation in {
        "dead",
        "declared_missing",
        "not_found",
    }


@rule(cites="GE10-1", label="属于孤儿的情形")
def orphan_conditions(
    minor: bool, orphan_recognised: bool, full_time_student: bool, orphan_parents_lost: bool
) -> bool:
    """Under eighteen; an orphan already recognised stays one while studying (GE10-2)."""
    return orphan_parents_lost and (minor or (orphan_recognised and full_time_student))


@rule(cites="GE10-1", label="符合孤儿保障条件")
def orphan_eligible(hukou: str, orphan_conditions: bool, chooses_tekun: bool) -> bool:
    return orphan_conditions and hukou == "district" and not chooses_tekun


@rule(cites="GE10-1", label="孤儿")
def orphan_entitled(orphan_recognised: bool, orphan_eligible: bool) -> bool:
    """Recognised already, or would be on applying."""
    return orphan_recognised or orphan_eligible


@rule(cites="GE10-2", label="儿童基本生活费标准")
def child_standard(
    in_institution: bool, orphan_standard_institution: Decimal, orphan_standard_scattered: Decimal
) -> Decimal:
    return orphan_standard_institution if in_institution else orphan_standard_scattered
