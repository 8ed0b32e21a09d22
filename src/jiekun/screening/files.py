"""The law over Parquet files, without any database: streaming, all cores, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.arrays import Batch, Column
from jiekun.kernel.program import Program
from jiekun.kernel.values import PER_YEAR
from jiekun.law import load

from .columns import kernel_column, numbers
from .file_checks import HOME, PERSON, FileProblems, Problems, check_columns
from .sweep import Array, Status, Sweep, is_money, sweep, unit_of

# Told after every group of people: (people done, people in all).
Progress = Callable[[int, int], None]
WORKERS = 2
# Groups held at once: enough to keep the workers busy, few enough for memory to stay flat.
AHEAD = 4

SCHEMA = pa.schema(
    [
        pa.field(HOME, pa.int64(), nullable=False),
        pa.field(PERSON, pa.int64()),
        pa.field("measure", pa.dictionary(pa.int16(), pa.string()), nullable=False),
        pa.field("status", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("amount", pa.int64(), metadata={"unit": "fen where the measure is money"}),
        pa.field("yearly_fen", pa.int64()),
        pa.field("missing", pa.list_(pa.string())),
    ]
)

__all__ = ["FileProblems", "screen_files"]


def quiet(done: int, total: int) -> None:
    """Progress told to nobody."""


@dataclass(slots=True)
class Totals:
    """Counts over everybody: by measure and status, fen a year, and what is missing how often."""

    people: int = 0
    households: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    yearly: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)

    def add(self, found: Sweep) -> None:
        """Count one group."""
        self.households += len(found.sizes)
        people = int(found.sizes.sum())
        self.people += people
        for answers in found.answers:
            measure = answers.use.measure
            subjects = people if measure.to == "person" else len(found.sizes)
            counts = np.bincount(answers.status, minlength=len(Status))
            counts[Status.NO] = subjects - len(answers.rows)
            mine = self.counts.setdefault(measure.name, {s.name.lower(): 0 for s in Status})
            for status in Status:
                mine[status.name.lower()] += int(counts[status])
            times = PER_YEAR.get(unit_of(found.program, answers.use), 0)
            yearly = (
                int(answers.amount.sum()) * times if is_money(found.program, answers.use) else 0
            )
            self.yearly[measure.name] = self.yearly.get(measure.name, 0) + yearly
            waits = np.bincount(answers.waits, minlength=len(found.waits))
            for names, count in zip(found.waits, waits.tolist(), strict=True):
                for name in names:
                    self.missing[name] = self.missing.get(name, 0) + count

    def as_json(self, program: Program) -> dict[str, Any]:
        """The totals as totals.json keeps them; yuan a year as text, exact to the fen."""
        measures = {
            use.measure.name: {
                "label": use.measure.label,
                "to": use.measure.to,
                "unit": unit_of(program, use),
                "universal": use.measure.universal,
                **self.counts.get(use.measure.name, {}),
                "yearly_yuan": f"{self.yearly.get(use.measure.name, 0) / 100:.2f}",
            }
            for use in program.measures
        }
        most = sorted(self.missing.items(), key=lambda item: (-item[1], item[0]))
        return {
            "on": program.on.isoformat(),
            "place": program.place,
            "simulate": list(program.simulate),
            "people": self.people,
            "households": self.households,
            "measures": measures,
            "missing": {name: count for name, count in most if count},
        }


def screen_files(
    persons: Path,
    households: Path,
    *,
    on: date,
    place: str,
    simulate: Sequence[str] = (),
    out: Path,
    progress: Progress = quiet,
    workers: int = WORKERS,
) -> dict[str, Any]:
    """Screen two Parquet files into findings.parquet and totals.json; returns the totals.

    Raises FileProblems naming every problem, or LawError; then nothing is written.
    """
    program = load().program(on=on, place=place, simulate=tuple(simulate))
    people, homes = _opened(persons, households, program)
    out.mkdir(parents=True, exist_ok=True)
    fresh = [out / f"{name}.new" for name in ("findings.parquet", "totals.json")]
    try:
        made = _write(program, people, homes, fresh, progress, workers)
        for path in fresh:
            path.rename(path.with_suffix(""))
    finally:
        for path in fresh:
            path.unlink(missing_ok=True)
        with suppress(OSError):
            # Only goes when it is empty: a refusal leaves no trace.
            out.rmdir()
    return made


def _write(
    program: Program,
    people: pq.ParquetFile,
    homes: pq.ParquetFile,
    fresh: list[Path],
    progress: Progress,
    workers: int,
) -> dict[str, Any]:
    """Both results under their names to be; raises FileProblems once everything was looked at."""
    problems, totals = Problems(), Totals()
    with pq.ParquetWriter(fresh[0], SCHEMA, compression="zstd", compression_level=1) as writer:
        for group in _screened(program, people, homes, problems, workers):
            if group is not None and not problems:
                found, subjects = group
                totals.add(found)
                writer.write_table(_findings(found, *subjects))
            progress(problems.people, people.metadata.num_rows)
    problems.refuse()
    made = totals.as_json(program)
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    fresh[1].write_text(text, encoding="utf-8")
    return made


def _opened(
    persons: Path, households: Path, program: Program
) -> tuple[pq.ParquetFile, pq.ParquetFile]:
    """Both files, with every column the law asks for in its right type. Raises FileProblems."""
    problems = Problems()
    files = []
    for path, entity in ((persons, "person"), (households, "household")):
        try:
            file = pq.ParquetFile(path)
        except FileNotFoundError:
            problems.add(f"{path}：没有这个文件", 1)
            continue
        except (OSError, pa.ArrowInvalid) as error:
            problems.add(f"{path}：打不开，不是 Parquet 文件或已损坏（{error}）", 1)
            continue
        wanted = [fact for fact in program.facts_used() if fact.entity == entity]
        check_columns(problems, path.name, file.schema_arrow, wanted, person=entity == "person")
        files.append(file)
    problems.refuse()
    return files[0], files[1]


Group = tuple[pa.Table, pa.Table]
Screened = tuple[Sweep, tuple[Array, Array]] | None


def _screened(
    program: Program,
    people: pq.ParquetFile,
    homes: pq.ParquetFile,
    problems: Problems,
    workers: int,
) -> Iterator[Screened]:
    """Groups worked out side by side, given back in order, few ahead of the writing."""
    waiting: list[Future[Screened]] = []
    with ThreadPoolExecutor(workers) as pool:
        for group in _groups(program, people, homes, problems):
            waiting.append(pool.submit(_screen, program, *group, problems))
            if len(waiting) >= AHEAD:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _groups(
    program: Program, people: pq.ParquetFile, homes: pq.ParquetFile, problems: Problems
) -> Iterator[Group]:
    """People by row group, each with its households; a family cut by a border is put together."""
    names = [fact.name for fact in program.facts_used()]
    mine = [HOME, PERSON, *(n for n in names if program.facts[n].entity == "person")]
    theirs = _Homes(homes, [HOME, *(n for n in names if program.facts[n].entity == "household")])
    rest: pa.Table | None = None
    for number in range(people.num_row_groups):
        table = people.read_row_group(number, columns=mine)
        table = table if rest is None else pa.concat_tables([rest, table], promote_options="none")
        last = number == people.num_row_groups - 1
        cut = table.num_rows if last else _last_border(table)
        rest = table.slice(cut)
        if cut:
            here = table.slice(0, cut)
            until = None if last else int(here[HOME][cut - 1].as_py() or 0)
            found = theirs.until(until)
            problems.order(here, found)
            yield here, found
    problems.order(_nobody(), theirs.until(None))


def _nobody() -> pa.Table:
    return pa.schema([pa.field(HOME, pa.int64()), pa.field(PERSON, pa.int64())]).empty_table()


def _last_border(table: pa.Table) -> int:
    """Where the last household of a table begins."""
    column = numbers(table[HOME].fill_null(0))
    if not len(column):
        return 0
    same = np.flatnonzero(column != column[-1])
    return int(same[-1]) + 1 if len(same) else 0


class _Homes:
    """The households' file, read as far as the people have come."""

    def __init__(self, file: pq.ParquetFile, columns: list[str]) -> None:
        self.file, self.columns = file, columns
        self.next = 0
        self.held = file.schema_arrow.empty_table().select(columns)

    def until(self, last: int | None) -> pa.Table:
        """Households not given yet, up to a number; None for all that are left."""
        while self.next < self.file.num_row_groups and not self._passed(last):
            more = self.file.read_row_group(self.next, columns=self.columns)
            self.held = pa.concat_tables([self.held, more]) if self.held.num_rows else more
            self.next += 1
        column = numbers(self.held[HOME].fill_null(0))
        cut = len(column) if last is None else int(np.searchsorted(column, last, side="right"))
        given, self.held = self.held.slice(0, cut), self.held.slice(cut)
        return given

    def _passed(self, last: int | None) -> bool:
        if last is None or not self.held.num_rows:
            return False
        return int(self.held[HOME][-1].as_py() or 0) > last


