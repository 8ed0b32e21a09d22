"""From a reform to two laws: the one before it and the one after, each a program of one day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from jiekun.kernel import units
from jiekun.kernel.build import build_program
from jiekun.kernel.documents import Asked, Parameter
from jiekun.kernel.errors import LawError
from jiekun.kernel.graph import Graph
from jiekun.kernel.law import Law, Written
from jiekun.kernel.overlay import SetValue, shipped, with_values
from jiekun.kernel.program import Program
from jiekun.kernel.reform.alone import alone
from jiekun.kernel.reform.file import (
    BadReform,
    Change,
    Flaw,
    PaidMonths,
    Reform,
    SetNumber,
    Switch,
    Take,
    is_it,
    read_reform,
)
from jiekun.kernel.values import BadValue, plain
from jiekun.kernel.words import unit_words

__all__ = ["BadReform", "Flaw", "Reform", "Side", "read_reform", "sides"]

# A number this many times the one in force was rather written in another unit.
_TIMES = 100
_WHOLE = ("month", "year", "day", "time", "persons", "level")


class _Wrong(ValueError):
    """What is wrong with one change, and the line if it is not the change's first."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Side:
    """One law of a comparison: a day, a place, and everything a reform makes of the law there."""

    law: Law
    on: date
    place: str
    simulate: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    # Months a year in which a monthly measure is paid, where not twelve.
    months: Mapping[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> Asked:
        """The law asked for."""
        return self.law.ask(self.on, self.place, self.simulate, self.readings)

    def program(self) -> Program:
        """The law's program, made anew: whoever asks may add to its graph. Raises LawError."""
        written = [w for w in self.law.written if w.measure.name not in self.off]
        return build_program(replace(self.law, written=written), self.asked, {})


def sides(
    law: Law, reform: Reform, *, on: date | None = None, place: str | None = None
) -> tuple[Side, Side]:
    """The law before and after a reform. What is passed here goes before what the reform says.

    Raises BadReform naming every mistake with its line.
    """
    day, where = on or reform.on, place or reform.place
    if day is None or where is None:
        told = "没有写哪一天：on: 2024-11-01" if day is None else '没有写在哪里：place: "420106"'
        raise BadReform(reform.file, [Flaw(0, told)])
    if where not in law.places:
        told = f"没有代码为“{where}”的地方{is_it(where, law.places)}"
        raise BadReform(reform.file, [Flaw(0, told)])
    flaws: list[Flaw] = []
    before = _changed(Side(law, day, where), reform.assume, flaws)
    after = _changed(before, reform.changes, flaws)
    if reform.assume and not flaws:
        flaws += _without_effect(before, reform.assume, reform.line)
    if not flaws:
        flaws += _without_effect(after, reform.changes, reform.line)
    if flaws:
        raise BadReform(reform.file, flaws)
    return before, after


_ORDER = (Switch, Take, SetNumber, PaidMonths)


def _changed(side: Side, changes: tuple[Change, ...], flaws: list[Flaw]) -> Side:
    """A side with some changes made: documents first, since numbers and measures stand in them."""
    documents_first = sorted(
        changes,
        key=lambda c: (_ORDER.index(type(c)), isinstance(c, Switch) and c.thing == "measure"),
    )
    for change in documents_first:
        try:
            side = _with(side, change)
        except _Wrong as error:
            flaws.append(Flaw(error.line or change.line, str(error)))
        except BadValue as error:
            flaws.append(Flaw(change.line, str(error)))
        except LawError as error:
            flaws.append(Flaw(change.line, f"这样改以后规定合不起来：{error}"))
    return side


def _with(side: Side, change: Change) -> Side:
    match change:
        case SetNumber():
            return _with_number(side, change)
        case Take():
            return _with_reading(side, change)
        case PaidMonths():
            _written(side, change.name)
            return replace(side, months={**side.months, change.name: change.months})
        case Switch(thing="document"):
            return _with_document(side, change)
        case Switch():
            return _with_measure(side, change)


# -- numbers


def _with_number(side: Side, change: SetNumber) -> Side:
    """The law with a number set from its day on; a draft's own number gives way to it."""
    if change.since is not None and change.since > side.on:
        raise _Wrong(
            f"{change.name} 从 {change.since} 才改，可是试算的是 {side.on} 那天；"
            "把 on 写到那天以后，或者去掉 from"
        )
    parameter = shipped(side.law, change.name, side.place)
    try:
        value = _value(side, change, parameter)
    except _Wrong as error:
        raise _Wrong(str(error), change.value_line) from None
    told = SetValue(
        change.name, side.place, change.since or side.on, None, value, parameter.unit, "试算"
    )
    law = with_values(side.law, [told])
    here = [_without_drafts(p, side) for p in law.parameters[change.name]]
    return replace(side, law=replace(law, parameters={**law.parameters, change.name: here}))


def _without_drafts(parameter: Parameter, side: Side) -> Parameter:
    kept = tuple(v for v in parameter.values if not (v.draft and v.document in side.simulate))
    return replace(parameter, values=kept)


def _value(side: Side, change: SetNumber, parameter: Parameter) -> Decimal:
    """The new value, in the parameter's unit. Raises _Wrong for a wrong unit or no sense."""
    label = f"“{parameter.label}”"
    used = side.law.parameter(change.name, side.asked)
    dated = None if used is None else used.on(side.on, side.simulate)
    now = None if dated is None else dated.value
    unit = unit_words(parameter.unit) or parameter.unit
    value = change.value
    if change.how != "to":
        if now is None:
            raise _Wrong(f"{label}现在没有数，不能在它上面增减；请写 to: 改成多少")
        if change.how == "percent" and parameter.unit == "ratio":
            raise _Wrong(f"{label}本身是比例，增减百分之几有两种意思；请写 to: 改成多少")
    if change.how == "percent" and now is not None:
        value = _rounded(now * (1 + change.value / 100), parameter.unit)
    elif change.unit == "%":
        if parameter.unit != "ratio":
            raise _Wrong(f"{label}的单位是{unit}（{parameter.unit}），不是百分数")
        value = change.value / 100
    elif not _same_unit(change.unit, parameter.unit):
        raise _Wrong(f"{label}的单位是{unit}（{parameter.unit}），不是 {change.unit}")
    if change.how == "by" and now is not None:
        value = now + value
    _sense(label, value, now, parameter)
    return value


def _same_unit(told: str, unit: str) -> bool:
    try:
        return told == unit or (
            units.parse(told) == units.parse(unit) and units.parse(unit) != units.PLAIN
        )
    except ValueError:
        return False


def _rounded(value: Decimal, unit: str) -> Decimal:
    if not units.is_money(units.parse(unit)):
        return value
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _sense(label: str, value: Decimal, now: Decimal | None, parameter: Parameter) -> None:
    unit = units.parse(parameter.unit)
    if value < 0:
        raise _Wrong(f"{label}改成 {plain(value)}，不能是负数")
    if now and value > now * _TIMES:
        raise _Wrong(f"{label}从 {plain(now)} 改成 {plain(value)}，大得没有道理；单位写对了吗？")
    if parameter.name.endswith("_share") and value > 1:
        raise _Wrong(f"{label}是占几成，不能超过 100%，现在是 {plain(value * 100)}%")
    if units.is_money(unit) and value != _rounded(value, parameter.unit):
        raise _Wrong(f"{label}最小到分，现在是 {value}")
    words = parameter.unit.split("/")
    counted = words[0].rstrip("s") in _WHOLE or words[0] in _WHOLE
    if counted and value != value.to_integral_value():
        raise _Wrong(f"{label}应是整数，现在是 {value}")


# -- readings, documents, measures


def _with_reading(side: Side, change: Take) -> Side:
    law = side.law
    if change.name not in law.readings:
        raise _Wrong(f"没有名叫“{change.name}”的读法{is_it(change.name, law.readings)}")
    reading = law.readings[change.name]
    if change.option not in reading.options:
        raise _Wrong(
            f"“{reading.label}”没有 {change.option} 这种读法"
            f"{is_it(change.option, reading.options)}。"
            f"可选：{'、'.join(reading.options)}"
        )
    if side.readings.get(change.name, reading.default) == change.option:
        raise _Wrong(f"“{reading.label}”本来就按 {change.option} 读，没有改动")
    return replace(side, readings={**side.readings, change.name: change.option})


def _with_document(side: Side, change: Switch) -> Side:
    law = side.law
    if change.name not in law.documents:
        raise _Wrong(f"没有代号为“{change.name}”的文件{is_it(change.name, law.documents)}")
    document = law.documents[change.name]
    if document.place not in law.chain(side.place):
        place = law.places[document.place].name
        raise _Wrong(f"{change.name} 是{place}的文件，管不到{law.places[side.place].name}")
    now = document.applies(side.on, side.simulate)
    if now == change.in_force:
        raise _Wrong(f"{change.name} 那天本来就{'在' if now else '没有'}施行，没有改动")
    if document.status == "draft":
        others = tuple(d for d in side.simulate if d != change.name)
        if not change.in_force:
            return replace(side, simulate=others)
        if side.on < (document.simulate_from or date.min):
            raise _Wrong(f"{change.name} 到 {document.simulate_from} 才有，{side.on} 还不能试算")
        return replace(side, simulate=(*others, change.name))
    if change.in_force:
        since = min(document.effective_from or side.on, side.on)
        fresh = replace(document, status="in_force", effective_from=since, effective_to=None)
    else:
        fresh = replace(document, status="expired", effective_to=side.on - timedelta(days=1))
    documents = {**law.documents, change.name: fresh}
    return replace(side, law=replace(law, documents=documents, _programs={}))


def _with_measure(side: Side, change: Switch) -> Side:
    written = _written(side, change.name)
    on = change.name not in side.off and _in_force(side, written)
    label = written.measure.label
    if change.in_force == on:
        raise _Wrong(f"“{label}”那天本来就{'在' if on else '没有'}施行，没有改动")
    if not change.in_force:
        return replace(side, off=side.off | {change.name})
    if change.name in side.off:
        return replace(side, off=side.off - {change.name})
    found = alone(side.law, side.asked, written)
    if found is None:
        raise _Wrong(f"“{label}”那天没有施行，也不出自能试算的文件，单独放不开")
    law, simulate = found
    return replace(side, law=law, simulate=simulate)


def _written(side: Side, name: str) -> Written:
    """The most local measure of a name at a place."""
    chain = side.law.chain(side.place)
    here = {w.measure.name: w for w in side.law.written if w.place in chain}
    if name not in here:
        raise _Wrong(f"没有名叫“{name}”的政策{is_it(name, here)}")
    return max(
        (w for w in side.law.written if w.measure.name == name and w.place in chain),
        key=lambda w: chain.index(w.place),
    )


def _in_force(side: Side, written: Written) -> bool:
    return side.law.rule(written.measure.eligible, side.asked) is not None


# -- what would change nothing


def _without_effect(side: Side, changes: tuple[Change, ...], line: int) -> Iterator[Flaw]:
    """Changes of numbers, readings and months that nothing in force reads."""
    try:
        program = side.program()
    except LawError as error:
        yield Flaw(line, f"这样改以后规定合不起来：{error}")
        return
    read = {step.rule.reading.partition(":")[0] for step in program.steps.values()}
    paid = {use.measure.name: use.amount for use in program.measures}
    for change in changes:
        told = ""
        match change:
            case SetNumber(name=name) if name not in program.parameters:
                told = f"那天施行的规定用不到 {name}"
            case Take(name=name) if name not in read:
                told = f"那天施行的规定里没有分这种读法的条文（{name}）"
            case PaidMonths(name=name) if not _monthly(program.graph, paid.get(name)):
                told = f"{name} 那天没有施行，或者不是按月发的钱"
        if told:
            yield Flaw(change.line, f"{told}；改了也没有用。要先让草案施行吗？")


def _monthly(graph: Graph, amount: int | None) -> bool:
    return amount is not None and units.text(graph[amount].unit) == "yuan/month"
