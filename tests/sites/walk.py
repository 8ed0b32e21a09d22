"""Every address of the desk with whatever could be asked of it, made from the map of addresses.

A new address fails until what it takes stands here: what its numbers count, a value for each word
it knows in its query, and a form for each it can be sent.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import quote, unquote

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from jiekun.journal.models import Entry
from jiekun.offices.models import Officer
from jiekun.registry.access import Data
from jiekun.registry.models import Candidate
from jiekun.sites.desk import urls
from jiekun.sites.desk.shows import shown_at

from .conftest import HERE, STREET
from .outsiders import LANE, PHONE, SURNAME, World

# Public law, typeset anew each time: slow, and about nobody.
TYPESET = {"handbook-file", "leaflet-file"}

# What a number in an address counts, by the address's first word.
NUMBERS: dict[str, Callable[[World], list[int]]] = {
    "households": lambda w: [w.home.pk],
    "people": lambda w: [w.people[0].pk, w.people[-1].pk],
    "imports": lambda w: [w.of.pk],
    "runs": lambda w: [w.runs[0], w.runs[-1]],
    "reforms": lambda w: [w.reform.pk],
    "changes": lambda w: w.changes[:2],
    "officers": lambda _: [Officer.objects.get(username="jiedao").pk],
    "parameters": lambda _: [1],
    "readings": lambda _: [1],
    "saved": lambda w: [w.saved],
    "duplicates": lambda _: list(Candidate.objects.values_list("pk", flat=True)),
}
NAMES = {
    ("households", "measure"): "dibao", ("measures", "name"): "dibao", ("law", "name"): "W24",
    ("handbook", "name"): "dibao", ("parameters", "name"): "dibao_standard_urban",
    ("places", "code"): HERE,
}  # fmt: skip
# Further numbers in an address, by what they are called there.
INNER: dict[str, Callable[[World], int]] = {
    "attachment": lambda w: w.attachment.pk,
    "paper": lambda w: w.attachment.pk,
}

# Values for each word an address knows in its query: those that would find the family.
WORDS: dict[str, Callable[[World], list[str]]] = {
    "q": lambda w: [SURNAME, w.people[0].name, "pangjia", "pj", w.number, w.number[-4:], PHONE,
                    PHONE[-4:], LANE, f"{w.people[0].name} {w.number[-4:]}"],
    "street": lambda _: [STREET],
    "place": lambda _: [STREET, HERE],
    "community": lambda _: [HERE],
    "area": lambda _: [HERE],
    "subject": lambda w: [f"registry.household:{w.home.pk}", f"registry.person:{w.people[-1].pk}",
                          "registry.household", f"exchange.import:{w.of.pk}"],
    "officer": lambda _: ["陈静"],
    "act": lambda _: ["look-unmasked", "keep-attachment"],
    "home": lambda w: [str(w.home.pk)],
    "who": lambda w: [str(w.people[-1].pk), "household"],
    "run": lambda w: [str(w.runs[-1])],
    "a": lambda w: [str(w.reform.pk)],
    "b": lambda w: [str(w.reform.pk)],
    "copy": lambda w: [str(w.reform.pk)],
    "measure": lambda _: ["dibao"],
    "list": lambda _: ["ask"],
    "kind": lambda _: ["unreached", "ask", "review"],
    "direction": lambda _: ["out"],
    "category": lambda _: ["dibao_edge"],
    "outcome": lambda _: ["gain", "refused"],
    "least": lambda _: ["1"],
    "page": lambda _: ["2"],
    "edit": lambda _: ["income"],
    "layout": lambda _: ["people"],
    "since": lambda _: ["2024-01-01"],
    "law": lambda _: ["W24"],
}  # fmt: skip
# Words that choose among public things or how they lie: no family hangs on them.
HARMLESS = {
    "sort", "type", "decile", "reader", "show", "year", "document", "state", "how", "ready",
    "found", "until", "sheet", "header", "from", "here", "to", "next",
    "shade", "mine", "number",
}  # fmt: skip

_LOOK = [{"purpose": "入户走访"}, {"purpose": "监督检查", "note": "查"}]
# What is sent to each address that takes a form, as somebody who may would send it.
FORMS: dict[str, Callable[[World], list[dict[str, Any]]]] = {
    "unmask-household": lambda _: _LOOK,
    "unmask-person": lambda _: _LOOK,
    "print-household": lambda _: _LOOK,
    "print-person": lambda _: _LOOK,
    "numbers": lambda w: [
        {"act": "reveal", "identifier": _hers(w), "purpose": "核对身份"},
        {"act": "claim", "kind": "passport", "number": "E12345678", "source": "本人"},
        {"act": "end", "identifier": _hers(w), "until": "2024-10-30", "reason": "作废"},
    ],
    "search": lambda w: [{"q": w.number}, {"q": SURNAME}],
    "record": lambda _: [{"rural": "yes", "source": "本人", "as_of": "2024-10-30"}],
    "what-if": lambda w: [{f"{w.people[-1].pk}.odd_job_income": "100"}],
    "change": lambda w: [
        {"address": f"{LANE}1号", "phone": "13900000000", "grid": "第2网格",
         "seen": str(w.home.version), "source": "本人", "on": "2024-10-30"},
        {"home": str(w.home.pk), "seen": str(w.home.version), "on": "2024-10-30"},
    ],
    "disagreements": lambda _: [
        {"fact": "wage_income", "source": "本人", "reason": "当面核过", "seen": "0"}
    ],
    "household-disagreements": lambda _: [
        {"fact": "rural", "source": "本人", "reason": "当面核过", "seen": "0"}
    ],
    "act-on-duplicate": lambda w: [
        {"act": "later", "reason": "等材料"}, {"act": "different", "reason": "见过两人"},
        {"act": "same", "keep": str(w.people[-1].pk), "reason": "看过"},
    ],
    "act-on-import": lambda _: [{"act": "apply"}, {"act": "undo", "why": "错"}, {"act": "discard"}],
    "import-to-mend": lambda _: [{}],
    "upload-import": lambda w: [{"ledger": _ledger(w)}],
    "print-picked": lambda w: [
        {"household": str(w.home.pk), "purpose": purpose, **more}
        for purpose in ("入户走访", "监督检查", "会议研究") for more in ({}, {"all": "1"})
    ],
    "take": lambda w: [
        {"list": page, "purpose": purpose}
        for purpose in ("会议研究", "监督检查") for page in _lists(w)
    ],
    "household-papers": lambda w: [*_paper(w)],
    "papers": lambda w: [*_paper(w)],
    "grounds": lambda _: [
        {"act": "note", "scope": "finances", "ground": "consent", "paper": "柜 3", "since":
         "2024-10-01"},
    ],
    "recognitions": lambda _: [
        {"act": "note", "category": "low_income", "since": "2024-10-01", "decided_by": "区民政"},
    ],
    "new-household": lambda w: [
        {"community": HERE, "address": f"{LANE}98号", "phone": PHONE, "name": w.people[0].name,
         "sex": "male", "birth_date": "1980-01-01", "on": "2024-10-30"},
    ],
    "act-on-saved": lambda _: [{"act": "rename", "name": "我的"}, {"act": "give-up"}],
    "save-filter": lambda _: [
        {"page": "unreached", "words": f"community={HERE}", "name": "他们"},
        {"page": "journal", "words": f"area={HERE}", "name": "他们"},
    ],
    "start-run": lambda _: [{"law": "", "purpose": "入户走访"}],
    "act-on-run": lambda _: [{"act": "cancel"}, {"act": "resume"}],
    "reform-new": lambda _: [{"act": "check", "text": "label: x\nchanges: []\n"}],
    "act-on-reform": lambda _: [{"act": "cancel"}, {"act": "remove"}],
    "act-on-officer": lambda w: [
        {"act": "deputise", "post": str(w.post), "other": "out0", "since": "2024-11-01",
         "until": "2024-12-01", "why": "休假"},
        {"act": "end", "post": str(w.post), "until": "2024-11-01"},
    ],
    "take-in": lambda _: [{}],
    "journal-export": lambda _: [{"purpose": "检查"}],
    "journal-seal": lambda _: [{}],
    # What tells nothing of residents, or ends the walk: sent with nothing.
    **dict.fromkeys(
        ("account", "calendar", "divisions", "sign-in", "sign-in-step", "sign-out", "held",
         "looks", "parameter", "readings", "conflicts", "act-on-value", "act-on-reading"),
        lambda _: [],
    ),
}  # fmt: skip


def _paper(world: World) -> list[dict[str, Any]]:
    """A look at the family's paper, whole and small; one more; and the one there thrown away."""
    its = {"attachment": str(world.attachment.pk), "purpose": "核对身份", "reason": "错"}
    file = io.BytesIO(b"%PDF-1.7\n%%EOF")
    file.name = "x.pdf"
    kept = {"act": "keep", "label": "证明", "purpose": "入户走访", "file": file}
    return [{**its, "act": act} for act in ("look", "small", "remove")] + [kept]


