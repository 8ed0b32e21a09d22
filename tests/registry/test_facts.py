"""Recording facts: what is kept, what today's value is, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from jiekun.journal.queries import about
from jiekun.law.facts import FACTS
from jiekun.registry import actions, queries
from jiekun.registry.models import FactRecord, Feed, HouseholdFacts, PersonFacts
from jiekun.registry.wide import from_column, from_json, to_column, to_json

LAST_WEEK, LAST_MONTH = date(2024, 10, 25), date(2024, 10, 1)


@pytest.fixture
def record(officers, at):
    def record(subject, fact, value, as_of=LAST_WEEK, source="本人"):
        return actions.record_fact(
            subject=subject,
            fact=fact,
            value=value,
            source=source,
            as_of=as_of,
            by=officers["jiedao"],
            at=at,
        )

    return record


def test_a_recorded_fact_is_todays_value(family, head, record):
    record(head, "wage_income", Decimal("3200.50"))
    assert queries.household_facts(family)["people"][str(head.pk)]["wage_income"] == Decimal(
        "3200.50"
    )


def test_recording_is_journaled_without_the_value(head, record, officers):
    record(head, "serious_illness", True)
    entry = about(head).get(act="record-facts")
    assert entry.officer_id == officers["jiedao"].pk
    assert entry.area == "420106008002"
    assert entry.data == {"facts": {"serious_illness": "本人"}}


def test_a_statement_about_an_earlier_day_changes_nothing_today(head, record):
    record(head, "employed", True)
    record(head, "employed", False, as_of=LAST_MONTH)
    assert PersonFacts.objects.get(person=head).employed is True


def test_two_sources_in_conflict_are_both_kept(head, record):
    record(head, "odd_job_income", 0, source="人社")
    record(head, "odd_job_income", 800, source="入户了解")
    assert [r.value for r in queries.history(head, "odd_job_income")] == ["800.00", "0.00"]


def test_of_one_days_statements_the_one_recorded_last_counts(head, record):
    record(head, "odd_job_income", 0)
    record(head, "odd_job_income", 800)
    assert PersonFacts.objects.get(person=head).odd_job_income == 80000


def test_a_fact_may_be_known_no_longer(head, record):
    record(head, "employed", True, as_of=LAST_MONTH)
    record(head, "employed", None)
    assert PersonFacts.objects.get(person=head).employed is None


def test_a_household_has_facts_of_its_own(family, record):
    record(family, "assets_within_limit", True)
    assert queries.household_facts(family)["household"]["assets_within_limit"] is True


def test_a_corrected_birthday_is_corrected_on_the_person(head, record):
    record(head, "birth_date", "1980-05-11")
    head.refresh_from_db()
    assert head.birth_date == date(1980, 5, 11)


@pytest.mark.parametrize(
    ("fact", "value", "why"),
    [
        ("wage_income", -1, "应在 0 到"),
        ("wage_income", "很多", "写成数字"),
        ("wage_income", Decimal("1.005"), "最多写到分"),
        ("wage_income", Decimal("NaN"), "写成数字"),
        ("wage_income", True, "写成数字"),
        ("disability_level", 5, "应在 0 到 4"),
        ("disability_level", Decimal("1.5"), "整数"),
        ("employed", 1, "是”或“否"),
        ("hukou", "moon", "没有“moon”"),
        ("birth_date", "1980-02-30", "这样的日期"),
        ("assets_within_limit", True, "记在家庭名下"),
        ("shoe_size", 40, "没有叫"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(head, record, fact, value, why):
    with pytest.raises(actions.RefusedError, match=why):
        record(head, fact, value)
    assert not FactRecord.objects.exists()


def test_what_only_an_office_may_judge_is_not_recorded_as_somebodys_word(family, record):
    with pytest.raises(actions.RefusedError, match="由街道认定"):
        record(family, "spending_surge", True)


def test_what_an_office_judged_is_loaded(family, at):
    actions.record_fact(
        subject=family, fact="spending_surge", value=True, source="街道", as_of=LAST_WEEK,
        by=None, at=at,
    )  # fmt: skip
    assert HouseholdFacts.objects.get(household=family).spending_surge is True


@pytest.mark.parametrize("day", [date(2024, 10, 26), date(2030, 1, 1)])
def test_nobody_is_born_after_the_day_it_was_said(head, record, day):
    with pytest.raises(actions.RefusedError, match="出生日期"):
        record(head, "birth_date", day)


def test_nothing_is_known_as_of_tomorrow(head, record, at):
    with pytest.raises(actions.RefusedError, match="还没有到"):
        record(head, "employed", True, as_of=at.date() + timedelta(days=1))


def test_a_statement_needs_a_source(head, record):
    with pytest.raises(actions.RefusedError, match="谁说的"):
        record(head, "employed", True, source=" ")


def test_one_bad_statement_keeps_all_others_out(family, head, officers, at):
    good = actions.Statement(head, "employed", True, "本人", LAST_WEEK)
    bad = actions.Statement(family, "rural", "maybe", "本人", LAST_WEEK)
    with pytest.raises(actions.RefusedError):
        actions.record_facts(statements=[good, bad], by=officers["jiedao"], at=at)
    assert not FactRecord.objects.exists()


@pytest.mark.parametrize(
    "change", ["UPDATE registry_factrecord SET value = '1'", "DELETE FROM registry_factrecord"]
)
def test_the_database_lets_nobody_change_a_record(head, record, as_owner, change):
    record(head, "employed", True)
    with pytest.raises(Error, match="only ever added to"), transaction.atomic():
        connection.cursor().execute(change)


def test_a_fact_nobody_recorded_comes_from_the_departments_feed(family, head):
    Feed.objects.create(department="公安", as_of=LAST_MONTH)
    source = queries.provenance(family)[str(head.pk), "birth_date"]
    assert source == ("公安", LAST_MONTH, "feed")


def test_a_rows_own_day_goes_before_the_feeds(family, head):
    Feed.objects.create(department="公安", as_of=LAST_MONTH)
    PersonFacts.objects.filter(person=head).update(sources={"公安": "2023-05-01"})
    assert queries.provenance(family)[str(head.pk), "birth_date"].as_of == date(2023, 5, 1)


def test_a_recorded_fact_names_its_own_source(family, record):
    record(family, "rural", False, source="入户了解")
    assert queries.provenance(family)["household", "rural"] == ("入户了解", LAST_WEEK, "record")


def test_an_unknown_fact_has_no_source(family):
    HouseholdFacts.objects.create(household=family)
    assert ("household", "rural") not in queries.provenance(family)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("wage_income", Decimal("12.34")),
        ("hukou", "province"),
        ("birth_date", date(1999, 12, 31)),
        ("employed", False),
        ("disability_level", 3),
        ("employed", None),
    ],
)
def test_a_value_survives_column_and_record(fact, value):
    declared = FACTS[fact]
    assert from_column(declared, to_column(declared, value)) == value
    assert from_json(declared, to_json(declared, value)) == value


def test_a_backdated_statement_does_not_outdo_a_departments_newer_word(head, record):
    PersonFacts.objects.filter(person=head).update(
        wage_income=9_000_00, sources={"人社": LAST_WEEK.isoformat()}
    )
    record(head, "wage_income", Decimal(100), as_of=date(2012, 5, 1))
    assert PersonFacts.objects.get(person=head).wage_income == 9_000_00
    found = queries.provenance(PersonFacts.objects.get(person=head).household)
    assert found[str(head.pk), "wage_income"].source == "人社"


def test_a_statement_of_the_same_day_or_later_replaces_the_departments(head, record):
    PersonFacts.objects.filter(person=head).update(
        wage_income=9_000_00, sources={"人社": LAST_WEEK.isoformat()}
    )
    record(head, "wage_income", Decimal(100))
    assert PersonFacts.objects.get(person=head).wage_income == 100_00
