"""Making number, truth and choice nodes: exact arithmetic, units and size limits."""

from fractions import Fraction
from math import lcm

from jiekun.kernel import units
from jiekun.kernel.graph import LIMIT, MEMBERS_AT_MOST, Entity, Graph, Node
from jiekun.kernel.units import Unit


class Misuse(Exception):
    """An expression that makes no sense; the translator adds file and line."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Maker:
    """Adds checked nodes to a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def truth(self, value: bool) -> int:
        return self.graph.add(Node("const", (), "bool", "any", value))

    def literal(self, value: Fraction) -> int:
        return self.graph.add(
            Node(
                "const",
                (),
                "number",
                "any",
                value.numerator,
                den=value.denominator,
                bound=abs(value.numerator),
                den_bound=value.denominator,
                literal=True,
            )
        )

    def choice(self, value: str, choices: tuple[str, ...]) -> int:
        return self.graph.add(
            Node("const", (), "choice", "any", choices.index(value), choices=choices)
        )

    def logic(self, op: str, args: tuple[int, ...]) -> int:
        for arg in args:
            if self.graph[arg].kind != "bool":
                raise Misuse(f"'{op}' joins conditions, not {self.graph[arg].kind}s")
        if len(args) == 1 and op != "not":
            return args[0]
        entity, args = self._together(args)
        return self.graph.add(Node(op, args, "bool", entity))

    def compare(self, op: str, left: int, right: int) -> int:
        """lt, le, gt, ge, eq or ne of two values of one kind and unit."""
        a, b = self.graph[left], self.graph[right]
        if a.kind != b.kind:
            raise Misuse(f"a {a.kind} is compared with a {b.kind}")
        if a.kind in ("choice", "bool") and op not in ("eq", "ne"):
            raise Misuse(f"a {a.kind} has no order")
        if a.kind == "choice" and a.choices != b.choices:
            raise Misuse("two different lists of choices are compared")
        if a.kind == "number":
            self._one_unit(a, b)
            self._within(a.bound * b.den_bound, b.bound * a.den_bound)
        entity, args = self._together((left, right))
        return self.graph.add(Node(op, args, "bool", entity))

    def among(self, item: int, codes: frozenset[int]) -> int:
        node = self.graph[item]
        return self.graph.add(Node("in", (item,), "bool", node.entity, codes))

    def plus(self, op: str, left: int, right: int) -> int:
        """Sum or difference ('add', 'sub') of two numbers of one unit."""
        a, b = self._numbers(left, right)
        unit = self._one_unit(a, b)
        entity, args = self._together((left, right))
        if a.den is not None and b.den is not None:
            den = lcm(a.den, b.den)
            bound = a.bound * (den // a.den) + b.bound * (den // b.den)
            den_bound = den
        else:
            den = None
            bound = a.bound * b.den_bound + b.bound * a.den_bound
            den_bound = a.den_bound * b.den_bound
        literal = a.literal and b.literal
        return self._number(op, args, entity, unit, den, bound, den_bound, literal=literal)

    def product(self, left: int, right: int) -> int:
        a, b = self._numbers(left, right)
        entity, args = self._together((left, right))
        return self._number(
            "mul",
            args,
            entity,
            units.times(a.unit, b.unit),
            a.den * b.den if a.den is not None and b.den is not None else None,
            a.bound * b.bound,
            a.den_bound * b.den_bound,
            literal=a.literal and b.literal,
        )

    def quotient(self, left: int, right: int) -> int:
        """left / right; the divisor is a literal, or a whole number that varies.

        Shared among nobody, or among fewer than nobody, there is no answer: it is unknown.
        """
        a, b = self._numbers(left, right)
        unit = units.over(a.unit, b.unit)
        if b.op == "const":
            value = Fraction(int(str(b.value)), b.den or 1)
            if value <= 0:
                raise Misuse("a number is divided by zero or less")
            factor = self.literal(1 / value)
            return self.product(left, factor)
        if b.den != 1:
            raise Misuse("a divisor must be a whole number", "round it or divide differently")
        entity, args = self._together((left, right))
        return self._number("div", args, entity, unit, None, a.bound, a.den_bound * b.bound)

    def pick(self, op: str, args: tuple[int, ...], unit: Unit | None = None) -> int:
        """min or max of numbers; or 'if' with a condition and two branches of one kind."""
        branches = args[1:] if op == "if" else args
        first, second = self.graph[branches[0]], self.graph[branches[1]]
        if op == "if" and self.graph[args[0]].kind != "bool":
            raise Misuse("the condition is not a yes or no")
        if first.kind != second.kind:
            raise Misuse(f"one branch is a {first.kind}, the other a {second.kind}")
        entity, args = self._together(args)
        if first.kind != "number":
            if first.choices != second.choices:
                raise Misuse("the branches choose from different lists")
            return self.graph.add(Node(op, args, first.kind, entity, choices=first.choices))
        unit = self._one_unit(first, second)
        if first.den is not None and second.den is not None:
            den = lcm(first.den, second.den)
            bound = max(first.bound * (den // first.den), second.bound * (den // second.den))
            den_bound = den
        else:
            den, den_bound = None, max(first.den_bound, second.den_bound)
            bound = max(first.bound, second.bound)
            self._within(first.bound * second.den_bound, second.bound * first.den_bound)
        literal = first.literal and second.literal
        return self._number(op, args, entity, unit, den, bound, den_bound, literal=literal)

    def scaled(self, arg: int, unit: Unit, factor: Fraction) -> int:
        """A sum expressed per another span of time."""
        node = self.graph[self.product(arg, self.literal(factor))]
        return self._number(
            "mul", node.args, node.entity, unit, node.den, node.bound, node.den_bound
        )

    def rounded(self, arg: int) -> int:
        node = self.graph[arg]
        if node.kind != "number" or not units.is_money(node.unit):
            raise Misuse("only money is rounded to the fen")
        self._within(2 * node.bound + node.den_bound)
        return self._number("round", (arg,), node.entity, node.unit, 1, node.bound + 1, 1)

    def years(self, arg: int) -> int:
        if self.graph[arg].kind != "date":
            raise Misuse("years_since takes a date")
        node = self.graph[arg]
        return self._number("years", (arg,), node.entity, units.parse("years"), 1, 200, 1)

    def gather(self, op: str, term: int) -> int:
        """sum, any or all of a person's value over a household."""
        node = self.graph[term]
        if node.entity != "person":
            term = self.lift(term)
        if op == "sum":
            if node.den is None:
                raise Misuse("a quotient is summed over people", "round_half_up it first")
            bound = node.bound * MEMBERS_AT_MOST
            return self._number("sum", (term,), "household", node.unit, node.den, bound, node.den)
        return self.graph.add(Node(op, (term,), "bool", "household"))

    def lift(self, arg: int) -> int:
        """A household's value as each of its people sees it."""
        node = self.graph[arg]
        return self.graph.add(
            Node(
                "lift",
                (arg,),
                node.kind,
                "person",
                unit=node.unit,
                den=node.den,
                bound=node.bound,
                den_bound=node.den_bound,
                choices=node.choices,
            )
        )

    def _together(self, args: tuple[int, ...]) -> tuple[Entity, tuple[int, ...]]:
        entity = self.graph.entity_of(args)
        if entity == "person":
            args = tuple(self.lift(a) if self.graph[a].entity == "household" else a for a in args)
        return entity, args

    def _numbers(self, left: int, right: int) -> tuple[Node, Node]:
        a, b = self.graph[left], self.graph[right]
        if a.kind != "number" or b.kind != "number":
            raise Misuse(f"arithmetic on a {a.kind if a.kind != 'number' else b.kind}")
        return a, b

    def _one_unit(self, a: Node, b: Node) -> Unit:
        if a.unit == b.unit:
            return a.unit
        for fixed, other in ((a, b), (b, a)):
            if fixed.literal:
                if units.is_money(other.unit) and fixed.value != 0:
                    raise Misuse(
                        "a number of yuan is written in the rule",
                        "give it a name, a unit and a citation in parameters.yaml",
                    )
                return other.unit
        raise Misuse(
            f"{units.text(a.unit)} meets {units.text(b.unit)}",
            "convert with per_year(...) or per_month(...)",
        )

    def _number(
        self,
        op: str,
        args: tuple[int, ...],
        entity: Entity,
        unit: Unit,
        den: int | None,
        bound: int,
        den_bound: int,
        *,
        literal: bool = False,
    ) -> int:
        self._within(bound, den_bound)
        return self.graph.add(
            Node(op, args, "number", entity, None, unit, den, bound, den_bound, literal=literal)
        )

    def _within(self, *sizes: int) -> None:
        if max(sizes) > LIMIT:
            raise Misuse("numbers here may grow past 64 bits", "round_half_up earlier")