def _lists(world: World) -> list[str]:
    """Lists that leave the desk as files, where the family would be on them."""
    return [
        "/unreached/", "/unreached/?list=ask", "/findings/?kind=review", "/changes/",
        "/recognised/", f"/search/?q={SURNAME}", "/gone/", "/journal/?subject=registry.household",
        f"/households/{world.home.pk}/looked/", f"/people/{world.people[-1].pk}/looked/",
        f"/imports/{world.of.pk}/", f"/reforms/{world.reform.pk}/households/", "/duplicates/",
    ]  # fmt: skip


def _hers(world: World) -> str:
    return str(world.people[-1].identifiers.get().pk)


def _ledger(world: World) -> io.BytesIO:
    file = io.BytesIO(f"姓名,身份证号\n{world.people[0].name},{world.number}\n".encode())
    file.name = "x.csv"
    return file


@dataclass(frozen=True)
class Ask:
    """One request: to which address of the map, how, and with what."""

    name: str
    method: str
    path: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """Everything the asker says, and so may be told again."""
        values = [str(v) for v in self.data.values() if isinstance(v, str)]
        links = [f'{quote(value)}"' for value in values]
        return " ".join((unquote(self.path), *values, *links))


def missing() -> list[str]:
    """What this file does not say of the addresses there are."""
    return [one for pattern in urls.urlpatterns for one in _missing(pattern)]


