"""The two allowances in the district: the national conditions, under the district's own clause."""

from jiekun.kernel import rule


@rule(cites=("W22-2.9j", "LB15-2"), label="可以领残疾人生活补贴")
def disability_living_eligible(
    hukou: str,
    disability_cert_valid: bool,
    dibao_person: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
) -> bool:
    return (
        hukou == "district"
        and disability_cert_valid
        and dibao_person
        and not tekun_entitled
        and not orphan_entitled
    )


@rule(cites=("W22-2.9j", "LB15-2"), label="可以领残疾人护理补贴")
def disability_care_eligible(
    hukou: str, heavily_disabled: bool, tekun_entitled: bool, injury_nursing_paid: bool
) -> bool:
    return (
        hukou == "district" and heavily_disabled and not tekun_entitled and not injury_nursing_paid
    )
