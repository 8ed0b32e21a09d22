"""`jiekun law`: the written law checked whole, and a measure read in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import jiekun.law
from jiekun.config.cli_explain import refuse
from jiekun.kernel.cases import Case, check_all, read_cases
from jiekun.kernel.documents import DatedValue, Parameter
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.household_file import Problem, law_asked
from jiekun.kernel.law import Law
from jiekun.kernel.program import MeasureUse, Program
from jiekun.kernel.values import plain
from jiekun.kernel.words import phrase, unit_words

FOLDER = Path(jiekun.law.__file__).parent
HOME = "420106"
GIVES = {
    "money": "钱",
    "hours": "服务时数",
    "service": "服务",
    "insurance": "保险",
    "status": "身份",
    "goods": "物品",
}


# -- check


def check(*, examples: bool = True) -> int:
    """Builds all law for every place and day, runs every case: 0, or 1 with what is wrong."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        law = jiekun.law.load()
        built = law.check()
        cases = list(shipped_cases()) if examples else []
        wrong = check_all(law, cases)
    except LawError as error:
        console.print(f"[red]✗[/] {escape(str(error))}")
        return 1
    for line in wrong:
        console.print(f"[red]✗[/] {escape(line)}")
    for line in _counts(law, built, len(cases), len(wrong)):
        console.print(line)
    return 1 if wrong else 0


def shipped_cases() -> Iterator[Case]:
    """Every example beside the shipped law."""
    for path in sorted(FOLDER.rglob("cases.yaml")):
        yield from read_cases(path)


def _counts(law: Law, built: int, cases: int, wrong: int) -> Iterator[str]:
    rules = sum(len(found) for found in law.rules.values())
    values = [v for found in law.parameters.values() for p in found for v in p.values]
    unset = sum(value.value is None for value in values)
    days = len(law.change_dates())
    yield f"[green]✓[/] {len(law.places)} 个地方、{days} 个变动日，装了 {built} 遍"
    yield (
        f"[green]✓[/] {len(law.written)} 项政策、{rules} 条规则、{len(law.parameters)} 个参数"
        f"（{len(values)} 个数，其中 {unset} 个未查得）、{len(law.documents)} 份文件"
    )
    mark = "[red]✗[/]" if wrong else "[green]✓[/]"
    yield f"{mark} {cases} 个例子，{wrong} 处不符"


# -- show


def show(
    name: str | None, on: date | None, place: str | None, simulate: tuple[str, ...], as_json: bool
) -> int:
    """Shows one measure, or lists those in force: 0, or 2 for a name nobody knows."""
    law = jiekun.law.load()
    on = on or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    program, wrong = law_asked(law, on, place or HOME, simulate)
    if program is None:
        return refuse(wrong, as_json)
    console = Console(highlight=False)
    if name is None:
        return _list(console, law, program, as_json)
    uses = {use.measure.name: use for use in program.measures}
    if name not in uses:
        return refuse([Problem(name, _why_not(law, program, name))], as_json)
    if as_json:
        console.out(json.dumps(_json(law, program, uses[name]), ensure_ascii=False, indent=1))
    else:
        _Page(console, law, program, uses[name]).show()
    return 0


def _why_not(law: Law, program: Program, name: str) -> str:
    if any(written.measure.name == name for written in law.written):
        drafts = "、".join(d.id for d in law.documents.values() if d.status == "draft")
        place = law.places[program.place].name
        return f"{program.on} 在{place}没有施行；若出自征求意见稿，加 --simulate {drafts} 试算"
    hint = nearest(name, [written.measure.name for written in law.written])
    return "没有这项政策" + (f"；是不是 {hint.split()[-1].rstrip('?')}？" if hint else "")


