"""Families in hardship: how many of each kind, where, what they live on, what they are given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .district import FEN, HEAD, SPOUSE, District
from .living import month_income
from .places import hardship_weight
from .scale import Array, apportion, choose

# 2.5 of the handbook: none of these totals is published, all are estimates.
DIBAO_PEOPLE, DIBAO_HOMES = 6_000, 3_750
EDGE_PEOPLE, TEKUN_PEOPLE, CHILDREN = 1_500, 300, 60
DIBAO_STANDARD, EDGE_LINE = 940, 1_410
TEKUN_STANDARD = CHILD_STANDARD = 1_880


@dataclass(frozen=True)
class Kind:
    """A kind of hardship: how many households, their sizes, the income a head in yuan."""

    name: str
    homes: int
    sizes: tuple[float, ...]
    income: tuple[float, float]
    recognised: str = ""


KINDS = (
    Kind("none", 0, (), (0, 0)),
    Kind("dibao", 3_525, (57, 29, 11, 3), (0, 860), "dibao_recognised"),
    # Their income has grown since the last review.
    Kind("dibao_outgrown", 225, (57, 29, 11, 3), (1_000, 2_300), "dibao_recognised"),
    # Nobody has reached them: they never applied.
    Kind("dibao_unreached", 880, (48, 32, 14, 6), (0, 900)),
    # Perhaps: a fact that decides is not known.
    Kind("dibao_open", 600, (50, 30, 14, 6), (300, 900)),
    Kind("edge", 750, (36, 36, 20, 8), (960, 1_390), "edge_recognised"),
    Kind("edge_unreached", 400, (36, 36, 20, 8), (960, 1_390)),
    Kind("low_income", 1_200, (36, 34, 22, 8), (1_430, 1_850), "low_income_recognised"),
    Kind("tekun", TEKUN_PEOPLE, (1,), (0, 0)),
    Kind("tekun_unreached", 30, (1,), (0, 0)),
    Kind("children", CHILDREN, (0, 1), (0, 400)),
    Kind("children_unreached", 8, (0, 1), (0, 400)),
)
KIND = {kind.name: code for code, kind in enumerate(KINDS)}
SINGLES = ("tekun", "tekun_unreached")
CHILDRENS = ("children", "children_unreached")


def is_kind(district: District, *names: str) -> Array:
    """Which households are of these kinds of hardship."""
    return np.isin(district.extra["hardship"], [KIND[name] for name in names])


def choose_families(district: District) -> None:
    """Pick the families of every kind, likelier where and as hardship is likelier."""
    hardship = np.zeros(district.households, np.int8)
    base = hardship_weight(district.communities)[district.community]
    prone = {
        "single": 0.6,
        "elder": 1.0,
        "lone_parent": 2.5,
        "lone_parent_two": 3.0,
        "elder_child": 2.0,
        "couple": 0.5,
        "student": 0,
        "flatmates": 0,
        "grandparent_child": 1.0,
    }
    for name, factor in prone.items():
        base[district.has_pattern(name)] *= factor
    with district.chance("hardship") as rng:
        for kind in sorted(KINDS[1:], key=lambda kind: -len(kind.name.split("_")[0])):
            for size, count in enumerate(_by_size(district, kind), start=1):
                free = (hardship == 0) & (np.arange(len(hardship)) != district.story)
                weight = base * _fits(district, kind) * free * (district.size == size)
                hardship[choose(rng, weight, int(count))] = KIND[kind.name]
    hardship[district.story] = KIND["edge"]
    district.extra["hardship"] = hardship


def _by_size(district: District, kind: Kind) -> Array:
    counts = apportion(district.scale.of(kind.homes), np.array(kind.sizes, float))
    if kind.name == "edge" and (counts[1:3] > 0).all():
        # The story's five people are edge people too.
        counts[1:3] -= 1
    return counts


def _fits(district: District, kind: Kind) -> Array:
    """Whose life such hardship can be."""
    if kind.name in CHILDRENS:
        return district.has_pattern("grandparent_child")
    if kind.name in SINGLES:
        return district.has_pattern("elder") + 0.25 * district.has_pattern("single")
    return ~district.has_pattern("grandparent_child", "student", "flatmates")


def live_in_hardship(district: District) -> None:
    """Replace their incomes; the household's total is exactly what was drawn for it."""
    poor = district.extra["hardship"] > 0
    person = district.of_household(poor)
    cleared = (
        "wage_income",
        "odd_job_income",
        "business_income",
        "property_income",
        "pension_income",
        "transfer_income",
        "transfer_paid",
        "work_cost",
        "old_age_allowance",
    )
    for fact in cleared:
        district.fact(fact)[person] = 0
    for fact in ("employed", "self_employed", "receives_pension"):
        district.fact(fact)[person] = False
    district.fact("basic_pension")[person & (district.age >= 60)] = 300 * FEN
    district.fact("hukou")[person] = 0
    _share_income(district, np.flatnonzero(poor))
    _mark_recognised(district)


