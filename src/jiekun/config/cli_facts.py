"""`jiekun facts`: everything that may be said of a person or a household."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from jiekun.kernel.facts import Fact
from jiekun.kernel.words import unit_words
from jiekun.law.facts import FACTS


def run(words: str, as_json: bool) -> int:
    """Lists the facts whose name, label or question holds the words; 1 when none does."""
    found = [f for f in FACTS.values() if any(words in t for t in (f.name, f.label, f.question))]
    console = Console(highlight=False)
    if as_json:
        console.out(json.dumps([_json(fact) for fact in found], ensure_ascii=False, indent=1))
        return 0
    if not found:
        console.print(f"没有名字或说明里含“{words}”的事实。", markup=False)
        return 1
    for entity, title in (
        ("household", "一户的事实（写在 household 里）"),
        ("person", "一个人的事实（写在 people 里每个人名下）"),
    ):
        own = [fact for fact in found if fact.entity == entity]
        if own:
            console.print(_table(title, own))
    console.print("不写或写 null 就是不知道；不知道不等于零。", style="dim")
    return 0


def how_to_write(fact: Fact) -> str:
    """What a value of the fact looks like."""
    match fact.kind:
        case "bool":
            return "true / false"
        case "date":
            return '"1980-01-31"'
        case "choice":
            return "\n".join(f'"{code}" {label}' for code, label in fact.choices.items())
    return f"数字 {unit_words(fact.unit)}".strip()


def _table(title: str, facts: list[Fact]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold", show_lines=False)
    table.add_column("名字", no_wrap=True)
    for heading in ("意思", "怎么填", "谁能答"):
        table.add_column(heading, overflow="fold")
    for fact in facts:
        who = f"{fact.judged_by} 认定" if fact.judged_by else fact.answered_by
        table.add_row(fact.name, fact.label, how_to_write(fact), who)
    return table


def _json(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "entity": fact.entity,
        "kind": fact.kind,
        "unit": fact.unit,
        "label": fact.label,
        "question": fact.question,
        "answered_by": fact.answered_by,
        "judged_by": fact.judged_by,
        "sensitivity": fact.sensitivity,
        "valid_months": fact.valid_months,
        "choices": dict(fact.choices),
        "minimum": fact.minimum,
        "maximum": fact.maximum,
    }
