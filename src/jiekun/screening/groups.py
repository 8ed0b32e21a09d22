"""Whole households out of Parquet: row groups decoded side by side, given back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.arrays import Batch
from jiekun.kernel.facts import Fact
from jiekun.kernel.graph import MEMBERS_AT_MOST
from jiekun.kernel.program import Program

from .borders import Borders, borders, looked_through, metadata_of, read, statistics
from .columns import flat, kernel_columns, numbers
from .file_checks import HOME, PERSON, Problems, check_columns, within
from .order import repeated
from .parts import Part, paired
from .shelf import Shelf
from .sweep import Array

WORKERS = 2
# Row groups being worked on beside those of the workers: few, for memory to stay flat.
AHEAD = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group:
    """Some whole households: their facts, and the numbers they and their people go by (int64).

    `extra` holds the further columns asked for, one value a household, or one a person where
    the people's file has them.
    """

    batch: Batch
    households: Array
    people: Array
    extra: dict[str, pa.Array] = field(default_factory=dict)


def groups(
    persons: Path,
    households: Path,
    programs: Sequence[Program],
    *,
    also: Sequence[str] = (),
    workers: int = WORKERS,
) -> Iterator[Group]:
    """Everybody in two files, or two folders of parts, with the facts these laws ask for.

    Decoding runs ahead in threads. To work on groups there as well, see `worked`. Raises
    FileProblems: at once for what is wrong with a file as a whole, and at its end for single
    values; what was given before is then void.
    """
    for part in paired(persons, households):
        yield from worked(Source(part, facts_of(programs), also), _as_it_is, workers=workers)


def facts_of(programs: Sequence[Program]) -> list[Fact]:
    """The facts any of these laws asks for, in declared order."""
    asked = {fact.name for program in programs for fact in program.facts_used()}
    return [fact for fact in programs[0].facts.values() if fact.name in asked]


def doubtful(metadata: pq.FileMetaData, facts: Sequence[Fact]) -> list[Fact]:
    """The facts whose values the file's own statistics do not show to be all right."""
    return [fact for fact in facts if not within(fact, statistics(metadata, fact.name))]


def _as_it_is(group: Group) -> Group:
    return group


class Source:
    """One part: its people and households, checked as a whole. Raises FileProblems."""

    def __init__(self, part: Part, facts: Sequence[Fact], also: Sequence[str] = ()) -> None:
        self.part, self.also = part, tuple(also)
        self.problems = Problems()
        self.facts = {e: [f for f in facts if f.entity == e] for e in ("person", "household")}
        self.people, self.homes = self._opened()
        mine = [HOME, PERSON, *(fact.name for fact in self.facts["person"])]
        theirs = [HOME, *(fact.name for fact in self.facts["household"])]
        self.columns = {
            "person": mine + [n for n in self.also if n in self.people.schema.names],
            "household": theirs + [n for n in self.also if n in self.homes.schema.names],
        }
        self.shelf = Shelf(self.homes, self.columns["household"])
        self.doubtful = {
            "person": doubtful(self.people.metadata, self.facts["person"]),
            "household": doubtful(self.homes.metadata, self.facts["household"]),
        }
        # Found while reading: a row group that is not in order, whatever the file says.
        self.disorder = False
        # The lowest and highest number in stretches of people; None where they do not ascend.
        self.spans: list[tuple[int, int] | None] = []

    def _opened(self) -> tuple[Borders, Borders]:
        found = []
        for path, entity in ((self.part.persons, "person"), (self.part.households, "household")):
            with self.problems.noting():
                metadata = metadata_of(path)
                schema = metadata.schema.to_arrow_schema()
                check_columns(
                    self.problems, path.name, schema, self.facts[entity], person=entity == "person"
                )
                found.append((path, metadata))
        self.problems.refuse()
        people, homes = (borders(*each) for each in found)
        for name in self.also:
            if name not in {*people.schema.names, *homes.schema.names}:
                self.problems.add(f"{self.part.households.name}：缺少列 {name}", 1)
        self.problems.refuse()
        return people, homes

    @property
    def in_order(self) -> bool:
        """Whether people and households both stand by ascending household."""
        return not (self.people.back or self.homes.back)

    def begin(self) -> None:
        """Refuse keys that cannot be; then single values are looked at too, to tell all at once."""
        people, homes = self.people, self.homes
        self.problems.keys("persons", empty=people.empty, back=people.back)
        self.problems.keys("households", empty=homes.empty, back=homes.back, again=homes.again)
        if self.problems:
            for side, entity in ((people, "person"), (homes, "household")):
                for number in side.groups:
                    for table in read(side.path, side.metadata, number, self.columns[entity]):
                        self.problems.values(table, self.facts[entity])
        self.problems.refuse()

    def finish(self) -> None:
        """Refuse what only shows once everybody was seen."""
        if self.disorder or self.shelf.disorder:
            # What was found since was found among families cut apart: begin again, looking at all.
            self.disorder, self.problems = True, Problems()
            sides = (self.people, self.homes)
            self.people, self.homes = (looked_through(s.path, s.metadata) for s in sides)
            self.begin()
        self.problems.empty_homes(self.homes.metadata.num_rows)
        spans = sorted(span for span in self.spans if span is not None)
        apart = all(one[1] < two[0] for one, two in pairwise(spans))
        # Mostly people are numbered in order; only where not are their numbers all compared.
        if not apart or len(spans) < len(self.spans):
            self.problems.people(twice=repeated([self.part.persons], PERSON))
        self.problems.refuse()

    def group(self, table: pa.Table) -> Group | None:
        """People of whole households with these; None once a problem is known."""
        families = households_of(table)
        households = families[0]
        homes = self.shelf.between(int(households[0]), int(households[-1]))
        if self.disorder or self.shelf.disorder:
            return None
        self.problems.company(households, numbers(homes[HOME]))
        people = numbers(table[PERSON].fill_null(0)).astype(np.int64, copy=False)
        ascending = bool((np.diff(people) > 0).all())
        self.spans.append((int(people[0]), int(people[-1])) if ascending else None)
        group = grouped(
            table, homes, self.facts, self.problems, families=families, doubtful=self.doubtful
        )
        if group is not None:
            for name in self.also:
                side = table if name in self.columns["person"] else homes
                group.extra[name] = flat(side[name])
        return group


