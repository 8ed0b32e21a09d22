"""What rows wrote taken back, unless somebody has changed it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jiekun.journal.many import any_of
from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer
from jiekun.registry import actions as registry
from jiekun.registry.models import (
    FactRecord,
    Person,
    PersonFacts,
    Receipt,
    Recognition,
    Settlement,
)

from .applying import Award, statements, today, together
from .models import Import, ImportRow

# The word under which a value that an import wrote over is said again.
UNDOING = "撤销导入"
_HELD: Mapping[str, type[Award]] = {"recognition": Recognition, "receipt": Receipt}


def undo(of: Import, rows: Sequence[ImportRow], *, by: Officer | None, at: datetime) -> None:
    """Take back what rows wrote; they say what became of it. Not saved."""
    awards = _awards(rows)
    # Asked last, when what a merge moves is locked.
    kept = {**_changed(rows), **_ended(rows, awards), **_merged(rows)}
    for row in rows:
        if row.pk in kept:
            _keep(row, kept[row.pk])

    def take_back(some: Sequence[ImportRow]) -> None:
        ends = {award: award.since for row in some for award in awards[row.pk]}
        registry.end_awards(ends=ends, reason=f"撤销第 {of.pk} 次导入", by=by, at=at)
        _withdraw(of, some, by, at)
        for row in some:
            row.outcome, row.told = ImportRow.Outcome.UNDONE, ""

    together([row for row in rows if row.pk not in kept], take_back, _keep)


def _keep(row: ImportRow, told: str) -> None:
    row.outcome, row.told = ImportRow.Outcome.KEPT, told


def _awards(rows: Sequence[ImportRow]) -> dict[int, list[Award]]:
    """What each row began, locked. An award that should never have been ends as it began."""
    found: dict[int, list[Award]] = {row.pk: [] for row in rows}
    for word, model in _HELD.items():
        whose = {row.made[word]: row.pk for row in rows if word in row.made}
        held = (
            model._default_manager.select_for_update().filter(pk__in=any_of(whose)).order_by("pk")
        )
        for award in held:
            found[whose[award.pk]].append(award)
    return found


def _locked(rows: Sequence[ImportRow]) -> dict[int, dict[str, Any]]:
    """What is known today of those whose facts were written, locked, by number."""
    whose = [row.person_id or 0 for row in rows if "records" in row.made]
    names = {name for row in rows for name in row.made.get("after", ())}
    locked = PersonFacts.objects.select_for_update().filter(pk__in=any_of(whose))
    return today(list(locked.order_by("pk").values_list("pk", flat=True)), names)


def _ended(rows: Sequence[ImportRow], awards: Mapping[int, Sequence[Award]]) -> dict[int, str]:
    """The rows whose awards somebody has ended, and what to say of it."""
    return {
        row.pk: f"导入以后，别人已把它结束（{award.until}）"
        for row in rows
        for award in awards[row.pk]
        if award.until is not None
    }


def _merged(rows: Sequence[ImportRow]) -> dict[int, str]:
    """The rows of people who stand under another number now, and what to say of it."""
    people = Person.objects.filter(pk__in=any_of({row.person_id or 0 for row in rows}))
    joined = people.filter(merged_into__isnull=False)
    under = dict(joined.values_list("pk", "merged_into"))
    return {
        row.pk: f"导入以后，这个人已与 {under[row.person_id]} 号合并，请在那里改"
        for row in rows
        if row.person_id in under
    }


def _changed(rows: Sequence[ImportRow]) -> dict[int, str]:
    """The rows whose facts somebody has stated, settled or delivered anew, in words."""
    known = _locked(rows)
    stating = [row for row in rows if "records" in row.made]
    if not stating:
        return {}
    own = {number for row in stating for number in row.made["records"]}
    records = FactRecord.objects.filter(pk__in=any_of(own))
    written = dict(records.values_list("pk", "recorded_at"))
    names = {name for row in stating for name in row.made["after"]}
    about = {"person__in": any_of(known), "fact__in": names}
    later = FactRecord.objects.filter(**about, pk__gt=min(own)).select_related("recorded_by")
    # Of several the last is told.
    said = {(one.person_id, one.fact): one for one in later.order_by("pk")}
    decided = Settlement.objects.filter(**about, at__gte=min(written.values())).order_by("at")
    settled = {(one.person_id, one.fact): one for one in decided}
    told = {}
    for row in stating:
        last, after = max(row.made["records"]), row.made["after"]
        for name in after:
            stated, settlement = (found.get((row.person_id, name)) for found in (said, settled))
            if isinstance(stated, FactRecord) and stated.pk > last:
                told[row.pk] = _restated(stated)
            elif isinstance(settlement, Settlement) and settlement.at >= written[last]:
                told[row.pk] = f"“{FACTS[name].label}”已由人决定以谁为准"
        now = known.get(row.person_id or 0)
        if now is None or any(now[name] != after[name] for name in after):
            told.setdefault(row.pk, "导入以后，部门又送来了新的数据")
    return told


def _restated(one: FactRecord) -> str:
    who = one.recorded_by.name if one.recorded_by else one.source
    return f"导入以后，{who}又记过“{FACTS[one.fact].label}”"


def _withdraw(of: Import, rows: Sequence[ImportRow], by: Officer | None, at: datetime) -> None:
    """Let the source unsay its facts, and say again what stood before."""
    unsaid, again = [], []
    act = f"撤销第 {of.pk} 次导入"
    for row in rows:
        if "records" not in row.made:
            continue
        after, before = row.made["after"], row.made["before"]
        unsaid += statements(row, dict.fromkeys(after), of, act)
        # Where the import's word never stood, nothing was written over.
        stood = {
            name: before[name]
            for name in after
            if before[name] is not None and after[name] == row.says["facts"][name]
        }
        again += statements(row, stood, of, act, UNDOING)
    for said in (unsaid, again):
        registry.record_facts(statements=said, by=by, at=at)
