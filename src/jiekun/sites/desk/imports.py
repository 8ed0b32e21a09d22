"""Ledgers brought in as spreadsheets: told what they are, checked, imported, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiekun.exchange import actions, files, layouts, marking, queries, steps
from jiekun.exchange.checking import NOT_HERE
from jiekun.exchange.models import Import, ImportRow
from jiekun.exchange.tables import Broken, Cell, Table
from jiekun.law.facts import FACTS
from jiekun.registry.keys import KeyRingError, SealError
from jiekun.registry.wide import from_json

from . import words
from .door import BadQuery, Desk, desk_page, moment, one_of, page, whole_number
from .paging import rows_a_page
from .workbook import XLSX

A_PAGE = 50
ROWS_SHOWN = 8
TONES = {
    ImportRow.Outcome.READY: "give",
    ImportRow.Outcome.APPLIED: "give",
    ImportRow.Outcome.REFUSED: "ask",
    ImportRow.Outcome.FAILED: "stop",
    ImportRow.Outcome.KEPT: "stop",
}
SKIPPED = {"totals": "合计", "headings": "重复的表头", "foot": "表尾说明"}
_UNDER_WAY = frozenset(steps.WORKED_OFF)


@dataclass(frozen=True)
class Head:
    """One column of the file: its heading, what it is taken for, and its first cells."""

    place: int
    heading: str
    key: str
    cells: list[str]


def _keep_ledgers(desk: Desk) -> None:
    if not desk.keeps_ledgers:
        raise PermissionDenied


def _found(desk: Desk, pk: int) -> Import:
    _keep_ledgers(desk)
    of = queries.visible_to(desk.officer, desk.on).filter(pk=pk).select_related("by").first()
    if of is None:
        raise Http404
    return of


@desk_page("page")
@require_safe
def imports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was brought, the newest first."""
    _keep_ledgers(desk)
    ready = ImportRow.objects.filter(of=OuterRef("pk"), outcome=ImportRow.Outcome.READY)
    rows = queries.visible_to(desk.officer, desk.on).select_related("by").order_by("-pk")
    rows = rows.annotate(ready=Exists(ready))
    pages = Paginator(rows, rows_a_page(request, A_PAGE))
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    known = layouts.LAYOUTS
    return page(
        request,
        "desk/imports.html",
        pages=here,
        rows=[
            (of, known[of.layout].label if of.layout else "", _stage(of, getattr(of, "ready")))  # noqa: B009
            for of in here
        ],
        ledgers=known.values(),
        largest=files.LARGEST_BYTES // 1_000_000,
    )


def _stage(of: Import, ready: bool) -> str:
    """How far an import is; checked with nothing in it that is good, it waits to be mended."""
    return of.get_state_display() if ready or of.state != Import.State.CHECKED else "要改"


@desk_page()
@never_cache
@require_POST
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a file in, if it is what it says it is."""
    _keep_ledgers(desk)
    given = request.FILES.get("ledger")
    if given is None:
        raise BadQuery("没有选文件。")
    try:
        made = actions.upload(
            content=given.read(files.LARGEST_BYTES + 1), filename=given.name or "",
            by=desk.officer, at=moment(),
        )  # fmt: skip
    except (files.BadFile, actions.RefusedError, KeyRingError) as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(desk.url("imports"))
    return HttpResponseRedirect(desk.url("import", made.pk))


@desk_page("sheet", "layout", "header", "outcome", "page")
@never_cache
@require_safe
def one(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One file: its columns to be told, how far it is, or what became of its rows."""
    of = _found(desk, pk)
    layout = one_of(request, "layout", {name: x.label for name, x in layouts.LAYOUTS.items()})
    begun = of.state == Import.State.UPLOADED or (layout and of.state == Import.State.CHECKED)
    shown = _columns(request, desk, of, layout) if begun else _rows(request, desk, of)
    return page(request, "desk/import.html", 200, keep_address=True, **_state(desk, of), **shown)


def _state(desk: Desk, of: Import) -> dict[str, object]:
    """What moves while work is under way, and what may be done."""
    under_way = of.state in _UNDER_WAY
    return {
        "of": of,
        "layout": layouts.LAYOUTS[of.layout].label if of.layout else "",
        "under_way": under_way,
        "waits": under_way and queries.waits(of),
        "percent": 100 * of.done // of.total if of.total else 0,
        "may": {
            act: not steps.hindrance(act, of, by=desk.officer, on=desk.on) for act in steps.WORDS
        },
    }


