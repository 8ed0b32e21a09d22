"""The law over Parquet files, without any database: streaming, all cores, all or nothing.

Two files give findings.parquet and totals.json. Two folders of parts give findings/, totals/ and
one totals.json; what is done of them is not done again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.law import Law
from jiekun.kernel.program import Program
from jiekun.law import load

from .answers import SCHEMA, answer
from .borders import metadata_of
from .file_checks import FileProblems
from .groups import WORKERS, Source, facts_of, worked
from .order import check_parts, sorted_part
from .outputs import CannotWrite, fresh, mark_of_files, mark_of_law, results_in
from .parts import Part, paired
from .totals import Totals

# Told after every group of people: (people done, people in all).
Progress = Callable[[int, int], None]
# Rows of findings written at once; small groups wait for one another.
ROWS_A_GROUP = 65_536

__all__ = ["CannotWrite", "FileProblems", "screen_files"]


def quiet(*_told: object) -> None:
    """What is told to nobody."""


@dataclass(slots=True)
class Job:
    """One screening of files: what is asked, where results go, and how far it has come."""

    program: Program
    out: Path
    findings: bool
    workers: int
    progress: Progress
    notice: Callable[[str], None]
    # Names of the parts, where there are many.
    parts: frozenset[str] = frozenset()
    total: int = 0
    done: Totals = field(default_factory=Totals)

    def moved(self, people: int) -> None:
        """Tell how many people are done, besides those of parts done before."""
        self.progress(self.done.people + people, self.total)


def screen_files(
    persons: Path,
    households: Path,
    *,
    on: date,
    place: str,
    simulate: Sequence[str] = (),
    out: Path,
    law: Law | None = None,
    findings: bool = True,
    sort: bool = False,
    progress: Progress = quiet,
    notice: Callable[[str], None] = quiet,
    workers: int = WORKERS,
) -> dict[str, Any]:
    """Screen two Parquet files, or two folders of parts, into `out`; returns the totals.

    `law` is another than the one shipped. Without `findings` only totals are made. `sort` puts
    everybody into household order first; a single part that is out of order is sorted anyway.
    Raises FileProblems naming every problem of a part, LawError, or CannotWrite; then nothing is
    left half-written.
    """
    program = (law or load()).program(on=on, place=place, simulate=tuple(simulate))
    parts = paired(persons, households)
    job = Job(program, out, findings, workers, progress, notice)
    with results_in(out):
        # What cannot be opened is told of with whatever else is wrong.
        with suppress(FileProblems):
            job.total = sum(metadata_of(part.persons).num_rows for part in parts)
        if sort or not persons.is_dir():
            return _single(job, parts, sort=sort)
        return _parts(job, parts)


def _parts(job: Job, parts: list[Part]) -> dict[str, Any]:
    """Each part by itself, and then the totals of all."""
    job.parts = frozenset(part.name for part in parts)
    check_parts(parts, "加 --sort，先把全部文件按户排成一份再算")
    for number, part in enumerate(parts, start=1):
        made = _part(job, part, f"第 {number}/{len(parts)} 份 {part.name}：")
        job.done.add(Totals.from_json(made))
    _outdated(job)
    merged = job.done.as_json(job.program)
    return _totals(job.out / "totals.json", merged, _made_from(job.program, parts))


def _single(job: Job, parts: list[Part], *, sort: bool) -> dict[str, Any]:
    """Everybody as one part, in household order first if asked."""
    targets = job.out / "findings.parquet", job.out / "totals.json"
    made_from = _made_from(job.program, parts)
    finished = _finished(job, *targets, made_from)
    if finished is not None:
        job.notice("以前算过，文件和法规都没变，不用再算")
        return finished
    if not sort:
        return _screen(job, parts[0], *targets, made_from)
    with _in_order(job, parts) as part:
        return _screen(job, part, *targets, made_from)


def _part(job: Job, part: Part, name: str) -> dict[str, Any]:
    """One part of many: screened, or as it was screened before."""
    for folder in ("findings", "totals"):
        (job.out / folder).mkdir(exist_ok=True)
    targets = (
        job.out / "findings" / f"{part.name}.parquet",
        job.out / "totals" / f"{part.name}.json",
    )
    made_from = _made_from(job.program, [part])
    finished = _finished(job, *targets, made_from)
    if finished is None:
        return _screen(job, part, *targets, made_from)
    job.notice(f"{name}以前算过，跳过")
    job.moved(finished["people"])
    return finished


def _made_from(program: Program, parts: Sequence[Part]) -> dict[str, str]:
    return {
        "persons": mark_of_files([part.persons for part in parts]),
        "households": mark_of_files([part.households for part in parts]),
        "law": mark_of_law(program),
    }


def _finished(
    job: Job, findings: Path, totals: Path, made_from: dict[str, str]
) -> dict[str, Any] | None:
    """The totals of a screening done before: of the same files under the same law."""
    try:
        made: dict[str, Any] = json.loads(totals.read_text(encoding="utf-8"))
        Totals.from_json(made)
        if job.findings and findings.stat().st_size != made.get("findings_bytes"):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made if made.get("made_from") == made_from else None


def _screen(
    job: Job, part: Part, findings: Path, totals: Path, made_from: dict[str, str]
) -> dict[str, Any]:
    """One part screened; its totals come last, and tell that it is done."""
    source = Source(part, facts_of([job.program]))
    if source.in_order:
        try:
            return _ordered(job, source, findings, totals, made_from)
        except FileProblems:
            if not source.disorder or source.in_order:
                raise
    job.notice(f"{part.persons} 没有按 household_id 排列，先排好（临时文件放在 {job.out} 里）")
    with _in_order(job, [part]) as ordered:
        source = Source(ordered, facts_of([job.program]))
        return _ordered(job, source, findings, totals, made_from)


def _ordered(
    job: Job, source: Source, findings: Path, totals: Path, made_from: dict[str, str]
) -> dict[str, Any]:
    """A part in order screened: findings, then totals."""
    if not job.findings:
        found = _swept(job, source, None)
        _outdated(job, totals, findings)
        return _totals(totals, found.as_json(job.program), made_from)
    with fresh(findings) as path:
        with pq.ParquetWriter(path, SCHEMA, compression="zstd", compression_level=1) as writer:
            found = _swept(job, source, writer)
        size = path.stat().st_size
        _outdated(job, totals)
    return _totals(totals, found.as_json(job.program), made_from, findings_bytes=size)


def _outdated(job: Job, *earlier: Path) -> None:
    """Takes away what earlier runs left and this one will not replace at once: the totals, which
    tell that everything is there, and parts that are none of this run's."""
    kinds = ("findings/*.parquet", "totals/*.json")
    others = [path for kind in kinds for path in job.out.glob(kind) if path.stem not in job.parts]
    if job.parts:
        others.append(job.out / "findings.parquet")
    for path in (job.out / "totals.json", *earlier, *others):
        path.unlink(missing_ok=True)


