"""What happened to a family or one of its people: all that has a date, on one line of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, Q
from django.db.models.functions import JSONObject
from django.utils.timezone import get_current_timezone

from jiekun.law.facts import FACTS
from jiekun.registry.history import ChangeKind
from jiekun.registry.models import (
    Attachment,
    Consent,
    FactRecord,
    FormerName,
    Household,
    HouseholdChange,
    Person,
    Receipt,
    Recognition,
    Relation,
    Settlement,
)
from jiekun.registry.papers import Ground, Scope
from jiekun.registry.queries import MET
from jiekun.registry.wide import from_json
from jiekun.screening.models import Change, Kind, Run

from . import labels, words
from .door import PLACE, Desk
from .family import Member
from .masks import Masks

KINDS = {
    "people": "人口和住址",
    "fact": "事实",
    "contact": "走访和问话",
    "decision": "认定和决定",
    "finding": "筛查变化",
    "money": "待遇",
    "paper": "材料和授权",
}
SHOWN = 7
# Facts told in one line; the rest of what was said at once stands behind it.
TOLD_AT_ONCE = 3


@dataclass(frozen=True)
class Event:
    """One line of the story, and where it comes from."""

    on: date
    kind: str
    text: str
    source: str = ""
    alarm: bool = False
    # What stands behind the line: label and value.
    told: tuple[tuple[str, str], ...] = ()
    # Where its source is: address and what it is called.
    link: tuple[str, str] = ("", "")
    # What it is called on its page.
    mark: str = ""

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True)
class Teller:
    """Tells the story of a household, or of one person in it."""

    desk: Desk
    household: Household
    family: Sequence[Member]
    masks: Masks
    person: Person | None = None

    def events(self) -> list[Event]:
        """Everything there is, newest first."""
        tellers = (
            self._stated, self._recognised, self._settled, self._received, self._found,
            self._befell, self._renamed, self._filed, self._granted,
        )  # fmt: skip
        asked = [[SimpleNamespace(**row) for row in rows or ()] for rows in self._asked()]
        found = list(self._deaths(asked[tellers.index(self._befell)]))
        for tell, rows in zip(tellers, asked, strict=True):
            found += tell(rows)
        found.sort(key=lambda event: event.on, reverse=True)
        return [replace(event, mark=f"e{number}") for number, event in enumerate(found, 1)]

    # -- whose

    def _asked(self) -> Sequence[Sequence[dict[str, Any]] | None]:
        """The rows of every kind, in one question: a page may ask few."""
        people = self._people
        about = Q(person__in=people)
        both = about if self.person else about | Q(household=self.household)
        runs = Run.objects.filter(
            place=PLACE, simulate=sorted(self.desk.simulate), state=Run.State.DONE
        )
        changed = Q(household=self.household, run__in=runs)
        befell = Q(person=self.person) if self.person else Q(household=self.household)
        asked = (
            _rows(FactRecord, both, *_STATED, by="recorded_by__name"),
            _rows(Recognition, both, *_RECOGNISED),
            _rows(Settlement, both, *_SETTLED, by="by__name"),
            _rows(Receipt, both, *_RECEIVED),
            _rows(Change, changed & about if self.person else changed, *_FOUND, on="run__on"),
            _rows(HouseholdChange, befell, *_BEFELL, by="by__name", named="person__name",
                  other_name="other__name", other_area="other__community_id"),
            _rows(FormerName, about, "person_id", "name", "until", "document"),
            _rows(Attachment, both & Q(removed_at__isnull=True), *_FILED, by="by__name"),
            _rows(Consent, about, *_GRANTED),
        )  # fmt: skip
        home = Household.objects.filter(pk=self.household.pk)
        found: tuple[list[dict[str, Any]] | None, ...] = home.values_list(*asked).get()
        return found

    @property
    def _people(self) -> list[int]:
        if self.person is not None:
            return [self.person.pk]
        return [member.id for member in self.family]

    def _who(self, person: int | None) -> str:
        if person is None:
            return "全家"
        member = next((m for m in self.family if m.id == person), None)
        return member.title if member else "已离开的家人"

    def _whose(self, person: int | None) -> str:
        """Whose it is, where that is not plain."""
        return "" if self.person is not None or person is None else f"{self._who(person)}："

    # -- what

    def _deaths(self, befell: list[Any]) -> Iterator[Event]:
        """Who died, and who wrote it down where somebody did."""
        noted = {one.person_id: one for one in befell if one.kind == ChangeKind.DIED}
        for member in self.family:
            if member.died_on and member.id in self._people:
                one = noted.get(member.id)
                told = [("谁办的", _by(one.by, one.at)), ("来源", one.reason)] if one else []
                yield Event(
                    member.died_on, "people", f"{member.title}去世", "公安" if one is None else "",
                    alarm=True, told=_filled(told),
                    link=(self.desk.url("person", member.id), "看这个人"),
                )  # fmt: skip

    def _stated(self, rows: list[Any]) -> Iterator[Event]:
        """Facts one source stated of one subject on one day make one line."""
        lines: dict[tuple[str, int | None, str], list[Any]] = {}
        for one in rows:
            if one.fact in FACTS:
                lines.setdefault((one.as_of, one.person_id, one.source), []).append(one)
        for (day, person, source), said in lines.items():
            yield self._statement(_date(day), person, source, said)

    def _statement(self, day: date, person: int | None, source: str, said: list[Any]) -> Event:
        told = [(FACTS[one.fact].label, _value(one)) for one in said]
        short = "；".join(f"{label}：{value}" for label, value in told[:TOLD_AT_ONCE])
        more = f"等 {len(told)} 项" if len(told) > TOLD_AT_ONCE else ""
        last = said[-1]
        behind = told if more else []
        behind += [("谁说的", source), ("谁记的", _by(last.by, last.recorded_at))]
        behind += [("凭据", last.evidence), ("备注", last.note)]
        page = ("household", self.household.pk) if person is None else ("person", person)
        whose = "全家：" if person is None else self._whose(person)
        return Event(
            day, "contact" if source in MET else "fact", f"{whose}{short}{more}", source,
            told=_filled(behind), link=(self.desk.url(*page), "看现在用的事实"),
        )  # fmt: skip

    def _recognised(self, rows: list[Any]) -> Iterator[Event]:
        for one in rows:
            label = labels.measure(self.desk.program, one.category)
            told = _filled([("哪里定的", one.decided_by), ("文号", one.document_number)])
            link = (self.desk.url("recognitions", self.household.pk), "看这一户的认定")
            whose = self._whose(one.person_id)
            began, ended = f"{whose}认定{label}", f"{whose}{label}认定结束"
            for day, text in ((one.since, began), (one.until, ended)):
                if day:
                    yield Event(_date(day), "decision", text, one.decided_by, told=told, link=link)

    def _settled(self, rows: list[Any]) -> Iterator[Event]:
        for one in rows:
            label = FACTS[one.fact].label if one.fact in FACTS else one.fact
            page = self.desk.url("household-disagreements", self.household.pk)
            if one.person_id:
                page = self.desk.url("disagreements", one.person_id)
            text = f"{self._whose(one.person_id)}“{label}”定以{one.source}为准"
            told = _filled([
                ("为什么", one.reason), ("凭据", one.document), ("谁定的", _by(one.by, one.at)),
                ("撤销或改定", _moment(one.lifted_at)),
            ])  # fmt: skip
            link = (f"{page}#{one.fact}", "看各方的说法")
            yield Event(_day(one.at), "decision", text, one.by, told=told, link=link)

    def _received(self, rows: list[Any]) -> Iterator[Event]:
        for one in rows:
            label, whose = (
                labels.measure(self.desk.program, one.measure),
                self._whose(one.person_id),
            )
            paid = _paid(one.amount_fen, one.unit)
            told = _filled([("金额", paid), ("到哪天", one.until or "")])
            link = self._why(one.measure, one.person_id)
            began = f"{whose}开始领{label} {paid}".strip()
            for day, text in ((one.since, began), (one.until, f"{whose}{label}停发")):
                if day:
                    yield Event(_date(day), "money", text, told=told, link=link)

    def _why(self, measure: str, person: int | None) -> tuple[str, str]:
        """The page that works a measure out for them, where it still can be."""
        gone = person and not any(m.id == person and not m.died_on for m in self.family)
        if gone or measure not in {use.measure.name for use in self.desk.program.measures}:
            return "", ""
        who = str(person) if person else ""
        return self.desk.url("why", self.household.pk, measure, who=who), "按现行政策看为什么"

    def _found(self, rows: list[Any]) -> Iterator[Event]:
        """Where one screening differed from the one before."""
        for one in rows:
            label = labels.measure(self.desk.program, one.measure)
            unit = labels.unit(self.desk.program, one.measure)
            before, after = _kind(one.before), _kind(one.after)
            told = _filled([
                ("筛查", one.on), ("原来", before), ("现在", after),
                ("原来的金额", _paid(one.before_fen, unit)),
                ("现在的金额", _paid(one.after_fen, unit)),
            ])  # fmt: skip
            moved = "金额变了" if before == after else f"{before} → {after}"
            text = f"{self._whose(one.person_id)}{label}：{moved}"
            link = self._why(one.measure, one.person_id)
            yield Event(_date(one.on), "finding", text, "筛查", told=told, link=link)

    def _befell(self, rows: list[Any]) -> Iterator[Event]:
        told_already = {member.id for member in self.family if member.died_on}
        for one in rows:
            if one.kind == ChangeKind.DIED and one.person_id in told_already:
                continue
            told = [("谁办的", _by(one.by, one.at)), ("原因", one.reason)]
            told += _altered(one.before, one.after, self.masks)
            link = ("", "")
            if one.other_id:
                # Of a household elsewhere the database shows no row, and so no name.
                there = "辖区以外的一户"
                if (one.other_area or "").startswith(tuple(self.desk.areas)):
                    there = f"{one.other_name}（户号 {one.other_id}）"
                    link = (self.desk.url("household", one.other_id), "看另一户")
                told.append(("另一户", there))
            named = one.named and self.person is None
            who = f"（{self.masks.name(one.named)}）" if named else ""
            text = f"{ChangeKind(one.kind).label}{who}"
            yield Event(_date(one.on), "people", text, told=_filled(told), link=link)

    def _renamed(self, rows: list[Any]) -> Iterator[Event]:
        for one in rows:
            text = f"{self._who(one.person_id)}改名，原来叫{self.masks.name(one.name)}"
            link = (self.desk.url("numbers", one.person_id), "看曾用名")
            told = _filled([("凭据", one.document)])
            yield Event(_date(one.until), "people", text, told=told, link=link)

    def _filed(self, rows: list[Any]) -> Iterator[Event]:
        for one in rows:
            kind = str(Attachment.Kind(one.kind).label)
            told = _filled([
                ("种类", kind), ("为什么留存", one.purpose), ("谁存的", _by(one.by, one.at)),
            ])  # fmt: skip
            text = f"{self._whose(one.person_id)}存了材料：{one.label}"
            page = (
                ("papers", one.person_id)
                if one.person_id
                else ("household-papers", self.household.pk)
            )
            link = (f"{self.desk.url(*page)}#paper-{one.pk}", "看这份材料")
            yield Event(_day(one.at), "paper", text, told=told, link=link)

    def _granted(self, rows: list[Any]) -> Iterator[Event]:
        for one in rows:
            told = _filled([("条款", one.clause), ("授权书", one.paper)])
            who, scope = self._who(one.person_id), Scope(one.scope).label
            text = f"{who}：{Ground(one.ground).label}，用于{scope}"
            link = (self.desk.url("grounds", one.person_id), "看授权和依据")
            yield Event(_date(one.since), "paper", text, told=told, link=link)
            if one.until and _date(one.until) <= self.desk.on:
                ended = f"{who}：{scope}的依据到期或撤回"
                yield Event(_date(one.until), "paper", ended, told=told, link=link)


_STATED = ("person_id", "fact", "value", "source", "as_of", "recorded_at", "note", "evidence")
_RECOGNISED = ("person_id", "category", "since", "until", "decided_by", "document_number")
_SETTLED = ("person_id", "fact", "source", "reason", "document", "at", "lifted_at")
_RECEIVED = ("person_id", "measure", "amount_fen", "unit", "since", "until")
_FOUND = ("person_id", "measure", "before", "after", "before_fen", "after_fen")
_BEFELL = ("person_id", "kind", "on", "at", "reason", "before", "after", "other_id")
_FILED = ("pk", "person_id", "kind", "label", "purpose", "at")
_GRANTED = ("person_id", "scope", "ground", "clause", "paper", "since", "until")


def _rows(model: type[Model], which: Q, *columns: str, **renamed: str) -> ArraySubquery:
    """Rows as objects, in the order they were written."""
    rows = model._default_manager.filter(which).order_by("pk")
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in columns}, **renamed)))


def _value(one: Any) -> str:
    fact = FACTS[one.fact]
    return words.fact_words(fact, from_json(fact, one.value))


def _kind(kind: int | None) -> str:
    return "不符合" if kind is None else str(Kind(kind).label)


def _paid(fen: int | None, unit: str) -> str:
    return "" if fen is None else words.amount(Decimal(fen) / 100, unit)


def _filled(told: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in told if value)


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _here(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(get_current_timezone())


def _day(text: str) -> date:
    return _here(text).date()


def _moment(text: str | None) -> str:
    return f"{_here(text):%Y-%m-%d %H:%M}" if text else ""


def _by(name: str | None, at: str) -> str:
    return f"{name or '系统'} {_moment(at)}"


def _altered(before: dict[str, Any], after: dict[str, Any], masks: Masks) -> list[tuple[str, str]]:
    """What a change says of before and after, in words, behind the mask."""
    told = []
    for label, side in (("原来", before), ("改成", after)):
        parts = []
        if relation := side.get("relation"):
            parts.append(str(Relation(relation).label))
        if address := side.get("address"):
            parts.append(masks.address(address))
        if phone := side.get("phone"):
            parts.append(masks.phone(phone))
        parts += [str(side[name]) for name in ("grid", "to") if side.get(name)]
        if people := side.get("people"):
            parts.append(f"{len(people)} 人")
        told.append((label, "，".join(parts)))
    return told
