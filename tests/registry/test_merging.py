"""Two rows of one person become one, and come apart again exactly as they were."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiekun.offices.models import Officer
from jiekun.registry import actions, keys
from jiekun.registry.conflicts import conflicting, words_on
from jiekun.registry.following import FOLLOWING, overlaps, receives_money, standing
from jiekun.registry.merging import merge, unmerge
from jiekun.registry.models import (
    Attachment,
    Consent,
    FactRecord,
    Feed,
    FormerName,
    Household,
    HouseholdChange,
    Identifier,
    Membership,
    Merge,
    Person,
    PersonFacts,
    Receipt,
    Recognition,
    Register,
    Registration,
    Settlement,
)

from .conftest import THERE, household, person

FEED_DAY = date(2024, 10, 1)
# Rows that name a person and stay: what was found or done at the time is not done over.
STAYS = {
    "registry.PersonFacts.person",
    "registry.HouseholdChange.person",
    "registry.Person.merged_into",
    "registry.Candidate.one",
    "registry.Candidate.other",
    "registry.Candidate.keep",
    "registry.Merge.kept",
    "registry.Merge.gone",
    "exchange.ImportRow.person",
    "screening.Finding.person",
    "screening.Change.person",
}


@pytest.fixture
def by(officers: dict[str, Officer]) -> Officer:
    return officers["jiedao"]


@pytest.fixture
def kept(family: Household) -> Person:
    return Person.objects.get(name="何平")


@pytest.fixture
def gone(kept: Person) -> Person:
    """The same man, entered once more in another street with a slip in his name."""
    again = person("何萍", "he ping", kept.birth_date)
    household(THERE, (again, "02"), (person("吴方", "wu fang", date(1982, 6, 2), "female"), "10"))
    return again


def joined(kept: Person, gone: Person, by: Officer, at: datetime, **more: Any) -> Merge:
    return merge(kept=kept, gone=gone, reason="见了本人", by=by, at=at, **more)


def know(one: Person, **facts: Any) -> None:
    PersonFacts.objects.filter(person=one).update(**facts)


def test_every_column_that_names_a_person_follows_or_is_said_to_stay():
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Person
    }
    moved = {f"{model._meta.label}.{by}" for model, by in FOLLOWING}
    assert named - moved - STAYS == set()
    assert moved & STAYS == set()


def test_the_row_that_gives_way_says_where_its_person_now_stands(kept, gone, by, at):
    joined(kept, gone, by, at)
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert not Membership.objects.filter(person=gone, until__isnull=True).exists()


def test_who_stayed_in_the_other_home_heads_it_now(kept, gone, by, at):
    joined(kept, gone, by, at)
    left = Membership.objects.get(person__name="吴方", until__isnull=True)
    assert left.relation == "02"


def test_one_person_twice_in_one_home_keeps_the_place_at_its_head(kept, family, by, at):
    Membership.objects.filter(person=kept).update(relation="99")
    again = person("何平", "he ping", kept.birth_date)
    Membership.objects.create(person=again, household=family, relation="02", since=date(2012, 1, 1))
    PersonFacts.objects.create(person=again, household=family, birth_date=kept.birth_date)
    joined(kept, again, by, at)
    here = Membership.objects.filter(household=family, until__isnull=True)
    assert set(here.values_list("person__name", "relation")) == {
        ("何平", "02"), ("吴芳", "10"), ("何小宁", "20")
    }  # fmt: skip


def test_what_only_the_other_row_knew_is_known_now(kept, gone, by, at):
    know(gone, wage_income=300_000)
    joined(kept, gone, by, at)
    assert PersonFacts.objects.get(person=kept).wage_income == 300_000


def test_where_two_deliveries_differ_both_are_heard(kept, gone, by, at):
    Feed.objects.create(department="人社", as_of=FEED_DAY)
    know(kept, employed=True)
    know(gone, employed=False)
    joined(kept, gone, by, at)
    (conflict,) = conflicting(kept, at.date())
    assert (conflict.fact.name, conflict.stands, conflict.open) == ("employed", True, True)
    assert {one.source for one in conflict.said} == {"人社", f"人社（原 {gone.pk} 号）"}


def test_a_word_that_was_merged_in_may_be_decided_for_and_lifted(kept, gone, by, at):
    Feed.objects.create(department="人社", as_of=FEED_DAY)
    know(kept, employed=True)
    know(gone, employed=False)
    joined(kept, gone, by, at)
    theirs = f"人社（原 {gone.pk} 号）"
    decided = actions.settle_fact(
        subject=kept, fact="employed", source=theirs, reason="单位证明", by=by, at=at
    )
    assert PersonFacts.objects.get(person=kept).employed is False
    assert words_on(kept, "employed")["人社"].value is True
    actions.lift_settlement(settlement=decided, reason="证明有误", by=by, at=at)
    assert words_on(kept, "employed").keys() == {"人社", theirs}


def test_the_newer_statement_stands_whichever_row_it_was_made_of(kept, gone, by, at):
    for one, day, wage in ((kept, "2024-09-01", "2000"), (gone, "2024-10-01", "2500")):
        actions.record_fact(
            subject=one, fact="wage_income", value=wage, source="本人",
            as_of=date.fromisoformat(day), by=by, at=at,
        )  # fmt: skip
    joined(kept, gone, by, at)
    assert PersonFacts.objects.get(person=kept).wage_income == 250_000
    assert FactRecord.objects.filter(person=kept).count() == 2


def test_what_both_were_getting_is_told_and_neither_is_ended(kept, gone, by, at):
    for one, fen in ((kept, 90_000), (gone, 70_000)):
        home = Membership.objects.get(person=one).household
        Receipt.objects.create(
            household=home, person=one, measure="dibao", amount_fen=fen, since=FEED_DAY
        )
    assert receives_money(kept, at.date())
    assert overlaps(kept, gone, at.date()) == [("receipt", "dibao", 90_000, 70_000)]
    made = joined(kept, gone, by, at)
    made.refresh_from_db()
    assert made.overlaps == [["receipt", "dibao", 90_000, 70_000]]
    assert Receipt.objects.filter(until__isnull=True).count() == 2


def test_the_other_spelling_still_finds_the_person(kept, gone, by, at):
    joined(kept, gone, by, at)
    assert FormerName.objects.get(person=kept).name == "何萍"


def test_people_of_whom_only_one_died_are_not_made_one(kept, gone, by, at):
    Person.objects.filter(pk=gone.pk).update(died_on=date(2024, 10, 1))
    with pytest.raises(actions.RefusedError, match="去世"):
        joined(kept, gone, by, at)


def test_nobody_is_merged_twice(kept, gone, by, at, wife):
    joined(kept, gone, by, at)
    with pytest.raises(actions.RefusedError, match="已经合并到"):
        joined(wife, gone, by, at)


def test_a_statement_follows_no_way_but_a_merges(kept, gone, by, at):
    said = actions.record_fact(
        subject=gone, fact="wage_income", value="100", source="本人", as_of=FEED_DAY, by=by, at=at
    )
    with pytest.raises(Exception, match="only ever added to"), transaction.atomic():
        FactRecord.objects.filter(pk=said.pk).update(person=kept)
    joined(kept, gone, by, at)
    with pytest.raises(Exception, match="only ever added to"), transaction.atomic():
        FactRecord.objects.filter(pk=said.pk).update(person=gone)


def test_undo_is_refused_where_the_merged_value_was_changed_since(kept, gone, by, at):
    know(gone, wage_income=300_000)
    made = joined(kept, gone, by, at)
    actions.record_fact(
        subject=kept, fact="wage_income", value="1", source="本人", as_of=at.date(), by=by, at=at
    )
    with pytest.raises(actions.RefusedError, match="工资收入"):
        unmerge(merge=made, reason="认错人了", by=by, at=at)


def test_what_was_written_down_since_stays_with_the_row_that_was_kept(kept, gone, by, at):
    made = joined(kept, gone, by, at)
    said = actions.record_fact(
        subject=kept, fact="wage_income", value="1", source="本人", as_of=at.date(), by=by, at=at
    )
    unmerge(merge=made, reason="认错人了", by=by, at=at)
    said.refresh_from_db()
    assert said.person == kept
    with pytest.raises(actions.RefusedError, match="已经撤销过"):
        unmerge(merge=made, reason="再来", by=by, at=at)


# -- whatever was there: merge, then undo, and every row is as before

days = st.dates(date(2011, 1, 1), date(2024, 10, 30))
few = st.integers(0, 2)
BORN = date(1980, 5, 1)


@st.composite
def lives(draw: st.DrawFn) -> dict[str, Any]:
    """What one row holds."""
    return {
        "name": draw(st.sampled_from(["何平", "何萍"])),
        "facts": draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "wage_income": st.sampled_from([0, 100, 200]),
                    "employed": st.booleans(),
                    "school_stage": st.sampled_from([0, 1]),
                    "displaced": st.sampled_from(
                        [None, {"wage_income": ["税务", "2024-08-01", "3.00"]}]
                    ),
                    "sources": st.sampled_from([None, {"人社": "2024-09-15"}]),
                },
            )
        ),
        "said": draw(
            st.lists(
                st.tuples(st.sampled_from(["wage_income", "odd_job_income"]), days), max_size=3
            )
        ),
        "stay": draw(st.sampled_from(["own", "shared", "none"])),
        "past": draw(st.lists(days, max_size=4, unique=True).map(sorted)),
        "registered": draw(st.sampled_from([None, True, False])),
        "receipts": draw(st.sets(st.sampled_from(["dibao", "tekun_care"]))),
        "numbers": draw(st.sets(st.sampled_from(["resident_id", "phone", "disability_card"]))),
        "consents": draw(few),
        "papers": draw(st.sets(st.sampled_from("ab"))),
        "settled": draw(st.booleans()),
    }


def live(life: dict[str, Any], shared: Household, nth: int, by: Officer, at: datetime) -> Person:
    one = person(life["name"], "he ping", BORN)
    home = shared
    if life["stay"] == "own":
        home = household(THERE, (one, "02"))
    else:
        stays = {} if life["stay"] == "shared" else {"household": None}
        PersonFacts.objects.create(person=one, birth_date=BORN, **{"household": shared, **stays})
        if life["stay"] == "shared":
            Membership.objects.create(
                person=one, household=shared, relation="99", since=date(2010, 1, 1)
            )
    past = life["past"]
    if life["stay"] == "none" and len(past) > 1:
        for since, until in zip(past[::2], past[1::2], strict=False):
            Membership.objects.create(
                person=one, household=shared, relation="20", since=since, until=until
            )
    know(one, **life["facts"])
    _hold(one, life, home, nth, by, at)
    return one


def _hold(
    one: Person, life: dict[str, Any], home: Household, nth: int, by: Officer, at: datetime
) -> None:
    ring = keys.ring()
    for fact, day in life["said"]:
        FactRecord.objects.create(
            person=one, fact=fact, value="5.00", source="本人", as_of=day, recorded_at=at
        )
    for measure in life["receipts"]:
        Receipt.objects.create(
            household=home, person=one, measure=measure, amount_fen=5, since=FEED_DAY
        )
        Recognition.objects.create(
            household=home, person=one, category=measure, since=FEED_DAY, decided_by="区民政局"
        )
    for kind in life["numbers"]:
        text = "13800000000" if kind == "phone" else f"{kind}{nth}"
        number = Identifier(
            person=one, kind=kind, digest=ring.digest(kind, text), tail=text[-4:], source="本人"
        )
        number.sealed = ring.seal(text.encode(), number.bound)
        number.save()
    for text in life["papers"]:
        paper = Attachment(person=one, kind="image/png", label=text, size=1, digest=text * 64)
        paper.file, paper.purpose, paper.at = text * 64, "核对", at
        paper.sealed = ring.seal(f"{text}{nth}".encode(), paper.bound)
        paper.save()
    for _ in range(life["consents"]):
        Consent.objects.create(
            person=one, scope="finances", ground="guardian", paper="1", signed_by=one, since=BORN
        )
    if life["settled"]:
        Settlement.objects.create(
            person=one, fact="wage_income", source="本人", reason="查过", at=at, by=by
        )
    if life["registered"] is not None:
        register = Register.objects.create(
            digest=bytes([nth]) * 32, sealed=b"", tail="0000", address="复兴路"
        )
        until = None if life["registered"] else date(2020, 1, 1)
        Registration.objects.create(
            person=one, register=register, relation="02", since=date(2000 + nth, 1, 1), until=until
        )


def secrets() -> dict[tuple[str, int], bytes]:
    ring = keys.ring()
    return {
        (model._meta.label, row.pk): ring.unseal(row.sealed, row.bound)
        for model in (Identifier, Attachment)
        for row in model.objects.all()
    }


def everything() -> Any:
    people = list(Person.objects.values_list("pk", flat=True))
    return standing(people, list(Household.objects.values_list("pk", flat=True))), secrets()


@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(first=lives(), second=lives(), which=st.booleans())
def test_merge_then_undo_is_as_if_nothing_had_happened(
    ring: Path, family: Household, by: Officer, at: datetime, first, second, which
):
    with transaction.atomic():
        Feed.objects.update_or_create(department="人社", defaults={"as_of": FEED_DAY})
        people = [live(life, family, nth, by, at) for nth, life in enumerate((first, second))]
        kept, gone = people if which else people[::-1]
        before = everything()
        made = joined(kept, gone, by, at)
        # Everything is somebody's still, and nobody living is counted twice.
        assert Membership.objects.filter(person__in=people, until__isnull=True).count() <= 1
        assert not PersonFacts.objects.get(person=gone).household_id
        assert len(secrets()) == len(before[1])
        told = HouseholdChange.objects.count()
        unmerge(merge=made, reason="认错人了", by=by, at=at)
        assert everything() == before
        assert HouseholdChange.objects.count() >= told
        transaction.set_rollback(True)
