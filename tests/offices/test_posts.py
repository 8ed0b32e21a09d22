"""Posts, deputies, handing over, and three administrators who are three persons."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from jiekun.journal.models import Entry
from jiekun.offices import actions, queries
from jiekun.offices.actions import RefusedError
from jiekun.offices.models import ADMINISTRATORS, Deputy, Division, Officer, Post, Role

TODAY = date(2024, 11, 1)
TOMORROW, LATER = TODAY + timedelta(days=1), date(2024, 12, 1)
STREET, DISTRICT = "420106008", "420106"


def post_of(officer):
    return officer.posts.get()


@pytest.fixture
def deputise(officers, at):
    def run(holder="jiedao2", deputy="jiedao", since=TODAY, until=LATER, by="anquan", why="出差"):
        return actions.deputise(
            post=post_of(officers[holder]), officer=officers[deputy], since=since, until=until,
            why=why, by=officers[by], at=at,
        )  # fmt: skip

    return run


@pytest.fixture
def hand_over(officers, at):
    def run(giver="jiedao", taker="shequ", on=LATER, by="anquan"):
        return actions.hand_over(
            giver=officers[giver], taker=officers[taker], on=on, by=officers[by], at=at
        )

    return run


def roles(officer, on=TODAY):
    return set(officer.posts_on(on).values_list("role", flat=True))


def test_a_deputy_has_the_post_while_it_lasts(deputise, officers):
    deputise(since=TOMORROW)
    officer = officers["jiedao"]
    own = {Role.STREET_OFFICER}
    assert roles(officer, TODAY) == own
    assert roles(officer, TOMORROW) == own | {Role.STREET_LEADER}
    assert roles(officer, LATER) == own
    assert roles(officers["jiedao2"], TOMORROW) == {Role.STREET_LEADER}


def test_who_stands_in_for_another_sees_that_area(deputise, officers):
    deputise("qu", "jiedao")
    assert queries.areas_of(officers["jiedao"], TODAY) == {STREET, DISTRICT}
    assert [d.officer.username for d in queries.deputies_on(TODAY)] == ["jiedao"]


def test_when_the_holders_post_ends_so_does_the_deputys(deputise, officers, at):
    deputise()
    actions.end_post(
        post=post_of(officers["jiedao2"]), until=TOMORROW, by=officers["anquan"], at=at
    )
    assert roles(officers["jiedao"], TOMORROW) == {Role.STREET_OFFICER}


@pytest.mark.parametrize(
    ("area", "needed", "name"),
    [
        (DISTRICT, (), "陈静 代 王敏"),
        ("420106011", (), "陈静 代 王敏"),
        (STREET, (), "陈静"),
        (STREET, (Role.DISTRICT_OFFICER,), "陈静 代 王敏"),
        (STREET, (Role.STREET_OFFICER,), "陈静"),
        ("420111", (), "陈静"),
        ("", (), "陈静"),
    ],
)
def test_a_deputy_signs_for_the_holder_where_only_that_post_reaches(
    deputise, officers, area, needed, name
):
    deputise("qu", "jiedao")
    assert officers["jiedao"].signs_as(area=area, on=TODAY, roles=needed) == name


def test_a_deputys_act_is_journaled_as_x_for_y(deputise, propose, officers):
    deputise("qu", "jiedao")
    propose(by="jiedao")
    entry = Entry.objects.get(act="propose-value")
    assert (entry.officer_id, entry.officer_name) == (officers["jiedao"].pk, "陈静 代 王敏")


def test_a_deputy_does_not_confirm_what_the_holder_proposed(
    deputise, propose, confirm, officers, at
):
    actions.appoint(
        officer=officers["quzhang"], role=Role.DISTRICT_OFFICER, since=TODAY,
        area=Division.objects.get(code=DISTRICT), by=officers["anquan"], at=at,
    )  # fmt: skip
    leading = officers["quzhang"].posts.get(role=Role.DISTRICT_LEADER)
    actions.deputise(
        post=leading, officer=officers["jiedao"], since=TODAY, until=LATER, why="休假",
        by=officers["anquan"], at=at,
    )  # fmt: skip
    with pytest.raises(RefusedError, match="不能自己确认"):
        confirm(propose(by="quzhang"), by="jiedao")
    confirm(propose("1100", by="qu", since=date(2026, 1, 1)), by="jiedao")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"deputy": "jiedao2"}, "另一个人"),
        ({"by": "jiedao"}, "另一个人"),
        ({"by": "qu"}, "安全管理员"),
        ({"until": TODAY}, "之后"),
        ({"since": date(2020, 1, 1)}, "任期"),
        ({"why": " "}, "原因"),
    ],
)
def test_a_deputy_that_makes_no_sense_is_refused(deputise, words, told):
    with pytest.raises(RefusedError, match=told):
        deputise(**words)
    assert not Deputy.objects.exists()


def test_a_holder_names_a_deputy_and_ends_it(deputise, officers, at):
    deputy = deputise(by="jiedao2")
    with pytest.raises(RefusedError, match="已经由陈静代理"):
        deputise(deputy="shequ")
    actions.end_deputy(deputy=deputy, until=TOMORROW, by=officers["jiedao2"], at=at)
    assert roles(officers["jiedao"], TOMORROW) == {Role.STREET_OFFICER}
    assert "陈静 代 刘建国" in str(Entry.objects.get(act="end-deputy").data)


def test_the_database_takes_no_second_deputy_and_none_for_oneself(deputise, officers, at):
    deputy = deputise()
    words = {"post": deputy.post, "since": TOMORROW, "until": LATER, "why": "x", "named_at": at}
    with pytest.raises(IntegrityError, match="deputy_one_at_a_time"), transaction.atomic():
        Deputy.objects.create(officer=officers["shequ"], **words)
    deputy.delete()
    with pytest.raises(IntegrityError, match="stands in for themselves"), transaction.atomic():
        Deputy.objects.create(officer=officers["jiedao2"], **words)


def test_handing_over_moves_open_posts_on_the_day(hand_over, officers):
    hand_over()
    before = LATER - timedelta(days=1)
    assert (roles(officers["jiedao"], before), roles(officers["jiedao"], LATER)) == (
        {Role.STREET_OFFICER}, set(),
    )  # fmt: skip
    assert roles(officers["shequ"], before) == {Role.COMMUNITY_WORKER}
    assert roles(officers["shequ"], LATER) == {Role.COMMUNITY_WORKER, Role.STREET_OFFICER}
    assert Entry.objects.get(act="hand-over").data["on"] == "2024-12-01"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"by": "jiedao"}, "以外"),
        ({"taker": "jiedao"}, "以外"),
        ({"by": "qu"}, "安全管理员"),
        ({"on": date(2022, 1, 1)}, "还没有开始"),
    ],
)
def test_a_handover_that_makes_no_sense_is_refused(hand_over, officers, words, told):
    with pytest.raises(RefusedError, match=told):
        hand_over(**words)
    assert roles(officers["jiedao"]) == {Role.STREET_OFFICER}


def test_who_has_handed_over_has_nothing_more_to_hand_over(hand_over):
    hand_over()
    with pytest.raises(RefusedError, match="没有要交的岗位"):
        hand_over()


@pytest.mark.parametrize("other", Role.values)
@pytest.mark.parametrize("admin", sorted(ADMINISTRATORS))
def test_an_administrator_holds_no_other_post_by_the_database(officers, admin, other):
    officer, area = officers["shequ"], Division.objects.get(code=DISTRICT)
    officer.posts.update(role=admin, area=area, since=TODAY, until=LATER)
    words = {"officer": officer, "role": other, "area": area}
    if other == admin:
        pytest.skip("the same post twice is another matter")
    with pytest.raises(IntegrityError, match="three_persons"), transaction.atomic():
        Post.objects.create(since=TOMORROW, **words)
    Post.objects.create(since=LATER, **words)


def test_an_administrator_stands_in_for_nobody_and_nobody_for_one(deputise, officers):
    for holder, deputy in (("jiedao2", "xitong"), ("xitong", "jiedao"), ("xitong", "anshen")):
        with pytest.raises(IntegrityError, match="three_persons"), transaction.atomic():
            deputise(holder, deputy, by="anquan")


def test_a_deputised_post_does_not_become_an_administrators(deputise, officers):
    deputise("jiedao2", "jiedao")
    with pytest.raises(IntegrityError, match="three_persons"), transaction.atomic():
        officers["jiedao2"].posts.update(role=Role.AUDIT_ADMIN)


def test_posts_of_one_kind_do_not_overlap(officers):
    post = post_of(officers["jiedao"])
    words = {"officer": post.officer, "role": post.role, "area": post.area}
    with pytest.raises(IntegrityError, match="post_held_once"), transaction.atomic():
        Post.objects.create(since=TODAY, until=LATER, **words)


@pytest.mark.parametrize("who", ["xitong", "qu", "anshen", "shenji"])
def test_only_the_security_administrator_gives_posts(officers, at, who):
    area = Division.objects.get(code=STREET)
    with pytest.raises(RefusedError, match="安全管理员"):
        actions.appoint(
            officer=officers["shequ"], role=Role.STREET_OFFICER, area=area, since=TODAY,
            by=officers[who], at=at,
        )  # fmt: skip


def test_an_account_is_closed_with_a_reason_and_opened_again(officers, at):
    officer, by = officers["jiedao"], officers["anquan"]
    with pytest.raises(RefusedError, match="原因"):
        actions.deactivate(officer=officer, why="", by=by, at=at)
    actions.deactivate(officer=officer, why="调离", by=by, at=at)
    assert not Officer.objects.get(pk=officer.pk).is_active
    actions.activate(officer=officer, by=by, at=at)
    assert Officer.objects.get(pk=officer.pk).is_active
    with pytest.raises(RefusedError, match="另一位"):
        actions.deactivate(officer=by, why="x", by=by, at=at)


def test_resetting_access_takes_another_person_and_a_reason(officers, at):
    officer, by = officers["jiedao"], officers["anquan"]
    for who, why, told in ((officer, "x", "另一位"), (officers["xitong"], "x", "安全管理员"),
                           (by, " ", "原因")):  # fmt: skip
        with pytest.raises(RefusedError, match=told):
            actions.reset_access(officer=officer, why=why, by=who, at=at)
    password = actions.reset_access(officer=officer, why="手机丢了", by=by, at=at)
    assert actions.sign_in(username="jiedao", password=password, at=at) == officer
    assert "password" in queries.steps_left(Officer.objects.get(pk=officer.pk), TODAY)
    assert password not in str(list(Entry.objects.values()))


def test_the_database_keeps_the_administrators_apart_whoever_asks(as_owner, officers):
    with pytest.raises(DatabaseError, match="three_persons"), transaction.atomic():
        Post.objects.filter(officer=officers["xitong"]).update(officer=officers["anquan"])
