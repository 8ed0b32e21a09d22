"""The law: documents, their clauses, and what carries each clause out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.kernel.documents import Document
from jiekun.kernel.law import Law
from jiekun.offices.chosen import keeper
from jiekun.oversight.coverage import shipped

from .door import Desk, desk_page, page

STATUS = {
    "draft": ("sim", "草案，未施行"),
    "in_force": ("give", "施行中"),
    "expired": ("plain", "已到期"),
    "superseded": ("plain", "已被替代"),
}
KINDS = {
    "CE": "谁能得",
    "CA": "给多少",
    "CQ": "多少次、多少量",
    "WF": "怎么办",
    "SV": "服务",
    "DS": "数据共享",
    "DL": "期限",
    "RP": "报表公开",
    "OR": "组织保障",
}


STANDS = {
    "runs": "程序在执行",
    "partly": "程序执行了一部分",
    "to_come": "待后续",
    "not_for_a_computer": "不归电脑",
}


@dataclass
class Carried:
    """One clause and what carries it out."""

    id: str
    title: str
    kinds: tuple[str, ...] = ()
    unit: str = ""
    rules: list[tuple[str, str]] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    # How a clause no rule cites stands, and what is missing.
    stands: str = ""
    note: str = ""

    @property
    def done(self) -> bool:
        return bool(self.rules or self.numbers)


@dataclass(frozen=True)
class Line:
    """A document with how much of it is carried out."""

    document: Document
    tone: str
    status: str
    place: str
    clauses: int
    done: int

    @property
    def share(self) -> int:
        return round(100 * self.done / self.clauses) if self.clauses else 0


# What was worked out last, by the fingerprint of the law's files.
_made: dict[str, dict[str, dict[str, Carried]]] = {}


def carried() -> dict[str, dict[str, Carried]]:
    """By document and clause: every clause there is, and every citation of one."""
    law, digest = keeper.kept()
    found = _made.get(digest)
    if found is None:
        found = _carried(law)
        _made.clear()
        _made[digest] = found
    return found


def _carried(law: Law) -> dict[str, dict[str, Carried]]:
    found: dict[str, dict[str, Carried]] = {name: {} for name in law.documents}
    for clause in law.clauses.values():
        kinds = tuple(KINDS.get(kind, kind) for kind in clause.kind.split("+"))
        document = clause.id.split("-", 1)[0]
        found[document][clause.id] = Carried(clause.id, clause.title, kinds, clause.unit)
    for covered in shipped():
        one = found.get(covered.document, {}).get(covered.clause.id)
        # The law may have lost a clause since the system started; its coverage is of then.
        if one is None:
            continue
        one.stands, one.note = STANDS[covered.state], covered.note
    for rules in law.rules.values():
        for rule in rules:
            for cite in rule.cites:
                _clause(found, cite).rules.append((rule.label, f"{rule.file}:{rule.line}"))
    for parameters in law.parameters.values():
        for parameter in parameters:
            for cite in dict.fromkeys(v.cites for v in parameter.values if "-" in v.cites):
                where = f"{parameter.file}:{parameter.line}"
                _clause(found, cite).numbers.append((parameter.label, where))
    return found


def _clause(found: dict[str, dict[str, Carried]], cite: str) -> Carried:
    document = cite.split("-", 1)[0]
    return found[document].setdefault(cite, Carried(cite, ""))


@desk_page()
@require_safe
def documents(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every document with status, dates and how much of it runs."""
    lines = [_line(document, desk.on) for document in keeper.law().documents.values()]
    local = [line for line in lines if line.clauses]
    return page(
        request,
        "desk/documents.html",
        keep_address=True,
        local=local,
        others=[line for line in lines if not line.clauses],
        clauses=sum(line.clauses for line in local),
        done=sum(line.done for line in local),
    )


def _line(document: Document, on: date) -> Line:
    clauses = [c for c in carried()[document.id].values() if c.title]
    tone, status = STATUS[document.status]
    if document.status == "in_force" and document.effective_from and document.effective_from > on:
        tone, status = "plain", "还没到施行日"
    if document.status == "expired" and document.applies(on, ()):
        # Marked by what it is in the end; on an earlier day it still stood.
        tone, status = "give", "当时施行中"
    place = keeper.law().places[document.place].name
    return Line(document, tone, status, place, len(clauses), sum(c.done for c in clauses))


@desk_page()
@require_safe
def document(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """One document, clause by clause."""
    found = keeper.law().documents.get(name)
    if found is None:
        raise Http404
    clauses = list(carried()[name].values())
    return page(
        request,
        "desk/document.html",
        keep_address=True,
        line=_line(found, desk.on),
        clauses=clauses if any(c.title for c in clauses) else _in_order(clauses),
        simulated=name in desk.simulate,
    )


def _in_order(clauses: Iterable[Carried]) -> list[Carried]:
    """Articles by their number."""

    def number(clause: Carried) -> int:
        digits = "".join(c if c.isdigit() else " " for c in clause.id.split("-", 1)[1]).split()
        return int(digits[0]) if digits else 0

    return sorted(clauses, key=number)
