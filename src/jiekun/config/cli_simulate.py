"""`jiekun simulate`: what a change of law would cost, over people in Parquet files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import jiekun.law
from jiekun.config.cli_explain import refuse
from jiekun.config.cli_progress import people_bar
from jiekun.kernel.errors import LawError
from jiekun.kernel.household_file import Problem
from jiekun.kernel.keeper import digest_of
from jiekun.kernel.reform import BadReform, Reform, read_reform, sides
from jiekun.kernel.reform.file import is_it
from jiekun.law import load
from jiekun.law.reforms import ready

if TYPE_CHECKING:
    from jiekun.screening.simulation import Comparison

FOLDER = Path(jiekun.law.__file__).parent


@dataclass(frozen=True)
class Wanted:
    """What is to be written beside the table, and where."""

    out: Path | None
    excel: bool
    pdf: bool
    as_json: bool


def listing() -> int:
    """Lists the reforms that come ready."""
    table = Table(title="现成的方案", title_justify="left", header_style="bold")
    for heading in ("名字", "方案", "为什么"):
        table.add_column(heading, overflow="fold")
    for reform in ready():
        table.add_row(reform.name, reform.label, reform.why)
    Console(highlight=False).print(table)
    return 0


def run(
    named: Sequence[str],
    persons: Path,
    households: Path,
    on: date | None,
    place: str | None,
    wanted: Wanted,
) -> int:
    """Simulates some reforms side by side: 0, or 2 with every problem and nothing written."""
    reforms, problems = _reforms(named)
    problems += _files(persons, households, wanted)
    problems += [problem for reform in reforms for problem in _refused(reform, on, place)]
    if problems:
        return refuse(problems)
    from jiekun.screening.file_checks import FileProblems
    from jiekun.screening.outputs import CannotWrite
    from jiekun.screening.simulation import simulate

    with people_bar() as bar:
        task = bar.add_task("已算")
        try:
            found = simulate(
                load(), reforms, persons, households, on=on, place=place, out=wanted.out,
                streets=_streets(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip
            written = _written(found, wanted)
        except FileProblems as error:
            bar.stop()
            return refuse([Problem("", problem) for problem in error.problems])
        except (CannotWrite, LawError) as error:
            bar.stop()
            return refuse([Problem("", str(error))])
    _told(written)
    _show(found, as_json=wanted.as_json)
    return 0


def _reforms(named: Sequence[str]) -> tuple[list[Reform], list[Problem]]:
    """Reforms by the name of a ready one or by their file."""
    known = {reform.name: reform for reform in ready()}
    found: list[Reform] = []
    problems = []
    for name in named:
        path = Path(name)
        try:
            reform = known.get(name) or read_reform(path.read_text(encoding="utf-8"), name)
        except BadReform as error:
            problems += [Problem("", line) for line in error.lines()]
        except FileNotFoundError:
            told = f"没有这个文件，也没有叫这个名字的现成方案{is_it(name, known)}"
            problems.append(Problem(name, told))
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(name, "读不了这个文件：应是 UTF-8 的文字"))
        else:
            if reform.name in ("", ".", ".."):
                problems.append(Problem(name, "这个文件名不能作方案的名字，请改一个"))
            if reform.name in [other.name for other in found]:
                problems.append(Problem(name, f"两个方案都叫 {reform.name}，请改一个文件名"))
            found.append(reform)
    return found, problems


def _refused(reform: Reform, on: date | None, place: str | None) -> list[Problem]:
    try:
        sides(load(), reform, on=on, place=place)
    except BadReform as error:
        return [Problem("", line) for line in error.lines()]
    return []


def _files(persons: Path, households: Path, wanted: Wanted) -> list[Problem]:
    problems = [
        Problem(str(path), "没有这个文件或文件夹")
        for path in (persons, households)
        if not path.exists()
    ]
    if wanted.out is None and (wanted.excel or wanted.pdf):
        problems.append(Problem("--out", "要写 Excel 或 PDF，请用 -o 说写到哪个文件夹"))
    if wanted.out is not None and wanted.out.exists() and not wanted.out.is_dir():
        problems.append(Problem(str(wanted.out), "不是文件夹"))
    return problems


def _streets() -> dict[str, str]:
    """Names of streets by code, as far as they come with the install."""
    lines = files("jiekun.offices").joinpath("wuchang.csv").read_text(encoding="utf-8").splitlines()
    return {row["code"]: row["name"] for row in csv.DictReader(lines) if row["kind"] == "street"}


def _written(found: Sequence[Comparison], wanted: Wanted) -> list[Path]:
    """Writes the workbook and the report, whole or not at all; returns all that was written.

    Raises CannotWrite.
    """
    if wanted.out is None:
        return []
    told = [each.as_json() for each in found]
    notes = [f"法规指纹 {digest_of(FOLDER)[:16]}"]
    paths = [wanted.out / each.name for each in found]
    if wanted.excel:
        from jiekun.screening.simulation.excel import workbook

        paths.append(_put(wanted.out / "比较.xlsx", workbook(told, notes)))
    if wanted.pdf:
        from jiekun.screening.simulation.pdf import report

        paths.append(_put(wanted.out / "比较.pdf", report(told, notes)))
    return paths


def _put(path: Path, content: bytes) -> Path:
    from jiekun.screening.outputs import fresh, results_in

    with results_in(path.parent), fresh(path) as new:
        new.write_bytes(content)
    return path


def _told(paths: Sequence[Path]) -> None:
    if paths:
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"结果：{'、'.join(map(str, paths))}")


def _show(found: Sequence[Comparison], *, as_json: bool) -> None:
    console = Console(highlight=False)
    if as_json:
        told = [each.as_json() for each in found]
        console.out(json.dumps(told, ensure_ascii=False, indent=1))
        return
    first = found[0]
    console.print(
        f"[bold]模拟[/]　{first.place_name}　{first.on} 的规定　"
        f"{first.total.households:,} 户 {first.total.people:,} 人　只是试算，不能据以发放"
    )
    console.print(_overview(found))
    for each in found:
        console.print(_measures(each))
    unpaid = dict.fromkeys(each.label for comparison in found for each in comparison.unpaid)
    if unpaid:
        console.print(f"数没有定、没有算进来的：{'、'.join(unpaid)}", style="dim")
    console.print(
        "按应享尽享算，不等于实际发放；定不下来的（缺事实或要由人认定）不计入花费，也不猜。",
        style="dim",
    )


def _overview(found: Sequence[Comparison]) -> Table:
    """One column a reform."""
    table = Table(header_style="bold")
    table.add_column("", no_wrap=True)
    for each in found:
        table.add_column(escape(each.label), justify="right", overflow="fold")
    for head, told in (
        ("一年增减（元）", [_more(c.total.after - c.total.before) for c in found]),
        ("改前一年（元）", [_yuan(c.total.before) for c in found]),
        ("改后一年（元）", [_yuan(c.total.after) for c in found]),
        ("钱变多的户", [f"{c.total.gaining:,}" for c in found]),
        ("钱变少的户", [f"{c.total.losing:,}" for c in found]),
        ("不变的户", [f"{c.total.same:,}" for c in found]),
        ("定不下来的户", [f"{c.total.undetermined:,}" for c in found]),
        ("离低保线一年差：改前（元）", [_yuan(c.poverty[0].gap) for c in found]),
        ("离低保线一年差：改后（元）", [_yuan(c.poverty[1].gap) for c in found]),
        ("多挣一元反而变少的户：改前", [f"{c.cliffs[0][0].households:,}" for c in found]),
        ("多挣一元反而变少的户：改后", [f"{c.cliffs[1][0].households:,}" for c in found]),
    ):
        table.add_row(head, *told)
    return table


def _measures(each: Comparison) -> Table:
    """The measures a reform changes, the dearest first."""
    table = Table(title=escape(each.label), title_justify="left", header_style="bold")
    table.add_column("项目", overflow="fold")
    for heading in ("应享 改前", "改后", "定不下来 改后", "数未定 改后", "一年增减（元）"):
        table.add_column(heading, justify="right", overflow="fold")
    changed = [
        m for m in each.measures if m.entitled[0] != m.entitled[1] or m.yearly[0] != m.yearly[1]
    ]
    for m in sorted(changed, key=lambda m: m.yearly[0] - m.yearly[1]):
        unit = "人" if m.to == "person" else "户"
        more = _more(m.yearly[1] - m.yearly[0]) if m.money else "不是钱"
        before, after = (f"{count:,} {unit}" for count in m.entitled)
        table.add_row(escape(m.label), before, after, f"{m.open[1]:,}", f"{m.unset[1]:,}", more)
    return table


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.0f}"


def _more(fen: int) -> str:
    return f"{fen / 100:+,.0f}" if fen else "0"
