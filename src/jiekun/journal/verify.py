"""Reading the whole journal against its seals: what was changed, and which line it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection, transaction

from .canonical import MEMBER_BYTES, line_digest, member, seal_digest
from .chain import eras

LINES_AT_A_TIME = 5_000
SEALS_AT_A_TIME = 10
LAST_NUMBER = 2**63 - 1
_EPOCH = "(extract(epoch FROM at) * 1000000)::bigint"
LINES = f"""
SELECT transaction, id, digest, {_EPOCH}, act, officer_id, officer_name, subject_kind, subject_id,
       area, purpose, data::text
FROM journal_entry WHERE era = %s AND transaction >= %s ORDER BY transaction, id
"""  # noqa: S608 - made of constants
SEALS = f"""
SELECT number, {_EPOCH}, era, since_transaction, until_transaction, rows, previous, digest, members
FROM journal_seal WHERE number >= %s AND number <= %s ORDER BY number
"""  # noqa: S608


class Fault(NamedTuple):
    """One thing that is not as it was sealed."""

    kind: str
    seal: int | None
    line: int | None
    told: str


@dataclass
class Verdict:
    """What was read, and what was found wrong with it."""

    lines: int = 0
    unsealed: int = 0
    seals: int = 0
    # The last seal as number:digest, to be written down somewhere else.
    last: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults

    def add(self, kind: str, seal: int | None, line: int | None, told: str) -> None:
        self.faults.append(Fault(kind, seal, line, told))


class Read(NamedTuple):
    """A line as it stands: its place, the digest beside it and the digest of what it says."""

    transaction: int
    number: int
    digest: bytes
    said: bytes


class SealRow(NamedTuple):
    """A seal as it stands."""

    number: int
    at: int
    era: int
    since: int
    until: int
    rows: int
    previous: bytes
    digest: bytes
    members: bytes

    def digest_of_all(self) -> bytes:
        head = (self.number, self.at, self.era, self.since, self.until, self.rows)
        return seal_digest((*head, self.previous.hex()), self.members)


@transaction.atomic
def verify(*, known: Mapping[int, str] | None = None) -> Verdict:
    """Read everything once, in the order of the chain, in constant memory.

    `known`: digests in hex of seals noted down earlier elsewhere, by number. Without one, nobody
    can tell that the end of the journal was cut off together with its seals.
    """
    verdict, noted, previous = Verdict(), dict(known or {}), b""
    _one_moment()
    with ExitStack() as open_streams:
        written = _Eras(open_streams)
        for seal in _seals(open_streams):
            _check_link(verdict, seal, previous, noted.pop(seal.number, ""))
            _check_members(verdict, seal, written.of(seal.era))
            previous = seal.digest
            verdict.seals, verdict.last = seal.number, f"{seal.number}:{seal.digest.hex()}"
        for number in noted:
            verdict.add("seal-missing", number, None, f"记下过的第 {number} 号封存不见了")
        for stream in written.all():
            for line in stream.rest():
                verdict.unsealed += 1
                _check_said(verdict, None, line)
        verdict.lines = written.read
    return verdict


def _one_moment() -> None:
    """Let all that is read be of one moment, unless somebody's transaction is already going on."""
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _check_link(verdict: Verdict, seal: SealRow, previous: bytes, known: str) -> None:
    """Whether a seal says what it said, and hangs on the one before."""
    number = seal.number
    for gone in range(verdict.seals + 1, number):
        verdict.add("seal-missing", gone, None, f"第 {gone} 号封存不见了")
    if seal.digest_of_all() != seal.digest or seal.rows * MEMBER_BYTES != len(seal.members):
        verdict.add("seal-altered", number, None, f"第 {number} 号封存被改过")
    if seal.previous != previous and number == verdict.seals + 1:
        verdict.add("seal-unlinked", number, None, f"第 {number} 号封存接不上前一号")
    if known and known != seal.digest.hex():
        verdict.add("seal-altered", number, None, f"第 {number} 号封存与记下的摘要不同")


