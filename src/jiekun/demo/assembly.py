"""Build the demo: make the district, write its files, load it, and later let October happen."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer
from jiekun.registry import actions as registry
from jiekun.registry.models import (
    FactRecord,
    Feed,
    Origin,
    Person,
    PersonFacts,
    Recognition,
)
from jiekun.registry.wide import to_column

from . import doubles, events, feeds, fit, planting, story
from .district import District
from .events import Event
from .feeds import Delivery
from .load import load
from .make import Progress, digest, make, write_files
from .scale import DEMO_TODAY, Scale

ORIGIN = "demo"
PLAN = "events.jsonl"


def quiet(stage: str, done: float) -> None:
    """Progress told to nobody."""


def build(*, scale: str, folder: Path | None = None, progress: Progress = quiet) -> District:
    """Everything up to the last run's day; `apply_events` then lets October happen."""
    district = make(Scale.parse(scale), progress)
    if folder is None:
        with tempfile.TemporaryDirectory() as kept_for_now:
            put_in(district, Path(kept_for_now), progress)
    else:
        put_in(district, folder / "demo", progress)
    return district


def put_in(district: District, folder: Path, progress: Progress) -> None:
    """Write a district's files to a folder and itself into the database: all of it or nothing."""
    write_files(district, folder, progress)
    deliveries = feeds.deliver(district, folder / "feeds")
    planned = events.plan(district)
    events.write_plan(planned, folder / PLAN)
    twice = doubles.plant(district)
    planting.write_truth(district, twice, folder / planting.TRUTH)
    with transaction.atomic():
        load(district, progress)
        planting.put_in(district, twice)
        _note_feeds(deliveries)
        _note_story(district)
        _note_origin(district, deliveries, planned)


def _note_feeds(deliveries: list[Delivery]) -> None:
    """When each department last delivered, and what was wrong with what it delivered."""
    by_department = {delivery.department: delivery for delivery in deliveries}
    for name in feeds.departments():
        delivery = by_department.get(name)
        # A department added to the facts later has delivered on the demo's day.
        day = DEMO_TODAY - timedelta(days=feeds.DAYS_AGO.get(name, 0))
        Feed.objects.create(
            department=name,
            as_of=day,
            rows=delivery.rows if delivery else None,
            problems=delivery.problems if delivery else {},
        )


def _note_story(district: District) -> None:
    """The story's family: since when it is recognised, and what a visitor wrote down of it."""
    home = district.story + 1
    Recognition.objects.filter(household=home).update(
        since=story.RECOGNISED_ON, document_number="演示救〔2023〕0901号"
    )
    grandmother = int(district.start[district.story]) + story.GRANDMOTHER + 1
    FactRecord.objects.create(
        person_id=grandmother,
        fact="odd_job_income",
        value="600.00",
        source="入户了解",
        as_of=date(2024, 9, 12),
        recorded_at=datetime(2024, 9, 12, 16, 0, tzinfo=events.ZONE),
        note="帮隔壁早点摊洗碗，没有退休金",
    )


def _note_origin(district: District, deliveries: list[Delivery], planned: list[Event]) -> None:
    at = datetime(2024, 10, 1, 8, 0, tzinfo=events.ZONE)
    Origin.objects.create(
        name=ORIGIN,
        synthetic=True,
        loaded_at=at,
        report=fit.as_json(fit.fit_report(district)),
        details={
            "scale": str(district.scale),
            "digest": digest(district),
            "story_household": district.story + 1,
            "deliveries": [{**asdict(d), "as_of": d.as_of.isoformat()} for d in deliveries],
            "events": [asdict(event) for event in planned],
            "events_applied": False,
        },
    )
    journal.write(
        act="load-demo",
        by=None,
        at=at,
        subject=("registry.origin", ORIGIN),
        area="420106",
        data={"scale": str(district.scale), "people": district.people},
    )


@transaction.atomic
def apply_events(*, by: Officer | None = None) -> int:
    """Let October happen, once: deaths, lost jobs, new certificates. Returns how many events."""
    origin = Origin.objects.select_for_update().get(name=ORIGIN)
    if origin.details["events_applied"]:
        return 0
    planned = [Event(**row) for row in origin.details["events"]]
    people = Person.objects.in_bulk({event.person for event in planned} | _touched(planned))
    for event in planned:
        _happen(event, people, by)
    origin.details["events_applied"] = True
    origin.save(update_fields=["details"])
    return len(planned)


def _touched(planned: list[Event]) -> set[int]:
    return {person for event in planned for person, _, _ in event.changes}


def _happen(event: Event, people: dict[int, Person], by: Officer | None) -> None:
    source, at = events.SOURCES[event.kind], events.recorded_at(event)
    day = date.fromisoformat(event.day)
    if event.kind == "death":
        registry.report_death(person=people[event.person], died_on=day, source=source, by=by, at=at)
    registry.record_facts(
        statements=[
            registry.Statement(people[person], fact, value, source, day, events.NOTES[event.kind])
            for person, fact, value in event.changes
        ],
        by=by,
        at=at,
    )
    if event.kind == "death":
        _deliver_since(event)


def _deliver_since(event: Event) -> None:
    """What a department delivers of the day before ours tells of a death in October as well."""
    for person, fact, value in event.changes:
        known = {fact: to_column(FACTS[fact], value)}
        PersonFacts.objects.filter(person=person).update(**known)
