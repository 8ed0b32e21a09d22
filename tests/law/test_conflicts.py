"""The list of conflicts holds what it says, and points at law that exists."""

import pytest

from jiekun.kernel.errors import LawError
from jiekun.law import load
from jiekun.law.conflicts import Conflict, check, conflicts, things

LAW = load()


def test_there_are_twenty_nine_in_order() -> None:
    assert [conflict.id for conflict in conflicts()] == [f"C{n}" for n in range(1, 30)]


def test_every_clause_and_pointer_resolves() -> None:
    check(LAW)
    assert all(things(LAW, point) for conflict in conflicts() for point in conflict.points)


@pytest.mark.parametrize("conflict", conflicts(), ids=lambda conflict: conflict.id)
def test_each_says_what_is_done_and_who_must_settle_it(conflict: Conflict) -> None:
    assert conflict.sides
    assert conflict.points
    assert conflict.default.endswith("。")
    assert conflict.settles


def test_a_pointer_at_nothing_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(LawError, match="did you mean very_old_age"):
        things(LAW, "parameter:very_old_ages")


def test_a_pointer_may_name_the_place_it_means() -> None:
    (found,) = things(LAW, "parameter:dibao_paid_after_months@500000")
    assert found.place == "500000"  # type: ignore[union-attr]


def test_a_reading_that_settles_a_conflict_names_it() -> None:
    named = {
        point.partition(":")[2]: conflict.id
        for conflict in conflicts()
        for point in conflict.points
        if point.startswith("reading:")
    }
    assert all(
        LAW.readings[topic].note.startswith(f"{conflict}，") for topic, conflict in named.items()
    )
