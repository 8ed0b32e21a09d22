"""Communities are renamed, merged, split and moved, and their old codes still mean something."""

from datetime import date, timedelta

import pytest

from jiekun.journal.models import Entry
from jiekun.offices import actions, queries
from jiekun.offices.actions import RefusedError
from jiekun.offices.models import Division, Post

ON = date(2024, 12, 1)
BEFORE = ON - timedelta(days=1)
STREET, OTHER_STREET = "420106008", "420106011"
ONE, TWO, THREE = "420106008001", "420106008002", "420106008003"
DOCUMENT = "武昌民政〔2024〕9 号"


def division(code):
    return Division.objects.get(code=code)


@pytest.fixture
def act(officers, at):
    """Takes one of the acts as the district's officer, from the first of December on."""

    def run(act, /, by="qu", **words):
        words = {"on": ON, "document": DOCUMENT, **words}
        return getattr(actions, act)(by=officers[by], at=at, **words)

    return run


def test_a_renamed_community_tells_its_former_name(act):
    was = division(ONE).name
    act("rename_division", division=division(ONE), name="新名社区")
    assert queries.called(division(ONE), ON) == f"新名社区（原{was}）"
    assert queries.called(division(ONE), date(2035, 1, 1)) == "新名社区"
    assert queries.resolve(ONE, ON) == {ONE}


def test_merged_communities_resolve_to_the_one_that_stays(act, officers):
    names = [division(code).name for code in (TWO, THREE)]
    act("merge_divisions", into=division(ONE), divisions=[division(TWO), division(THREE)])
    assert queries.resolve(TWO, BEFORE) == {TWO}
    assert queries.resolve(TWO, ON) == queries.resolve(THREE, ON) == {ONE}
    assert queries.with_former(frozenset({ONE}), ON) == {ONE, TWO, THREE}
    assert queries.called(division(ONE), ON).endswith(f"（原{'、'.join(names)}）")
    assert queries.called(division(TWO), ON) == f"{division(ONE).name}（原{division(TWO).name}）"
    assert queries.called(division(TWO), BEFORE) == division(TWO).name
    Post.objects.filter(officer=officers["shequ"]).update(area=ONE)
    assert queries.areas_of(officers["shequ"], ON) == {ONE}


def test_merged_again_resolves_all_the_way(act):
    act("merge_divisions", into=division(TWO), divisions=[division(THREE)])
    later = date(2025, 3, 1)
    act("merge_divisions", into=division(ONE), divisions=[division(TWO)], on=later)
    assert queries.resolve(THREE, ON) == {TWO}
    assert queries.resolve(THREE, later) == {ONE}
    assert queries.with_former(frozenset({ONE}), ON) == {ONE}
    assert queries.with_former(frozenset({ONE}), later) == {ONE, TWO, THREE}


def test_a_split_community_resolves_to_its_parts_which_do_not_see_its_records(act):
    parts = {f"{STREET}901": "东园社区", f"{STREET}902": "西园社区"}
    made = act("split_division", division=division(ONE), parts=parts)
    assert {d.code for d in made} == queries.resolve(ONE, ON) == set(parts)
    assert queries.with_former(frozenset({f"{STREET}901"}), ON) == {f"{STREET}901"}


def test_a_community_moved_to_another_street_bears_a_new_code(act):
    made = act("move_community", division=division(ONE), street=division(OTHER_STREET),
               code=f"{OTHER_STREET}901")  # fmt: skip
    assert (made.parent_id, made.name) == (OTHER_STREET, division(ONE).name)
    assert queries.resolve(ONE, ON) == {made.code}
    assert queries.with_former(frozenset({OTHER_STREET}), BEFORE) == {OTHER_STREET}
    assert queries.with_former(frozenset({OTHER_STREET}), ON) == {OTHER_STREET, ONE}
    left = queries.with_former(frozenset({STREET}), ON)
    assert TWO in left
    assert ONE not in left
    assert queries.with_former(frozenset({ONE}), ON) == set()
    assert queries.with_former(frozenset({"420106"}), ON) == {"420106"}


def test_a_code_nobody_bore_stands_for_nothing(officers):
    assert queries.resolve("420106999999", ON) == frozenset()


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("rename_division", {"name": " "}, "新名字"),
        ("rename_division", {"name": "新", "document": ""}, "依据"),
        ("rename_division", {"name": "新", "by": "jiedao"}, "区民政经办"),
        ("rename_division", {"name": "新", "on": date(2022, 1, 1)}, "不能在"),
        ("split_division", {"parts": {f"{STREET}901": "东"}}, "至少"),
        ("split_division", {"parts": {f"{STREET}901": "东", TWO: "西"}}, "已经用过"),
        ("split_division", {"parts": {f"{STREET}901": "东", "42010600890": "西"}}, "12 位"),
        ("split_division", {"parts": {f"{STREET}901": "东", f"{OTHER_STREET}902": "西"}}, "开头"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(act, officers, name, words, told):
    with pytest.raises(RefusedError, match=told):
        act(name, division=division(ONE), **words)
    assert division(ONE).until is None
    assert not Entry.objects.filter(act=name.replace("_", "-")).exists()


def test_a_street_with_communities_does_not_end(act, officers):
    with pytest.raises(RefusedError, match="没并走"):
        act("merge_divisions", into=division(STREET), divisions=[division(OTHER_STREET)])
    with pytest.raises(RefusedError, match="同一级"):
        act("merge_divisions", into=division(STREET), divisions=[division(f"{OTHER_STREET}003")])
    with pytest.raises(RefusedError, match="它自己"):
        act("merge_divisions", into=division(ONE), divisions=[division(ONE)])


def test_nobody_is_appointed_to_what_is_gone(act, officers, at):
    act("merge_divisions", into=division(ONE), divisions=[division(TWO)])
    with pytest.raises(RefusedError, match="为止"):
        actions.appoint(
            officer=officers["jiaoyu"], role="community_worker", area=division(TWO), since=BEFORE,
            by=officers["anquan"], at=at,
        )  # fmt: skip
