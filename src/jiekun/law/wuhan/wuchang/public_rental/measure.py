"""Public flats for families of the town without a decent home."""

from jiekun.kernel import rule


@rule(cites="W22-2.4a", label="可以申请公租房")
def public_rental_eligible(housing_difficulty: bool, rural: bool) -> bool:
    """Town families whose difficulty the housing office found; relief is not asked for."""
    return housing_difficulty and not rural
