"""One checked row written into the registry, and the same row taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer
from jiekun.offices.queries import with_former, within
from jiekun.registry import actions as registry
from jiekun.registry.models import (
    FactRecord,
    Household,
    Person,
    PersonFacts,
    Receipt,
    Recognition,
    Settlement,
)
from jiekun.registry.wide import from_column, from_json, to_json

from .layouts import LAYOUTS, Layout
from .models import Import, ImportRow

# The word under which a value that an import wrote over is said again.
UNDOING = "撤销导入"
_HELD: Mapping[str, type[Recognition | Receipt]] = {
    "recognition": Recognition,
    "receipt": Receipt,
}


def living(of: Import, rows: Sequence[ImportRow], on: date) -> dict[int, PersonFacts]:
    """Those of the rows' people who still live inside the areas, locked, by number."""
    inside = within(with_former(frozenset(of.areas), on), "household__community__code")
    held = PersonFacts.objects.select_for_update(of=("self",)).select_related("household", "person")
    people = [row.person_id for row in rows if row.person_id is not None]
    return {facts.pk: facts for facts in held.filter(inside, pk__in=people).order_by("pk")}


def apply(
    of: Import, row: ImportRow, facts: PersonFacts | None, *, by: Officer | None, at: datetime
) -> None:
    """Write what a row says, all of it or nothing; the row says what became of it. Not saved."""
    row.outcome = ImportRow.Outcome.FAILED
    if facts is None:
        row.told = "检查以后，这个人已不在本辖区（去世、迁出或离开了家庭）"
        return
    try:
        with transaction.atomic():
            granted = _grant(LAYOUTS[of.layout], of, row, facts, by, at)
            row.made = {**granted, **_state(of, row, facts, by, at)}
        row.outcome, row.told = ImportRow.Outcome.APPLIED, ""
    except registry.RefusedError as problem:
        row.told = str(problem)
    except IntegrityError:
        # The database lets nobody hold one thing twice.
        row.told = "检查以后，别人已经登记了同样的认定或待遇"


def _grant(
    layout: Layout,
    of: Import,
    row: ImportRow,
    facts: PersonFacts,
    by: Officer | None,
    at: datetime,
) -> dict[str, Any]:
    """Recognise and begin what the ledger lists people for."""
    home: Household = facts.household  # type: ignore[assignment]
    person: Person | None = None if layout.whole_household else facts.person
    made: dict[str, Any] = {}
    if layout.category:
        made["recognition"] = registry.recognise(
            household=home, person=person, category=layout.category,
            since=date.fromisoformat(row.says["since"]), decided_by=of.source,
            document_number=row.says["document"], by=by, at=at,
        ).pk  # fmt: skip
    if layout.measure:
        made["receipt"] = registry.begin_receipt(
            household=home, person=person, measure=layout.measure,
            amount_fen=int(Decimal(row.says["amount"]) * 100), unit="yuan/month",
            since=date.fromisoformat(row.says["since"]), by=by, at=at,
        ).pk  # fmt: skip
    return made


def _state(
    of: Import, row: ImportRow, facts: PersonFacts, by: Officer | None, at: datetime
) -> dict[str, Any]:
    """Record the facts a row states, and keep what stood before and what stands now."""
    said = row.says["facts"]
    if not said:
        return {}
    before = _values(facts, said)
    assert of.as_of is not None
    records = registry.record_facts(
        statements=[
            registry.Statement(
                facts.person, name, from_json(FACTS[name], value), of.source, of.as_of,
                note=f"第 {of.pk} 次导入第 {row.number} 行",
            )
            for name, value in said.items()
        ],
        by=by,
        at=at,
    )  # fmt: skip
    facts.refresh_from_db(fields=list(said))
    return {
        "before": before,
        "after": _values(facts, said),
        "records": [record.pk for record in records],
    }


def _values(facts: PersonFacts, names: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: to_json(FACTS[name], from_column(FACTS[name], getattr(facts, name))) for name in names
    }


def undo(of: Import, row: ImportRow, *, by: Officer | None, at: datetime) -> None:
    """Take back what a row wrote, unless somebody has changed it since. Not saved."""
    try:
        with transaction.atomic():
            _end(row, of, by, at)
            _withdraw(row, of, by, at)
        row.outcome, row.told = ImportRow.Outcome.UNDONE, ""
    except registry.RefusedError as problem:
        row.outcome, row.told = ImportRow.Outcome.KEPT, str(problem)


def _end(row: ImportRow, of: Import, by: Officer | None, at: datetime) -> None:
    """An award that should never have been ends on the day it began."""
    for name, model in _HELD.items():
        if name not in row.made:
            continue
        award = model._default_manager.select_for_update().get(pk=row.made[name])
        if award.until is not None:
            raise registry.RefusedError(f"导入以后，别人已把它结束（{award.until}）")
        registry.end_award(
            award=award, until=award.since, reason=f"撤销第 {of.pk} 次导入", by=by, at=at
        )


def _withdraw(row: ImportRow, of: Import, by: Officer | None, at: datetime) -> None:
    """Let the source unsay its facts, and say again what stood before."""
    if "records" not in row.made:
        return
    names, before = list(row.made["after"]), row.made["before"]
    facts = PersonFacts.objects.select_for_update().get(person=row.person_id)
    _refuse_changed(row, facts, names)
    assert of.as_of is not None
    note = f"撤销第 {of.pk} 次导入第 {row.number} 行"
    unsaid = dict.fromkeys(names)
    again = {
        name: before[name]
        for name in names
        # Where the import's word never stood, nothing was written over.
        if before[name] is not None and row.made["after"][name] == row.says["facts"][name]
    }
    for source, values in ((of.source, unsaid), (UNDOING, again)):
        registry.record_facts(
            statements=[
                registry.Statement(
                    facts.person, name, from_json(FACTS[name], value), source, of.as_of, note=note
                )
                for name, value in values.items()
            ],
            by=by,
            at=at,
        )


def _refuse_changed(row: ImportRow, facts: PersonFacts, names: list[str]) -> None:
    last = max(row.made["records"])
    since = FactRecord.objects.filter(person=row.person_id, fact__in=names, pk__gt=last)
    said = since.select_related("recorded_by").first()
    if said is not None:
        who = said.recorded_by.name if said.recorded_by else said.source
        raise registry.RefusedError(f"导入以后，{who}又记过“{FACTS[said.fact].label}”")
    written = FactRecord.objects.get(pk=last).recorded_at
    settled = Settlement.objects.filter(person=row.person_id, fact__in=names, at__gte=written)
    if (one := settled.first()) is not None:
        raise registry.RefusedError(f"“{FACTS[one.fact].label}”已由人决定以谁为准")
    if _values(facts, row.made["after"]) != row.made["after"]:
        raise registry.RefusedError("导入以后，部门又送来了新的数据")
