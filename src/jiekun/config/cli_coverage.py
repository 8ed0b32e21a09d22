"""`jiekun coverage`: every clause, how it stands, and the very object that carries it out."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jiekun.config.cli_explain import refuse
from jiekun.config.cli_law import shipped_cases
from jiekun.kernel.errors import nearest
from jiekun.kernel.household_file import Problem
from jiekun.kernel.law import Law
from jiekun.law import load
from jiekun.oversight.coverage import ROOMS, STATES, Covered, State, coverage, dangling
from jiekun.oversight.words import HOW_WORDS, STATE_WORDS

COLOURS: dict[State, str] = {
    "runs": "green",
    "partly": "yellow",
    "to_come": "blue",
    "not_for_a_computer": "bright_black",
}
NAMED_AT_MOST = 3


def run(document: str, state: str, as_json: bool) -> int:
    """Shows the coverage: 0, 1 where a pointer dangles, 2 for words nobody knows."""
    law = load()
    problems = list(_unknown(law, document, state))
    if problems:
        return refuse(problems, as_json, "没有列")
    _ready()
    with Console(stderr=True).status("对照条款、代码和例子……"):
        found = coverage(law, cases=shipped_cases())
        wrong = dangling(law, found)
    shown = [c for c in found if document in ("", c.document) and state in ("", c.state)]
    console = Console(highlight=False)
    if as_json:
        told = {
            "documents": _counts(found),
            "clauses": [clause_json(covered) for covered in shown],
            "dangling": wrong,
        }
        console.out(json.dumps(told, ensure_ascii=False, indent=1))
        return 1 if wrong else 0
    console.print(_summary(law, found))
    console.print(_clauses(shown))
    for line in wrong:
        console.print(f"[red]✗[/] 指向不存在的东西：{escape(line)}")
    return 1 if wrong else 0


def _unknown(law: Law, document: str, state: str) -> Iterator[Problem]:
    documents = list(dict.fromkeys(clause.split("-", 1)[0] for clause in law.clauses))
    for word, known, told in ((document, documents, "文件"), (state, STATES, "状态")):
        if word and word not in known:
            hint = nearest(word, known) or f"有：{'、'.join(known)}"
            yield Problem(word, f"没有这个{told}；{hint}")


def _ready() -> None:
    """Django, so that what lies in its rooms can be imported; nothing is left in the folder."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
        with tempfile.TemporaryDirectory() as folder:
            os.environ.setdefault("JIEKUN_STATE", folder)
            django.setup()


def _counts(found: Sequence[Covered]) -> dict[str, dict[str, int]]:
    counts = Counter((covered.document, covered.state) for covered in found)
    documents = dict.fromkeys(covered.document for covered in found)
    return {d: {state: counts[d, state] for state in STATES} for d in documents}


def clause_json(covered: Covered) -> dict[str, Any]:
    """One clause for a program to read."""
    return {
        "id": covered.clause.id,
        "kind": covered.clause.kind,
        "title": covered.clause.title,
        "unit": covered.clause.unit,
        "state": covered.state,
        "how": list(covered.how),
        "objects": [
            {"kind": p.kind, "path": p.path, "label": p.label, "written": p.written}
            for p in covered.objects
        ],
        "room": covered.room,
        "note": covered.note,
        "tests": list(covered.tests),
        "cases": list(covered.cases),
    }


def _summary(law: Law, found: Sequence[Covered]) -> Table:
    table = Table(title="五份文件的条款", title_justify="left", header_style="bold")
    table.add_column("文件")
    for state in STATES:
        table.add_column(STATE_WORDS[state], justify="right", style=COLOURS[state])
    table.add_column("合计", justify="right")
    counts = _counts(found)
    for document, by_state in counts.items():
        numbers = [str(number or "") for number in by_state.values()]
        title = f"{document} {law.documents[document].title}"
        table.add_row(escape(title), *numbers, str(sum(by_state.values())))
    totals = [sum(by_state[state] for by_state in counts.values()) for state in STATES]
    table.add_section()
    table.add_row("合计", *map(str, totals), str(len(found)))
    return table


def _clauses(shown: Sequence[Covered]) -> Table:
    table = Table(title=f"{len(shown)} 条", title_justify="left", header_style="bold")
    table.add_column("条款", no_wrap=True)
    for heading in ("内容", "状态", "由什么执行"):
        table.add_column(heading, overflow="fold")
    for covered in shown:
        state = f"[{COLOURS[covered.state]}]{STATE_WORDS[covered.state]}[/]"
        table.add_row(
            covered.clause.id,
            escape(covered.clause.title),
            state,
            "\n".join(_carrying(covered)),
        )
    return table


def _carrying(covered: Covered) -> Iterator[str]:
    for pointer in covered.objects[:NAMED_AT_MOST]:
        where = pointer.written or pointer.path
        yield escape(f"{pointer.label} {where}".strip())
    if len(covered.objects) > NAMED_AT_MOST:
        yield f"[dim]等 {len(covered.objects)} 处[/]"
    if covered.objects:
        how = "、".join(HOW_WORDS[how] for how in covered.how)
        yield f"[dim]{how}；{len(covered.cases)} 个例子、{len(covered.tests)} 个测试[/]"
    if covered.note:
        room = f"（{ROOMS[covered.room]}）" if covered.room else ""
        yield f"[dim]{escape(covered.note)}{room}[/]"
