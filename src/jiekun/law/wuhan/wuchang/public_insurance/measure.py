"""Insurance for everybody registered in the district against public emergencies."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="public_insurance",
    label="应急保障民生保险",
    short="民生保险",
    to="person",
    gives="insurance",
    office="应急",
    eligible="public_insurance_eligible",
    about="本区户籍的居民和居民家的房子，遇到火灾、自然灾害、高空坠物、踩踏这类事，由区里买好的保险赔。",
    apply="不用申请，出了事向社区报告，找保险理赔。",
    universal=True,
)


@rule(cites=("W22-2.7b", "W24-28"), label="在民生保险之内")
def public_insurance_eligible(hukou: str) -> bool:
    """Registered people; whether a house must be theirs to be covered is not settled."""
    return hukou == "district"
