"""What was typed into a form: read, and told again in the words that stood on it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from jiekun.kernel.values import BadValue
from jiekun.law.facts import FACTS
from jiekun.offices.models import Role
from jiekun.offices.own import Scheme
from jiekun.registry.checks import RefusedError
from jiekun.registry.identifiers import IdentifierKind
from jiekun.registry.models import Person, Relation
from jiekun.registry.papers import Ground, Scope

from . import words
from .answers import read
from .door import BadQuery, named
from .labels import known

# What a form carries for the machine: which act, on which row, as it was seen.
CARRIED = frozenset({
    "act", "seen", "seen_at", "fact", "identifier", "post", "next", "law", "how", "username",
    "attachment", "consent", "recognition", "seen_other", "page", "words", "alike",
    "csrfmiddlewaretoken", "password", "old", "new", "again",
})  # fmt: skip
LABELS = {
    "checked": "没改的也都核对过", "address": "门牌地址", "area": "辖区代码", "as_of": "截至",
    "cites": "条款号", "code": "代码", "community": "社区", "document": "凭据",
    "file": "文件", "gone": "并进来的", "grid": "网格",
    "sex": "性别", "birth_date": "出生日期", "shown": "谁出示的、哪里查的",
    "same": "是不是册上已有的人", "home": "另一户（户号）",
    "category": "认定为", "clause": "条款号", "ground": "凭什么", "label": "这是什么",
    "all": "全部都选", "household": "选中的家庭", "keep": "留哪一个", "scope": "用于什么",
    "signed_by": "谁签的", "paper": "授权书",
    "header": "表头在第几行", "layout": "版式", "ledger": "台账", "rows": "哪些行",
    "sheet": "工作表",
    "kind": "种类", "name": "名字", "new_code": "新代码", "new_head": "新户主",
    "note": "备注", "number": "号码", "off": "放假", "officer": "谁", "on": "从哪天起",
    "option": "选项", "other": "谁（用户名）", "parts": "分成的", "people": "谁", "person": "谁",
    "phone": "电话", "purpose": "用途", "reading": "读法", "reason": "原因",
    "relation": "与户主的关系", "role": "岗位", "roster": "名册", "since": "从", "source": "来源",
    "street": "街道", "text": "内容", "to": "到哪里", "topic": "读法", "under": "按哪套政策",
    "until": "到", "value": "数", "which": "哪一个", "why": "原因", "working": "上班",
    "parameter": "参数", "subject": "对什么", "state": "状态", "measure": "政策", "least": "至少",
    "scheme": "颜色", "percent": "字的大小", "shortcuts": "快捷键",
    "sort": "排序", "list": "名单", "q": "查找", "reader": "给谁看", "a": "第一份", "b": "第二份",
}  # fmt: skip

# What is chosen from a list, in the words of the list; all else is told as it was typed.
_CHOSEN: Mapping[str, Iterable[tuple[str, Any]]] = {
    "scope": Scope.choices, "ground": Ground.choices, "sex": Person.Sex.choices,
    "role": Role.choices, "kind": IdentifierKind.choices, "relation": Relation.choices,
    "same": [("new", "都不是，另外登记")], "scheme": Scheme.choices, "all": [("1", "是")],
    "checked": [("1", "是")],
}  # fmt: skip


def day(text: str, what: str) -> date:
    """A day from a form about people. Raises RefusedError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedError(f"{what}要写成 2024-11-01 这样的日期，现在是“{text[:20]}”") from None


def line(given: Mapping[str, str], name: str, most: int = 200) -> str:
    """What was typed into one field, if nothing in it hides or turns text round.

    Raises RefusedError.
    """
    text, label = given.get(name, "").strip(), LABELS.get(name, name)
    bad = next((c for c in text if unicodedata.category(c) in _HIDDEN and c not in "\t\r\n"), None)
    if bad is not None:
        raise RefusedError(f"“{label}”里有看不见的或不能用的字符（U+{ord(bad):04X}），请重新输入")
    if len(text) > most:
        raise RefusedError(f"“{label}”太长：最多 {most} 个字，现在是 {len(text)} 个")
    return text


def shown_at(given: Mapping[str, str]) -> datetime:
    """When a form was shown. Raises BadQuery for one that does not say."""
    try:
        seen = datetime.fromisoformat(given.get("seen_at", ""))
    except ValueError:
        seen = None
    if seen is None or seen.tzinfo is None:
        raise BadQuery("表单里打开的时间不对，请重新打开这一页再填")
    return seen


# Control and direction characters, halves of characters, and those only a local font has.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co"))


def told(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Label and value of every field somebody filled, without what only machines read."""
    return [_told(name, value) for name, value in fields if value.strip() and not _carried(name)]


def _carried(name: str) -> bool:
    return name in CARRIED or name.startswith("was-")


def _told(name: str, value: str) -> tuple[str, str]:
    fact = FACTS.get(name.partition("@")[0])
    if fact is not None:
        try:
            return fact.label, words.fact_words(fact, read(fact, value))
        except BadValue:
            return fact.label, value
    begins = name.partition("-")[0]
    if re.fullmatch(r"(goes|comes)-\d+", name):
        label = {"goes": "分出去的人，在新户里", "comes": "并过来的人，在这一户里"}[begins]
        return label, str(dict(Relation.choices).get(value, value))
    if column := re.fullmatch(r"column-(\d+)", name):
        return f"第 {int(column[1]) + 1} 列", value
    if name == "community":
        return LABELS[name], named(value)
    if name == "category":
        return LABELS[name], known(value)
    return LABELS.get(name, name), str(dict(_CHOSEN.get(name, ())).get(value, value))
