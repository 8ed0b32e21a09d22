"""Supplementary insurance against grave illness, bought for people on relief."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="illness_insurance",
    label="重大疾病补充医疗保险",
    short="重疾补充险",
    to="person",
    gives="insurance",
    office="医保",
    eligible="illness_insurance_eligible",
    about="特困、孤儿、低保和区里认定的其他困难对象，由政府买好重大疾病补充保险。住院、门急诊、身故等都在保。",
    apply="不用申请，按名单投保；看病花了钱找保险理赔。",
    universal=True,
)


@rule(cites="W22-2.2c", label="在重疾补充险之内", name="illness_insurance_eligible")
def illness_insurance_after_aid(medical_aid_eligible: bool) -> bool:
    """The rules of 2022 pay it after medical aid, so its people are medical aid's."""
    return medical_aid_eligible


@rule(cites="W24-7", label="在重疾补充险之内")
def illness_insurance_eligible(
    wuchang_scope: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
    dibao_person: bool,
    district_hardship: bool,
) -> bool:
    """Dibao edge is not named: an edge family is in only by the district's own finding."""
    return wuchang_scope and (
        tekun_entitled or orphan_entitled or dibao_person or district_hardship
    )
