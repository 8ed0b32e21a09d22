"""Every address, every outsider, every kind of number: nobody sees a sign of a family elsewhere."""

from __future__ import annotations

import hashlib

import pytest
from django.apps import apps
from django.db.models import Q
from django.test import override_settings

from jiekun.offices import actions as offices
from jiekun.offices.models import Division, Officer
from jiekun.registry.access import Data
from jiekun.registry.models import Household, Person
from jiekun.sites.desk import door, masks, urls
from jiekun.sites.desk.shows import SHOWS, shown_at

from . import outsiders
from .conftest import AT, HERE, OTHER_STREET, TODAY
from .outsiders import INSIDERS, LANE, PHONE, make_world
from .walk import asks, missing, walk, worth_asking_by_all

OUTSIDERS = (
    *(f"{role.value} elsewhere" for role in outsiders.ELSEWHERE),
    "community worker next door", "no post", "post ended today", "post begins tomorrow",
    "deputy from tomorrow", "deputy until today", "deputy elsewhere",
    "worker of 420106008003 merged", "worker of 420106011004 merged",
)  # fmt: skip
# Who asks everything, law pages and all.
READERS = ("community worker next door", "department_officer elsewhere", "no post")
# Of the pages that show residents, those it is enough to walk to see that a walk finds what leaks.
TELLING = {"household", "person", "search", "unreached", "changes", "unmask-person", "numbers"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Keys, papers and results of this module's own."""
    place = tmp_path_factory.mktemp("leaks")
    with override_settings(KEY_FILE=place / "keys.json", PAPERS=place / "papers", STATE=place):
        yield


@pytest.fixture(scope="module")
def world(village, folders, django_db_blocker):
    with django_db_blocker.unblock():
        return make_world(village)


@pytest.fixture(scope="module")
def tried():
    """How many requests the walks made; told at the end."""
    counted = {"asks": 0, "opened": 0, "leaks": 0, "walks": 0}
    yield counted
    print(f"\nleak test: {counted}")  # noqa: T201


def rows_of(world):
    """Everything kept of the family, digested by table."""
    people, found = [one.pk for one in world.people], {}
    for model in apps.get_models():
        if model._meta.app_label not in ("registry", "exchange", "screening"):
            continue
        mine = Q(pk__in=[])
        for column in model._meta.concrete_fields:
            if column.related_model in (Household, Person):
                of = [world.home.pk] if column.related_model is Household else people
                mine |= Q(**{f"{column.name}__in": of})
        if model is Household:
            mine = Q(community__code__startswith=HERE)
        elif model is Person:
            mine = Q(pk__in=people)
        elif model._meta.label_lower == "exchange.import":
            mine = Q(pk=world.of.pk)
        rows = list(model._default_manager.filter(mine).order_by("pk").values_list())
        found[model._meta.label_lower] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def test_every_address_says_what_it_shows():
    named = {str(pattern.name) for pattern in urls.urlpatterns}
    assert named - SHOWS.keys() == set(), "sites/desk/shows.py does not say what these show"
    assert SHOWS.keys() - named == set(), "sites/desk/shows.py speaks of addresses there are not"


def test_every_address_says_what_can_be_asked_of_it():
    assert missing() == [], "tests/sites/walk.py has not"


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_sees_and_changes_nothing_of_the_family(who, world, sign_in, tried):
    client, before = sign_in(world.outsiders[who]), rows_of(world)
    came = walk(client, world, lambda ask: who in READERS or worth_asking_by_all(ask))
    assert came.leaks == []
    assert rows_of(world) == before
    # Who is turned away everywhere would prove nothing: what there is of the law is open to all.
    assert came.tried > 100
    assert came.opened > 8
    for key, many in (("asks", came.tried), ("opened", came.opened), ("walks", 1)):
        tried[key] += many


@pytest.mark.parametrize("who", INSIDERS)
def test_the_walk_finds_the_family_where_it_may_be_seen(who, world, sign_in):
    came = walk(sign_in(who), world, lambda ask: ask.name in TELLING)
    assert len(came.leaks) > 20


def test_who_stands_in_sees_what_the_holder_sees_while_they_stand_in(world, sign_in):
    jiedao = Officer.objects.get(username="jiedao")
    other = Officer.objects.get(username=world.outsiders["no post"])
    offices.deputise(
        post=jiedao.posts.get(), officer=other, since=TODAY, until=outsiders.TOMORROW, why="休假",
        by=jiedao, at=AT,
    )  # fmt: skip
    assert walk(sign_in(other.username), world, lambda ask: ask.name == "household").leaks


def test_a_street_no_longer_sees_a_community_that_went_to_another(world, sign_in):
    offices.move_community(
        division=Division.objects.get(code=HERE), street=Division.objects.get(code=OTHER_STREET),
        code="420106011099", on=TODAY, document="武昌民政〔2024〕9 号",
        by=Officer.objects.get(username="qu"), at=AT,
    )  # fmt: skip
    assert walk(sign_in("jiedao"), world, lambda ask: ask.name in TELLING).leaks == []
    assert walk(sign_in("elsewhere"), world, lambda ask: ask.name in TELLING).leaks


FOUND_BY = {"GET": {"household", "person", "search", "unreached", "changes", "recognised",
                    "numbers", "why", "what-if", "import", "reform-rows"},
            "POST": {"unmask-household", "unmask-person", "print-person", "record"}}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "name"), [(method, name) for method in FOUND_BY for name in sorted(FOUND_BY[method])]
)
def test_each_page_of_families_does_show_it_to_its_own_street(method, name, world, sign_in):
    def wanted(ask):
        return (ask.name, ask.method) == (name, method)

    assert any(wanted(ask) for ask in asks(world))
    who = "qu" if name == "reform-rows" else "jiedao"
    assert walk(sign_in(who), world, wanted).leaks


