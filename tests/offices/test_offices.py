from collections import Counter
from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from jiekun.journal.models import Entry
from jiekun.offices import actions, queries
from jiekun.offices.actions import RefusedError
from jiekun.offices.models import Department, Division, Officer, Role

pytestmark = pytest.mark.django_db

TODAY = date(2024, 11, 1)
STREET = "420106008"


@pytest.fixture
def wuchang(at):
    actions.seed_wuchang(at=at)
    actions.seed_departments(at=at)


@pytest.fixture
def officer(wuchang, at):
    return actions.hire(
        username="gao",
        name="高明",
        department=Department.objects.get(slug="street"),
        password_hash=make_password("right"),
        by=None,
        at=at,
    )


@pytest.fixture
def post(officer, at):
    area = Division.objects.get(code=STREET)
    return actions.appoint(
        officer=officer, role=Role.STREET_OFFICER, area=area, since=TODAY, by=None, at=at
    )


@pytest.fixture
def other(wuchang, at):
    return {o.username: o for o in actions.seed_demo_officers(at=at)}["anquan"]


def acts():
    return Counter(Entry.objects.values_list("act", flat=True))


def test_wuchang_has_its_fourteen_streets_and_142_communities(wuchang):
    communities = Division.objects.filter(kind="community", functional=False)
    assert (queries.streets().count(), communities.count()) == (14, 142)


def test_the_scenic_area_is_there_and_marked(wuchang):
    scenic = Division.objects.filter(functional=True).values_list("code", flat=True)
    assert set(scenic) == {"420106490", "420106490018", "420106490027"}


def test_a_community_is_called_as_residents_call_it(wuchang):
    assert str(Division.objects.get(code="420106001001")) == "尚隆苑社区"


def test_every_code_begins_with_its_parents(wuchang):
    below = Division.objects.exclude(kind="district").values_list("code", "parent_id")
    assert all(code.startswith(parent) for code, parent in below)


def test_seeding_twice_changes_nothing(wuchang, at):
    actions.seed_wuchang(at=at)
    assert Division.objects.count() == 160


def test_a_street_code_must_have_nine_digits(wuchang):
    with pytest.raises(IntegrityError, match="division_code_fits_kind"):
        Division.objects.create(
            code="42010600", name="错街道", kind="street", parent_id="420106", since=TODAY
        )


def test_a_post_opens_its_area_from_its_first_day(officer, post):
    before = TODAY - timedelta(days=1)
    assert queries.areas_of(officer, TODAY) == {STREET}
    assert queries.areas_of(officer, before) == frozenset()


def test_a_post_ended_opens_nothing_from_that_day(officer, post, other, at):
    tomorrow = TODAY + timedelta(days=1)
    actions.end_post(post=post, until=tomorrow, by=other, at=at)
    assert queries.areas_of(officer, TODAY) == {STREET}
    assert not officer.has_role(Role.STREET_OFFICER, on=tomorrow)


def test_an_officer_without_a_post_sees_no_division_at_all(officer):
    assert not queries.divisions_of(officer, TODAY).exists()


def test_an_officer_sees_the_street_and_its_communities_only(officer, post):
    seen = queries.divisions_of(officer, TODAY).values_list("code", flat=True)
    assert len(seen) == 10
    assert all(code.startswith(STREET) for code in seen)


def test_nobody_appoints_themselves(officer, at):
    area = Division.objects.get(code="420106")
    with pytest.raises(RefusedError, match="给自己任命"):
        actions.appoint(
            officer=officer, role=Role.DISTRICT_LEADER, area=area, since=TODAY, by=officer, at=at
        )


def test_nobody_ends_their_own_post(officer, post, at):
    with pytest.raises(RefusedError, match="自己结束自己"):
        actions.end_post(post=post, until=TODAY + timedelta(days=1), by=officer, at=at)


def test_the_same_post_is_not_held_twice_at_once(officer, post, at):
    with pytest.raises(IntegrityError, match="post_held_once"):
        actions.appoint(
            officer=officer, role=Role.STREET_OFFICER, area=post.area, since=TODAY, by=None, at=at
        )


def test_hiring_and_appointing_are_journaled(post):
    assert acts() >= Counter({"hire": 1, "appoint": 1})


def test_the_right_words_open_the_door_and_are_journaled(officer, at):
    assert actions.sign_in(username="gao", password="right", at=at) == officer
    assert Entry.objects.get(act="sign-in").officer_id == officer.pk


@pytest.mark.parametrize(("username", "password"), [("gao", "wrong"), ("nobody", "right")])
def test_wrong_words_do_not_open_and_are_journaled(officer, at, username, password):
    assert actions.sign_in(username=username, password=password, at=at) is None
    assert acts()["sign-in-refused"] == 1


def test_a_mistyped_name_is_not_kept(officer, at):
    actions.sign_in(username="my-secret", password="x", at=at)
    assert "my-secret" not in str(Entry.objects.filter(act="sign-in-refused").values())


def test_somebody_who_left_cannot_sign_in(officer, at):
    Officer.objects.update(is_active=False)
    assert actions.sign_in(username="gao", password="right", at=at) is None


def test_five_wrong_attempts_close_the_door_for_a_quarter_of_an_hour(officer, at):
    for _ in range(5):
        actions.sign_in(username="gao", password="wrong", at=at)
    assert actions.sign_in(username="gao", password="right", at=at) is None
    later = at + actions.ATTEMPTS_WITHIN + timedelta(seconds=1)
    assert actions.sign_in(username="gao", password="right", at=later) == officer


def test_attempts_of_later_hours_do_not_close_the_door_of_an_earlier_one(officer, at):
    for _ in range(5):
        actions.sign_in(username="gao", password="wrong", at=at + timedelta(hours=12))
    assert actions.sign_in(username="gao", password="right", at=at) == officer


def test_the_demo_has_one_sign_in_a_role(wuchang, at):
    officers = actions.seed_demo_officers(at=at)
    roles = {post.role for officer in officers for post in officer.posts_on(TODAY)}
    assert roles == set(Role.values)
    assert actions.sign_in(username="jiedao", password=actions.DEMO_PASSWORD, at=at) == officers[1]
