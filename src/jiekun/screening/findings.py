"""From the law's answers and the receipts to findings: one for each subject and measure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from jiekun.kernel.ages import reached
from jiekun.kernel.values import PER_YEAR

from .models import Kind
from .sweep import Answers, Array, Near, Status, Sweep, is_money, unit_of

_OPEN = {Status.ASK: Kind.ASK, Status.JUDGE: Kind.JUDGE, Status.UNSET: Kind.UNSET}
# First years of age of the bands charts show.
BANDS = (0, 6, 16, 18, 60, 70, 80)


@dataclass(frozen=True, slots=True)
class Homes:
    """The households of a chunk with people in them, and those people, in household order."""

    households: Array
    community: Array  # of each household: index into `communities`
    communities: list[str]
    sizes: Array
    people: Array


@dataclass(frozen=True, slots=True)
class Births:
    """Days of birth since 1970, by person; `known` is None where everybody's is."""

    days: Array
    known: Array | None


@dataclass(frozen=True, slots=True)
class Receipts:
    """What is received on the day: `person` is 0 for the household's, `fen` -1 for no money."""

    household: Array
    person: Array
    measure: Array  # index into the program's measures; -1 for one not in force
    fen: Array
    yearly: Array

    def of(self, measure: int) -> Receipts:
        """Those of one measure."""
        here = self.measure == measure
        return Receipts(
            self.household[here], self.person[here], self.measure[here], self.fen[here],
            self.yearly[here],
        )  # fmt: skip


