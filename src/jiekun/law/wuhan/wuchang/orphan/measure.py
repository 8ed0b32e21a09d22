"""Orphans in the district: the national conditions, under the district's own clause."""

from jiekun.kernel import rule


@rule(cites=("W22-2.1d", "GE10-1"), label="符合孤儿保障条件")
def orphan_eligible(hukou: str, orphan_conditions: bool, chooses_tekun: bool) -> bool:
    return orphan_conditions and hukou == "district" and not chooses_tekun
