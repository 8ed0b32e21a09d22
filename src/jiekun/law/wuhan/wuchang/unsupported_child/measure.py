"""Unsupported children in the district, by the wider national definition."""

from jiekun.kernel import rule


@rule(cites=("W22-2.1e", "SW19-1"), label="符合事实无人抚养儿童条件")
def unsupported_eligible(
    hukou: str, minor: bool, unsupported_by_parents: bool, chooses_tekun: bool
) -> bool:
    """The district's list lacks lost contact and other restraint; the wider one applies."""
    return minor and unsupported_by_parents and hukou == "district" and not chooses_tekun
