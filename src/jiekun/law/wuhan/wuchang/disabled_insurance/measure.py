"""Accident and hospital insurance for disabled people who are in no other scheme."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="disabled_insurance",
    label="残疾人意外伤害及住院补充保险",
    short="残疾人补充险",
    to="person",
    gives="insurance",
    office="残联",
    eligible="disabled_insurance_eligible",
    about="有残疾证的人，由残联买好意外和住院补充保险。另有重疾补充险或别的群体保险的人，按文件分开保。",
    apply="不用申请，按名单投保；出了事找保险理赔。",
    stops_with=("illness_insurance",),
    universal=True,
)


@rule(cites="W22-2.9f", label="在残疾人补充险之内", name="disabled_insurance_eligible")
def disabled_insurance_for_all(wuchang_scope: bool, disability_cert_valid: bool) -> bool:
    """The rules of 2022 insure whoever holds a certificate; the draft narrows this."""
    return wuchang_scope and disability_cert_valid


@rule(cites="W24-24", label="在残疾人补充险之内")
def disabled_insurance_eligible(
    hukou: str,
    disability_cert_local: bool,
    disability_cert_valid: bool,
    low_income_family: bool,
    dibao_person: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
    district_hardship: bool,
    group_insured: bool,
) -> bool:
    """Never together with W24-7; edge families fall between the two, as the words stand."""
    return (
        hukou == "district"
        and disability_cert_local
        and disability_cert_valid
        and not low_income_family
        and not (dibao_person or tekun_entitled or orphan_entitled or district_hardship)
        and not group_insured
    )
