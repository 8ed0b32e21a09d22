"""One number of the law: over time, who stands on it, and the district's own value for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from jiekun.kernel.documents import DatedValue, Parameter
from jiekun.offices import actions
from jiekun.offices.choices import ParameterChoice

from . import charts, words
from .choices import Line, day, line, may_propose, newest_first, outdated
from .door import PLACE, Desk, desk_page, moment, page
from .parameters import DRAFT, Row, every_row, unit_of

FIELDS = ("value", "since", "until", "source", "cites")


@dataclass(frozen=True)
class ValueLine:
    """One dated value: from when, how much, on whose word."""

    since: str
    until: str
    value: str
    cites: str
    source: str
    grade: str
    confirmed: bool
    now: bool


@desk_page()
@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """The page of one number; a posted form proposes a value for it."""
    typed = {field: str(request.POST.get(field, "")) for field in FIELDS}
    run = desk.run()
    found = every_row(desk, run, only=name)
    if not found:
        raise Http404
    row = found[0]
    if request.method != "POST":
        return page(request, "desk/parameter.html", **_context(desk, row, typed, "", run=run))
    if not may_propose(desk):
        raise PermissionDenied
    try:
        _propose(desk, row.parameter, typed)
    except actions.RefusedError as problem:
        context = _context(desk, row, typed, str(problem), run=run)
        return page(request, "desk/parameter.html", 422, **context)
    messages.success(request, "已提出，等另一位区负责人确认；确认以前什么也不变。")
    return HttpResponseRedirect(desk.url("parameter", name))


def _propose(desk: Desk, parameter: Parameter, typed: Mapping[str, str]) -> None:
    text = typed["value"].replace(",", "").replace("，", "").strip()
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise actions.RefusedError(
            f"“{parameter.label}”要填数字，现在是“{typed['value'][:20]}”"
        ) from None
    actions.propose_value(
        name=parameter.name,
        place=PLACE,
        since=day(typed["since"], "起始日"),
        until=day(typed["until"], "截止日") if typed["until"].strip() else None,
        value=value,
        unit=parameter.unit,
        source=typed["source"][:200],
        cites=typed["cites"].strip()[:32],
        by=desk.officer,
        at=moment(),
    )


def _context(
    desk: Desk, row: Row, typed: Mapping[str, str], problem: str, *, run: Any
) -> dict[str, Any]:
    parameter = row.parameter
    chosen = list(
        ParameterChoice.objects.filter(place=PLACE, name=parameter.name).select_related(
            "proposed_by", "confirmed_by", "withdrawn_by"
        )
    )
    return {
        "here": "law",
        "keep_address": True,
        "row": row,
        "unit": unit_of(parameter),
        "places": _places(desk, row),
        "lines": [_line(choice, desk, parameter) for choice in newest_first(chosen)],
        "may_propose": may_propose(desk),
        "typed": typed,
        "problem": problem,
        "only_draft": row.drafted and not row.used,
        "outdated": outdated(desk, run),
        "draft": DRAFT,
    }


def _places(desk: Desk, row: Row) -> list[tuple[str, list[ValueLine], charts.Steps | None]]:
    """Every value of every place in the chain, the most local place first, the latest first."""
    law = desk.chosen.law
    chain = law.chain(PLACE)
    there = [p for p in law.parameters[row.parameter.name] if p.place in chain]
    there.sort(key=lambda p: -chain.index(p.place))
    return [
        (
            law.places[p.place].name,
            [_value_line(v, p.unit, now=v is row.dated) for v in reversed(p.values)],
            charts.steps(p, desk.on),
        )
        for p in there
    ]


def _value_line(value: DatedValue, unit: str, *, now: bool) -> ValueLine:
    return ValueLine(
        since="草案施行后" if value.draft else _told(value.since),
        until=_told(value.until),
        value=words.amount(value.value, unit) or "未查得",
        cites=value.cites if "-" in value.cites else "",
        source=value.source,
        grade=value.grade,
        confirmed=value.confirmed,
        now=now,
    )


def _told(on: date | None) -> str:
    return f"{on:%Y-%m-%d}" if on else ""


def _line(choice: ParameterChoice, desk: Desk, parameter: Parameter) -> Line:
    until = f"到 {choice.until}" if choice.until else "起，到下一个数开始为止"
    text = f"{words.amount(choice.value.normalize(), choice.unit)}，{choice.since} {until}"
    return line(choice, text, desk, _against(choice, desk, parameter))


def _against(choice: ParameterChoice, desk: Desk, parameter: Parameter) -> str:
    """How a proposed number stands to the one it follows, and whom that favours."""
    if choice.state != "proposed":
        return ""
    asked = desk.chosen.law.ask(choice.since, PLACE, desk.simulate)
    known = desk.chosen.law.parameter(parameter.name, asked)
    dated = None if known is None else known.on(choice.since, desk.simulate)
    if dated is None or dated.value is None:
        return "这段日子现在没有数"
    off = choice.value - dated.value
    now = words.amount(dated.value, choice.unit)
    if not off:
        return f"与现在的 {now} 一样"
    share = f"（{'+' if off > 0 else '−'}{abs(off) / dated.value:.1%}）" if dated.value else ""
    better = {"up": off > 0, "down": off < 0}.get(parameter.favourable)
    favours = "" if better is None else "，对群众更有利" if better else "，对群众不利"
    way = "多" if off > 0 else "少"
    return f"比现在的 {now}{way} {words.amount(abs(off), choice.unit)}{share}{favours}"
