"""Hours of trained nursing at home for old people on the care platform."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="elder_nursing",
    label="困难老人居家专业护理",
    short="居家护理",
    to="person",
    gives="hours",
    office="民政",
    eligible="elder_nursing_eligible",
    amount="elder_nursing_hours",
    about="家里做过适老化、智能化改造并接入养老平台的困难老人，每个月有专业护理人员上门，时数有下限。",
    apply="由社区提名，区民政局确认后改造、接入。",
)


@rule(cites="W22-2.8d", label="可以得到居家专业护理")
def elder_nursing_eligible(wuchang_scope: bool, age: int, elder_platform: bool) -> bool:
    """Being on the platform is how the district says an old person is in hardship here."""
    return wuchang_scope and age >= 60 and elder_platform


@rule(cites="W22-2.8d", label="每月护理时数（至少）")
def elder_nursing_hours(elder_nursing_month: Decimal) -> Decimal:
    return elder_nursing_month
