"""`jiekun screen`: many households from Parquet files, here or on Spark, with a bar that moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from jiekun.config.cli_explain import refuse
from jiekun.config.cli_progress import people_bar
from jiekun.kernel.household_file import Problem, law_asked
from jiekun.law import load

INTERRUPTED = 130
ENGINES = ("local", "spark")


@dataclass(frozen=True, slots=True)
class How:
    """What is wanted, and by what means."""

    findings: bool = True
    sort: bool = False
    engine: str = "local"
    master: str | None = None


def run(
    persons: Path,
    households: Path,
    on: date,
    place: str,
    simulate: tuple[str, ...],
    out: Path,
    how: How,
) -> int:
    """Screens the files: 0, or 2 with every problem listed and nothing half-written."""
    _, problems = law_asked(load(), on, place, simulate)
    problems += _wrong(persons, households, out, how)
    if problems:
        return refuse(problems)
    asked = {"on": on, "place": place, "simulate": simulate, "findings": how.findings}
    if how.engine == "spark":
        return _on_spark(str(persons), str(households), str(out), how.master, asked)
    return _here(persons, households, out, asked, sort=how.sort)


def _here(persons: Path, households: Path, out: Path, asked: dict[str, Any], *, sort: bool) -> int:
    from jiekun.screening.files import CannotWrite, FileProblems, screen_files

    with people_bar() as bar:
        task = bar.add_task("已算")
        try:
            screen_files(
                persons,
                households,
                out=out,
                sort=sort,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
                notice=lambda text: bar.console.print(text, soft_wrap=True),
                **asked,
            )
        except FileProblems as error:
            bar.stop()
            return refuse([Problem("", problem) for problem in error.problems])
        except CannotWrite as error:
            bar.stop()
            return refuse([Problem("", str(error))])
        except KeyboardInterrupt:
            bar.stop()
            told = "停下了。没写完的不留；分成几份的，写完的份都在，再跑同一条命令就接着做"
            Console(stderr=True, highlight=False).print(told, soft_wrap=True)
            return INTERRUPTED
    _told(out, findings=asked["findings"], many=persons.is_dir() and not sort)
    return 0


def _on_spark(
    persons: str, households: str, out: str, master: str | None, asked: dict[str, Any]
) -> int:
    try:
        from jiekun.screening.spark import FileProblems, SparkFailed, screen_on_spark, session
    except ImportError as error:
        told = (
            f"没有装 Spark（{error}）；装上再试：pip install 'jiekun[spark]'，还要有 Java 17 以上"
        )
        return refuse([Problem("--engine", told)])
    spark = session(master)
    try:
        screen_on_spark(spark, persons, households, out=out, **asked)
    except FileProblems as error:
        return refuse([Problem("", problem) for problem in error.problems])
    except SparkFailed as error:
        return refuse([Problem("", str(error))])
    finally:
        spark.stop()
    _told(out, findings=asked["findings"], many=True)
    return 0


def _told(out: Path | str, *, findings: bool, many: bool) -> None:
    where = [f"{out}/totals.json"]
    if findings:
        where.insert(0, f"{out}/findings" if many else f"{out}/findings.parquet")
    Console(stderr=True, highlight=False).print(f"结果：{'、'.join(where)}", soft_wrap=True)


def _wrong(persons: Path, households: Path, out: Path, how: How) -> Iterator[Problem]:
    """What is asked for and cannot be; Spark's own paths may point anywhere it can read."""
    if how.engine not in ENGINES:
        yield Problem("--engine", f"没有 {how.engine} 这种；可以写 local（本机）或 spark")
    if how.engine == "spark":
        if how.sort:
            yield Problem("--sort", "Spark 自己按户排，不用写")
        return
    if how.master is not None:
        yield Problem("--master", "只和 --engine spark 一起用")
    for path in (persons, households):
        if not path.exists():
            yield Problem(str(path), "没有这个文件")
    if out.exists() and not out.is_dir():
        yield Problem(str(out), "不是文件夹")
