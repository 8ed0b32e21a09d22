"""An hour's help at home, paid for by the district."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="home_service",
    label="居家一小时服务补贴",
    short="居家一小时",
    to="person",
    gives="money",
    office="民政",
    eligible="home_service_eligible",
    amount="home_service_amount",
    about="民政部门确认的居家服务对象，请人上门做家务、照料，按小时给补贴。",
    apply="由社区提名，区民政局确认。",
)


@rule(cites="W24-15", label="可以得到居家服务补贴")
def home_service_eligible(wuchang_scope: bool, home_service_confirmed: bool) -> bool:
    return wuchang_scope and home_service_confirmed


@rule(cites="W24-15", label="本月居家服务补贴")
def home_service_amount(home_service_rate: Decimal, home_service_hours: Decimal) -> Decimal:
    """By the hours served this month: the clause sets no ceiling."""
    return home_service_rate * home_service_hours
