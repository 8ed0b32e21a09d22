"""Whom the district's opinions cover: people on relief, and the groups named beside them."""

from jiekun.kernel import rule


@rule(
    cites=("W22-8f", "W24-P"),
    label="本区范围内",
    reading="district_scope:registered_only",
    name="wuchang_scope",
)
def wuchang_scope_registered(hukou: str) -> bool:
    """The narrow reading: the district means whoever is registered in it."""
    return hukou == "district"


@rule(
    cites=("W22-8f", "W24-P"),
    label="本区范围内",
    reading="district_scope:lives_or_registered",
)
def wuchang_scope(hukou: str, months_lived_here: int) -> bool:
    """Lives here or is registered here: the text says the district, registered people included."""
    return hukou == "district" or months_lived_here >= 1


@rule(cites=("W22-2.2a", "W24-P"), label="救助对象")
def hardship_person(
    low_income_family: bool,
    dibao_person: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
    unsupported_entitled: bool,
    district_hardship: bool,
) -> bool:
    """Those on relief or recognised so; being old or disabled alone is not hardship."""
    return (
        low_income_family
        or dibao_person
        or tekun_entitled
        or orphan_entitled
        or unsupported_entitled
        or district_hardship
    )


@rule(cites="W24-P", label="特殊困难群体")
def special_group(age: int, disability_cert_valid: bool, family_planning_special: bool) -> bool:
    """The old, minors, disabled people, special families; accidents come case by case."""
    return age >= 60 or age < 18 or disability_cert_valid or family_planning_special


@rule(cites="W24-P", label="帮扶对象范围")
def covered_person(wuchang_scope: bool, hardship_person: bool, special_group: bool) -> bool:
    return wuchang_scope and (hardship_person or special_group)