@dataclass(slots=True)
class Sheet:
    """Findings as columns of equal length. Numbers absent are -1; `home` is a household's index."""

    home: Array
    person: Array
    measure: Array
    kind: Array
    received: Array
    amount: Array
    yearly: Array
    received_fen: Array
    received_yearly: Array
    waits: Array
    atom: Array
    gap: Array

    @classmethod
    def joined(cls, parts: list[Sheet]) -> Sheet:
        """Several sheets as one."""
        names = cls.__slots__
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def take(self, rows: Array) -> Sheet:
        """Some of the rows."""
        return Sheet(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(slots=True)
class Found:
    """A chunk's findings; what universal measures cover stands apart, only to be counted."""

    sheet: Sheet
    counted: Sheet
    # Receipts this law says nothing of.
    notes: dict[str, int] = field(default_factory=dict)


def findings(sweep: Sweep, homes: Homes, receipts: Receipts) -> Found:
    """Compare what the law says with what is received."""
    owner = np.repeat(np.arange(len(homes.sizes)), homes.sizes)
    by_number = np.argsort(homes.people, kind="stable")
    kept: list[Sheet] = []
    counted: list[Sheet] = []
    for place, (answers, near) in enumerate(zip(sweep.answers, sweep.near, strict=True)):
        measure = answers.use.measure
        person = measure.to == "person"
        rows, subjects = _received(homes, receipts.of(place), person, by_number)
        part = _Comparison(sweep, place, answers, near, rows, subjects).sheet()
        part.person = homes.people[part.home] if person else np.zeros(len(part.home), np.int64)
        if person:
            part.home = owner[part.home]
        (counted if measure.universal else kept).append(part)
        if not measure.universal:
            kept.append(_astray(homes, receipts.of(place), place, person, by_number))
    return Found(_join(kept), _join(counted), _notes(homes, receipts))


def _notes(homes: Homes, receipts: Receipts) -> dict[str, int]:
    """Receipts no finding can show: of a measure not in force, of a household without people."""
    found = {
        "outside": int((receipts.measure < 0).sum()),
        "nobody_home": int((_lookup(homes.households, None, receipts.household) < 0).sum()),
    }
    return {name: count for name, count in found.items() if count}


def _join(parts: list[Sheet]) -> Sheet:
    return Sheet.joined([_blank(0), *parts])


def _blank(count: int) -> Sheet:
    def numbers(fill: int) -> Array:
        return np.full(count, fill, np.int64)

    return Sheet(
        numbers(0), numbers(0), numbers(0), np.zeros(count, np.int8), np.zeros(count, bool),
        numbers(-1), numbers(-1), numbers(-1), numbers(0), np.zeros(count, np.int32),
        np.full(count, -1, np.int8), numbers(-1),
    )  # fmt: skip


def _lookup(numbers: Array, order: Array | None, wanted: Array) -> Array:
    """Positions of numbers in a list (sorted, or sorted by `order`); -1 where they are not."""
    if not len(numbers):
        return np.full(len(wanted), -1, np.int64)
    at = np.searchsorted(numbers, wanted, sorter=order)
    at = np.minimum(at, len(numbers) - 1)
    found = at if order is None else order[at]
    return np.where(numbers[found] == wanted, found, -1)


def _subjects(homes: Homes, receipts: Receipts, person: bool, by_number: Array) -> Array:
    if person:
        return _lookup(homes.people, by_number, receipts.person)
    return _lookup(homes.households, None, receipts.household)


def _received(
    homes: Homes, receipts: Receipts, person: bool, by_number: Array
) -> tuple[Array, Receipts]:
    """Who receives a measure (position of a person or household), each once, in order."""
    where = _subjects(homes, receipts, person, by_number)
    rows, first = np.unique(where, return_index=True)
    first, rows = first[rows >= 0], rows[rows >= 0]
    taken = Receipts(*(getattr(receipts, name)[first] for name in Receipts.__slots__))
    return rows, taken


def _astray(homes: Homes, receipts: Receipts, place: int, person: bool, by_number: Array) -> Sheet:
    """Receipts of somebody who is not, or no longer, in the household: for a person to review."""
    home = _lookup(homes.households, None, receipts.household)
    lost = np.flatnonzero((_subjects(homes, receipts, person, by_number) < 0) & (home >= 0))
    part = _blank(len(lost))
    part.home, part.person = home[lost], receipts.person[lost]
    part.measure = np.full(len(lost), place)
    part.kind = np.full(len(lost), Kind.REVIEW, np.int8)
    part.received = np.ones(len(lost), bool)
    part.received_fen, part.received_yearly = receipts.fen[lost], receipts.yearly[lost]
    return part


@dataclass(slots=True)
class _Comparison:
    """One measure: the law's answers beside who receives it. Subjects stand in `home`."""

    sweep: Sweep
    place: int
    answers: Answers
    near: Near
    rows: Array
    receipts: Receipts

    def sheet(self) -> Sheet:
        receives = np.isin(self.answers.rows, self.rows)
        near = ~np.isin(self.near.rows, self.rows)
        refused = np.flatnonzero(~np.isin(self.rows, self.answers.rows))
        if self.answers.use.measure.universal:
            # Nobody applies for what covers everybody: nothing to be near to, or to review.
            near, refused = near & False, refused[:0]
        return Sheet.joined(
            [self._answered(receives), self._missed(np.flatnonzero(near)), self._refused(refused)]
        )

    def _answered(self, receives: Array) -> Sheet:
        answers, universal = self.answers, self.answers.use.measure.universal
        yes = answers.status == Status.YES
        part = _blank(len(answers.rows))
        part.home = answers.rows
        part.measure[:] = self.place
        entitled = np.where(receives, Kind.RECEIVING, Kind.UNREACHED)
        part.kind = np.where(yes, Kind.COVERED if universal else entitled, 0).astype(np.int8)
        for status, kind in _OPEN.items():
            part.kind[answers.status == status] = kind
        part.received = receives
        part.amount = np.where(answers.amount_known, answers.amount, -1)
        times = PER_YEAR.get(unit_of(self.sweep.program, answers.use), 0)
        priced = answers.amount_known & (times > 0) & is_money(self.sweep.program, answers.use)
        part.yearly = np.where(priced, answers.amount * times, -1)
        part.waits = answers.waits
        if receives.any():
            at = np.searchsorted(self.rows, answers.rows[receives])
            part.received_fen[receives] = self.receipts.fen[at]
            part.received_yearly[receives] = self.receipts.yearly[at]
        return part

    def _missed(self, which: Array) -> Sheet:
        part = _blank(len(which))
        part.home = self.near.rows[which]
        part.measure[:] = self.place
        part.kind[:] = Kind.NEAR
        part.atom, part.gap = self.near.atom[which], self.near.gap[which]
        return part

    def _refused(self, which: Array) -> Sheet:
        part = _blank(len(which))
        part.home = self.rows[which]
        part.measure[:] = self.place
        part.kind[:] = Kind.REVIEW
        part.received[:] = True
        part.received_fen = self.receipts.fen[which]
        part.received_yearly = self.receipts.yearly[which]
        return part


def tallies(found: Found, homes: Homes, measures: int) -> Iterator[tuple[int, ...]]:
    """(community, measure, kind, subjects, of them received, fen a year), where there are any."""
    for sheet in (found.sheet, found.counted):
        kinds = max(Kind.values) + 1
        key = (homes.community[sheet.home] * measures + sheet.measure) * kinds + sheet.kind
        size = len(homes.communities) * measures * kinds
        subjects = np.bincount(key, minlength=size)
        received = np.bincount(key[sheet.received], minlength=size)
        # Weights are doubles: exact for sums below 2^53 fen, ninety million million yuan.
        yearly = np.bincount(key, weights=np.maximum(sheet.yearly, 0), minlength=size)
        for at in np.flatnonzero(subjects):
            place, kind = divmod(int(at), kinds)
            community, measure = divmod(place, measures)
            yield community, measure, kind, int(subjects[at]), int(received[at]), int(yearly[at])


def wait_tallies(sweep: Sweep, sheet: Sheet, homes: Homes) -> Iterator[tuple[int, int, int, int]]:
    """(community, index into `waited_for`, people, households as such), each once a leaf."""
    size = len(homes.communities)
    for place, leaf in enumerate(waited_for(sweep)):
        held = np.array([leaf in wait for wait in sweep.waits])[sheet.waits]
        rows = np.flatnonzero(held & (sheet.person > 0))
        _, first = np.unique(sheet.person[rows], return_index=True)
        people = np.bincount(homes.community[sheet.home[rows[first]]], minlength=size)
        alone = np.unique(sheet.home[held & (sheet.person == 0)])
        whole = np.bincount(homes.community[alone], minlength=size)
        for at in np.flatnonzero(people + whole):
            yield int(at), place, int(people[at]), int(whole[at])


def waited_for(sweep: Sweep) -> list[str]:
    """Every leaf some answer waits for, in order."""
    return sorted({name for wait in sweep.waits for name in wait})


def age_tallies(sweep: Sweep, homes: Homes, births: Births) -> Iterator[tuple[int, int, int, int]]:
    """(community, measure, first year of the band, people entitled)."""
    band = np.full(len(births.days), -1, np.int64)
    for years in BANDS:
        band += births.days <= reached(sweep.program.on, years)
    aged = band >= 0 if births.known is None else (band >= 0) & births.known
    community = np.repeat(homes.community, homes.sizes)
    for place, answers in enumerate(sweep.answers):
        if answers.use.measure.to != "person":
            continue
        rows = answers.rows[answers.status == Status.YES]
        rows = rows[aged[rows]]
        count = np.bincount(community[rows] * len(BANDS) + band[rows])
        for at in np.flatnonzero(count):
            where, which = divmod(int(at), len(BANDS))
            yield where, place, BANDS[which], int(count[at])