def _check_members(verdict: Verdict, seal: SealRow, stream: _Stream) -> None:
    """Whether the lines of a seal are those it was made over."""
    for line in stream.before(seal.since):
        words = f"第 {line.number} 行不在任何封存里，是后来插入的，或它的封存被删了"
        verdict.add("line-inserted", None, line.number, words)
    lines = stream.before(seal.until)
    told: set[int] = set()
    if b"".join(member(line.number, line.said) for line in lines) != seal.members:
        told = _tell_apart(verdict, seal, lines)
    for line in lines:
        if line.number not in told:
            _check_said(verdict, seal.number, line)


def _tell_apart(verdict: Verdict, seal: SealRow, lines: Sequence[Read]) -> set[int]:
    """Name what differs between a seal and its lines. Returns the lines named."""
    number = seal.number
    sealed = dict(_members(seal.members))
    there = {line.number: line.said for line in lines}
    for line in sorted(sealed.keys() - there.keys()):
        verdict.add("line-missing", number, line, f"第 {line} 行不见了（第 {number} 号封存）")
    for line in sorted(there.keys() - sealed.keys()):
        verdict.add("line-inserted", number, line, f"第 {line} 行是封存之后插入的")
    both = [line for line in sealed if line in there]
    differ = {line for line in both if sealed[line] != there[line]}
    swapped = {line for line in differ if there[line] in {sealed[other] for other in differ}}
    for line in sorted(differ):
        kind, told = ("line-moved", "换了位置") if line in swapped else ("line-altered", "被改过")
        verdict.add(kind, number, line, f"第 {line} 行{told}（第 {number} 号封存）")
    if not differ and both != [line for line in there if line in sealed]:
        verdict.add("line-moved", number, None, f"第 {number} 号封存里各行的先后被改过")
    return differ | (there.keys() ^ sealed.keys())


def _check_said(verdict: Verdict, seal: int | None, line: Read) -> None:
    """Whether a line's own digest is that of what it says."""
    if line.digest != line.said:
        told = f"第 {line.number} 行的内容与它自己的摘要不符"
        verdict.add("line-altered", seal, line.number, told)


def _members(members: bytes) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(members), MEMBER_BYTES):
        yield (
            int.from_bytes(members[start : start + 8]),
            members[start + 8 : start + MEMBER_BYTES],
        )


class _Stream:
    """One era's lines in order, read as far as asked."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self.read = 0
        self._next = self._take()

    def _take(self) -> Read | None:
        row = next(self._rows, None)
        if row is None:
            return None
        self.read += 1
        *told, data = row[3:]
        said = line_digest((*told, {} if data == "{}" else json.loads(data)))
        return Read(row[0], row[1], bytes(row[2]), said)

    def before(self, transaction: int) -> list[Read]:
        """The lines not read yet of transactions before this one."""
        found = []
        while (line := self._next) is not None and line.transaction < transaction:
            found.append(line)
            self._next = self._take()
        return found

    def rest(self) -> Iterator[Read]:
        """All that is left."""
        while (line := self._next) is not None:
            yield line
            self._next = self._take()


class _Eras:
    """The lines of each server that wrote some."""

    def __init__(self, streams: ExitStack) -> None:
        self._streams = streams
        self._open: dict[int, _Stream] = {}

    def of(self, era: int) -> _Stream:
        if era not in self._open:
            self._open[era] = _Stream(rows(self._streams, LINES, [era, 0], LINES_AT_A_TIME))
        return self._open[era]

    def all(self) -> list[_Stream]:
        """Also those no seal speaks of."""
        return [self.of(era) for era, *_ in eras()]

    @property
    def read(self) -> int:
        return sum(stream.read for stream in self._open.values())


def _seals(streams: ExitStack) -> Iterator[SealRow]:
    yield from map(seal_row, rows(streams, SEALS, [1, LAST_NUMBER], SEALS_AT_A_TIME))


def seal_row(row: Sequence[Any]) -> SealRow:
    """A row of the SEALS statement."""
    number, at, era, since, until, rows, *held = row
    previous, digest, members = map(bytes, held)
    return SealRow(number, at, era, since, until, rows, previous, digest, members)


def rows(
    streams: ExitStack, statement: str, words: list[int], at_a_time: int
) -> Iterator[Sequence[Any]]:
    """Rows through a cursor of the server's, which ends with `streams`."""
    cursor = streams.enter_context(connection.chunked_cursor())
    cursor.execute(statement, words)
    while found := cursor.fetchmany(at_a_time):
        yield from found
