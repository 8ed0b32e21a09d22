"""Acts on many leave the rows that the same acts one by one leave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiekun.journal.models import Entry
from jiekun.law.facts import FACTS as LAW
from jiekun.registry import actions
from jiekun.registry.models import (
    FactRecord,
    Feed,
    Person,
    PersonFacts,
    Receipt,
    Recognition,
)

TODAY = date(2024, 11, 1)
FACTS = {"wage_income": st.sampled_from(["0", "1200.50", "3000"]), "employed": st.booleans(),
         "disability_level": st.sampled_from([1, 2, 4])}  # fmt: skip
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NUMBERS = {"id", "transaction", "digest", "era"}


@st.composite
def stated(draw):
    name = draw(st.sampled_from(sorted(FACTS)))
    value = draw(st.none() | FACTS[name])
    source = draw(st.sampled_from(["本人", LAW["wage_income"].answered_by, "入户了解"]))
    day = TODAY - timedelta(days=draw(st.integers(0, 3)))
    return draw(st.integers(0, 2)), name, value, source, day


def rows(model):
    """Everything a table says but the numbers of its rows."""
    kept = model.objects.order_by("pk").values()
    return sorted(str({k: v for k, v in row.items() if k not in NUMBERS}) for row in kept)


def left_by(act, *models):
    """What an act leaves in these tables, before it is forgotten again."""
    with transaction.atomic():
        act()
        found = [rows(model) for model in models]
        transaction.set_rollback(True)
    return found


@FEW
@given(st.lists(stated(), min_size=1, max_size=8, unique_by=lambda one: one[:2]), st.booleans())
def test_many_statements_leave_what_each_by_itself_leaves(family, officers, at, drawn, settled):
    people = list(Person.objects.order_by("pk"))
    Feed.objects.update_or_create(
        department=LAW["wage_income"].answered_by, defaults={"as_of": TODAY - timedelta(days=1)}
    )
    said = [actions.Statement(people[who], *rest) for who, *rest in drawn]

    def before():
        PersonFacts.objects.filter(person=people[0]).update(wage_income=77_00, employed=True)
        if settled:
            first = actions.Statement(people[0], "employed", True, "本人", TODAY)
            actions.record_facts(statements=[first], by=None, at=at)
            actions.settle_fact(subject=people[0], fact="employed", source="本人", reason="看过",
                                by=officers["jiedao"], at=at)  # fmt: skip

    def at_once():
        before()
        actions.record_facts(statements=said, by=officers["jiedao"], at=at)

    def one_by_one():
        before()
        for one in said:
            actions.record_facts(statements=[one], by=officers["jiedao"], at=at)

    tables = (FactRecord, PersonFacts, Person)
    assert left_by(at_once, *tables) == left_by(one_by_one, *tables)


@FEW
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 900)), min_size=1, max_size=4))
def test_many_awards_leave_what_each_by_itself_leaves(family, officers, at, drawn):
    person, by = Person.objects.earliest("pk"), officers["jiedao"]
    said = [
        {"household": family, "person": person if ones_own else None, "measure": f"m{n}",
         "amount_fen": fen, "unit": "yuan/month", "since": TODAY}
        for n, (ones_own, fen) in enumerate(drawn)
    ]  # fmt: skip

    def at_once():
        made = actions.begin_receipts(receipts=[Receipt(**one) for one in said], by=by, at=at)
        actions.end_awards(ends={one: one.since for one in made}, reason="错", by=by, at=at)

    def one_by_one():
        made = [actions.begin_receipt(**one, by=by, at=at) for one in said]
        for one in made:
            actions.end_award(award=one, until=one.since, reason="错", by=by, at=at)

    def lines():
        plain = Entry.objects.filter(act__in=["begin-receipt", "end-receipt"]).order_by("act", "id")
        return [(e.act, e.subject_id, e.area, e.officer_name, e.data.get("measure")) for e in plain]

    kept = []
    for act in (at_once, one_by_one):
        with transaction.atomic():
            act()
            kept.append((rows(Receipt), lines()))
            transaction.set_rollback(True)
    assert kept[0] == kept[1]


def test_one_award_that_is_held_already_leaves_none_of_the_others(family, at):
    actions.recognise(household=family, category="dibao", since=TODAY, decided_by="区", by=None,
                      at=at)  # fmt: skip
    again = [Recognition(household=family, category=c, since=TODAY, decided_by="区")
             for c in ("tekun", "dibao")]  # fmt: skip
    lines = Entry.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.recognise_many(recognitions=again, by=None, at=at)
    assert (Recognition.objects.count(), Entry.objects.count()) == (1, lines)


def test_one_statement_that_is_refused_leaves_none_of_the_others(head, wife, at):
    said = [actions.Statement(head, "employed", True, "本人", TODAY),
            actions.Statement(wife, "employed", 7, "本人", TODAY)]  # fmt: skip
    with pytest.raises(actions.RefusedError, match="只能是"):
        actions.record_facts(statements=said, by=None, at=at)
    assert not FactRecord.objects.exists()
    assert PersonFacts.objects.filter(employed=True).count() == 0


def test_as_many_statements_as_there_are_people_take_as_few_queries_as_one(
    family, officers, at, django_assert_max_num_queries
):
    said = [actions.Statement(one, "employed", True, "本人", TODAY)
            for one in Person.objects.order_by("pk")]  # fmt: skip
    with django_assert_max_num_queries(14):
        actions.record_facts(statements=said, by=officers["jiedao"], at=at)