def _missing(pattern: Any) -> Iterator[str]:
    name, view, kind = str(pattern.name), pattern.callback, _kind(pattern)
    for argument in pattern.pattern.converters:
        if argument == "pk" and kind not in NUMBERS:
            yield f"what the number in {name} counts, in NUMBERS: {kind}"
        elif argument != "pk" and argument not in INNER and (kind, argument) not in NAMES:
            yield f"a name for {name} in NAMES: {(kind, argument)}"
    if "POST" in methods(view) and name not in FORMS:
        yield f"a form for {name} in FORMS"
    for word in set(words_of(view)) - WORDS.keys() - HARMLESS:
        yield f"a value for {name}'s word in WORDS: {word}"


def asks(world: World) -> Iterator[Ask]:
    """Whatever can be asked about the family at every address there is."""
    for pattern in urls.urlpatterns:
        name = str(pattern.name)
        # What is missing is told by a test of its own.
        if name in TYPESET or list(_missing(pattern)):
            continue
        for path in _paths(pattern, world):
            if "POST" in methods(pattern.callback):
                yield from (Ask(name, "POST", path, form) for form in FORMS[name](world))
            if "GET" in methods(pattern.callback):
                yield Ask(name, "GET", path)
                law = ("law",) if shows_residents(name) else ()
                for word in (*words_of(pattern.callback), *law):
                    values = [] if word in HARMLESS else WORDS[word](world)
                    yield from (Ask(name, "GET", path, {word: value}) for value in values)


