"""`jiekun explain`: one household decided from a file, told in Chinese or as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from jiekun.config.cli_telling import Telling
from jiekun.kernel.decide import Decision, decider
from jiekun.kernel.errors import LawError
from jiekun.kernel.household_file import (
    BadFile,
    Filed,
    FiledHousehold,
    Problem,
    read_household_file,
)
from jiekun.kernel.report import decision_json
from jiekun.law import load


def run(
    file: Path,
    on: str | None,
    place: str | None,
    simulate: tuple[str, ...],
    *,
    as_json: bool,
    everything: bool,
) -> int:
    """Answers one file: 0, or 2 with every problem listed."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        filed = read_household_file(data, load(), on=on, place=place, simulate=simulate)
    except OSError as error:
        return refuse([Problem(str(file), f"读不了：{error.strerror}")], as_json)
    except BadFile as error:
        return refuse(error.problems, as_json)
    except LawError as error:
        return refuse([Problem("", f"法规本身有错：{error}")], as_json)
    decide = decider(filed.program).decide
    decisions = [(household, decide(household.facts)) for household in filed.households]
    console = Console(highlight=False)
    if as_json:
        console.out(json.dumps(_json(decisions), ensure_ascii=False, indent=1))
        return 0
    _head(console, filed)
    for household, decision in decisions:
        if len(decisions) > 1:
            console.rule(f"第 {escape(household.id)} 户", align="left")
        Telling(console, household, decision).tell(everything=everything)
    return 0


def refuse(
    problems: tuple[Problem, ...] | list[Problem], as_json: bool = False, not_done: str = "没有算"
) -> int:
    """Tells everything wrong at once; the exit code for bad input."""
    if as_json:
        told = {"problems": [{"path": p.path, "message": p.message} for p in problems]}
        Console().out(json.dumps(told, ensure_ascii=False, indent=1))
        return 2
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[red bold]{not_done}：有 {len(problems)} 处要改[/]")
    for problem in problems:
        path = f"[bold]{escape(problem.path)}[/]  " if problem.path else ""
        console.print(f"  [red]✗[/] {path}{escape(problem.message)}")
    return 2


def _json(decisions: list[tuple[FiledHousehold, Decision]]) -> object:
    found = [{"id": h.id, "names": h.names, **decision_json(d)} for h, d in decisions]
    return found[0] if len(found) == 1 else {"households": found}


def _head(console: Console, filed: Filed) -> None:
    program, law = filed.program, load()
    console.print(f"[bold]{law.places[program.place].name}[/]　按 {program.on} 的规定")
    for name in program.simulate:
        document = law.documents[name]
        told = f"假定 {name}《{escape(document.title)}》已经施行；它没有施行，不能据以发放。"
        console.print(f"[black on yellow] 试算 [/] {told}", soft_wrap=True)