def _columns(request: HttpRequest, desk: Desk, of: Import, layout: str) -> dict[str, object]:
    """The file's own columns beside what each is taken for; after a refusal, as it was chosen."""
    given = request.POST if request.method == "POST" else request.GET
    sheet = given.get("sheet", "") or of.sheet or of.sheets[0]
    told: dict[str, object] = {
        "sheet": sheet,
        "chosen": layout,
        "layouts": layouts.LAYOUTS.values(),
        "source": given.get("source", of.source),
        "as_of": given.get("as_of", (of.as_of or desk.on).isoformat()),
    }
    if sheet not in of.sheets:
        raise BadQuery(f"“sheet”要填文件里有的表：{'、'.join(of.sheets)[:200]}。")
    if not layout:
        return told
    try:
        table = queries.table_of(of, sheet)
        known = layouts.LAYOUTS[layout]
        header = _header(given.get("header", ""), table, known)
    except (files.BadFile, SealError) as problem:
        return {**told, "wrong": str(problem)}
    remembered = queries.remembered(desk.officer, layout, desk.on)
    said = _chosen(given) or layouts.guessed(known, table, header, remembered)
    missing = [column.label for column in known.needed if column.key not in said.values()]
    return {
        **told,
        "header": table.rows[header][0],
        "heads": _heads(desk, table, header, said),
        "options": [(column.key, column.label) for column in known.columns],
        "missing": missing,
        "row_count": len(table.rows) - header - 1,
    }


def _header(text: str, table: Table, layout: layouts.Layout) -> int:
    """The place of the row with the headings: the one that was named, else the one found."""
    if not text:
        return layouts.header_of(table, layout)
    wanted = text.isascii() and text.isdigit() and len(text) <= 7 and int(text)
    place = next((at for at, (number, _) in enumerate(table.rows) if number == wanted), None)
    if place is None:
        raise files.BadFile(f"第 {text[:8]} 行是空的或没有这一行，不能当表头")
    return place


def _chosen(given: QueryDict) -> dict[int, str]:
    """What an officer took each column for: {place from nought: key}."""
    return {
        int(found[1]): str(key)
        for word, key in given.items()
        if key and (found := re.fullmatch(r"column-(\d{1,3})", word, re.ASCII))
    }


def _heads(desk: Desk, table: Table, header: int, said: Mapping[int, str]) -> list[Head]:
    below = [cells for _, cells in table.rows[header + 1 : header + 1 + ROWS_SHOWN]]
    return [
        Head(
            place,
            marking.shown(heading),
            said.get(place, ""),
            [_masked(desk, row[place], said.get(place, "")) for row in below if place < len(row)],
        )
        for place, heading in enumerate(table.rows[header][1])
        if heading != "" or any(place < len(row) and row[place] != "" for row in below)
    ]


def _masked(desk: Desk, cell: Cell | Broken, key: str) -> str:
    """A cell as a preview shows it: names and long numbers are hidden as everywhere."""
    text = marking.shown(cell)[:40]
    if key == "name":
        return desk.masks.name(text)
    if key == "id_number":
        return f"…{text[-4:]}" if text else ""
    return re.sub(r"\d{7,}(?=\d{4})", "…", text)


def _rows(request: HttpRequest, desk: Desk, of: Import) -> dict[str, object]:
    """What became of the rows: how many of each, and those asked for."""
    counts = queries.counts(of)
    known = {str(key): str(label) for key, label in ImportRow.Outcome.choices}
    outcome = one_of(request, "outcome", known)
    if not outcome and of.state == Import.State.CHECKED and counts.get("refused"):
        outcome = ImportRow.Outcome.REFUSED.value
    rows = of.rows.filter(outcome=outcome) if outcome else of.rows.all()
    pages = Paginator(
        rows.select_related("person").order_by("number"), rows_a_page(request, A_PAGE)
    )
    here = pages.page(whole_number(request, "page", 1, 1, max(1, pages.num_pages)))
    return {
        "outcomes": [(key, known[key], counts[key], TONES.get(ImportRow.Outcome(key), "plain"))
                     for key in known if key in counts],
        "outcome": outcome,
        "stage": _stage(of, bool(counts.get("ready"))),
        "ready": counts.get("ready", 0),
        "to_mend": sum(counts.get(key, 0) for key in ("refused", "failed", "kept")),
        "skipped": [(SKIPPED[kind], many) for kind, many in of.skipped.items()],
        "pages": here,
        "rows": [_line(desk, row, of.headings) for row in here],
    }  # fmt: skip


