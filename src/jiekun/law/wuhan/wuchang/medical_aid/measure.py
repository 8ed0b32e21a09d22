"""Whom the district's medical aid takes in: more than the national measures name."""

from jiekun.kernel import rule


@rule(cites=("W22-2.2a", "W22-2.2b"), label="医疗救助对象")
def medical_aid_eligible(
    wuchang_scope: bool,
    medical_aid_key: bool,
    unsupported_entitled: bool,
    low_income_family: bool,
    expenditure_relief_eligible: bool,
    district_hardship: bool,
) -> bool:
    """Key people, the low-income, those poor by their spending, and whom the district names."""
    return wuchang_scope and (
        medical_aid_key
        or unsupported_entitled
        or low_income_family
        or expenditure_relief_eligible
        or district_hardship
    )
