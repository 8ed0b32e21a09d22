"""A grant for starting a business."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="startup",
    label="创业补贴",
    to="person",
    gives="money",
    office="人社",
    eligible="startup_eligible",
    amount="startup_amount",
    about="困难或有残疾的劳动年龄人员创业，给一万元。",
)


@rule(cites="D12-13", label="可以享受创业补贴")
def startup_eligible(
    started_business: bool, of_working_age: bool, disability_level: int, in_hardship: bool
) -> bool:
    return started_business and of_working_age and (disability_level > 0 or in_hardship)


@rule(cites="D12-13", label="创业补贴")
def startup_amount(startup_sum: Decimal) -> Decimal:
    return startup_sum
