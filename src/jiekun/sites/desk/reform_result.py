"""What a change of the law would cost: the result, how far it is, and the files to take away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from jiekun.offices.queries import streets
from jiekun.screening import trying
from jiekun.screening.actions import RefusedError
from jiekun.screening.models import Simulation

from . import actions, charts, gain_charts, words
from .door import PLACE, BadQuery, Desk, desk_page, moment, page
from .reforms import TONES, State, hindrance, touched_homes, whole
from .workbook import XLSX

PDF, YAML = "application/pdf", "application/yaml; charset=utf-8"
# Tables of lines: key in the result, title, the filter its rows are found by.
TABLES = (
    ("category", "按类别", "category"),
    ("household_type", "按家庭类型", "type"),
    ("decile", "按人均收入（从低到高十等分）", "decile"),
)
DONE = {"cancel": "已取消。", "remove": "已删除，结果文件也删了。"}


def find(pk: int) -> Simulation:
    """A simulation that is still on the list."""
    rows = Simulation.objects.filter(pk=pk, snapshot__run__place=PLACE)
    found = rows.exclude(state=State.REMOVED).select_related("snapshot__run", "asked_by").first()
    if found is None:
        raise Http404
    return found


@desk_page()
@require_safe
def result(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One simulation: how far it is, or what came of it."""
    simulation = find(pk)
    context = {
        "here": "reforms",
        "keep_address": True,
        "simulation": simulation,
        "tone": TONES[State(simulation.state)],
        "may": not hindrance(desk),
        **_moving(simulation),
    }
    if simulation.state != State.DONE:
        return page(request, "desk/reform_waiting.html", 200, **context)
    if not whole(desk):
        mine = touched_homes(desk, simulation, {})
        return page(request, "desk/reform_part.html", 200, mine=mine, **context)
    others = Simulation.objects.filter(state=State.DONE, snapshot__run__place=PLACE)
    return page(
        request,
        "desk/reform.html",
        200,
        others=list(others.exclude(pk=pk).order_by("-pk")[:20]),
        **_figures(desk, simulation),
        **context,
    )


def _moving(simulation: Simulation) -> dict[str, Any]:
    people = simulation.snapshot.people
    return {
        "simulation": simulation,
        "moving": simulation.state in trying.OPEN,
        "percent": 100 * simulation.people_done // people if people else 0,
    }


def _figures(desk: Desk, simulation: Simulation) -> dict[str, Any]:
    """Everything drawn on the page, from the totals as they were worked out."""
    found, pk = simulation.totals, simulation.pk
    names = {street.code: street.name for street in streets(PLACE)}
    by_street = [{**line, "label": names.get(line["key"], line["label"])} for line in
                 found["tables"]["street"]]  # fmt: skip
    tables = [
        {
            "title": title,
            "word": word,
            "lines": found["tables"][key],
            "chart": swings_of(desk, pk, found["tables"][key], word),
        }
        for key, title, word in TABLES
    ]
    total = found["total"]
    return {
        "found": found,
        "total": total,
        "difference": total["after"] - total["before"],
        "monthly": round((total["after"] - total["before"]) / 12),
        "measures": _measures(found["measures"]),
        "by_measure": _measure_swings(desk, pk, found["measures"]),
        "streets": by_street,
        "tiles": _tiles(desk, pk, by_street, names),
        "tables": tables,
        "poverty": list(zip(("改前", "改后"), found["poverty"], strict=True)),
        "cliffs": _cliffs(found["cliffs"]),
        "curves": gain_charts.curves(found["curves"]),
    }


def difference(line: dict[str, Any]) -> int:
    """Fen a year more, of a line of a table."""
    return int(line["after"] - line["before"])


def signed(fen: int) -> str:
    """A difference in whole yuan, with its sign."""
    return ("+" if fen > 0 else "−" if fen < 0 else "") + words.yuan(abs(fen))


def swings_of(desk: Desk, pk: int, lines: list[dict[str, Any]], word: str) -> gain_charts.Swings:
    """Bars of a table's differences, each leading to its households."""
    rows = [
        (
            line["label"],
            difference(line),
            f"{signed(difference(line))} 元/年" if difference(line) else "0",
            desk.url("reform-rows", pk, **{word: line["key"]}),
        )
        for line in lines
    ]
    return gain_charts.swings(rows, gain_charts.NARROW)


