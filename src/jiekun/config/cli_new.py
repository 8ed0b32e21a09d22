"""`jiekun law new`: the folder of a new measure, ready to be filled in."""

from __future__ import annotations

import keyword
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from jiekun.config.cli_explain import refuse
from jiekun.config.cli_law import FOLDER
from jiekun.kernel.documents import Place
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.household_file import Problem
from jiekun.kernel.law import Law, check_citation
from jiekun.law import load

# Applies everywhere and to all assistance: stands in until the author names the right clause.
GENERAL = "L649-2"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

MEASURE = '''"""待写：这项政策一句话说清。"""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="{name}",
    label="待写：政策的名字",
    short="待写",
    to="household",
    gives="status",
    office="民政",
    eligible="{name}_eligible",
    about="待写：给谁、给什么，一句平常话。",
    apply="待写：到哪里、带什么去办。",
)


@rule(cites="{cites}", label="够条件")
def {name}_eligible(dibao_recognised: bool) -> bool:
    return dibao_recognised
'''

PARAMETERS = """# 会变的数写在这里：单位、对谁有利的方向、起止日期、出处。还没有就留空。
#
# {name}_amount:
#   label: 待写
#   unit: yuan/month
#   favourable: up
#   values:
#     - {{from: {day}, value: 100, cites: {cites}, grade: A}}
"""

CASES = """- name: 低保家庭够条件
  date: {day}
  place: "{place}"{simulate}
  household: {{dibao_recognised: true}}
  expect: {{{name}_eligible: true}}
"""


def run(path: str, cites: str) -> int:
    """Makes the folder: 0, or 2 with every reason why not."""
    law = load()
    folder, _, name = path.strip("/").rpartition("/")
    place = next((p for p in law.places.values() if p.folder == folder), None)
    problems = [*_problems(law, folder, place, name), *_wrong_clause(law, place, cites)]
    if problems or place is None:
        return refuse(problems, not_done="没有建")
    made = FOLDER / folder / name
    try:
        _write(made, _filled(law, name, place, cites))
    except OSError as error:
        return refuse([Problem(str(made), f"写不了：{error.strerror}")], not_done="没有建")
    _tell(made, place, cites, name)
    return 0


def _problems(law: Law, folder: str, place: Place | None, name: str) -> Iterator[Problem]:
    folders = [p.folder for p in law.places.values()]
    if place is None:
        hint = nearest(folder, folders) or f"有：{'、'.join(folders)}"
        yield Problem(folder or ".", f"没有哪个地方的法规在这个文件夹；{hint}")
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        yield Problem(name, "名字用小写字母、数字和下划线，字母开头，如 school_kit")
    if any(written.measure.name == name for written in law.written):
        yield Problem(name, "已经有一项政策叫这个名字")
    elif f"{name}_eligible" in law.rules:
        yield Problem(name, f"已经有一条规则叫 {name}_eligible")
    if place is not None and name and (FOLDER / folder / name).exists():
        yield Problem(f"{folder}/{name}", "文件夹已经在了，不会覆盖")


def _wrong_clause(law: Law, place: Place | None, cites: str) -> Iterator[Problem]:
    try:
        check_citation(law, cites, "", 0)
    except LawError as error:
        yield Problem("--cites", f"没有这一条：{error}")
        return
    document = law.documents[cites.split("-", 1)[0]]
    if place is not None and document.place not in law.chain(place.code):
        whose = law.places[document.place].name
        yield Problem("--cites", f"{document.id} 是{whose}的文件，管不到{place.name}")


def _filled(law: Law, name: str, place: Place, cites: str) -> dict[str, str]:
    """The files' text. The example's day is one the clause applies on."""
    document = law.documents[cites.split("-", 1)[0]]
    day = document.effective_from or document.simulate_from or date(2024, 1, 1)
    words = {
        "name": name,
        "cites": cites,
        "day": day.isoformat(),
        "place": place.code,
        "simulate": f"\n  simulate: [{document.id}]" if document.status == "draft" else "",
    }
    return {
        "__init__.py": "",
        "measure.py": MEASURE.format(**words),
        "parameters.yaml": PARAMETERS.format(**words),
        "cases.yaml": CASES.format(**words),
    }


def _write(made: Path, files: dict[str, str]) -> None:
    """All of the folder or none of it: a half-made one would stop the law from loading."""
    half = made.with_name(f".{made.name}.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for file, text in files.items():
        (half / file).write_text(text, encoding="utf-8")
    half.rename(made)


def _tell(made: Path, place: Place, cites: str, name: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[green]✓[/] 建好了 {escape(str(made))}（{place.name}）")
    console.print("  measure.py       规则：谁能得、给多少，每条规则写明出自哪一条")
    console.print("  parameters.yaml  会变的数：起止日期和出处")
    console.print("  cases.yaml       例子：一句话一个，先写边界")
    console.print("接下来：")
    general = "，出处换成真正的条款" if cites == GENERAL else ""
    console.print(f"  1. 把各处“待写”写好{general}")
    console.print("  2. jiekun law check            装一遍、对一遍例子，错处有文件和行")
    console.print(f"  3. jiekun law show {name}      读一遍写成白话的规则")
    console.print(f"  4. jiekun law mutate --only {escape(made.relative_to(FOLDER).as_posix())}")
    console.print("一步一步的教程：docs/tutorial-new-measure.md")
