"""Checked rows written into the registry, many at once and yet each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer
from jiekun.offices.queries import with_former, within
from jiekun.registry import actions as registry
from jiekun.registry.models import PersonFacts, Receipt, Recognition
from jiekun.registry.wide import from_column, from_json, to_json

from .layouts import LAYOUTS, Layout
from .models import Import, ImportRow

HELD = "检查以后，别人已经登记了同样的认定或待遇"
GONE = "检查以后，这个人已不在本辖区（去世、迁出或离开了家庭）"

People = Mapping[int, PersonFacts]
Award = Recognition | Receipt


def living(of: Import, rows: Sequence[ImportRow], on: date) -> dict[int, PersonFacts]:
    """Those of the rows' people who still live inside the areas, locked, by number."""
    inside = within(with_former(frozenset(of.areas), on), "household__community__code")
    held = PersonFacts.objects.select_for_update(of=("self",)).select_related("household", "person")
    held = held.only("household__community", "person__name", *_names(rows))
    people = [row.person_id for row in rows if row.person_id is not None]
    return {facts.pk: facts for facts in held.filter(inside, pk__in=people).order_by("pk")}


def apply(of: Import, rows: Sequence[ImportRow], *, by: Officer | None, at: datetime) -> None:
    """Write what rows say, each all of it or nothing; they say what became of them. Not saved."""
    layout, people = LAYOUTS[of.layout], living(of, rows, at.date())
    held, good = _held(layout, people), []
    for row in rows:
        facts = people.get(row.person_id or 0)
        if facts is None:
            _failed(row, GONE)
        elif _whose(layout, facts) in held:
            _failed(row, HELD)
        else:
            good.append(row)

    def write(some: Sequence[ImportRow]) -> None:
        for row in some:
            row.made = {}
        _grant(layout, of, some, people, by, at)
        _state(of, some, people, by, at)
        for row in some:
            row.outcome, row.told = ImportRow.Outcome.APPLIED, ""

    together(good, write, _failed)


def together(
    rows: Sequence[ImportRow],
    work: Callable[[Sequence[ImportRow]], None],
    refused: Callable[[ImportRow, str], None],
) -> None:
    """Do something for all rows at once; where that is refused, for each half by itself."""
    if not rows:
        return
    try:
        with transaction.atomic():
            work(rows)
    except (registry.RefusedError, IntegrityError) as problem:
        if len(rows) == 1:
            # The database lets nobody hold one thing twice.
            refused(rows[0], HELD if isinstance(problem, IntegrityError) else str(problem))
            return
        middle = len(rows) // 2
        for half in (rows[:middle], rows[middle:]):
            together(half, work, refused)


def _failed(row: ImportRow, told: str) -> None:
    row.outcome, row.told, row.made = ImportRow.Outcome.FAILED, told, {}


def _whose(layout: Layout, facts: PersonFacts) -> int:
    """The number of whom a ledger's award is for: a household, or a person."""
    return facts.household_id or 0 if layout.whole_household else facts.pk


def _held(layout: Layout, people: People) -> set[int]:
    """Who holds already what the ledger lists them for: somebody was quicker than the import."""
    homes = [facts.household_id for facts in people.values()]
    whole = layout.whole_household
    mine = Q(household__in=homes, person=None) if whole else Q(person__in=people)
    open_ones = [
        model._default_manager.filter(mine, until__isnull=True, **{word: name})
        for model, word, name in (
            (Recognition, "category", layout.category), (Receipt, "measure", layout.measure),
        )
        if name
    ]  # fmt: skip
    key = "household_id" if whole else "person_id"
    return {whose for rows in open_ones for whose in rows.values_list(key, flat=True)}


def _grant(
    layout: Layout,
    of: Import,
    rows: Sequence[ImportRow],
    people: People,
    by: Officer | None,
    at: datetime,
) -> None:
    """Recognise and begin what the ledger lists people for."""
    if not (layout.category or layout.measure):
        return
    whose = [(row, _award(layout, row, people[row.person_id or 0])) for row in rows]
    if layout.category:
        found = [
            Recognition(
                **award, category=layout.category, decided_by=of.source,
                document_number=row.says["document"],
            )
            for row, award in whose
        ]  # fmt: skip
        registry.recognise_many(recognitions=found, by=by, at=at)
        _keep(rows, "recognition", found)
    if layout.measure:
        begun = [
            Receipt(
                **award, measure=layout.measure, unit="yuan/month",
                amount_fen=int(Decimal(row.says["amount"]) * 100),
            )
            for row, award in whose
        ]  # fmt: skip
        registry.begin_receipts(receipts=begun, by=by, at=at)
        _keep(rows, "receipt", begun)


def _award(layout: Layout, row: ImportRow, facts: PersonFacts) -> dict[str, Any]:
    """Of an award: whose it is, and since when."""
    person = None if layout.whole_household else facts.person
    since = date.fromisoformat(row.says["since"])
    return {"household": facts.household, "person": person, "since": since}


def _keep(rows: Sequence[ImportRow], word: str, awards: Iterable[Award]) -> None:
    for row, award in zip(rows, awards, strict=True):
        row.made[word] = award.pk


def _state(
    of: Import, rows: Sequence[ImportRow], people: People, by: Officer | None, at: datetime
) -> None:
    """Record the facts rows state, and keep what stood before and what stands now."""
    stating = [row for row in rows if row.says["facts"]]
    if not stating:
        return
    said = [
        (row, one)
        for row in stating
        for one in statements(row, row.says["facts"], of, of.source, f"第 {of.pk} 次导入", people)
    ]
    records = registry.record_facts(statements=[one for _, one in said], by=by, at=at)
    numbers: dict[int, list[int]] = {}
    for (row, _), record in zip(said, records, strict=True):
        numbers.setdefault(row.pk, []).append(record.pk)
    now = PersonFacts.objects.filter(pk__in=[row.person_id for row in stating])
    after = {facts.pk: facts for facts in now.only(*_names(stating))}
    for row in stating:
        names = row.says["facts"]
        row.made["before"] = values(people[row.person_id or 0], names)
        row.made["after"] = values(after[row.person_id or 0], names)
        row.made["records"] = numbers[row.pk]


def statements(
    row: ImportRow, said: Mapping[str, Any], of: Import, source: str, act: str, people: People
) -> list[registry.Statement]:
    """What a row says of its person, as the registry takes it."""
    assert of.as_of is not None
    person, note = people[row.person_id or 0].person, f"{act}第 {row.number} 行"
    return [
        registry.Statement(person, name, from_json(FACTS[name], value), source, of.as_of, note=note)
        for name, value in said.items()
    ]


def values(facts: PersonFacts, names: Iterable[str]) -> dict[str, Any]:
    """Today's values of some facts, as a row keeps them."""
    return {
        name: to_json(FACTS[name], from_column(FACTS[name], getattr(facts, name))) for name in names
    }


def _names(rows: Sequence[ImportRow]) -> set[str]:
    return {name for row in rows for name in row.says.get("facts", ())}
