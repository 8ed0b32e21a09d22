"""Premiums and bills of the plan's people; tekun people pay nothing close to home."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="tekun_inpatient",
    label="特困人员住院自负费用救助",
    short="特困住院",
    to="person",
    gives="money",
    office="医保",
    eligible="tekun_inpatient_eligible",
    amount="tekun_inpatient_amount",
    about="特困人员在乡镇、区里的定点医院住院，报销以后自己要付的，由医疗救助全付；去区外住的，按统筹区的办法。",
    apply="先在户籍地基层医院看，要转院的办转诊。",
)


@rule(cites=("HC20-3.3a", "HC20-3.3b", "L649-28"), label="医疗救助对象")
def medical_aid_eligible(
    hukou: str, medical_aid_key: bool, backstop_person: bool, district_hardship: bool
) -> bool:
    """The plan's people beside whom the country names."""
    return hukou == "district" and (medical_aid_key or backstop_person or district_hardship)


@rule(cites="HC20-3.3d", label="特困人员住院")
def tekun_inpatient_eligible(tekun_entitled: bool, inpatient_place: str) -> bool:
    return tekun_entitled and inpatient_place != "none"


@rule(cites=("HC20-3.3d", "HC20-3.3e"), label="由医疗救助付的住院费用")
def tekun_inpatient_amount(
    inpatient_place: str,
    inpatient_self_paid: Decimal,
    tekun_inpatient_share: Decimal,
    tekun_inpatient_share_elsewhere: Decimal,
) -> Decimal:
    """Below the deductible too, in the district's own hospitals."""
    near = inpatient_place in {"town", "district"}
    return inpatient_self_paid * (
        tekun_inpatient_share if near else tekun_inpatient_share_elsewhere
    )
