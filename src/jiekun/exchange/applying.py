"""Checked rows written into the registry, many at once and yet each by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from jiekun.journal.many import any_of
from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer
from jiekun.offices.queries import with_former, within
from jiekun.registry import actions as registry
from jiekun.registry.models import Household, Person, PersonFacts, Receipt, Recognition
from jiekun.registry.wide import from_column, from_json, to_json

from .layouts import LAYOUTS, Layout
from .models import Import, ImportRow

HELD = "检查以后，别人已经登记了同样的认定或待遇"
GONE = "检查以后，这个人已不在本辖区（去世、迁出或离开了家庭）"

Award = Recognition | Receipt
# The household each person lives in, by numbers.
Homes = Mapping[int, int]


def living(of: Import, rows: Sequence[ImportRow], on: date) -> dict[int, int]:
    """The households of those of the rows' people who still live inside the areas; locked."""
    inside = Household.objects.filter(
        within(with_former(frozenset(of.areas), on), "community__code")
    )
    people = any_of(row.person_id for row in rows if row.person_id is not None)
    held = PersonFacts.objects.select_for_update().filter(household__in=inside, pk__in=people)
    return {pk: home for pk, home in held.order_by("pk").values_list("pk", "household") if home}


def apply(of: Import, rows: Sequence[ImportRow], *, by: Officer | None, at: datetime) -> None:
    """Write what rows say, each all of it or nothing; they say what became of them. Not saved."""
    layout, homes = LAYOUTS[of.layout], living(of, rows, at.date())
    held, good = _held(layout, homes), []
    for row in rows:
        home = homes.get(row.person_id or 0)
        if home is None:
            _failed(row, GONE)
        elif (home if layout.whole_household else row.person_id) in held:
            _failed(row, HELD)
        else:
            good.append(row)

    def write(some: Sequence[ImportRow]) -> None:
        for row in some:
            row.made = {}
        _grant(layout, of, some, homes, by, at)
        _state(of, some, by, at)
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


def _held(layout: Layout, homes: Homes) -> set[int]:
    """Who holds already what the ledger lists them for: somebody was quicker than the import."""
    whole = layout.whole_household
    mine = Q(household__in=any_of(set(homes.values())), person=None)
    if not whole:
        mine = Q(person__in=any_of(homes))
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
    homes: Homes,
    by: Officer | None,
    at: datetime,
) -> None:
    """Recognise and begin what the ledger lists people for."""
    if not (layout.category or layout.measure):
        return
    whose = [(row, _award(layout, row, homes)) for row in rows]
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


def _award(layout: Layout, row: ImportRow, homes: Homes) -> dict[str, Any]:
    """Of an award: whose it is, and since when."""
    person = None if layout.whole_household else row.person_id
    since = date.fromisoformat(row.says["since"])
    return {"household_id": homes[row.person_id or 0], "person_id": person, "since": since}


def _keep(rows: Sequence[ImportRow], word: str, awards: Iterable[Award]) -> None:
    for row, award in zip(rows, awards, strict=True):
        row.made[word] = award.pk


def _state(of: Import, rows: Sequence[ImportRow], by: Officer | None, at: datetime) -> None:
    """Record the facts rows state, and keep what stood before and what stands now."""
    stating = [row for row in rows if row.says["facts"]]
    if not stating:
        return
    names = {name for row in stating for name in row.says["facts"]}
    people = {row.person_id or 0 for row in stating}
    act = f"第 {of.pk} 次导入"
    said = [(row, one) for row in stating for one in statements(row, row.says["facts"], of, act)]
    before = today(people, names)
    records = registry.record_facts(statements=[one for _, one in said], by=by, at=at)
    after = today(people, names)
    for row in stating:
        row.made["records"] = []
        for word, values in (("before", before), ("after", after)):
            known = values[row.person_id or 0]
            row.made[word] = {name: known[name] for name in row.says["facts"]}
    for (row, _), record in zip(said, records, strict=True):
        row.made["records"].append(record.pk)


def statements(
    row: ImportRow, said: Mapping[str, Any], of: Import, act: str, source: str = ""
) -> list[registry.Statement]:
    """What a row says of its person, as the registry takes it; by default in the file's name."""
    assert of.as_of is not None
    person, note = Person(pk=row.person_id), f"{act}第 {row.number} 行"
    return [
        registry.Statement(
            person, name, from_json(FACTS[name], value), source or of.source, of.as_of, note=note
        )
        for name, value in said.items()
    ]


def today(people: Iterable[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
    """What is known of people today, as a row keeps it: {person: {fact: value}}."""
    rows = PersonFacts.objects.filter(pk__in=any_of(people)).values_list("pk", *names)
    facts = [FACTS[name] for name in names]
    return {
        pk: {
            fact.name: to_json(fact, from_column(fact, value))
            for fact, value in zip(facts, values, strict=True)
        }
        for pk, *values in rows
    }
