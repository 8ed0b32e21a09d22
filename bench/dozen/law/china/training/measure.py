"""Training for those without work."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="training",
    label="技能培训",
    to="person",
    gives="money",
    office="人社",
    eligible="training_eligible",
    amount="training_amount",
    about="困难或有残疾、没有工作、不在校的劳动年龄人员，一年不到三次培训的，补一次。",
)


@rule(cites="D12-12", label="可以享受培训补贴")
def training_eligible(
    of_working_age: bool,
    employed: bool,
    school_stage: str,
    trainings_this_year: int,
    disability_level: int,
    in_hardship: bool,
) -> bool:
    return (
        of_working_age
        and not employed
        and school_stage == "none"
        and trainings_this_year < 3
        and (disability_level > 0 or in_hardship)
    )


@rule(cites="D12-12", label="培训补贴")
def training_amount(training_sum: Decimal) -> Decimal:
    return training_sum