def _screen(program: Program, people: pa.Table, homes: pa.Table, problems: Problems) -> Screened:
    """One group checked and worked out; nothing more is worked out once a problem is found."""
    used = program.facts_used()
    problems.values(people, [fact for fact in used if fact.entity == "person"])
    problems.values(homes, [fact for fact in used if fact.entity == "household"])
    if problems:
        return None
    of_person = numbers(people[HOME])
    households, sizes = np.unique(of_person, return_counts=True)

    def columns(table: pa.Table) -> dict[str, Column]:
        made = {
            f.name: kernel_column(f, table[f.name]) for f in used if f.name in table.column_names
        }
        return {name: column for name, column in made.items() if column is not None}

    batch = Batch(sizes.astype(np.int64), columns(people), columns(homes))
    return sweep(program, batch, near=False), (households, numbers(people[PERSON]))


def _findings(found: Sweep, households: Array, people: Array) -> pa.Table:
    """One row for every subject and measure that is not a firm no; universal ones only count."""
    parts = [
        _columns(found, place, households, people)
        for place, answers in enumerate(found.answers)
        if len(answers.rows) and not answers.use.measure.universal
    ]
    if not parts:
        return SCHEMA.empty_table()
    home, who, nobody, measure, status, amount, known, yearly, priced, wait = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    names = pa.array([answers.use.measure.name for answers in found.answers])
    words = pa.array([status.name.lower() for status in Status])
    return pa.table(
        [
            pa.array(home),
            pa.array(who, mask=nobody),
            pa.DictionaryArray.from_arrays(pa.array(measure), names),
            pa.DictionaryArray.from_arrays(pa.array(status), words),
            pa.array(amount, mask=~known),
            pa.array(yearly, mask=~priced),
            pa.array(found.waits, pa.list_(pa.string())).take(pa.array(wait)),
        ],
        schema=SCHEMA,
    )


def _columns(found: Sweep, place: int, households: Array, people: Array) -> tuple[Array, ...]:
    """One measure's rows."""
    answers = found.answers[place]
    rows, count = answers.rows, len(answers.rows)
    person = answers.use.measure.to == "person"
    times = PER_YEAR.get(unit_of(found.program, answers.use), 0)
    priced = answers.amount_known & (times > 0) & is_money(found.program, answers.use)
    return (
        (np.repeat(households, found.sizes) if person else households)[rows],
        people[rows] if person else np.zeros(count, np.int64),
        np.full(count, not person),
        np.full(count, place, np.int16),
        answers.status,
        answers.amount,
        answers.amount_known,
        answers.amount * times,
        priced,
        answers.waits,
    )