def _line(desk: Desk, row: ImportRow, headings: Sequence[str]) -> dict[str, object]:
    return {
        "number": row.number,
        "person": row.person_id if row.person else None,
        "name": desk.masks.name(row.person.name if row.person else row.says.get("name", "")),
        "sought": _sought(row),
        "says": _says(row.says),
        "outcome": row.get_outcome_display(),
        "tone": TONES.get(ImportRow.Outcome(row.outcome), "plain"),
        "told": row.told or marking.told_of(row, headings),
    }


def _sought(row: ImportRow) -> str:
    """Why a row shows nobody: hidden from this officer, not found, or never looked for."""
    if row.person_id:
        return "辖区外的人"
    found_none = any(told == NOT_HERE for _, told in row.problems)
    return "没有找到" if found_none else "号码不对，没有查"


def _says(says: Mapping[str, object]) -> str:
    """What a row says, in words."""
    facts = says.get("facts")
    told = [f"{says['since']} 起"] if says.get("since") else []
    told += [f"每月 {says['amount']} 元"] if says.get("amount") else []
    for name, value in facts.items() if isinstance(facts, dict) else ():
        fact = FACTS[name]
        told.append(f"{fact.label}：{words.fact_words(fact, from_json(fact, value))}")
    return "，".join(told)


@desk_page()
@require_safe
def progress(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The part of the page that is asked for again while work is under way."""
    of = _found(desk, pk)
    answer = render(request, "desk/import_progress.html", {"desk": desk, **_state(desk, of)})
    if of.state not in _UNDER_WAY:
        # The rest of the page has something new to say.
        answer["HX-Refresh"] = "true"
    return answer


@desk_page()
@never_cache
@require_POST
def act(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Check, apply, undo, go on with, or throw away."""
    of, asked = _found(desk, pk), request.POST.get("act", "")
    if asked not in ACTS:
        raise BadQuery(f"没有“{asked[:20]}”这个动作，可以做：{'、'.join(ACTS)}。")
    try:
        ACTS[asked](request, desk, of)
    except (actions.RefusedError, files.BadFile, SealError) as problem:
        layout = request.POST.get("layout", "")
        if asked == "check" and layout in layouts.LAYOUTS:
            # Nothing that was chosen must be chosen again.
            shown = _columns(request, desk, of, layout)
            shown |= {"refused": str(problem), **_state(desk, of)}
            return page(request, "desk/import.html", 400, **shown)
        messages.error(request, str(problem))
    return HttpResponseRedirect(desk.url("import", pk))


def _check(request: HttpRequest, desk: Desk, of: Import) -> None:
    given = request.POST
    header = given.get("header", "")
    if not (header.isascii() and header.isdigit() and len(header) <= 7):
        raise BadQuery("表头的行号要填数字。")
    try:
        as_of = date.fromisoformat(given.get("as_of", ""))
    except ValueError:
        raise actions.RefusedError("请选这张表说的情况截至哪一天") from None
    actions.ask_to_check(
        of=of, sheet=given.get("sheet", ""), header=int(header), layout=given.get("layout", ""),
        columns=_chosen(given), source=given.get("source", ""), as_of=as_of,
        by=desk.officer, at=moment(),
    )  # fmt: skip


def _apply(request: HttpRequest, desk: Desk, of: Import) -> None:
    rows = request.POST.get("rows", "")
    actions.ask_to_apply(of=of, rows=rows, by=desk.officer, at=moment())


def _undo(request: HttpRequest, desk: Desk, of: Import) -> None:
    why = request.POST.get("why", "")
    actions.ask_to_undo(of=of, reason=why, by=desk.officer, at=moment())


def _resume(request: HttpRequest, desk: Desk, of: Import) -> None:
    actions.ask_to_resume(of=of, by=desk.officer, at=moment())


def _discard(request: HttpRequest, desk: Desk, of: Import) -> None:
    actions.discard(of=of, by=desk.officer, at=moment())
    messages.success(request, "已作废：文件和里面的内容都已删除。")


ACTS: dict[str, Callable[[HttpRequest, Desk, Import], None]] = {
    "check": _check,
    "apply": _apply,
    "undo": _undo,
    "resume": _resume,
    "discard": _discard,
}


@desk_page()
@never_cache
@require_POST
def to_mend(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The rows to be mended, as a workbook; journaled, so it is asked for and not just opened."""
    of = _found(desk, pk)
    try:
        content = actions.take_marked(of=of, by=desk.officer, at=moment())
    except (actions.RefusedError, files.BadFile, SealError) as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(desk.url("import", pk))
    answer = HttpResponse(content, content_type=XLSX)
    name = f"要改的行-第{of.pk}次导入.xlsx"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer
