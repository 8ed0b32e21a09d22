"""The law over Parquet files, without any database: streaming, all cores, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.program import Program
from jiekun.kernel.values import PER_YEAR
from jiekun.law import load

from .file_checks import HOME, PERSON, FileProblems
from .groups import WORKERS, Group, Source, facts_of, worked
from .parts import paired
from .sweep import Array, Status, Sweep, is_money, sweep, unit_of

# Told after every group of people: (people done, people in all).
Progress = Callable[[int, int], None]

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
    (part,) = paired(persons, households)
    source = Source(part, facts_of([program]))
    out.mkdir(parents=True, exist_ok=True)
    fresh = [out / f"{name}.new" for name in ("findings.parquet", "totals.json")]
    try:
        made = _write(program, source, fresh, progress, workers)
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
    program: Program, source: Source, fresh: list[Path], progress: Progress, workers: int
) -> dict[str, Any]:
    """Both results under their names to be; raises FileProblems once everything was looked at."""
    totals = Totals()

    def screened(group: Group) -> tuple[Sweep, pa.Table]:
        found = sweep(program, group.batch, near=False)
        return found, _findings(found, group.households, group.people)

    with pq.ParquetWriter(fresh[0], SCHEMA, compression="zstd", compression_level=1) as writer:
        for found, rows in worked(source, screened, workers=workers):
            totals.add(found)
            writer.write_table(rows)
            progress(totals.people, source.people.metadata.num_rows)
    made = totals.as_json(program)
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    fresh[1].write_text(text, encoding="utf-8")
    return made


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
