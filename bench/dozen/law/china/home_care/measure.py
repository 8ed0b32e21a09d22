"""Care at home for severely disabled people, by the hour."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="home_care",
    label="居家照料",
    to="person",
    gives="money",
    office="残联",
    eligible="home_care_eligible",
    amount="home_care_amount",
    about="住在家里的重度残疾人，每小时三十五元，每月最多四十小时。",
)


@rule(cites="D12-14", label="可以享受居家照料")
def home_care_eligible(
    severely_disabled: bool, in_institution: bool, tekun_eligible: bool, home_care_hours: int
) -> bool:
    return severely_disabled and home_care_hours > 0 and not in_institution and not tekun_eligible


@rule(cites="D12-14", label="每月居家照料补贴")
def home_care_amount(home_care_hours: int, home_care_most: int, home_care_rate: Decimal) -> Decimal:
    return min(home_care_hours, home_care_most) * home_care_rate
