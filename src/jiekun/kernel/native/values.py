"""Three-valued values as LLVM instructions: exact integers, and beside them what is known.

A truth is a pair of bits (surely true, surely false); a number a numerator over a denominator
with a bit for known. What is certain while compiling costs no instruction: `false` is None where
it is only the opposite of `true`, `known` None where nothing is unknown, `mask` None where
nothing can be waited for. Masks carry a bit for each leaf an unknown value waits for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from llvmlite import ir

from jiekun.kernel.graph import Node

BIT, BYTE, WORD = ir.IntType(1), ir.IntType(8), ir.IntType(64)
Emitted = Any  # an llvmlite value: the library has no types of its own
YES, NO = BIT(1), BIT(0)
_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


@dataclass(frozen=True, slots=True)
class Truth:
    """Bits where a condition surely holds and where it surely does not."""

    true: Emitted
    false: Emitted | None = None
    mask: Emitted | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A 64-bit numerator, a denominator fixed or varying, and a bit where it is known."""

    top: Emitted
    den: Any = 1
    known: Emitted | None = None
    mask: Emitted | None = None


Value = Truth | Number


def constant(value: Emitted) -> int | None:
    """The number of a constant; None for anything else."""
    return int(value.constant) if isinstance(value, ir.Constant) else None


