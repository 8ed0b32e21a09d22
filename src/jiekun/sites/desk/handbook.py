"""The handbook on the web: measures told to three readers, found by plain words, on one sheet."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from jiekun.oversight.handbook.entries import Book, Entry, book_of
from jiekun.oversight.handbook.finding import search, situations
from jiekun.oversight.handbook.pdf import book_pdf, code, law_words, leaflet_pdf, leaflet_rows
from jiekun.oversight.handbook.readers import READERS, Reach, office, rows
from jiekun.screening.queries import by_measure

from . import words
from .door import BadQuery, Desk, desk_page, one_of, page

LONGEST = 40
_COUNTED = {
    "receiving": "正在享受",
    "unreached": "该得未得",
    "covered": "自动覆盖",
    "ask": "还差事实",
    "judge": "等人判断",
    "unset": "等参数设定",
}


@desk_page("q", "reader")
@require_safe
def handbook(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The book: by situation, by office, or what a search finds."""
    book, text = _book(desk), request.GET.get("q", "").strip()
    if len(text) > LONGEST or "\0" in text:
        raise BadQuery(f"要查的内容太长，最多 {LONGEST} 个字。")
    return page(
        request,
        "desk/handbook.html",
        keep_address=True,
        book=book,
        asked=text,
        found=search(book, text) if text else [],
        situations=situations(book),
        chapters=[(office(name), entries) for name, entries in book.chapters],
        reader=_reader(request),
        readers=READERS,
        edition=READERS[_reader(request)],
        unset=sum(bool(entry.unset) for entry in book.entries),
    )


@desk_page("reader")
@require_safe
def entry(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """One measure for one reader."""
    found = _entry(desk, name)
    if found is None:
        return _only_drafted(desk, name, _reader(request))
    book, reader = _book(desk), _reader(request)
    reach = _reach(desk).get(name) if reader == "leader" else None
    return page(
        request,
        "desk/handbook_entry.html",
        keep_address=True,
        book=book,
        entry=found,
        office=office(found.measure.office),
        rows=rows(book, found, reader, reach),
        reader=reader,
        readers=READERS,
    )


@desk_page()
@require_safe
def leaflet(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """One measure on one sheet, to print from the browser."""
    book, found = _book(desk), _known(desk, name)
    address = _address(request, desk, name)
    return page(
        request,
        "desk/handbook_leaflet.html",
        book=book,
        entry=found,
        office=office(found.measure.office),
        rows=leaflet_rows(book, found),
        law_words=law_words(book),
        address=address,
        # Made here of an address of our own: black squares and nothing else.
        code=mark_safe(code(address)),  # noqa: S308
    )


@desk_page()
@require_safe
def leaflet_file(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """The same sheet as PDF."""
    made = leaflet_pdf(_book(desk), _known(desk, name), _address(request, desk, name))
    return _file(made, f"{name}.pdf")


@desk_page("reader")
@require_safe
def book_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The whole book as PDF."""
    reader = _reader(request)
    made = book_pdf(_book(desk), reader, _reach(desk) if reader == "leader" else None)
    return _file(made, f"handbook-{reader}{f'-{desk.law}' if desk.law else ''}.pdf")


def _book(desk: Desk) -> Book:
    return book_of(desk.chosen.law, desk.program)


def _entry(desk: Desk, name: str) -> Entry | None:
    return _book(desk).entry(name)


def _known(desk: Desk, name: str) -> Entry:
    found = _entry(desk, name)
    if found is None:
        raise Http404
    return found


def _only_drafted(desk: Desk, name: str, reader: str) -> HttpResponse:
    """A measure only the draft has is shown under the draft, which says so on every page."""
    if book_of(desk.chosen.law, desk.program_under("W24")).entry(name) is None:
        raise Http404
    return redirect(desk.url("handbook-entry", name, law="W24", reader=reader))


def _reader(request: HttpRequest) -> str:
    return one_of(request, "reader", READERS) or "resident"


def _address(request: HttpRequest, desk: Desk, name: str) -> str:
    return request.build_absolute_uri(desk.url("handbook-entry", name))


def _reach(desk: Desk) -> Mapping[str, Reach]:
    """What the last screening found in one's own areas, measure by measure."""
    run = desk.run()
    if run is None or not desk.sees_families:
        return {}
    return {
        name: _told(counts, f"{desk.area_name}，{run.on:%Y-%m-%d} 筛查")
        for name, counts in by_measure(run, desk.areas).items()
    }


def _told(counts: Mapping[str, int], where: str) -> list[tuple[str, str]]:
    found = [("哪里、哪一天", where)]
    found += [(label, f"{counts[kind]:,}") for kind, label in _COUNTED.items() if counts.get(kind)]
    for kind, label in (("receiving", "正在享受的"), ("unreached", "该得未得的")):
        if fen := counts.get(f"{kind}_yearly_fen"):
            found.append((f"{label}一年合计", f"{words.yuan(fen)} 元"))
    return found


def _file(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
