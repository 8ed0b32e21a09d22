"""What a change of law would cost: both laws over everybody, and what comes of it.

Entitlement in full is compared with entitlement in full: what households would have if all that
is surely due to them were claimed; where measures cannot be had together, the most that can.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.parquet as pq

from jiekun.kernel.law import Law
from jiekun.kernel.reform import Reform

from ..file_checks import FileProblems
from ..groups import AHEAD, WORKERS, Group, Source, facts_of, worked
from ..order import check_parts
from ..outputs import fresh, results_in
from ..parts import Part, paired
from .curves import Curves, curves
from .plan import Plan, plan
from .seen import Batched, see
from .tables import Comparison, Population, tabulate
from .writing import write_households

__all__ = ["Comparison", "Stopped", "simulate"]

# Told after every batch: (people done, people in all).
Progress = Callable[[int, int], None]
COMMUNITY = "community_code"


class Stopped(RuntimeError):
    """The simulation was cancelled while it was worked on."""


def quiet(done: int, total: int) -> None:
    """Progress told to nobody."""


def never() -> bool:
    """Nobody cancels."""
    return False


def simulate(
    law: Law,
    reforms: Sequence[Reform],
    persons: Path,
    households: Path,
    *,
    on: date | None = None,
    place: str | None = None,
    out: Path | None = None,
    streets: Mapping[str, str] = MappingProxyType({}),
    progress: Progress = quiet,
    cancelled: Callable[[], bool] = never,
    workers: int = WORKERS,
) -> list[Comparison]:
    """Each reform over everybody in the files (or folders of parts), side by side.

    With `out`, each reform has a folder of its name there: households.parquet of those it touches,
    and comparison.json. `streets` are their names by code. Raises BadReform, FileProblems,
    LawError, or Stopped, and then nothing is written; or CannotWrite.
    """
    made = plan(law, reforms, on=on, place=place)
    sources = _sources(made, persons, households)
    found = [Population(made, task) for task in made.tasks]
    everybody = sum(source.people.metadata.num_rows for source in sources)
    done = 0
    with _drawing(made) as drawn:
        for batch in _everybody(made, sources, workers):
            if cancelled():
                raise Stopped("试算被取消")
            for place_of, population in enumerate(found):
                population.add(batch, place_of)
            done += len(batch.group.people)
            progress(done, everybody)
        compared = [
            tabulate(population, law, streets, each.result())
            for population, each in zip(found, drawn, strict=True)
        ]
    if out is not None:
        _write(out, found, compared)
    return compared


def _sources(made: Plan, persons: Path, households: Path) -> list[Source]:
    """The parts, in which somebody is, and nobody twice. Raises FileProblems, or CannotWrite."""
    parts = paired(persons, households)
    if len(parts) > 1:
        check_parts(parts, "先把同一户的人放进同一份文件，再来试算")
    facts = facts_of(made.programs)
    sources = [Source(part, facts, _also(part)) for part in parts]
    if not any(source.people.metadata.num_rows for source in sources):
        raise FileProblems([f"{persons}：里面一个人也没有，没有什么可以试算"])
    return sources


@contextmanager
def _drawing(made: Plan) -> Iterator[list[Future[tuple[Curves, ...]]]]:
    """The curves of each reform, drawn aside while everybody is read."""
    aside = ThreadPoolExecutor(1)
    try:
        yield [
            aside.submit(curves, made.views[task.before].lens, made.views[task.after].lens)
            for task in made.tasks
        ]
    finally:
        aside.shutdown(cancel_futures=True)


def _everybody(made: Plan, sources: Sequence[Source], workers: int) -> Iterator[Batched]:
    """Every batch seen. Threads that begin together begin with different laws, so that neither
    waits for code the other is compiling."""
    turns = count()

    def work(group: Group) -> Batched:
        return see(made, group, next(turns))

    if any(len(source.people.groups) > 1 for source in sources):
        for source in sources:
            yield from worked(source, work, workers=workers)
    else:
        yield from _side_by_side(sources, work, workers)


def _side_by_side(
    sources: Sequence[Source], work: Callable[[Group], Batched], workers: int
) -> Iterator[Batched]:
    """Every batch of parts that are one row group each, in order: so many parts at once."""
    waiting: deque[Future[list[Batched]]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for source in sources:
            waiting.append(pool.submit(lambda one: list(worked(one, work, workers=1)), source))
            if len(waiting) >= workers + AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _also(part: Part) -> tuple[str, ...]:
    """Columns a part has beside the facts. A file that cannot be read is refused elsewhere."""
    try:
        schema = pq.read_schema(part.households)
    except (OSError, pa.ArrowInvalid):
        return ()
    if COMMUNITY not in schema.names:
        return ()
    kind = schema.field(COMMUNITY).type
    text = kind.value_type if pa.types.is_dictionary(kind) else kind
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if not any(fits(text) for fits in (*texts, pa.types.is_integer)):
        raise FileProblems([f"{part.households.name}：列 {COMMUNITY} 应是文字，现在是 {kind}"])
    return (COMMUNITY,)


def _write(out: Path, found: Sequence[Population], compared: Sequence[Comparison]) -> None:
    """Each reform's results, whole under their names or not at all. Raises CannotWrite."""
    for population, comparison in zip(found, compared, strict=True):
        folder = out / comparison.name
        with results_in(folder):
            with fresh(folder / "households.parquet") as path:
                write_households(path, population)
            with fresh(folder / "comparison.json") as path:
                made = json.dumps(comparison.as_json(), ensure_ascii=False, indent=1)
                path.write_text(made + "\n", encoding="utf-8")
