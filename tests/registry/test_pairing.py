"""Pairs that may be one person: who decides, when two must, and when nobody is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jiekun.journal.models import Entry
from jiekun.offices.queries import with_former
from jiekun.registry import actions, pairing
from jiekun.registry.alike import alike, open_candidates
from jiekun.registry.models import Candidate, Person, Receipt
from jiekun.registry.pair_steps import KNOWING, MOVES, PairAct, hindrance, unhindered

from .conftest import COMMUNITY, LAST_WEEK, THERE, household, person, place

_S = Candidate.State


@pytest.fixture
def head(family):
    return Person.objects.get(name="何平")


@pytest.fixture
def double(head):
    again = person("何萍", "he ping", head.birth_date)
    household(COMMUNITY, (again, "02"))
    return again


@pytest.fixture
def pair(head, double, officers, at):
    (made,) = pairing.note_pairs(pairs=[alike(head.pk, double.pk)], found="nightly", by=None, at=at)
    return made


def paid(one, measure="dibao"):
    home = one.memberships.get(until__isnull=True).household
    Receipt.objects.create(
        household=home, person=one, measure=measure, amount_fen=100, since=date(2024, 1, 1)
    )


def test_a_pair_is_kept_once_with_both_areas(pair, head, double, at):
    again = pairing.note_pairs(pairs=[alike(double.pk, head.pk)], found="entry", by=None, at=at)
    assert again == []
    assert (pair.area_one, pair.area_other) == (COMMUNITY, COMMUNITY)
    assert pair.why["name"] == "sound"


def test_what_was_told_apart_is_asked_again_only_when_facts_change(
    pair, head, double, officers, at
):
    pairing.say_different(pair=pair, reason="见过两个人", by=officers["shequ"], at=at)
    same = [alike(head.pk, double.pk)]
    assert pairing.note_pairs(pairs=same, found="nightly", by=None, at=at) == []
    actions.rename_person(person=double, name="何平", on=date(2024, 10, 1), by=None, at=at)
    changed = [alike(head.pk, double.pk)]
    assert pairing.note_pairs(pairs=changed, found="nightly", by=None, at=at) == [pair]


def test_one_officer_merges_where_not_both_are_paid(pair, head, officers, at):
    paid(head)
    done = pairing.say_same(
        pair=pair, keep=head.pk, reason="看了户口簿", by=officers["jiedao"], at=at
    )
    assert (done.state, done.decided_by) == (_S.MERGED, officers["jiedao"])


def test_where_both_are_paid_a_second_officer_confirms(pair, head, double, officers, at):
    paid(head)
    paid(double)
    told = {"pair": pair, "reason": "看了户口簿", "at": at}
    first = pairing.say_same(keep=head.pk, by=officers["jiedao"], **told)
    assert first.state == _S.PROPOSED
    assert Person.objects.get(pk=double.pk).merged_into is None
    with pytest.raises(actions.RefusedError, match="不能自己确认"):
        pairing.confirm_merge(by=officers["jiedao"], **told)
    pairing.confirm_merge(by=officers["qu"], **told)
    assert Person.objects.get(pk=double.pk).merged_into == head


def test_a_proposal_may_be_sent_back(pair, head, double, officers, at):
    paid(head)
    paid(double)
    pairing.say_same(pair=pair, keep=head.pk, reason="像", by=officers["jiedao"], at=at)
    back = pairing.send_back(pair=pair, reason="材料不够", by=officers["qu"], at=at)
    assert (back.state, back.keep, back.proposed_by) == (_S.OPEN, None, None)


def test_an_undone_merge_is_an_open_pair_again(pair, head, double, officers, at):
    told = {"pair": pair, "reason": "看了户口簿", "by": officers["jiedao"], "at": at}
    pairing.say_same(keep=head.pk, **told)
    assert pairing.undo_merge(**told).state == _S.OPEN
    assert Person.objects.get(pk=double.pk).merged_into is None


def test_a_pair_across_streets_is_decided_by_the_district(head, officers, at):
    away = person("何萍", "he ping", head.birth_date)
    household(THERE, (away, "02"))
    (across,) = pairing.note_pairs(pairs=[alike(head.pk, away.pk)], found="nightly", by=None, at=at)
    told = {"pair": across, "reason": "看了户口簿", "at": at}
    with pytest.raises(actions.RefusedError, match="报区民政"):
        pairing.say_different(by=officers["jiedao"], **told)
    assert pairing.say_different(by=officers["qu"], **told).state == _S.DIFFERENT


def test_an_area_sees_its_own_pairs(pair):
    street, elsewhere = frozenset({COMMUNITY[:9]}), frozenset({THERE[:9]})
    assert [open_candidates(a) for a in (street, elsewhere, frozenset())] == [1, 0, 0]


def test_a_pair_goes_where_its_people_go(pair, double, officers, at):
    home = double.memberships.get().household
    told = {"reason": "搬家", "by": officers["qu"], "at": at}
    actions.move_household(
        household=home, community=place(), address="东湖路2号", on=LAST_WEEK, **told
    )
    assert [open_candidates(frozenset({a[:9]})) for a in (COMMUNITY, THERE)] == [1, 1]
    told = {"keep": double.pk, "reason": "看了户口簿", "at": at}
    with pytest.raises(actions.RefusedError, match="报区民政"):
        pairing.say_same(pair=pair, by=officers["jiedao"], **told)
    assert pairing.say_same(pair=pair, by=officers["qu"], **told).state == _S.MERGED
    pair.refresh_from_db()
    people = (pair.one, pair.other)
    assert (pair.area_one, pair.area_other) == tuple(one.area for one in people)


def test_what_waited_of_a_row_that_gave_way_is_closed_until_it_is_back(
    pair, head, double, officers, at
):
    third = person("何平", "he ping", head.birth_date)
    household(COMMUNITY, (third, "02"))
    likes = [alike(double.pk, third.pk), alike(head.pk, third.pk)]
    gone, stays = pairing.note_pairs(pairs=likes, found="nightly", by=None, at=at)
    told = {"pair": pair, "reason": "看了户口簿", "by": officers["jiedao"], "at": at}
    pairing.say_same(keep=head.pk, **told)
    assert state_of(gone, stays) == [_S.CLOSED, _S.OPEN]
    pairing.undo_merge(**told)
    assert state_of(gone, stays) == [_S.OPEN, _S.OPEN]


def state_of(*pairs):
    return [Candidate.objects.get(pk=one.pk).state for one in pairs]


@pytest.mark.parametrize(("state", "told"), [("open", 7), ("later", 7), ("different", 8)])
def test_a_pair_nobody_decided_says_how_likely_it_is_now(pair, head, double, at, state, told):
    Candidate.objects.update(state=state, thousandths=8)
    now = replace(alike(head.pk, double.pk), thousandths=7)
    assert pairing.note_pairs(pairs=[now], found="nightly", by=None, at=at) == []
    assert Candidate.objects.get().thousandths == told


@pytest.mark.parametrize("who", ["shequ", "jiedao", "jiedao2", "qu", "quzhang", "shenji"])
def test_who_may_confirm_is_the_same_asked_of_one_pair_or_of_all(
    pair, head, double, officers, at, who
):
    paid(head)
    paid(double)
    told = {"pair": pair, "keep": head.pk, "reason": "像", "at": at}
    proposed = pairing.say_same(by=officers["jiedao"], **told)
    officer, on = officers[who], at.date()
    found = unhindered(
        PairAct.CONFIRM, _S.PROPOSED, by=officer, posts=list(officer.posts_on(on)),
        covering=lambda codes: with_former(codes, on),
    )  # fmt: skip
    may = not hindrance(PairAct.CONFIRM, proposed, by=officer, on=on)
    assert Candidate.objects.filter(found).exists() is may


def test_no_step_is_taken_without_a_reason(pair, officers, at):
    with pytest.raises(actions.RefusedError, match="理由"):
        pairing.decide_later(pair=pair, reason=" ", by=officers["jiedao"], at=at)


@pytest.mark.parametrize("state", _S.values)
@pytest.mark.parametrize("act", PairAct.values)
@pytest.mark.parametrize("who", ["shequ", "jiedao", "qu", "quzhang", "jiaoyu", "shenji"])
def test_every_role_act_and_state_follows_the_table(pair, officers, at, act, state, who):
    pair.state = state
    posts = officers[who].posts_on(at.date()).values_list("role", flat=True)
    may = any(m.act == act and m.before == state and m.roles & set(posts) for m in MOVES)
    assert bool(hindrance(act, pair, by=officers[who], on=at.date())) is not may
    assert all(move.roles <= KNOWING for move in MOVES)


def test_every_decision_stands_in_the_journal(pair, head, officers, at):
    told = {"pair": pair, "reason": "问过社区", "by": officers["jiedao"], "at": at}
    pairing.decide_later(**told)
    pairing.say_same(keep=head.pk, **told)
    pairing.undo_merge(**told)
    acts = Entry.objects.filter(subject_id=str(head.pk)).values_list("act", flat=True)
    assert {"decide-pair-later", "merge-people", "unmerge-people"} <= set(acts)
