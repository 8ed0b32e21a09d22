"""Documents, places and dated parameters: what the YAML beside the rules says."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from jiekun.kernel import units
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.yamls import Located

Status = Literal["draft", "in_force", "expired", "superseded"]
STATUSES = ("draft", "in_force", "expired", "superseded")
FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Place:
    """A place with law of its own. `folder` is where that law stands, under the law folder."""

    code: str
    name: str
    parent: str | None
    folder: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document of law. Drafts have no dates of force; they apply only where simulated."""

    id: str
    title: str
    number: str
    issuer: str
    place: str
    status: Status
    issued: date | None
    effective_from: date | None
    effective_to: date | None
    simulate_from: date | None
    articles: int | None
    note: str

    def applies(self, on: date, simulate: tuple[str, ...]) -> bool:
        """Whether the document is in force on a day, or simulated to be."""
        if self.status == "draft":
            return self.id in simulate and on >= (self.simulate_from or date.min)
        return (self.effective_from or date.min) <= on <= (self.effective_to or FOREVER)


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause that can be read in more than one way; the district chooses, else the default."""

    topic: str
    label: str
    cites: str
    options: dict[str, str]
    default: str
    note: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which law is asked for: a day, a place with all it belongs to, drafts, chosen readings."""

    on: date
    place: str
    chain: tuple[str, ...]
    simulate: tuple[str, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value over a span of days; `value` is None when nobody found it."""

    since: date | None
    until: date | None
    value: Decimal | None
    cites: str
    source: str
    grade: str
    draft: bool
    line: int
    # Set by a district's own act and not shipped with the law.
    confirmed: bool = False

    @property
    def document(self) -> str:
        """The document of the citation."""
        return self.cites.split("-", 1)[0]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number the law uses, over time, at one place."""

    name: str
    label: str
    unit: str
    favourable: str
    place: str
    values: tuple[DatedValue, ...]
    folder: str
    file: str
    line: int

    def on(self, day: date, simulate: tuple[str, ...]) -> DatedValue | None:
        """The value of a day, a simulated draft's first; None where nobody says anything.

        Where a draft leaves its number open, what the district confirmed for the day fills it.
        """
        draft = next((v for v in self.values if v.draft and v.document in simulate), None)
        dated = (v for v in self.values if not v.draft)
        span = next(
            (v for v in dated if (v.since or date.min) <= day <= (v.until or FOREVER)), None
        )
        filled = draft is not None and draft.value is None and span is not None and span.confirmed
        return span if filled else draft or span


def exact(value: Decimal, unit: units.Unit) -> Fraction:
    """A parameter's value as the engines count it: money in fen."""
    return Fraction(value) * (100 if units.is_money(unit) else 1)


def read_place(raw: Located) -> Place:
    raw.only("code", "name", "parent", "folder")
    parent = raw.get("parent")
    return Place(
        str(raw.need("code")), raw.need("name"), str(parent) if parent else None, raw.need("folder")
    )


def read_reading(raw: Located) -> Reading:
    """One entry of readings.yaml. Raises LawError when the default is no option."""
    raw.only("topic", "label", "cites", "options", "default", "note")
    options = raw.need("options")
    if not isinstance(options, Located) or len(options) < 2:
        raise raw.error("a reading needs two options or more")
    default = raw.need("default")
    if default not in options:
        raise raw.error(f"the default {default!r} is no option", nearest(str(default), options))
    words = {option: str(text) for option, text in options.items()}
    return Reading(
        raw.need("topic"),
        raw.need("label"),
        raw.need("cites"),
        words,
        default,
        raw.get("note") or "",
    )


def read_document(raw: Located) -> Document:
    """One entry of documents.yaml. Raises LawError for missing words and impossible dates."""
    raw.only(*Document.__dataclass_fields__)
    status = raw.need("status")
    if status not in STATUSES:
        raise raw.error(f"status {status!r} is none of {', '.join(STATUSES)}")
    document = Document(
        id=str(raw.need("id")),
        title=raw.need("title"),
        number=raw.get("number") or "",
        issuer=raw.get("issuer") or "",
        place=str(raw.need("place")),
        status=status,
        issued=_day(raw, "issued"),
        effective_from=_day(raw, "effective_from"),
        effective_to=_day(raw, "effective_to"),
        simulate_from=_day(raw, "simulate_from"),
        articles=raw.get("articles"),
        note=raw.get("note") or "",
    )
    if document.issued and document.effective_from and document.effective_from < document.issued:
        raise raw.error(f"{document.id} is in force before it was issued")
    if status != "draft" and document.effective_from is None:
        raise raw.error(f"{document.id} has no effective_from", "only a draft may lack it")
    return document


def read_parameter(name: str, raw: Any, *, place: str, folder: str, file: str) -> Parameter:
    """One entry of parameters.yaml. Raises LawError for a missing unit or source, or bad dates."""
    if not isinstance(raw, Located):
        raise LawError(
            f"parameter {name} is not a mapping", file=file, hint="write label, unit, values"
        )
    raw.only("label", "unit", "favourable", "values", "note")
    unit = raw.need("unit")
    try:
        units.parse(unit)
    except ValueError as error:
        raise raw.error(f"parameter {name}: {error}") from error
    favourable = raw.get("favourable", "none")
    if favourable not in ("up", "down", "none"):
        raise raw.error(f"favourable is {favourable!r}", "write up, down or none")
    values = tuple(_value(name, item) for item in raw.need("values"))
    _no_holes(name, raw, values)
    return Parameter(
        name, raw.need("label"), unit, favourable, place, values, folder, file, raw.line
    )


def _value(name: str, raw: Located) -> DatedValue:
    raw.only("from", "until", "value", "cites", "source", "grade", "note")
    if not raw.get("cites") and not raw.get("source"):
        raise raw.error(f"parameter {name} has a value without source", "add cites: or source:")
    start = raw.need("from")
    number = raw.get("value")
    if isinstance(number, float | int) and not isinstance(number, bool):
        number = str(number)
    try:
        value = None if number is None else Decimal(str(number))
    except InvalidOperation as error:
        raise raw.error(f"parameter {name}: {number!r} is not a number") from error
    return DatedValue(
        since=None if start == "draft" else _day(raw, "from"),
        until=_day(raw, "until"),
        value=value,
        cites=raw.get("cites") or "",
        source=raw.get("source") or "",
        grade=str(raw.get("grade") or ""),
        draft=start == "draft",
        line=raw.line,
    )


def _no_holes(name: str, raw: Located, values: tuple[DatedValue, ...]) -> None:
    dated = sorted((v for v in values if not v.draft), key=lambda v: v.since or date.min)
    for earlier, later in pairwise(dated):
        end = earlier.until or FOREVER
        if later.since is None or later.since <= end:
            raise raw.error(f"parameter {name}: two values on {later.since}")
        if later.since != end + timedelta(days=1):
            raise raw.error(
                f"parameter {name}: no value between {end} and {later.since}", "close it with null"
            )


def _day(raw: Located, word: str) -> date | None:
    value = raw.get(word)
    if value is not None and type(value) is not date:
        raise raw.error(f"{word} is {value!r}, not a date", "write YYYY-MM-DD")
    return value
