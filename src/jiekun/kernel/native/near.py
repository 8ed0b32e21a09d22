"""Near misses: one condition on a number alone fails, and only just."""

from typing import Any

from jiekun.kernel import units
from jiekun.kernel.native.body import Body
from jiekun.kernel.native.places import ORDERED, Places, Region
from jiekun.kernel.native.values import WORD, Emitted, Number, Truth
from jiekun.kernel.program import Atom, MeasureUse, Program

# What still counts as a near miss: a tenth of a limit of money; one of anything counted.
NEAR_SHARE = 10
NEAR_COUNT = 1

# An atom's number, the atom, what it is measured in, and where it is worked out.
Step = tuple[int, Atom, str, Region]


def measured_in(program: Program, position: int) -> str:
    """What a condition compares: 'money', a 'count', or nothing somebody can come near to.

    A disability's level is no number somebody can grow into.
    """
    graph = program.graph
    node = graph[graph.source[position]]
    if node.op not in ORDERED or graph[node.args[0]].kind != "number":
        return ""
    sides = [graph[graph.source[arg]] for arg in node.args]
    if any(units.is_money(side.unit) for side in sides):
        return "money"
    facts = [program.facts[str(side.value)] for side in sides if side.op == "fact"]
    return "" if any(fact.unit == "level" for fact in facts) else "count"


def place_near(program: Program, places: Places, use: MeasureUse, region: Region) -> list[Step]:
    """Where the conditions of a measure are worked out: each only while one may alone fail."""
    numbered = [(n, atom, measured_in(program, atom.node)) for n, atom in enumerate(use.atoms)]
    if not any(kind for _, _, kind in numbered):
        return []
    steps: list[Step] = []
    # Conditions nobody comes near to go first: one of them failing ends it.
    for number, atom, kind in sorted(numbered, key=lambda one: bool(one[2])):
        region = region.child()
        places.use(atom.node, region)
        inside = region.child()
        if kind:
            for arg in places.graph[places.graph.source[atom.node]].args:
                places.use(arg, inside)
        steps.append((number, atom, kind, inside))
    return steps


def emit_near(body: Body, steps: list[Step], write: Any) -> None:
    """Look for the one condition that fails; `write(atom, gap, limit)` writes it down."""
    b, done = body.b, body.block()
    with b.goto_entry_block():
        alone, gap, limit = (b.alloca(WORD) for _ in range(3))
    b.store(WORD(-1), alone)
    for number, atom, kind, inside in steps:
        here = inside.parent
        assert here is not None
        body.enter(here)
        truth = body.value(atom.node, here)
        assert isinstance(truth, Truth)
        onward = body.block()
        if not kind:
            b.cbranch(truth.true, onward, done)
        else:
            failed = body.block()
            b.cbranch(truth.true, onward, failed)
            b.position_at_end(failed)
            first = b.icmp_signed("<", b.load(alone, typ=WORD), WORD(0))
            close = body.block()
            b.cbranch(body.ops.both(body.ops.false(truth), first), close, done)
            b.position_at_end(close)
            body.enter(inside)
            _note(body, atom, kind, inside, (alone, gap, limit), number, onward, done)
        b.position_at_end(onward)
    missed = b.icmp_signed(">=", b.load(alone, typ=WORD), WORD(0))
    with b.if_then(missed, likely=False):
        write(*(b.load(cell, typ=WORD) for cell in (alone, gap, limit)))
    b.branch(done)
    b.position_at_end(done)


def _note(
    body: Body, atom: Atom, kind: str, inside: Region, cells: tuple[Emitted, ...], number: int,
    onward: Any, done: Any,
) -> None:  # fmt: skip
    """Keep the gap of the failing condition and go on; leave where it is wide."""
    b, graph = body.b, body.graph
    sides = [body.value(arg, inside) for arg in graph[graph.source[atom.node]].args]
    assert isinstance(sides[0], Number)
    assert isinstance(sides[1], Number)
    left, limit = (body.ops.rounded(side) for side in sides)  # type: ignore[arg-type]
    gap = _size(b, b.sub(left, limit))
    allowed = body.ops.floor(_size(b, limit), WORD(NEAR_SHARE)) if kind == "money" else WORD(1)
    for cell, value in zip(cells, (WORD(number), gap, limit), strict=True):
        b.store(value, cell)
    b.cbranch(b.icmp_signed("<=", gap, allowed), onward, done)


def _size(b: Any, number: Emitted) -> Emitted:
    return b.select(b.icmp_signed("<", number, WORD(0)), b.sub(WORD(0), number), number)
