"""Sources that disagree are shown, and a person decides whose word stands."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jiekun.journal.queries import about
from jiekun.law.facts import FACTS
from jiekun.registry import actions, queries
from jiekun.registry.conflicts import conflicting, good_until
from jiekun.registry.models import Feed, PersonFacts, Settlement

ON = date(2024, 11, 1)
LAST_WEEK, LAST_MONTH = date(2024, 10, 25), date(2024, 10, 1)


@pytest.fixture
def say(officers, at):
    def say(subject, value, source, as_of=LAST_WEEK, fact="wage_income", **more):
        return actions.record_facts(
            statements=[actions.Statement(subject, fact, value, source, as_of)],
            by=more.pop("by", officers["jiedao"]), at=more.pop("at", at), **more,
        )  # fmt: skip

    return say


@pytest.fixture
def settle(officers, at):
    def settle(subject, source, fact="wage_income", reason="看过工资单"):
        return actions.settle_fact(
            subject=subject, fact=fact, source=source, reason=reason, by=officers["jiedao"], at=at
        )

    return settle


@pytest.fixture
def fed(family, head):
    """The labour department has delivered a wage."""
    Feed.objects.create(department="人社", as_of=LAST_MONTH)
    PersonFacts.objects.filter(person=head).update(wage_income=9_000_00)


def wage(person):
    kept = PersonFacts.objects.get(person=person).wage_income
    return None if kept is None else kept // 100


def test_sources_that_agree_are_no_conflict(head, say):
    say(head, 100, "本人")
    say(head, Decimal("100.00"), "人社")
    assert conflicting(head, ON) == []


def test_sources_that_disagree_are_shown_newest_first(head, say):
    say(head, 9000, "人社", LAST_MONTH)
    say(head, 100, "本人")
    (conflict,) = conflicting(head, ON)
    assert [(one.source, one.value) for one in conflict.said] == [("本人", 100), ("人社", 9000)]
    assert (conflict.stands, conflict.open) == (100, True)


def test_a_departments_word_is_not_lost_when_another_takes_its_place(head, say, fed):
    say(head, 100, "入户查看")
    assert wage(head) == 100
    (conflict,) = conflicting(head, ON)
    assert [(one.source, one.value, one.as_of) for one in conflict.said] == [
        ("入户查看", 100, LAST_WEEK), ("人社", 9000, LAST_MONTH),
    ]  # fmt: skip


def test_a_word_too_old_to_stand_is_no_conflict(head, say):
    old = ON - timedelta(days=31 * (FACTS["wage_income"].valid_months + 1))
    say(head, 9000, "人社", old)
    say(head, 100, "本人")
    assert conflicting(head, ON) == []


def test_a_source_that_no_longer_knows_disagrees_with_nobody(head, say):
    say(head, 9000, "人社", LAST_MONTH)
    say(head, None, "人社")
    say(head, 100, "本人")
    assert conflicting(head, ON) == []


@pytest.mark.parametrize(("chosen", "stands"), [("人社", 9000), ("入户查看", 100)])
def test_a_person_decides_whose_word_stands(head, family, say, fed, settle, chosen, stands):
    say(head, 100, "入户查看")
    settle(head, chosen)
    assert wage(head) == stands
    (conflict,) = conflicting(head, ON)
    assert (conflict.stands, conflict.open, conflict.settlement.source) == (stands, False, chosen)
    days = {"人社": LAST_MONTH, "入户查看": LAST_WEEK}
    assert queries.provenance(family)[str(head.pk), "wage_income"][:2] == (chosen, days[chosen])
    assert about(head).get(act="settle-fact").data["source"] == chosen


def test_an_older_word_may_be_the_right_one(head, family, say, fed, settle):
    say(head, 100, "入户查看", date(2024, 9, 1))
    assert wage(head) == 9000
    settle(head, "入户查看")
    assert wage(head) == 100
    assert {one.source for one in conflicting(head, ON)[0].said} == {"入户查看", "人社"}
    assert queries.provenance(family)[str(head.pk), "wage_income"].source == "入户查看"


def test_what_others_say_later_does_not_write_over_a_decision(head, say, settle):
    say(head, 9000, "人社", LAST_MONTH)
    say(head, 100, "本人", LAST_MONTH)
    settle(head, "本人")
    say(head, 5000, "税务", ON)
    assert wage(head) == 100
    say(head, 200, "本人", ON)
    assert wage(head) == 200


def test_a_departments_word_that_stands_is_not_lost_behind_newer_ones(head, say, fed, settle):
    settle(head, "人社")
    say(head, 100, "入户查看")
    assert wage(head) == 9000
    (conflict,) = conflicting(head, ON)
    assert {one.source for one in conflict.said} == {"入户查看", "人社"}


def test_a_lifted_decision_lets_the_newest_word_count(head, say, fed, settle, officers, at):
    say(head, 100, "入户查看")
    decided = settle(head, "人社")
    actions.lift_settlement(settlement=decided, reason="记错了", by=officers["qu"], at=at)
    assert wage(head) == 100
    with pytest.raises(actions.RefusedError, match="已经撤销"):
        actions.lift_settlement(settlement=decided, reason="记错了", by=officers["qu"], at=at)


def test_a_new_decision_replaces_the_one_before(head, say, settle):
    say(head, 9000, "人社")
    say(head, 100, "本人")
    settle(head, "人社")
    settle(head, "本人")
    assert wage(head) == 100
    assert Settlement.objects.filter(lifted_at__isnull=True).get().source == "本人"


@pytest.mark.parametrize(
    ("fact", "source", "reason", "why"),
    [
        ("wage_income", "税务", "看过", "没有说过"),
        ("wage_income", "本人", " ", "为什么"),
        ("shoe_size", "本人", "看过", "没有叫"),
    ],
)
def test_a_decision_needs_a_word_and_a_reason(head, say, settle, fact, source, reason, why):
    say(head, 100, "本人")
    with pytest.raises(actions.RefusedError, match=why):
        settle(head, source, fact, reason)


def test_what_an_office_judges_is_not_settled(family, settle):
    with pytest.raises(actions.RefusedError, match="由街道认定"):
        settle(family, "本人", "spending_surge")


def test_a_second_officer_is_told_what_the_first_wrote(head, say, officers, at):
    later = at + timedelta(minutes=5)
    say(head, 100, "本人", at=later)
    with pytest.raises(actions.ChangedError, match=r"陈静 11-01 09:35 记下.*（本人）") as refused:
        say(head, 9000, "人社", by=officers["shequ"], at=later, seen_at=at)
    assert [record.value for record in refused.value.records] == ["100.00"]
    assert wage(head) == 100
    say(head, 9000, "人社", by=officers["shequ"], at=later, seen_at=later)
    assert wage(head) == 9000


@pytest.mark.parametrize(
    ("as_of", "months", "until"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 15), 12, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_an_answer_is_good_for_whole_months(as_of, months, until):
    from dataclasses import replace

    assert good_until(replace(FACTS["wage_income"], valid_months=months), as_of) == until


def test_who_has_not_seen_a_decision_is_told_of_it(head, say, fed, settle, officers, at):
    say(head, 100, "入户查看")
    first = settle(head, "人社")
    again = {"subject": head, "fact": "wage_income", "source": "入户查看", "reason": "刚去过",
             "by": officers["qu"], "at": at}  # fmt: skip
    with pytest.raises(actions.DecidedError, match="已定以人社为准（看过工资单）") as told:
        actions.settle_fact(seen=0, **again)
    assert told.value.settlement == first
    assert wage(head) == 9000
    actions.settle_fact(seen=first.pk, **again)
    assert wage(head) == 100


def test_who_has_not_seen_a_decision_lifted_is_told(head, say, fed, settle, officers, at):
    say(head, 100, "入户查看")
    decided = settle(head, "人社")
    actions.lift_settlement(settlement=decided, reason="记错了", by=officers["qu"], at=at)
    with pytest.raises(actions.DecidedError, match="撤销"):
        actions.settle_fact(
            subject=head, fact="wage_income", source="人社", reason="再定", seen=decided.pk,
            by=officers["jiedao"], at=at,
        )  # fmt: skip
