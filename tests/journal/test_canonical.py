"""The form a line is hashed in: the same from Python and back from the database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiekun.journal import actions
from jiekun.journal.canonical import line_digest, microseconds, sm3
from jiekun.journal.verify import verify

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
DATA = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**30), 10**30) | TEXT,
        lambda held: st.lists(held, max_size=3) | st.dictionaries(TEXT, held, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)
MOMENTS = st.integers(-(6 * 10**14), 7 * 10**15).map(
    lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
)


def test_sm3_is_that_of_the_standard():
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_known_line_has_a_known_digest():
    """Should this ever change, journals already sealed could no longer be verified."""
    fields = (
        1730424600000000, "look", 5, "王敏", "registry.person", "7", "420106", "核对",
        {"b": [1, None], "a": "\u201c引\u201d"},
    )  # fmt: skip
    assert line_digest(fields).hex() == (
        "8f1621546c5859a79428eb5a688cf257fd5e1c134711a8ca64ab75996ea2feb8"
    )


def test_a_moment_is_the_same_in_every_zone():
    at = datetime(2024, 11, 1, 9, 30, 0, 123456, tzinfo=UTC)
    assert microseconds(at) == microseconds(at.astimezone(timezone(timedelta(hours=8))))
    with pytest.raises(TypeError):
        microseconds(at.replace(tzinfo=None))


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=MOMENTS, data=DATA, purpose=TEXT, area=st.sampled_from(["", "420106"]))
def test_any_line_comes_back_as_it_went_in(db, at, data, purpose, area):
    with transaction.atomic():
        actions.write(
            act="look", by=None, at=at, subject=("registry.person", 7), area=area,
            purpose=purpose, data=data,
        )  # fmt: skip
        assert verify().faults == []
        transaction.set_rollback(True)
