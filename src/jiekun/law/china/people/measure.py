"""What many measures ask of a person: age, and who lives at home."""

from datetime import date

from jiekun.kernel import People, rule, years_since


@rule(cites="MFD-17", label="周岁")
def age(birth_date: date) -> int:
    """Completed years; a person turns a year older on the birthday itself."""
    return years_since(birth_date)


@rule(cites="MFD-17", label="未成年人")
def minor(age: int) -> bool:
    return age < 18


@rule(cites="MFTZ-11", label="周岁", name="age")
def age_before_the_code(birth_date: date) -> int:
    return years_since(birth_date)


@rule(cites="MFTZ-11", label="未成年人", name="minor")
def minor_before_the_code(age: int) -> bool:
    return age < 18


@rule(cites=("L649-9", "MF57-7"), label="在家生活的人数")
def members_at_home(people: People) -> int:
    return sum(1 for p in people if p.away == "home")