def _share_income(district: District, homes: Array) -> None:
    low = np.array([kind.income[0] for kind in KINDS])[district.extra["hardship"][homes]]
    high = np.array([kind.income[1] for kind in KINDS])[district.extra["hardship"][homes]]
    with district.chance("poor incomes") as rng:
        head = np.rint(rng.uniform(low, high) / 10) * 10
        # A quarter of the poorest have nothing at all.
        head[(low == 0) & (rng.random(len(homes)) < 0.25)] = 0
        part_time = rng.random(len(homes)) < 0.5
    total = (head * district.size[homes]).astype(np.int64)
    district.extra["poor_income"] = np.zeros(district.households, np.int64)
    district.extra["poor_income"][homes] = total * FEN
    earner = _earners(district, homes)
    works = (district.age[earner] < 60) & ~district.person["full_time_student"][earner]
    wage = works & part_time & (total >= 1_200)
    for fact, where in (
        ("wage_income", wage),
        ("odd_job_income", works & ~wage),
        ("transfer_income", ~works),
    ):
        district.fact(fact)[earner[where]] = total[where] * FEN
    district.fact("employed")[earner[wage]] = True
    # Travel and meals come off the wage, so the wage is that much more.
    district.fact("work_cost")[earner[wage]] = 200 * FEN
    district.fact("wage_income")[earner[wage]] += 200 * FEN


def _earners(district: District, homes: Array) -> Array:
    """Who of each household brings in what there is: an adult of working age if there is one."""
    rank = np.where(
        (district.age >= 18) & (district.age < 60) & ~district.person["full_time_student"],
        0,
        np.where(district.relation == HEAD, 1, 2),
    ) * 10 + np.minimum(np.arange(district.people) - district.start[district.household], 9)
    best = np.minimum.reduceat(rank, district.start[:-1])
    return np.asarray(district.start[homes] + best[homes] % 10)


def _mark_recognised(district: District) -> None:
    for kind in KINDS:
        if kind.recognised:
            district.fact(kind.recognised)[is_kind(district, kind.name)] = True
    single = district.of_household(is_kind(district, *SINGLES))
    district.fact("tekun_recognised")[district.of_household(is_kind(district, "tekun"))] = True
    district.fact("tekun_assets_ok")[single] = True
    district.fact("no_spouse_or_children")[single] = True
    jobless = (
        district.of_household(
            is_kind(district, "dibao", "dibao_unreached", "edge", "dibao_open", "low_income")
        )
        & (district.age >= 22)
        & (district.age < 60)
        & ~district.fact("employed")
    )
    district.fact("hard_to_employ")[jobless] = True


def judge_assets(district: District) -> None:
    """Most ordinary families own more than the limits; the hard-up were checked and do not."""
    poor = district.extra["hardship"] > 0
    with district.chance("assets") as rng:
        below = rng.random(district.households) < 0.04
        gap = rng.random(district.households) < 0.005
        open_case = is_kind(district, "dibao_open") & (rng.random(district.households) < 0.6)
    income = district.total(month_income(district))
    enough = income >= 2_000 * FEN * district.size
    # Whoever lives on little without being hard up lives on savings.
    district.home["assets_within_limit"] = poor | (below & enough)
    district.home["edge_assets_within_limit"] = poor | (below & enough)
    for fact in ("assets_within_limit", "edge_assets_within_limit"):
        district.forget(fact, (gap & ~poor & enough) | open_case)
    # The other open cases hang on what somebody earns by odd jobs.
    waits = is_kind(district, "dibao_open") & ~open_case
    adult = district.of_household(waits) & (district.age >= 18) & (district.age < 60)
    alone = district.of_household(waits & ~district.any(adult)) & (district.relation == HEAD)
    district.forget("odd_job_income", adult | alone)


def children_without_parents(district: District) -> None:
    """Where the parents of every child are; for those nobody brings up, why."""
    minor = district.age < 18
    for who in ("father", "mother"):
        for fact in ("situation", "months", "disability_class", "disability_level"):
            district.fact(f"{who}_{fact}")
            # Nobody asks where a grown-up's parents are; who turned eighteen lately was asked.
            district.forget(f"{who}_{fact}", district.age > 18)
    with district.chance("parents") as rng:
        lone = minor & district.of_household(district.has_pattern("lone_parent", "lone_parent_two"))
        father_heads = district.of_household(district.sex[district.start[:-1]] == 0)
        dead = lone & (district.of_household(rng.random(district.households)) < 0.22)
        code = district.code("father_situation", "dead")
        district.fact("father_situation")[dead & ~father_heads] = code
        district.fact("mother_situation")[dead & father_heads] = code
        homes = np.flatnonzero(is_kind(district, *CHILDRENS))
        _lose_parents(district, homes, rng)


def _lose_parents(district: District, homes: Array, rng: np.random.Generator) -> None:
    fates = ("dead", "in_prison", "lost_contact", "compulsory_rehab")
    child = district.start[homes + 1] - 1
    recognised = is_kind(district, "children")[homes]
    orphan = np.arange(len(homes)) % 4 == 0
    both = rng.integers(0, 3, (2, len(homes)))
    for who, drawn in zip(("father", "mother"), both, strict=True):
        # One dead and one away, or both away; orphans have lost both.
        fate = np.where(orphan, 0, np.where(who == "mother", np.maximum(drawn, 1), drawn))
        codes = np.array([district.code("father_situation", name) for name in fates], np.int16)
        district.fact(f"{who}_situation")[child] = codes[fate]
        months = np.where(fate > 0, rng.integers(8, 72, len(homes)), 0)
        district.fact(f"{who}_months")[child] = months
    district.fact("orphan_recognised")[child] = recognised & orphan
    district.fact("unsupported_recognised")[child] = recognised & ~orphan


def spouses(district: District) -> Array:
    """Who is head or spouse of a couple."""
    return np.isin(district.relation, (HEAD, SPOUSE)) & district.of_household(
        district.any(district.relation == SPOUSE)
    )