def everything(self):
    return Household.objects.all()


PLANTED = {
    "families of everywhere": (door.Desk, "families", everything),
    "areas of everywhere": (door.Desk, "areas", frozenset({"420106"})),
}


@pytest.mark.parametrize("leak", PLANTED)
def test_a_view_that_ignores_areas_is_caught(leak, world, sign_in, monkeypatch):
    monkeypatch.setattr(*PLANTED[leak])
    # The database would catch it first.
    monkeypatch.setattr(door, "answered", lambda view, **_: view())
    who = world.outsiders["community worker next door"]
    came = walk(sign_in(who), world, lambda ask: ask.name in TELLING)
    assert len(came.leaks) > 3


def test_what_a_view_forgot_the_second_wall_did_not(world, sign_in, monkeypatch):
    monkeypatch.setattr(*PLANTED["families of everywhere"])
    who = world.outsiders["community worker next door"]
    came = walk(sign_in(who), world, lambda ask: ask.name in TELLING)
    assert came.opened > 3
    assert came.leaks == []


def masked_pages(ask):
    return (
        ask.method == "GET"
        and Data.FAMILIES in shown_at(ask.name).needs
        and (ask.name == "search" or not ask.data)
    )


@pytest.fixture
def whole(world, monkeypatch):
    """Take for a leak whatever is behind a mask, and nothing that is not."""
    born = [one.birth_date.isoformat() for one in world.people]
    names = [one.name for one in world.people]
    monkeypatch.setattr(type(world), "told", (*names, *born, PHONE, f"{LANE}98号", world.number))


def test_nobody_sees_whole_what_they_gave_no_purpose_for(world, whole, sign_in):
    came = walk(sign_in("jiedao"), world, masked_pages)
    assert [leak for leak in came.leaks if not leak.startswith("journal")] == []
    assert came.opened > 20


def test_a_mask_that_is_forgotten_is_caught(world, whole, sign_in, monkeypatch):
    monkeypatch.setattr(masks.words, "mask_name", lambda name: name)
    came = walk(sign_in("jiedao"), world, lambda ask: ask.name == "household")
    assert [leak for leak in came.leaks if not leak.startswith("journal")]