def households_of(table: pa.Table) -> tuple[Array, Array]:
    """The households of people who stand together, and how many people each has."""
    of_person = numbers(table[HOME]).astype(np.int64, copy=False)
    starts = np.concatenate(([0], np.flatnonzero(of_person[1:] != of_person[:-1]) + 1))
    return of_person[starts], np.diff(starts, append=len(of_person))


def grouped(
    table: pa.Table,
    homes: pa.Table,
    facts: Mapping[str, Sequence[Fact]],
    problems: Problems,
    *,
    families: tuple[Array, Array] | None = None,
    doubtful: Mapping[str, Sequence[Fact]] | None = None,
    settled: bool = False,
) -> Group | None:
    """People and their households as the law takes them; None once a problem is known.

    `families` as `households_of` gives them; `doubtful` are the facts whose values must be
    looked at, all of them where nothing is known.
    """
    households, sizes = households_of(table) if families is None else families
    problems.values(table, (doubtful or facts)["person"])
    problems.values(homes, (doubtful or facts)["household"])
    problems.people(empty=table[PERSON].null_count)
    problems.crowded(int((sizes > MEMBERS_AT_MOST).sum()))
    if problems:
        return None
    people = numbers(table[PERSON]).astype(np.int64, copy=False)
    mine = kernel_columns(facts["person"], table, settled=settled)
    theirs = kernel_columns(facts["household"], homes, settled=settled)
    return Group(Batch(sizes, mine, theirs), households, people)


@dataclass(slots=True)
class _Done(Generic[T]):
    """A row group worked on, but for the families its borders cut; `ends`: it has any others."""

    begins: int
    head: list[pa.Table] = field(default_factory=list)
    made: list[T] = field(default_factory=list)
    tail: list[pa.Table] = field(default_factory=list)
    ends: bool = False


def worked(
    source: Source, work: Callable[[Group], T], *, workers: int = WORKERS
) -> Generator[T, None, None]:
    """What `work` makes of each group, in order; it runs in the thread that decoded the group.

    Once a problem is known nothing more is worked on, and FileProblems ends the iteration.
    """
    source.begin()
    waiting: deque[Future[_Done[T]]] = deque()
    rest: list[pa.Table] = []
    pool = ThreadPoolExecutor(workers)
    try:
        for place in range(len(source.people.groups)):
            waiting.append(pool.submit(_row_group, source, place, work))
            if len(waiting) >= workers + AHEAD:
                rest = yield from _stitched(source, rest, waiting.popleft().result(), work)
        while waiting:
            rest = yield from _stitched(source, rest, waiting.popleft().result(), work)
        yield from _made(source, rest, work)
    finally:
        # Whoever stops listening has no use for what is still to come.
        pool.shutdown(cancel_futures=True)
    source.finish()


def _stitched(
    source: Source, rest: list[pa.Table], done: _Done[T], work: Callable[[Group], T]
) -> Generator[T, None, list[pa.Table]]:
    """A row group's results behind the family its first border cut; returns the one cut next."""
    source.shelf.passed(done.begins)
    rest = rest + done.head
    if not done.ends:
        return rest
    yield from _made(source, rest, work)
    yield from done.made
    return done.tail


def _made(source: Source, tables: list[pa.Table], work: Callable[[Group], T]) -> Iterator[T]:
    whole = [table for table in tables if table.num_rows]
    group = source.group(pa.concat_tables(whole)) if whole else None
    if group is not None:
        yield work(group)


def _row_group(source: Source, place: int, work: Callable[[Group], T]) -> _Done[T]:
    """One row group decoded, cut between families, and worked on."""
    side = source.people
    number = side.groups[place]
    before = side.last[place - 1] if place else None
    after = side.first[place + 1] if place + 1 < len(side.groups) else None
    done: _Done[T] = _Done(int(side.first[place]))
    left = side.metadata.row_group(number).num_rows
    carried: list[pa.Table] = []
    for table in read(side.path, side.metadata, number, source.columns["person"]):
        keys = numbers(table[HOME])
        if (keys[1:] < keys[:-1]).any():
            source.disorder = True
            return done
        start = 0 if before is None else int(np.searchsorted(keys, before, side="right"))
        stop = len(keys) if after is None else int(np.searchsorted(keys, after, side="left"))
        stop = max(start, stop)
        done.head.append(table.slice(0, start))
        done.tail.append(table.slice(stop))
        done.ends |= start < len(keys)
        left -= len(keys)
        # A large row group comes in pieces, and families are cut between those as well.
        cut = stop if not left else start + _last_border(keys[start:stop])
        carried.append(table.slice(start, cut - start))
        if cut > start or not left:
            done.made.extend(_made(source, carried, work))
            carried = []
        carried.append(table.slice(cut, stop - cut))
    return done


def _last_border(keys: Array) -> int:
    """Where the last household begins."""
    return int(np.searchsorted(keys, keys[-1], side="left")) if len(keys) else 0
