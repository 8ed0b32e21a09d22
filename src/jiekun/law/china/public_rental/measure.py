"""A public flat, or help with the rent, for families without a decent home."""

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="public_rental",
    label="公租房保障",
    short="公租房",
    to="household",
    gives="service",
    office="房管",
    eligible="public_rental_eligible",
    about="住房困难的低保家庭、分散供养的特困人员，可以租公租房，或者领租房补贴。",
    apply="向街道提出，由房管部门审核、轮候。",
)


@rule(cites=("L649-37", "L649-38"), label="可以申请公租房")
def public_rental_eligible(housing_difficulty: bool, in_dibao_family: bool, people: People) -> bool:
    return housing_difficulty and (
        in_dibao_family or any(p.tekun_entitled and not p.in_institution for p in people)
    )
