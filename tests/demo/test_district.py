"""The synthetic district: the same every time, fitted, and made of possible families."""

from __future__ import annotations

import numpy as np
import pytest

from jiekun.demo import hardship
from jiekun.demo.district import DAUGHTER, HEAD, OTHER, PARENT, SON, SPOUSE, District
from jiekun.demo.families import calibrated_shares, family_counts
from jiekun.demo.fit import Row, as_json, as_markdown, fit_report
from jiekun.demo.gaps import known
from jiekun.demo.make import digest, make
from jiekun.demo.scale import PEOPLE, Scale, ScaleError, apportion
from jiekun.law.facts import FACTS


def test_made_twice_it_is_the_same(district: District) -> None:
    again = make(Scale.parse("1:100"), lambda _stage, _done: None)
    assert digest(again) == digest(district)


def test_another_scale_draws_other_people(district: District) -> None:
    other = make(Scale.parse("1:99"), lambda _stage, _done: None)
    assert not np.array_equal(other.birth[:100], district.birth[:100])


@pytest.mark.parametrize("scale", ["1:1", "1:7", "1:50", "1:100"])
def test_families_add_up_to_every_resident(scale: str) -> None:
    from jiekun.demo.families import PATTERNS

    counts = family_counts(Scale.parse(scale))
    people = sum(n * p.size for n, p in zip(counts, PATTERNS, strict=True))
    assert people == Scale.parse(scale).of(PEOPLE)


def test_every_kind_of_family_has_a_place() -> None:
    assert calibrated_shares().min() > 0.001


@pytest.mark.parametrize("text", ["1:0", "1:101", "2:50", "fifty", "", "1:-3"])
def test_an_impossible_scale_is_refused(text: str) -> None:
    with pytest.raises(ScaleError, match="1:1 到 1:100"):
        Scale.parse(text)


def test_shares_are_rounded_without_losing_anybody() -> None:
    assert apportion(10, np.array([1.0, 1.0, 1.0])).tolist() == [4, 3, 3]


def test_published_numbers_are_met(district: District) -> None:
    off = {row.quantity: row.off for row in fit_report(district) if row.kind == "published"}
    assert {name: by for name, by in off.items() if abs(by) > 2} == {}


def test_estimates_are_met_to_a_few_people(district: District) -> None:
    rows = [row for row in fit_report(district) if row.kind == "estimate" and row.scaled > 1]
    assert [r.quantity for r in rows if abs(r.reached - r.scaled) > max(2, 0.04 * r.scaled)] == []


def test_the_report_tells_published_numbers_from_estimates(district: District) -> None:
    page = as_markdown(fit_report(district), "1:100")
    assert "| 常住人口 | 1,092,750 |" in page
    assert page.count("**估计**") == sum(
        row["kind"] == "estimate" for row in as_json(fit_report(district))
    )


def test_how_far_off_is_told_in_per_cent() -> None:
    assert Row("", 1000, 200, 190, "estimate", "").off == -5


def test_every_household_has_one_head_first(district: District) -> None:
    assert (district.relation[district.start[:-1]] == HEAD).all()
    assert (district.relation == HEAD).sum() == district.households


def test_parents_are_older_than_their_children(district: District) -> None:
    head = district.of_household(district.birth[district.start[:-1]])
    children = np.isin(district.relation, (SON, DAUGHTER))
    years = (district.birth - head) / 365.25
    assert years[children].min() > 16
    assert years[district.relation == PARENT].max() < -16


def test_couples_are_of_similar_age(district: District) -> None:
    head = district.of_household(district.birth[district.start[:-1]])
    gap = np.abs(district.birth - head)[district.relation == SPOUSE] / 365.25
    assert gap.max() < 25
    assert np.median(gap) < 4


def test_children_carry_their_fathers_name(district: District) -> None:
    pair = district.has_pattern("couple_child", "couple_two")
    child = np.isin(district.relation, (SON, DAUGHTER)) & district.of_household(pair)
    name = district.extra["surname"]
    assert (name == district.of_household(name[district.start[:-1]]))[child].all()


def test_no_child_lives_alone(district: District) -> None:
    alone = (district.size == 1) & (district.age[district.start[:-1]] < 18)
    assert not alone.any()


def test_strangers_live_together_only_as_flatmates(district: District) -> None:
    strangers = district.any(district.relation == OTHER)
    assert (strangers == district.has_pattern("flatmates")).all()


def test_every_declared_fact_has_a_value_in_its_range(district: District) -> None:
    for fact in FACTS.values():
        values = district.fact(fact.name)[known(district, fact.name)]
        if fact.kind == "choice":
            assert set(np.unique(values)) <= set(range(len(fact.choices))), fact.name
        elif fact.kind in ("int", "money"):
            most = fact.maximum * (100 if fact.kind == "money" else 1)
            assert ((values >= 0) & (values <= most)).all(), fact.name


def test_only_people_without_a_certificate_have_no_level(district: District) -> None:
    has_class = district.person["disability_class"] > 0
    assert ((district.person["disability_level"] > 0) == has_class).all()


def test_nobody_kept_as_tekun_could_work(district: District) -> None:
    tekun = district.person["tekun_recognised"]
    severe = district.person["disability_level"].clip(0) == 2
    assert ((district.age >= 60) | severe)[tekun].all()
    assert tekun.sum() == 3


def test_hardship_is_commoner_in_the_old_town() -> None:
    district = make(Scale.parse("1:5"), lambda _stage, _done: None)
    dibao = district.home["dibao_recognised"]
    street = np.array([place.street for place in district.communities])[district.community]
    share = {code: dibao[street == code].mean() for code in ("420106008", "420106012")}
    assert share["420106008"] > 2.5 * share["420106012"]


def test_dibao_families_live_below_the_line(district: District) -> None:
    homes = hardship.is_kind(district, "dibao", "dibao_unreached")
    head = district.extra["poor_income"][homes] / district.size[homes]
    assert head.max() < hardship.DIBAO_STANDARD * 100


def test_ordinary_families_are_known_not_to_be_poor(district: District) -> None:
    ordinary = district.extra["hardship"] == 0
    assets = district.home["assets_within_limit"]
    gap = ~known(district, "assets_within_limit")
    assert (assets | gap)[ordinary].mean() < 0.15
    assert gap[ordinary].mean() < 0.02