def _list(console: Console, law: Law, program: Program, as_json: bool) -> int:
    if as_json:
        found = [_json(law, program, use) for use in program.measures]
        console.out(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    table = Table(title=_heading(law, program), title_justify="left", header_style="bold")
    for heading in ("名字", "政策", "给什么", "给谁", "主管"):
        table.add_column(heading, overflow="fold")
    for use in program.measures:
        measure = use.measure
        to = "家庭" if measure.to == "household" else "个人"
        table.add_row(measure.name, measure.label, GIVES[measure.gives], to, measure.office)
    console.print(table)
    return 0


def _heading(law: Law, program: Program) -> str:
    told = f"{law.places[program.place].name}　{program.on}"
    return told + (f"　试算 {'、'.join(program.simulate)}" if program.simulate else "")


def steps_under(program: Program, use: MeasureUse) -> list[str]:
    """The rules a measure stands on, from the answer down to the facts, each once."""
    found: dict[str, None] = {}
    waiting = [name for name in (use.measure.eligible, use.measure.amount) if name]
    while waiting:
        name = waiting.pop(0)
        if name in program.steps and name not in found:
            found[name] = None
            waiting += program.steps[name].inputs
    return list(found)


def parameters_under(program: Program, use: MeasureUse) -> list[Parameter]:
    """The parameters a measure stands on."""
    names = (name for step in steps_under(program, use) for name in program.steps[step].inputs)
    used = dict.fromkeys(name for name in names if name in program.parameters)
    return [program.parameters[name].parameter for name in used]


class _Page:
    """One measure on the terminal."""

    def __init__(self, console: Console, law: Law, program: Program, use: MeasureUse) -> None:
        self.console = console
        self.law = law
        self.program = program
        self.use = use

    def show(self) -> None:
        measure = self.use.measure
        self._line(
            f"[bold]{escape(measure.label)}[/]　{measure.name}　{_heading(self.law, self.program)}"
        )
        self._line(escape(measure.about))
        if measure.apply:
            self._line(f"怎么申请：{escape(measure.apply)}")
        self._line(f"主管：{measure.office}　写在 law/{self.use.file}", dim=True)
        self._conditions()
        self._rules()
        for parameter in parameters_under(self.program, self.use):
            self._parameter(parameter)
        self._examples()

    def _line(self, text: str, *, dim: bool = False) -> None:
        self.console.print(text, soft_wrap=True, style="dim" if dim else None)

    def _conditions(self) -> None:
        self._line("\n[bold]全部符合才行[/]")
        for atom in self.use.atoms:
            cites = ", ".join(self.program.steps[atom.step].cites)
            self._line(f"  · {escape(phrase(self.program, atom.node))}　[dim]{cites}[/]")

    def _rules(self) -> None:
        self._line("\n[bold]规则[/]")
        for name in steps_under(self.program, self.use):
            step = self.program.steps[name]
            words = escape(phrase(self.program, step.body))
            where = f"{', '.join(step.cites)}　{step.rule.file}:{step.rule.line}"
            self._line(f"  [bold]{escape(step.label)}[/]（{name}）= {words}　[dim]{where}[/]")

    def _parameter(self, parameter: Parameter) -> None:
        title = (
            f"{parameter.label}（{parameter.name}，{unit_words(parameter.unit) or parameter.unit}）"
        )
        table = Table(title=title, title_justify="left", header_style="bold")
        for heading in ("起", "止", "数", "出处", "可靠"):
            table.add_column(heading, overflow="fold")
        for value in parameter.values:
            table.add_row(*_row(value))
        self.console.print()
        self.console.print(table)

    def _examples(self) -> None:
        written = [w for w in self.law.written if w.measure.name == self.use.measure.name]
        paths = [FOLDER / w.folder / "cases.yaml" for w in written]
        names = [case.name for path in paths if path.exists() for case in read_cases(path)]
        if names:
            self._line("\n[bold]例子[/]（每次检查都会重算）")
            for name in names:
                self._line(f"  · {escape(name)}")


def _row(value: DatedValue) -> tuple[str, str, str, str, str]:
    since = "试算" if value.draft else str(value.since or "")
    number = "未查得" if value.value is None else plain(value.value)
    return since, str(value.until or ""), number, value.source or value.cites, value.grade


def _json(law: Law, program: Program, use: MeasureUse) -> dict[str, Any]:
    measure = use.measure
    return {
        "measure": measure.name,
        "label": measure.label,
        "to": measure.to,
        "gives": measure.gives,
        "office": measure.office,
        "about": measure.about,
        "on": program.on.isoformat(),
        "place": program.place,
        "simulate": list(program.simulate),
        "conditions": [
            {"text": phrase(program, atom.node), "cites": list(program.steps[atom.step].cites)}
            for atom in use.atoms
        ],
        "rules": [
            {
                "name": name,
                "label": program.steps[name].label,
                "text": phrase(program, program.steps[name].body),
                "cites": list(program.steps[name].cites),
                "file": program.steps[name].rule.file,
                "line": program.steps[name].rule.line,
            }
            for name in steps_under(program, use)
        ],
        "parameters": [_parameter_json(p) for p in parameters_under(program, use)],
    }


def _parameter_json(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "label": parameter.label,
        "unit": parameter.unit,
        "values": [
            {
                "from": "draft" if value.draft else value.since and value.since.isoformat(),
                "until": value.until and value.until.isoformat(),
                "value": None if value.value is None else str(value.value),
                "cites": value.cites,
                "source": value.source,
                "grade": value.grade,
            }
            for value in parameter.values
        ],
    }
