"""What becomes of benefits, later words and who looked, once two rows of one person are one."""

from __future__ import annotations

from datetime import date

import pytest

from jiekun.registry import actions, merging
from jiekun.registry.following import overlaps, receives_money
from jiekun.registry.lingering import lingering
from jiekun.registry.looked import looks
from jiekun.registry.models import Membership, Person, PersonFacts, Receipt

from .conftest import THERE, household, person


@pytest.fixture
def by(officers):
    return officers["jiedao"]


@pytest.fixture
def kept(head):
    return head


@pytest.fixture
def gone(kept):
    """The same man once more, in another street, and who lives with him there."""
    again = person("何萍", "he ping", kept.birth_date)
    household(THERE, (again, "02"), (person("吴方", "wu fang", date(1982, 6, 2), "female"), "10"))
    return again


@pytest.fixture
def joined(kept, gone, by, at):
    return lambda: merging.merge(kept=kept, gone=gone, reason="见了本人", by=by, at=at)


@pytest.fixture
def both_get(kept, gone):
    """Both rows get the same."""

    def begin(**more):
        for one in (kept, gone):
            home = Membership.objects.get(person=one).household
            Receipt.objects.create(
                household=home, person=one, measure="dibao", amount_fen=1,
                since=date(2024, 10, 1), **more,
            )  # fmt: skip

    return begin


def test_what_ends_later_is_still_got(kept, gone, both_get, at):
    ends = date(2024, 12, 1)
    both_get(until=ends)
    assert overlaps(kept, gone, at.date()) == [("receipt", "dibao", 1, 1)]
    assert [receives_money(kept, day) for day in (at.date(), ends)] == [True, False]


def test_a_benefit_left_under_the_row_that_gave_way_waits_for_somebody(
    gone, both_get, joined, by, at
):
    both_get()
    there = frozenset({THERE[:9]})
    assert not lingering(there, at.date()).exists()
    made = joined()
    (left,) = lingering(there, at.date()).values_list("person", "gone_on")
    assert left == (gone.pk, at.date())
    merging.unmerge(merge=made, reason="认错人了", by=by, at=at)
    assert not lingering(there, at.date()).exists()


def test_who_moves_while_a_merge_waits_is_not_merged_unseen(kept, gone, joined, at, monkeypatch):
    lock = merging._people

    def moved_meanwhile(*both: Person) -> tuple[Person, Person]:
        Membership.objects.filter(person=gone).update(until=at.date())
        return lock(*both)

    monkeypatch.setattr(merging, "_people", moved_meanwhile)
    with pytest.raises(actions.RefusedError, match="住在哪里"):
        joined()


def test_what_was_first_known_after_a_merge_outlives_its_undoing(kept, joined, by, at):
    PersonFacts.objects.filter(person=kept).delete()
    made = joined()
    actions.record_fact(
        subject=kept, fact="wage_income", value="1", source="本人", as_of=at.date(), by=by, at=at
    )
    merging.unmerge(merge=made, reason="认错人了", by=by, at=at)
    assert PersonFacts.objects.get(person=kept).wage_income == 100


def test_who_looked_at_the_row_that_gave_way_is_told_of_both(kept, gone, joined, officers, at):
    told = {"purpose": "电话联系", "by": officers["qu"], "at": at}
    actions.look_unmasked(subject=kept, **told)
    actions.look_unmasked(subject=gone, **told)
    home = Membership.objects.get(person=kept, until__isnull=True).household
    made = joined()
    assert {line.subject_id for line in looks(home, kept)} == {str(kept.pk), str(gone.pk)}
    merging.unmerge(merge=made, reason="认错人了", by=officers["qu"], at=at)
    assert {line.subject_id for line in looks(home, kept)} == {str(kept.pk)}