class Ops:
    """Writes instructions at the builder's place; what can be worked out now is not written."""

    def __init__(self, builder: Any, mask_bits: int) -> None:
        self.b = builder
        self.mask_type = ir.IntType(mask_bits)

    # -- bits

    def both(self, a: Emitted, b: Emitted) -> Emitted:
        for one, other in ((a, b), (b, a)):
            known = constant(one)
            if known is not None:
                return other if known else NO
        return a if a is b else self.b.and_(a, b)

    def either(self, a: Emitted, b: Emitted) -> Emitted:
        for one, other in ((a, b), (b, a)):
            known = constant(one)
            if known is not None:
                return YES if known else other
        return a if a is b else self.b.or_(a, b)

    def opposite(self, a: Emitted) -> Emitted:
        known = constant(a)
        return BIT(1 - (known & 1)) if known is not None else self.b.xor(a, YES)

    def choose(self, test: Emitted, yes: Emitted, no: Emitted) -> Emitted:
        known = constant(test)
        if known is not None:
            return yes if known else no
        return yes if yes is no else self.b.select(test, yes, no)

    def false(self, truth: Truth) -> Emitted:
        return self.opposite(truth.true) if truth.false is None else truth.false

    def known(self, value: Value) -> Emitted:
        """The bit for known, also of what is always known."""
        if isinstance(value, Number):
            return YES if value.known is None else value.known
        return YES if value.false is None else self.either(value.true, value.false)

    def joined(self, *masks: Emitted | None) -> Emitted | None:
        """All that is waited for by any of these."""
        found: Emitted | None = None
        for mask in masks:
            if mask is not None:
                found = mask if found is None else self.b.or_(found, mask)
        return found

    def waiting(self, value: Value, *masks: Emitted | None) -> Value:
        """The value waiting for all of these, where it is unknown."""
        mask = self.joined(*masks)
        if mask is None:
            return value
        known = self.known(value)
        if constant(known) == 1:
            return replace(value, mask=None)
        return replace(value, mask=self.choose(known, self.mask_type(0), mask))

    def where(self, holds: Emitted, *known: Emitted | None) -> Truth:
        """A condition worked out everywhere, kept only where its parts are known."""
        sure = self.all_known(*known)
        if sure is None:
            return Truth(holds)
        return Truth(self.both(holds, sure), self.both(self.opposite(holds), sure))

    def all_known(self, *known: Emitted | None) -> Emitted | None:
        found: Emitted | None = None
        for one in known:
            if one is not None:
                found = one if found is None else self.both(found, one)
        return found

    # -- numbers

    def nothing(self, top: Emitted) -> Emitted:
        """Whether it is zero."""
        known = constant(top)
        return self.b.icmp_signed("==", top, WORD(0)) if known is None else BIT(not known)

    def times(self, a: Emitted, by: Any) -> Emitted:
        by = WORD(by) if isinstance(by, int) else by
        for one, other in ((a, by), (by, a)):
            known = constant(one)
            if known in (0, 1):
                return other if known else WORD(0)
        if constant(a) is not None and constant(by) is not None:
            return WORD(a.constant * by.constant)
        return self.b.mul(a, by)

    def den(self, value: Number) -> Emitted:
        return WORD(value.den) if isinstance(value.den, int) else value.den

    def scaled(self, node: Node, value: Number) -> Emitted:
        """The numerator over the node's own denominator, where that is fixed."""
        if node.den is None or node.den == value.den:
            return value.top
        return self.times(value.top, node.den // value.den)

    def crossed(self, left: Number, right: Number) -> tuple[Emitted, Emitted]:
        """Both numerators over one denominator."""
        if isinstance(left.den, int) and left.den == right.den:
            return left.top, right.top
        return self.times(left.top, right.den), self.times(right.top, left.den)

    def rounded(self, value: Number) -> Emitted:
        """The nearest whole number, halves up. A denominator is never let be zero or less."""
        if value.den == 1:
            return value.top
        double = self.b.add(value.top, value.top)
        if isinstance(value.den, int):
            return self.floor(self.b.add(double, WORD(value.den)), WORD(2 * value.den))
        twice = self.b.add(value.den, value.den)
        twice = self.b.select(self.b.icmp_signed(">", twice, WORD(0)), twice, WORD(1))
        return self.floor(self.b.add(double, value.den), twice)

    def floor(self, top: Emitted, by: Emitted) -> Emitted:
        """Whole division rounding down; `by` is above zero."""
        whole = self.b.sdiv(top, by)
        rest = self.b.sub(top, self.b.mul(whole, by))
        below = self.b.icmp_signed("<", rest, WORD(0))
        return self.b.add(whole, self.b.sext(below, WORD))

    def _pick(self, node: Node, first: Emitted, left: Number, right: Number) -> tuple[Any, Any]:
        """(numerator, denominator) of the first, else of the second."""
        top = self.choose(first, self.scaled(node, left), self.scaled(node, right))
        if node.den is not None:
            return top, node.den
        return top, self.choose(first, self.den(left), self.den(right))


def on_and(ops: Ops, node: Node, args: Sequence[Truth]) -> Value:
    true, false = args[0].true, args[0].false
    for arg in args[1:]:
        false = _side(ops, Truth(true, false), arg)
        true = ops.both(true, arg.true)
    return Truth(true, false)


def _side(ops: Ops, left: Truth, right: Truth) -> Emitted | None:
    """Where either surely fails; None while both are always known."""
    if left.false is None and right.false is None:
        return None
    return ops.either(ops.false(left), ops.false(right))


def on_or(ops: Ops, node: Node, args: Sequence[Truth]) -> Value:
    true, false = args[0].true, args[0].false
    for arg in args[1:]:
        both_known = false is None and arg.false is None
        false = None if both_known else ops.both(ops.false(Truth(true, false)), ops.false(arg))
        true = ops.either(true, arg.true)
    return Truth(true, false)


def on_not(ops: Ops, node: Node, args: Sequence[Truth]) -> Value:
    return Truth(ops.false(args[0]), None if args[0].false is None else args[0].true)


def on_in(ops: Ops, node: Node, args: Sequence[Number]) -> Value:
    holds = NO
    for code in sorted(node.value):  # type: ignore[call-overload]
        holds = ops.either(holds, ops.b.icmp_signed("==", args[0].top, WORD(code)))
    return ops.where(holds, args[0].known)


def on_compare(ops: Ops, node: Node, args: Sequence[Value]) -> Value:
    left, right = args
    if isinstance(left, Truth) and isinstance(right, Truth):
        same = ops.opposite(ops.b.xor(left.true, right.true))
        holds = same if node.op == "eq" else ops.opposite(same)
        known = [None if side.false is None else ops.known(side) for side in (left, right)]
        return ops.where(holds, *known)
    assert isinstance(left, Number)
    assert isinstance(right, Number)
    a, b = ops.crossed(left, right)
    return ops.where(ops.b.icmp_signed(_SIGNS[node.op], a, b), left.known, right.known)


def on_add(ops: Ops, node: Node, args: Sequence[Number]) -> Value:
    left, right = args
    known = ops.all_known(left.known, right.known)
    write = ops.b.add if node.op == "add" else ops.b.sub
    if node.den is not None:
        return Number(write(ops.scaled(node, left), ops.scaled(node, right)), node.den, known)
    a, b = ops.times(left.top, right.den), ops.times(right.top, left.den)
    return Number(write(a, b), ops.times(ops.den(left), right.den), known)


def on_mul(ops: Ops, node: Node, args: Sequence[Number]) -> Value:
    left, right = args
    known = ops.all_known(left.known, right.known)
    if known is not None:
        # Nothing times anything is nothing, known or not.
        for one in (left, right):
            zero = ops.nothing(one.top)
            known = ops.either(known, zero if one.known is None else ops.both(zero, one.known))
    den = node.den if node.den is not None else ops.times(ops.den(left), right.den)
    return Number(ops.times(left.top, right.top), den, known)


def on_div(ops: Ops, node: Node, args: Sequence[Number]) -> Value:
    left, right = args
    somebody = ops.b.icmp_signed(">", right.top, WORD(0))
    known = ops.all_known(left.known, right.known, somebody)
    safe = ops.choose(ops.both(somebody, ops.known(right)), right.top, WORD(1))
    return Number(left.top, ops.times(safe, left.den), known)


def on_round(ops: Ops, node: Node, args: Sequence[Number]) -> Value:
    return Number(ops.rounded(args[0]), 1, args[0].known)


def on_min(ops: Ops, node: Node, args: Sequence[Number]) -> Value:
    left, right = args
    first = ops.b.icmp_signed("<=" if node.op == "min" else ">=", *ops.crossed(left, right))
    top, den = ops._pick(node, first, left, right)
    return Number(top, den, ops.all_known(left.known, right.known))


def on_if(ops: Ops, node: Node, args: Sequence[Value]) -> Value:
    test, yes, no = args
    assert isinstance(test, Truth)
    if isinstance(yes, Truth) and isinstance(no, Truth):
        return _if_truth(ops, test, yes, no)
    assert isinstance(yes, Number)
    assert isinstance(no, Number)
    top, den = ops._pick(node, ops.opposite(ops.false(test)), yes, no)
    if test.false is None and yes.known is None and no.known is None:
        return Number(top, den)
    known = ops.choose(test.true, ops.known(yes), ops.known(no))
    if test.false is not None:
        # Whatever the condition: the same either way.
        same = ops.b.icmp_signed("==", *ops.crossed(yes, no))
        agreed = ops.both(same, ops.both(ops.known(yes), ops.known(no)))
        known = ops.choose(ops.known(test), known, agreed)
    return Number(top, den, known)


def _if_truth(ops: Ops, test: Truth, yes: Truth, no: Truth) -> Truth:
    if test.false is None and yes.false is None and no.false is None:
        return Truth(ops.choose(test.true, yes.true, no.true))

    def side(a: Emitted, b: Emitted) -> Emitted:
        either = ops.either(ops.both(test.true, a), ops.both(ops.false(test), b))
        return either if test.false is None else ops.either(either, ops.both(a, b))

    return Truth(side(yes.true, no.true), side(ops.false(yes), ops.false(no)))


Operation = Callable[[Ops, Node, Sequence[Any]], Value]
OPERATIONS: Mapping[str, Operation] = {
    "and": on_and,
    "or": on_or,
    "not": on_not,
    "in": on_in,
    "add": on_add,
    "sub": on_add,
    "mul": on_mul,
    "div": on_div,
    "round": on_round,
    "min": on_min,
    "max": on_min,
    "if": on_if,
    **dict.fromkeys(_SIGNS, on_compare),
}


def apply(ops: Ops, node: Node, args: Sequence[Value]) -> Value:
    """The node's value from its parts', waiting for what they wait for where it is unknown."""
    value = OPERATIONS[node.op](ops, node, args)
    if node.op != "if":
        return ops.waiting(value, *(arg.mask for arg in args))
    test, yes, no = args
    assert isinstance(test, Truth)
    mask = ops.joined(test.mask, yes.mask, no.mask)
    if mask is None:
        return value
    # Only the branch that counts is waited for, once the condition is known.
    none = ops.mask_type(0)
    sure_no = ops.choose(ops.false(test), no.mask or none, mask)
    return ops.waiting(value, ops.choose(test.true, yes.mask or none, sure_no))
