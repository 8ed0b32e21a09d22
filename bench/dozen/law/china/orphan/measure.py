"""Orphans' basic living."""

from datetime import date
from decimal import Decimal

from jiekun.kernel import Measure, rule, years_since

MEASURE = Measure(
    name="orphan",
    label="孤儿基本生活",
    to="person",
    gives="money",
    office="民政",
    eligible="orphan_eligible",
    amount="orphan_amount",
    about="父母都不在或找不到的孩子，每月发基本生活费；在机构和在家两个数。",
)


@rule(cites="D12-4", label="是孤儿")
def orphan_eligible(birth_date: date, parents: str, hukou_here: bool, tekun_eligible: bool) -> bool:
    return (
        parents in {"dead", "gone"}
        and years_since(birth_date) < 18
        and hukou_here
        and not tekun_eligible
    )


@rule(cites="D12-4", label="每月孤儿生活费")
def orphan_amount(
    in_institution: bool, orphan_institution: Decimal, orphan_home: Decimal
) -> Decimal:
    return orphan_institution if in_institution else orphan_home
