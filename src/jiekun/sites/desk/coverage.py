"""Every clause of the five documents: how it stands, and what carries it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiekun.law import load
from jiekun.oversight.coverage import HOWS, ROOMS, STATES, Covered, State, shipped
from jiekun.oversight.pointers import Pointer
from jiekun.oversight.words import HOW_WORDS, STATE_WORDS
from jiekun.screening.changes import rests_on

from .door import LAWS, PLACE, Desk, desk_page, one_of, page

TONES: Mapping[State, str] = {
    "runs": "give",
    "partly": "ask",
    "to_come": "next",
    "not_for_a_computer": "plain",
}
# More than these open on demand: a basic rule is cited everywhere.
SHOWN = 4
_WORDS = ("document", "state", "how")


@dataclass(frozen=True)
class Share:
    """How many clauses of a document stand one way, as a part of its bar."""

    state: State
    tone: str
    words: str
    count: int
    percent: float


@dataclass(frozen=True)
class Bar:
    """A document's bar."""

    document: str
    title: str
    total: int
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Object:
    """One thing that carries a clause out: its words, where it is written, its page."""

    label: str
    written: str
    measure: str
    document: str


@dataclass(frozen=True)
class Row:
    """One clause as a row."""

    covered: Covered
    tone: str
    state: str
    how: str
    room: str
    first: tuple[Object, ...]
    more: tuple[Object, ...]


@desk_page(*_WORDS)
@require_safe
def coverage(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The bars of all documents, and the clauses the filters leave."""
    law = load()
    documents = {d: law.documents[d].title for d in dict.fromkeys(c.document for c in shipped())}
    known: dict[str, dict[str, str]] = {
        "document": documents,
        "state": {state: STATE_WORDS[state] for state in STATES},
        "how": {how: HOW_WORDS[how] for how in HOWS},
    }
    chosen = {word: one_of(request, word, known[word]) for word in _WORDS}
    found = [covered for covered in shipped() if _fits(covered, chosen)]
    pages = _pages(desk.on)
    return page(
        request,
        "desk/coverage.html",
        keep_address=True,
        bars=[_bar(document, title) for document, title in documents.items()],
        totals=_shares(shipped()),
        rows=[_row(covered, pages) for covered in found],
        known=known,
        chosen=chosen,
        clauses=len(shipped()),
    )


def _fits(covered: Covered, chosen: Mapping[str, str]) -> bool:
    return (
        chosen["document"] in ("", covered.document)
        and chosen["state"] in ("", covered.state)
        and (not chosen["how"] or chosen["how"] in covered.how)
    )


def _bar(document: str, title: str) -> Bar:
    own = [covered for covered in shipped() if covered.document == document]
    return Bar(document, title, len(own), _shares(own))


def _shares(found: Sequence[Covered]) -> tuple[Share, ...]:
    counts = Counter(covered.state for covered in found)
    return tuple(
        Share(s, TONES[s], STATE_WORDS[s], counts[s], round(100 * counts[s] / len(found), 2))
        for s in STATES
    )


def _row(covered: Covered, pages: Mapping[tuple[str, str], str]) -> Row:
    objects = tuple(_object(pointer, pages) for pointer in covered.objects)
    return Row(
        covered=covered,
        tone=TONES[covered.state],
        state=STATE_WORDS[covered.state],
        how="、".join(HOW_WORDS[how] for how in covered.how),
        room=ROOMS.get(covered.room, ""),
        first=objects[:SHOWN],
        more=objects[SHOWN:],
    )


def _object(pointer: Pointer, pages: Mapping[tuple[str, str], str]) -> Object:
    if pointer.kind == "document":
        return Object(load().documents[pointer.name].title, "", "", pointer.name)
    label = pointer.label + ("（参数）" if pointer.kind == "parameter" else "")
    measure = pages.get((pointer.folder, pointer.name)) or pages.get(("", pointer.name), "")
    return Object(label, pointer.written or pointer.path, measure, "")


@cache
def _pages(on: date) -> Mapping[tuple[str, str], str]:
    """By folder and name, or by name alone: the measure whose page shows a rule or number."""
    found: dict[tuple[str, str], str] = {}
    for name, measure, folder in _standing(on):
        found.setdefault((folder, name), measure)
        found.setdefault(("", name), measure)
    return found


def _standing(on: date) -> Iterator[tuple[str, str, str]]:
    """Every rule and number some measure stands on, as the law is and as drafts would have it."""
    for simulate in ((), *LAWS.values()):
        program = load().program(on=on, place=PLACE, simulate=simulate)
        for use in program.measures:
            for name in sorted(rests_on(program, use.measure.name)):
                yield name, use.measure.name, use.file.rsplit("/", 1)[0]
