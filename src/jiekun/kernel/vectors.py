"""What each operation does to whole columns: exact integers, with unknown beside the value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiekun.kernel.graph import Node

Array = NDArray[Any]
Known = Array | None
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}


@dataclass(slots=True)
class Truth:
    """Where a condition surely holds, and where it surely does not."""

    true: Array
    false: Array


@dataclass(slots=True)
class Number:
    """Numerators, their denominators, and where they are known (None: everywhere)."""

    top: Array
    den: Any
    known: Known


Value = Truth | Number


_EPOCH = date(1970, 1, 1)


def reached(on: date, years: int) -> int:
    """The latest day to have been born on and be `years` old `on`, in days since 1970."""
    year, month = on.year - years, on.month
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return (date(year, month, min(on.day, last)) - _EPOCH).days


def both(left: Known, right: Known) -> Known:
    """Where both are known."""
    if left is None or right is None:
        return right if left is None else left
    return left & right


def truth_where(holds: Array, known: Known) -> Truth:
    """A condition evaluated everywhere, kept only where it is known."""
    if known is None:
        return Truth(holds, ~holds)
    return Truth(holds & known, ~holds & known)


def on_and(node: Node, *args: Truth) -> Value:
    true, false = args[0].true, args[0].false
    for arg in args[1:]:
        true, false = true & arg.true, false | arg.false
    return Truth(true, false)


def on_or(node: Node, *args: Truth) -> Value:
    true, false = args[0].true, args[0].false
    for arg in args[1:]:
        true, false = true | arg.true, false & arg.false
    return Truth(true, false)


def on_not(node: Node, arg: Truth) -> Value:
    return Truth(arg.false, arg.true)


def on_in(node: Node, arg: Number) -> Value:
    codes = sorted(node.value)  # type: ignore[call-overload]
    holds = arg.top == codes[0]
    for code in codes[1:]:
        holds = holds | (arg.top == code)
    return truth_where(holds, arg.known)


def on_compare(node: Node, left: Value, right: Value) -> Value:
    compare = _COMPARE[node.op]
    if isinstance(left, Truth) and isinstance(right, Truth):
        same = (left.true & right.true) | (left.false & right.false)
        differ = (left.true & right.false) | (left.false & right.true)
        return Truth(same, differ) if node.op == "eq" else Truth(differ, same)
    assert isinstance(left, Number)
    assert isinstance(right, Number)
    a, b = _cross(left, right)
    return truth_where(compare(a, b), both(left.known, right.known))


def _cross(left: Number, right: Number) -> tuple[Array, Array]:
    fixed = isinstance(left.den, int) and isinstance(right.den, int)
    if fixed and left.den == right.den:
        return left.top, right.top
    return left.top * right.den, right.top * left.den


def _scaled(node: Node, arg: Number) -> Array:
    return arg.top if node.den is None or node.den == arg.den else arg.top * (node.den // arg.den)


def on_add(node: Node, left: Number, right: Number, sign: int = 1) -> Value:
    known = both(left.known, right.known)
    if node.den is not None:
        return Number(_scaled(node, left) + sign * _scaled(node, right), node.den, known)
    return Number(left.top * right.den + sign * (right.top * left.den), left.den * right.den, known)


def on_sub(node: Node, left: Number, right: Number) -> Value:
    return on_add(node, left, right, -1)


def on_mul(node: Node, left: Number, right: Number) -> Value:
    top = left.top * right.top
    known = both(left.known, right.known)
    if known is not None:
        zero = known_zero(left) | known_zero(right)
        known = known | zero
        top = np.where(zero, 0, top)
    return Number(top, node.den if node.den is not None else left.den * right.den, known)


def on_div(node: Node, left: Number, right: Number) -> Value:
    known = both(left.known, right.known)
    nobody = right.top <= 0
    if np.any(nobody):
        known = ~nobody if known is None else known & ~nobody
    unsafe = nobody if right.known is None else nobody | ~right.known
    return Number(left.top, left.den * np.where(unsafe, 1, right.top), known)


def on_round(node: Node, arg: Number) -> Value:
    return Number((2 * arg.top + arg.den) // (2 * arg.den), 1, arg.known)


def on_min(node: Node, left: Number, right: Number) -> Value:
    a, b = _cross(left, right)
    return _choose(node, a <= b, left, right, both(left.known, right.known))


def on_max(node: Node, left: Number, right: Number) -> Value:
    a, b = _cross(left, right)
    return _choose(node, a >= b, left, right, both(left.known, right.known))


def _choose(node: Node, first: Array, left: Number, right: Number, known: Known) -> Number:
    top = np.where(first, _scaled(node, left), _scaled(node, right))
    den = node.den if node.den is not None else np.where(first, left.den, right.den)
    return Number(top, den, known)


def on_if(node: Node, test: Truth, yes: Value, no: Value) -> Value:
    if isinstance(yes, Truth) and isinstance(no, Truth):
        true = (test.true & yes.true) | (test.false & no.true) | (yes.true & no.true)
        false = (test.true & yes.false) | (test.false & no.false) | (yes.false & no.false)
        return Truth(true, false)
    assert isinstance(yes, Number)
    assert isinstance(no, Number)
    a, b = _cross(yes, no)
    first = ~test.false
    sure = test.true | test.false | (a == b)
    yes_known = True if yes.known is None else yes.known
    no_known = True if no.known is None else no.known
    known = np.where(
        test.true, yes_known, np.where(test.false, no_known, (a == b) & yes_known & no_known)
    )
    if yes.known is None and no.known is None and np.all(sure):
        return _choose(node, first, yes, no, None)
    return _choose(node, first, yes, no, known)


def known_zero(number: Number) -> Array:
    """Where a number is known to be nothing."""
    zero: Array = number.top == 0
    return zero if number.known is None else zero & number.known


OPERATIONS: Mapping[str, Callable[..., Value]] = {
    "and": on_and,
    "or": on_or,
    "not": on_not,
    "in": on_in,
    "add": on_add,
    "sub": on_sub,
    "mul": on_mul,
    "div": on_div,
    "round": on_round,
    "min": on_min,
    "max": on_max,
    "if": on_if,
    **dict.fromkeys(_COMPARE, on_compare),
}
