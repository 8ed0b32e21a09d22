"""Accident insurance for everybody over sixty."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="elder_accident_insurance",
    label="老年人意外伤害保险",
    short="老人意外险",
    to="person",
    gives="insurance",
    office="民政",
    eligible="elder_accident_insurance_eligible",
    about="本区户籍的老人，和在本区住满一年的六十岁以上老人，由区里买好意外伤害保险。",
    apply="不用申请，出了意外找保险理赔。",
    universal=True,
)


@rule(cites=("W22-2.8f", "W24-14"), label="在老人意外险之内")
def elder_accident_insurance_eligible(
    age: int, hukou: str, months_lived_here: int, elder_insurance_months: int
) -> bool:
    """For those registered here the clause says the old without an age: sixty is taken for both."""
    return age >= 60 and (hukou == "district" or months_lived_here >= elder_insurance_months)
