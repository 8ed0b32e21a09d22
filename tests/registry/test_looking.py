"""Who may look behind a mask or take a list away, for what, and that it is written down."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiekun.journal.actions import Told
from jiekun.journal.models import Entry
from jiekun.offices.models import Post
from jiekun.offices.roles import Role
from jiekun.registry import access, actions, looked, queries
from jiekun.registry.access import Data, Purpose, Sight, UnknownPurposeError
from jiekun.registry.models import Household

ON, HERE = date(2024, 11, 1), "420106008002"


@pytest.fixture
def look(officers, at):
    def looked(subject, purpose="入户走访", who="shequ", note=""):
        actions.look_unmasked(subject=subject, purpose=purpose, note=note, by=officers[who], at=at)
        return Entry.objects.get(act="look-unmasked")

    return looked


@pytest.fixture
def take(officers, family, at):
    def taken(who="jiedao", purpose="会议研究", homes=(), **more):
        return actions.take_away(
            kind="unreached", households=homes or [family.pk], purpose=purpose,
            **{"rows": 1, **more}, by=officers[who], at=at,
        )  # fmt: skip

    return taken


def elsewhere():
    return Household.objects.create(
        name="远家", community_id="420106012001", street_code="420106012", address="远路9号",
        created_on=ON,
    )  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_line_in_the_table(role):
    assert role in access.SEES


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_names_masked_has_a_purpose_to_look_and_to_take(role):
    masked = access.SEES[role].get(Data.NAMES) == Sight.MASKED
    assert bool(access.LOOKS_FOR.get(role)) is masked
    assert bool(access.TAKES_FOR.get(role)) is masked


@pytest.mark.parametrize("data", [Data.NAMES, Data.NUMBERS, Data.CONTACT, Data.PAPERS])
def test_nobody_sees_a_persons_own_data_without_a_mask(data):
    assert all(seen.get(data) != Sight.OPEN for seen in access.SEES.values())


def test_of_two_posts_the_more_careful_one_decides(monkeypatch):
    monkeypatch.setitem(access.SEES, Role.FINANCE, {Data.NAMES: Sight.OPEN})
    both = (Role.FINANCE, Role.GRID_WORKER)
    assert access.sight((Role.FINANCE,), Data.NAMES) == Sight.OPEN
    assert access.sight(both, Data.NAMES) == Sight.MASKED
    assert access.sight((), Data.NAMES) == Sight.NONE
    assert access.sight((), Data.LAW) == Sight.OPEN


@pytest.mark.parametrize(
    ("who", "purpose", "there"),
    [
        ("shequ", "入户走访", True),
        ("shequ", "审批复核", False),
        ("shenji", "监督检查", True),
        ("shenji", "入户走访", False),
        ("quzhang", "审批复核", True),
        ("jiaoyu", "监督检查", False),
    ],
)
def test_a_purpose_opens_what_its_roles_may_see(officers, family, who, purpose, there):
    assert queries.visible_to(officers[who], ON, purpose).exists() is there


@pytest.mark.parametrize("purpose", ["好奇", "入户", "VISIT", " 入户走访", "全部"])
def test_a_purpose_nobody_knows_is_an_error(officers, family, purpose):
    with pytest.raises(UnknownPurposeError, match="可以选"):
        queries.visible_to(officers["qu"], ON, purpose)


def test_looking_is_journaled_with_purpose_words_and_area(look, family):
    line = look(family, note="  通知\n来签字 ")
    assert (line.purpose, line.area) == ("入户走访：通知 来签字", "420106008002")


@pytest.mark.parametrize(
    ("who", "purpose"),
    [("shequ", "监督检查"), ("shequ", "好奇"), ("shequ", ""), ("jiaoyu", "核对身份")],
)
def test_looking_for_a_purpose_that_is_not_ones_own_is_refused(look, family, who, purpose):
    with pytest.raises(actions.RefusedError, match=r"用途|岗位"):
        look(family, purpose, who)
    assert not Entry.objects.filter(act="look-unmasked").exists()


def test_a_post_elsewhere_lends_no_purpose_here(look, officers, family):
    Post.objects.filter(officer=officers["shequ"]).update(area="420106008003")
    with pytest.raises(actions.RefusedError, match="岗位"):
        look(family)


def test_a_page_opened_again_within_the_hour_is_one_line(officers, family, head, at):
    for minutes in (0, 5, 29, 31):
        later = at + timedelta(minutes=minutes)
        actions.note_views(seen=[Told(family, HERE)], by=officers["shequ"], at=later)
    actions.note_views(seen=[Told(head, HERE)], by=officers["shequ"], at=at)
    actions.note_views(seen=[Told(family, HERE)], by=officers["qu"], at=at)
    told = Entry.objects.filter(act="view").values_list("subject_kind", "officer_name")
    assert sorted(told) == sorted(
        [("registry.household", officers["shequ"].name)] * 2
        + [("registry.person", officers["shequ"].name), ("registry.household", officers["qu"].name)]
    )


def test_a_list_taken_away_says_whose_families_are_on_it(take, family):
    line = take(filters={"street": "420106008"}, note="周一例会")
    assert (line.act, line.purpose, line.area) == ("export", "会议研究：周一例会", "420106008")
    assert line.data == {
        "rows": 1, "filters": {"street": "420106008"}, "households": [family.pk],
    }  # fmt: skip


def test_paper_has_fewer_rows_than_a_file(take):
    assert take(rows=201).act == "export"
    with pytest.raises(actions.RefusedError, match="最多打印 200 行"):
        take(rows=201, printed=True)
    with pytest.raises(actions.RefusedError, match="最多导出 20,000 行"):
        take(rows=20_001)


def test_nobody_takes_a_family_of_another_street(take, family):
    with pytest.raises(actions.RefusedError, match="辖区"):
        take(homes=[family.pk, elsewhere().pk])


@pytest.mark.parametrize(
    ("who", "purpose"), [("jiaoyu", "会议研究"), ("shequ", "会议研究"), ("shenji", "会议研究")]
)
def test_a_role_takes_away_only_for_its_own_purposes(take, who, purpose):
    with pytest.raises(actions.RefusedError, match="岗位"):
        take(who, purpose)


def test_every_purpose_is_somebodys():
    said = {one for table in (access.LOOKS_FOR, access.TAKES_FOR) for row in table.values()
            for one in row}  # fmt: skip
    assert said == set(Purpose)


def told(home, person=None):
    return [(one.line.officer_name, one.what, one.line.purpose, one.post)
            for one in looked.told(list(looked.looks(home, person)))]  # fmt: skip


def test_who_looked_tells_who_what_when_what_for_and_from_which_post(
    look, take, officers, family, head, at
):
    look(family)
    actions.note_views(seen=[Told(head, HERE)], by=officers["shequ"], at=at + timedelta(minutes=1))
    take(printed=True)
    worker, street = officers["shequ"], officers["jiedao"]
    lines = told(family, head)
    assert len(lines) == 3
    assert (street.name, "打印了有这户的名单（1 行）", "会议研究") in {line[:3] for line in lines}
    assert (worker.name, "看了个人页", "") in {line[:3] for line in lines}
    assert next(line for line in lines if line[1] == "看了全名和电话")[3].endswith("社区工作人员")
    # Whom nobody looked at by himself was seen with his family all the same.
    assert "看了个人页" not in {what for _, what, _, _ in told(family)}
    assert told(elsewhere()) == []