def _measures(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Measures whose figures differ; the rest would only hide them."""
    kept = [
        {
            **line,
            "more": line["entitled"][1] - line["entitled"][0],
            "difference": line["yearly"][1] - line["yearly"][0],
            "unit": "户" if line["to"] == "household" else "人",
        }
        for line in lines
    ]
    pairs = ("open", "unset")
    moved = [
        line
        for line in kept
        if line["more"] or line["difference"] or any(len(set(line[p])) > 1 for p in pairs)
    ]
    return sorted(moved, key=lambda line: (-abs(line["difference"]), -abs(line["more"])))


def _measure_swings(desk: Desk, pk: int, lines: list[dict[str, Any]]) -> gain_charts.Swings:
    rows = [line for line in _measures(lines) if line["difference"]]
    return gain_charts.swings(
        [
            (
                line["label"], line["difference"], f"{signed(line['difference'])} 元/年",
                desk.url("reform-rows", pk, measure=line["name"]) if line["more"] else "",
            )
            for line in rows[:14]
        ]
    )  # fmt: skip


def _tiles(
    desk: Desk, pk: int, lines: list[dict[str, Any]], names: dict[str, str]
) -> list[charts.Tile]:
    """Streets shaded by how many households in a thousand the change touches."""
    by_code = {line["key"]: line for line in lines}
    shown = []
    for code, name in names.items():
        line = by_code.get(code)
        rate = None
        if line is not None:
            touched_homes = line["gaining"] + line["losing"]
            rate = 1000 * touched_homes / max(1, line["households"])
        shown.append((code, name, rate, desk.url("reform-rows", pk, street=code) if line else ""))
    return charts.tiles(shown)


def _cliffs(sides: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """For each step of income, the two laws side by side."""
    return [
        {"step": before["step"], "before": before, "after": after}
        for before, after in zip(*sides, strict=True)
    ]


@desk_page()
@require_safe
def progress(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The part of the page asked for again while it is worked out."""
    simulation = find(pk)
    context = {"desk": desk, "may": not hindrance(desk), **_moving(simulation)}
    answer = render(request, "desk/reform_progress.html", context)
    if simulation.state not in trying.OPEN:
        answer["HX-Refresh"] = "true"
    return answer


@desk_page()
@require_POST
def act(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Cancel one that is worked out, or take one off the list."""
    simulation, asked = find(pk), request.POST.get("act", "")
    if asked not in DONE:
        raise BadQuery(f"没有“{asked[:20]}”这个动作，可以做：{'、'.join(DONE)}。")
    do = trying.cancel if asked == "cancel" else trying.remove
    try:
        do(simulation=simulation, by=desk.officer, at=moment())
        messages.success(request, DONE[asked])
    except RefusedError as problem:
        messages.error(request, str(problem))
    back = desk.url("reforms") if asked == "remove" else desk.url("reform", pk)
    return HttpResponseRedirect(back)


@desk_page()
@require_safe
def text_file(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The change as it was written."""
    simulation = find(pk)
    return _file(simulation.text.encode(), YAML, f"{simulation.label}.yaml")


@desk_page()
@require_safe
def workbook(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The result as Excel."""
    from jiekun.screening.simulation.excel import workbook

    simulation = _to_take(desk, pk, "xlsx")
    return _file(workbook([simulation.totals]), XLSX, f"试算-{simulation.label}.xlsx")


@desk_page()
@require_safe
def report(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The result as PDF."""
    from jiekun.screening.simulation.pdf import report

    simulation = _to_take(desk, pk, "pdf")
    return _file(report([simulation.totals]), PDF, f"试算-{simulation.label}.pdf")


def _to_take(desk: Desk, pk: int, kind: str) -> Simulation:
    """A finished simulation to be taken away by who sees the whole district; written down."""
    simulation = find(pk)
    if simulation.state != State.DONE:
        raise BadQuery("这次试算还没有结果可以下载。")
    if not whole(desk):
        raise BadQuery("全区的结果由区里下载；您可以看本辖区的名单。")
    actions.note_simulation_export(simulation=simulation, kind=kind, by=desk.officer, at=moment())
    return simulation


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    safe = quote(name.replace("/", "／"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{safe}"
    response["Cache-Control"] = "no-store"
    return response