def _totals(
    path: Path, made: dict[str, Any], made_from: dict[str, str], **more: int
) -> dict[str, Any]:
    made = {**made, "made_from": made_from, **more}
    with fresh(path) as new:
        text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
        new.write_text(text, encoding="utf-8")
    return made


def _swept(job: Job, source: Source, writer: pq.ParquetWriter | None) -> Totals:
    """Everybody of a part screened, rows written in order as they come."""
    totals, waiting, rows = Totals(), [], 0
    answers = worked(
        source,
        lambda group: answer(job.program, group, rows=writer is not None),
        workers=job.workers,
    )
    with closing(answers):
        for one in answers:
            totals.add(one.totals)
            waiting.append(one.rows)
            rows += one.rows.num_rows
            if writer is not None and rows >= ROWS_A_GROUP:
                writer.write_table(pa.concat_tables(waiting))
                waiting, rows = [], 0
            job.moved(totals.people)
    if writer is not None and rows:
        writer.write_table(pa.concat_tables(waiting))
    return totals


@contextmanager
def _in_order(job: Job, parts: Sequence[Part]) -> Iterator[Part]:
    """These parts as one in household order, gone again afterwards."""
    folder = job.out / ".sorting"
    shutil.rmtree(folder, ignore_errors=True)
    # Everybody is in it while it lasts.
    folder.mkdir(mode=0o700)
    try:
        yield sorted_part(parts, facts_of([job.program]), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
