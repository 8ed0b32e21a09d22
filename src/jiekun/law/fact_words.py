"""Choices that facts give, and short ways to declare a fact."""

from collections.abc import Mapping
from functools import partial

from jiekun.kernel.facts import Fact

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
WORKER_CLASSES = {
    "none": "没有建档",
    "deep": "深度困难职工",
    "relative": "相对困难职工",
    "accidental": "意外致困职工",
}
MISFORTUNES = {
    "none": "没有",
    "illness": "本人突发疾病或长期患病",
    "traffic": "交通事故",
    "fire": "火灾",
}
SPECIAL_DISEASES = {
    "none": "都不是",
    "thalassaemia": "地中海贫血",
    "chronic_myeloid": "慢性髓系白血病",
    "pneumoconiosis": "尘肺病",
    "child_leukaemia": "儿童白血病",
}
FIRST_DIAGNOSES = {
    "none": "都没有",
    "tumour": "恶性肿瘤",
    "renal_failure": "肾功能衰竭",
    "coronary": "冠状动脉搭桥或支架手术",
    "leukaemia": "白血病",
}
HOSPITALS = {
    "none": "没有住院",
    "town": "乡镇卫生院或社区中心",
    "district": "本区定点医院",
    "above": "区级以上定点医院",
    "outside": "区域以外的医院",
}
POVERTY_FILES = {
    "none": "没有建档立卡",
    "poor": "建档立卡，尚未脱贫",
    "returned": "建档立卡，脱贫后返贫",
    "out": "建档立卡，已脱贫",
}
SUDDEN_HARDSHIPS = {
    "none": "没有",
    "accident": "火灾、交通事故等意外",
    "illness": "家庭成员突发重大疾病",
    "epidemic": "受传染病疫情影响",
    "stranded": "临时遇困、生活无着",
    "other": "其他特殊原因",
}

person = partial(Fact, entity="person")


def flag(
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


def money(
    name: str,
    label: str,
    by: str,
    question: str,
    *,
    unit: str = "yuan/month",
    months: int = 6,
    maximum: int = 1_000_000,
    household: bool = False,
    judged_by: str | None = None,
) -> Fact:
    return Fact(
        name=name,
        entity="household" if household else "person",
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


def count(
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


def choice(
    name: str,
    label: str,
    by: str,
    question: str,
    choices: Mapping[str, str],
    *,
    sensitive: bool = False,
    household: bool = False,
    months: int = 12,
) -> Fact:
    return Fact(
        name=name,
        entity="household" if household else "person",
        kind="choice",
        label=label,
        question=question,
        answered_by=by,
        sensitivity="sensitive" if sensitive else "personal",
        choices=choices,
        valid_months=months,
    )