def words_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The words a view knows in its query, but for those of every page."""
    return getattr(view, "words", ())


def _kind(pattern: Any) -> str:
    """The first word of an address."""
    return str(pattern.pattern).partition("/")[0].partition(".")[0]


def _paths(pattern: Any, world: World) -> list[str]:
    values: list[list[object]] = []
    for argument in pattern.pattern.converters:
        if argument == "pk":
            values.append([*NUMBERS[_kind(pattern)](world)])
        elif argument in INNER:
            values.append([INNER[argument](world)])
        else:
            values.append([NAMES[_kind(pattern), argument]])
    names = list(pattern.pattern.converters)
    return [
        reverse(f"desk:{pattern.name}", kwargs=dict(zip(names, chosen, strict=True)))
        for chosen in product(*values)
    ]


def shows_residents(name: str) -> bool:
    """Whether an address shows anything but the law and what is one's own."""
    shows = shown_at(name)
    return bool((shows.needs | shows.also) - {Data.LAW, Data.OWN})


def worth_asking_by_all(ask: Ask) -> bool:
    """What every outsider asks; the rest is the same for whoever reads it, and slow.

    Pages of families and of acts with whatever narrows them; pages that only count, as they are.
    """
    shows = shown_at(ask.name)
    if {Data.FAMILIES, Data.OFFICE_ACTS} & shows.needs:
        return "law" not in ask.data
    return shows_residents(ask.name) and not (ask.method == "GET" and ask.data)


@cache
def methods(view: Callable[..., Any]) -> frozenset[str]:
    """The ways a view may be asked, as its decorators say."""
    found: frozenset[str] = frozenset({"GET", "POST"})
    inner: Any = view
    while inner is not None:
        free = getattr(getattr(inner, "__code__", None), "co_freevars", ())
        if "request_method_list" in free:
            held = inner.__closure__[free.index("request_method_list")].cell_contents
            found = frozenset(held) & {"GET", "POST"}
        inner = getattr(inner, "__wrapped__", None)
    return found


def text_of(answer: HttpResponse) -> str:
    """Everything an answer says: a page, a workbook's cells, a PDF's text, where it leads."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(content))
        body = "".join(book.read(one).decode(errors="ignore") for one in book.namelist())
    elif content.startswith(b"%PDF"):
        body = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        body = content.decode(errors="ignore")
    return f"{body} {unquote(answer.get('Location', ''))} {answer.get('Content-Disposition', '')}"


@dataclass
class Walk:
    """What came of a walk: how many asks, how many were answered, and what leaked where."""

    tried: int = 0
    opened: int = 0
    leaks: list[str] = field(default_factory=list)


def walk(client: Client, world: World, wanted: Callable[[Ask], bool] = lambda _: True) -> Walk:
    """Ask everything; a word of the family that the asker did not say is a leak."""
    came = Walk()
    before = Entry.objects.count()
    for ask in asks(world):
        if not wanted(ask):
            continue
        send = client.get if ask.method == "GET" else client.post
        answer = send(ask.path, ask.data)
        came.tried += 1
        came.opened += answer.status_code == 200
        assert answer.status_code < 500, ask
        text = text_of(answer)
        if found := [word for word in world.told if word in text and word not in ask.said]:
            came.leaks.append(f"{ask.method} {ask.path} {ask.data}: {found}")
    lines = Entry.objects.order_by("pk")[before:]
    came.leaks += [f"journal: {one}" for one in lines if _about(one, world)]
    return came


def _about(line: Entry, world: World) -> bool:
    """Whether a line says that something was done to the family."""
    people = {str(one.pk) for one in world.people}
    return (
        (line.subject_kind == "registry.household" and line.subject_id == str(world.home.pk))
        or (line.subject_kind == "registry.person" and line.subject_id in people)
        or world.home.pk in line.data.get("households", [])
    )
