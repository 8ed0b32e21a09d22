"""To load is to be allowed: area by role, and nothing by default."""

from __future__ import annotations

from datetime import date

import pytest

from jiekun.offices import actions as offices
from jiekun.offices.models import Division, Post
from jiekun.registry import actions, finding, queries
from jiekun.registry.models import Household, Person

ON = date(2024, 11, 1)
NEIGHBOUR, OTHER_STREET = "420106008003", "420106012001"


@pytest.fixture
def elsewhere(family):
    """Copies of the family's home in the next community and in another street."""
    return [
        Household.objects.create(
            name="何家",
            community_id=code,
            street_code=code[:9],
            address="东湖路2001号",
            created_on=ON,
        )
        for code in (NEIGHBOUR, OTHER_STREET)
    ]


def search(officer, text, on):
    return finding.search(queries.family_areas(officer, on), text, on)


def seen(officer):
    return set(queries.visible_to(officer, ON).values_list("community_id", flat=True))


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("shequ", {"420106008002"}),
        ("jiedao", {"420106008002", NEIGHBOUR}),
        ("jiedao2", {"420106008002", NEIGHBOUR}),
        ("qu", {"420106008002", NEIGHBOUR, OTHER_STREET}),
        ("shenji", {"420106008002", NEIGHBOUR, OTHER_STREET}),
        ("jiaoyu", set()),
        ("canlian", set()),
    ],
)
def test_everyone_sees_the_families_of_their_area_only(officers, elsewhere, who, where):
    assert seen(officers[who]) == where


def test_without_a_post_nobody_sees_anybody(officers, family):
    Post.objects.filter(officer=officers["qu"]).delete()
    assert seen(officers["qu"]) == set()


def test_a_post_that_ended_opens_nothing(officers, family):
    Post.objects.filter(officer=officers["qu"]).update(until=ON)
    assert seen(officers["qu"]) == set()


def test_a_closed_account_opens_nothing(officers, family):
    officers["qu"].is_active = False
    assert seen(officers["qu"]) == set()


@pytest.mark.parametrize("text", ["何平", "何", "heping", "HE ping", "hp", "复兴路2001", "何小宁"])
def test_a_family_is_found_by_name_sound_and_address(officers, family, text):
    assert [found.household for found in search(officers["shequ"], text, ON)] == [family]


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "平", "复兴路2009", "x' OR 1=1"])
def test_what_matches_nothing_finds_nobody(officers, family, text):
    assert search(officers["qu"], text, ON) == []


def test_a_search_does_not_leak_over_the_border(officers, elsewhere):
    assert search(officers["shequ"], "东湖路", ON) == []
    assert len(search(officers["qu"], "东湖路", ON)) == 2


def test_a_department_finds_no_families(officers, family):
    assert search(officers["jiaoyu"], "何", ON) == []


def test_a_community_is_found_by_its_name(officers, family):
    name = family.community.name[:2]
    assert [found.household for found in search(officers["jiedao"], name, ON)] == [family]


def test_the_family_of_the_dead_is_found_by_their_name(officers, family, head, at):
    actions.report_death(person=head, died_on=date(2024, 10, 8), source="公安", by=None, at=at)
    found = search(officers["shequ"], "何平", ON)
    assert [f.household for f in found] == [family]


def test_who_moved_away_and_died_later_is_no_longer_found_where_they_lived(officers, family, head):
    head.memberships.update(until=date(2024, 3, 1))
    Person.objects.filter(pk=head.pk).update(died_on=date(2024, 10, 8))
    assert search(officers["shequ"], "何平", ON) == []


def test_a_family_with_two_matches_is_found_once(officers, family):
    assert Person.objects.filter(name__startswith="何").count() == 2
    assert len(search(officers["qu"], "何", ON)) == 1


AFTER = date(2024, 12, 1)
BETWEEN = date(2024, 11, 15)


@pytest.fixture
def change(officers, at):
    """An act of the district on places, from the middle of November on."""

    def run(act, **words):
        words = {"on": BETWEEN, "document": "武昌民政〔2024〕9 号", **words}
        return getattr(offices, act)(by=officers["qu"], at=at, **words)

    return run


def division(code):
    return Division.objects.get(code=code)


def finds(officer, on):
    return [found.household for found in search(officer, "何平", on)]


def test_families_of_a_merged_community_are_seen_where_it_went(officers, family, change):
    change("merge_divisions", into=division(NEIGHBOUR), divisions=[division("420106008002")])
    there, here = officers["jiaoyu"], officers["shequ"]
    Post.objects.filter(officer=there).update(area=NEIGHBOUR, role="community_worker")
    assert (finds(here, ON), finds(there, ON)) == ([family], [])
    assert (finds(here, AFTER), finds(there, AFTER)) == ([], [family])


def test_families_of_a_community_under_another_street_are_seen_there(officers, family, change):
    code = "420106012901"
    change("move_community", division=division("420106008002"), street=division("420106012"),
           code=code)  # fmt: skip
    old, new = officers["jiedao"], officers["jiaoyu"]
    Post.objects.filter(officer=new).update(area="420106012", role="street_officer")
    assert (finds(old, ON), finds(new, ON)) == ([family], [])
    assert (finds(old, AFTER), finds(new, AFTER)) == ([], [family])
    assert finds(officers["qu"], AFTER) == [family]


def test_families_of_a_split_community_are_seen_by_its_street_only(officers, family, change):
    parts = {"420106008901": "东园社区", "420106008902": "西园社区"}
    change("split_division", division=division("420106008002"), parts=parts)
    Post.objects.filter(officer=officers["jiaoyu"]).update(
        area="420106008901", role="community_worker"
    )
    assert finds(officers["jiedao"], AFTER) == [family]
    assert finds(officers["jiaoyu"], AFTER) == []


def test_a_family_is_found_by_old_and_new_names_of_its_community(officers, family, change):
    old, new = division("420106008002"), division(NEIGHBOUR)
    change("rename_division", division=new, name="望江新社区", on=date(2024, 11, 10))
    change("merge_divisions", into=division(NEIGHBOUR), divisions=[old])
    for text in (old.name, "望江新社区"):
        assert [one.household for one in search(officers["jiedao"], text, AFTER)] == [family]
