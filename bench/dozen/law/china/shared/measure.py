"""What several measures stand on."""

from datetime import date
from decimal import Decimal

from jiekun.kernel import People, rule, years_since


@rule(cites="D12-1", label="当地标准")
def standard(
    region: str, standard_urban: Decimal, standard_suburban: Decimal, standard_rural: Decimal
) -> Decimal:
    if region == "urban":
        return standard_urban
    return standard_suburban if region == "suburban" else standard_rural


@rule(cites="D12-1", label="存款没有超限")
def savings_within_limit(
    savings: Decimal, standard: Decimal, savings_months: int, people: People
) -> bool:
    return savings <= standard * savings_months * len(people)


@rule(cites="D12-2", label="重度残疾")
def severely_disabled(disability_level: int) -> bool:
    return disability_level in {1, 2}


@rule(cites="D12-2", label="处在劳动年龄")
def of_working_age(birth_date: date) -> bool:
    return years_since(birth_date) >= 16 and years_since(birth_date) < 60


@rule(cites="D12-2", label="困难人员")
def in_hardship(in_dibao_family: bool, tekun_eligible: bool, orphan_eligible: bool) -> bool:
    return in_dibao_family or tekun_eligible or orphan_eligible
