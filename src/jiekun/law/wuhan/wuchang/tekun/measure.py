"""Tekun in the district: the national conditions, carried out under the district's own clause."""

from jiekun.kernel import rule


@rule(cites=("W22-2.1a", "MF43-4"), label="符合特困条件")
def tekun_eligible(
    hukou: str,
    away: str,
    tekun_no_labour: bool,
    tekun_no_source: bool,
    obligors_able: int,
    kept_as_child: bool,
) -> bool:
    """The district names the three conditions; what each means is MF43's."""
    return (
        hukou == "district"
        and away not in {"in_prison", "declared_missing"}
        and tekun_no_labour
        and tekun_no_source
        and obligors_able == 0
        and not kept_as_child
    )
