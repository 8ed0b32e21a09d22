"""A law with the numbers a district confirmed laid over those that ship with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise

from jiekun.kernel.documents import FOREVER, DatedValue, Parameter
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.law import Law, check_citation
from jiekun.kernel.values import BadValue, plain
from jiekun.kernel.words import unit_words

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SetValue:
    """A number a district set: without `until` it holds until the next one begins."""

    name: str
    place: str
    since: date
    until: date | None
    value: Decimal
    unit: str
    source: str = ""
    cites: str = ""


def with_values(law: Law, values: Iterable[SetValue]) -> Law:
    """The law with these numbers over its own, which stays as it is. Raises BadValue."""
    found = sorted(values, key=lambda v: (v.name, v.place, v.since))
    for value in found:
        _check(law, value)
    parameters = {name: list(there) for name, there in law.parameters.items()}
    for (name, place), group in groupby(found, key=lambda v: (v.name, v.place)):
        merged = _merged(law, name, place, list(group))
        others = [p for p in parameters[name] if p.place != place]
        _no_holes(law, merged, others)
        parameters[name] = [*others, merged]
    return replace(law, parameters=parameters, _programs={})


def shipped(law: Law, name: str, place: str) -> Parameter:
    """The most local parameter of a name that a place has. Raises BadValue naming the nearest."""
    if name not in law.parameters:
        raise BadValue(f"没有名叫“{name}”的参数{_hint(nearest(name, law.parameters))}")
    if place not in law.places:
        raise BadValue(f"没有代码为“{place}”的地方{_hint(nearest(place, law.places))}")
    chain = law.chain(place)
    here = [p for p in law.parameters[name] if p.place in chain]
    if not here:
        label = law.parameters[name][0].label
        raise BadValue(f"{law.places[place].name}的规定里没有“{label}”（{name}）这个参数")
    return max(here, key=lambda p: chain.index(p.place))


def _hint(told: str) -> str:
    return f"，最接近的是 {told.rsplit(maxsplit=1)[-1].rstrip('?')}" if told else ""


def _check(law: Law, value: SetValue) -> None:
    parameter = shipped(law, value.name, value.place)
    label = f"“{parameter.label}”"
    if value.unit != parameter.unit:
        wanted = unit_words(parameter.unit) or parameter.unit
        raise BadValue(
            f"{label}的单位是{wanted}（{parameter.unit}），不是 {value.unit or '空的'}"
            f"{_hint(nearest(value.unit, [parameter.unit]))}"
        )
    if not value.value.is_finite() or value.value < 0:
        raise BadValue(f"{label}要填不小于 0 的数，现在是 {value.value:f}")
    if value.until is not None and value.until < value.since:
        raise BadValue(f"{label}的截止日 {value.until} 早于起始日 {value.since}")
    if not value.source.strip() and not value.cites:
        raise BadValue(f"{label}没有写出处：文件名、文号和日期，或者条款号")
    if value.cites:
        _check_cites(law, value, label)


def _check_cites(law: Law, value: SetValue, label: str) -> None:
    known = [*law.clauses, *law.documents]
    try:
        check_citation(law, value.cites, "", 0)
    except LawError as error:
        near = _hint(nearest(value.cites, known))
        raise BadValue(f"没有哪份文件有 {value.cites} 这一条{near}") from error
    document = law.documents[value.cites.partition("-")[0]]
    drafted = all(v.draft for p in law.parameters[value.name] for v in p.values)
    if document.status == "draft" and not drafted:
        raise BadValue(f"{document.id} 还是草案，不能作{label}的依据；草案只能试算，不能据以发放")


def _merged(law: Law, name: str, place: str, values: list[SetValue]) -> Parameter:
    """The parameter at a place: the district's numbers on their days, else those shipped there."""
    base = shipped(law, name, place)
    own = _closed(base.label, values)
    kept = [v for v in base.values if v.draft] if base.place == place else []
    spans = [v for v in base.values if not v.draft] if base.place == place else []
    for mine in own:
        spans = [piece for span in spans for piece in _without(span, mine)]
    dated = sorted([*spans, *own], key=_start)
    return replace(base, place=place, values=(*kept, *dated))


def _closed(label: str, values: list[SetValue]) -> list[DatedValue]:
    """Numbers in order, an open one ended by the next. Raises BadValue where two overlap."""
    found = []
    for value, later in zip(values, [*values[1:], None], strict=True):
        until = value.until
        if later is not None and (later.since == value.since or later.since <= (until or date.min)):
            both = f"{plain(value.value)} 和 {plain(later.value)}"
            raise BadValue(
                f"“{label}”在 {later.since} 有两个数：{both}，请先撤回一个，或者改起止日期"
            )
        if later is not None and until is None:
            until = later.since - _DAY
        found.append(
            DatedValue(
                since=value.since, until=until, value=value.value, cites=value.cites,
                source=value.source, grade="", draft=False, line=0, confirmed=True,
            )
        )  # fmt: skip
    return found


def _without(span: DatedValue, mine: DatedValue) -> list[DatedValue]:
    """What is left of a span of days outside another."""
    start, end = _start(mine), _end(mine)
    if _end(span) < start or _start(span) > end:
        return [span]
    left = []
    if _start(span) < start:
        left.append(replace(span, until=start - _DAY))
    if _end(span) > end:
        left.append(replace(span, since=end + _DAY))
    return left


def _no_holes(law: Law, merged: Parameter, others: list[Parameter]) -> None:
    """Refuses days between two values on which no place above says anything either."""
    above = law.chain(merged.place)
    wider = [p for p in others if p.place in above]
    dated = [v for v in merged.values if not v.draft]
    for earlier, later in pairwise(dated):
        first, last = _end(earlier) + _DAY, _start(later) - _DAY
        days = [
            first,
            *(_end(v) + _DAY for p in wider for v in p.values if first <= _end(v) < last),
        ]
        bare = [d for d in days if d <= last and all(p.on(d, ()) is None for p in wider)]
        if bare:
            raise BadValue(
                f"“{merged.label}”从 {bare[0]} 到 {last} 没有数：请把这段日子也补上，"
                "或者让前一个数一直用到后一个开始"
            )


def _start(value: DatedValue) -> date:
    return value.since or date.min


def _end(value: DatedValue) -> date:
    return value.until or FOREVER
