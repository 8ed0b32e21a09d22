"""One rule's syntax into graph nodes. Anything outside the small language is refused."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NoReturn

from jiekun.kernel import units
from jiekun.kernel.errors import LawError, nearest
from jiekun.kernel.graph import Graph
from jiekun.kernel.numbers import Maker, Misuse
from jiekun.kernel.source import RuleSource

_COMPARE = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"}
_FUNCTIONS = (
    "sum", "any", "all", "len", "min", "max", "years_since", "per_year", "per_month",
    "round_half_up", "Decimal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Members:
    """A set of people: those for whom `picked` holds; everybody when it is None."""

    picked: int | None


Env = Mapping[str, int | Members]


def _then(block: list[ast.stmt], rest: tuple[ast.stmt, ...]) -> tuple[ast.stmt, ...]:
    """A branch followed by what comes after the 'if', unless the branch always returns."""
    return tuple(block) if _returns(block) else (*block, *rest)


def _returns(block: list[ast.stmt]) -> bool:
    last = block[-1] if block else None
    if isinstance(last, ast.If):
        return _returns(last.body) and _returns(last.orelse)
    return isinstance(last, ast.Return)


@cache
def _returned_choices(rule: RuleSource) -> tuple[str, ...]:
    """The words a rule may return, in the order written; none for a rule that returns no word."""
    found: dict[str, None] = {}

    def collect(node: ast.expr | None) -> None:
        if isinstance(node, ast.IfExp):
            collect(node.body)
            collect(node.orelse)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found[node.value] = None

    for statement in rule.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Return):
                collect(node.value)
    return tuple(found)


class Translator:
    """Translates one rule. `resolve` finds the node of a name used through `p.name`."""

    def __init__(
        self, rule: RuleSource, graph: Graph, resolve: Callable[[str, RuleSource], int]
    ) -> None:
        self.rule = rule
        self.graph = graph
        self.make = Maker(graph)
        self.resolve = resolve
        self.table = _returned_choices(rule)
        self.member: str | None = None

    def translate(self, env: Env) -> int:
        """The node of the rule's result. Raises LawError with file and line."""
        return self._block(self.rule.body, dict(env))

    def fail(self, node: ast.AST, message: str, hint: str = "") -> NoReturn:
        line = getattr(node, "lineno", self.rule.line)
        raise LawError(f"{self.rule.name}: {message}", file=self.rule.file, line=line, hint=hint)

    # -- statements

    def _block(self, statements: tuple[ast.stmt, ...], env: dict[str, int | Members]) -> int:
        for position, statement in enumerate(statements):
            rest = statements[position + 1 :]
            if isinstance(statement, ast.Return) and statement.value is not None:
                if rest:
                    self.fail(rest[0], "nothing may follow return")
                return self._value(statement.value, env)
            if isinstance(statement, ast.If):
                condition = self._expr(statement.test, env)
                yes = self._block(_then(statement.body, rest), dict(env))
                no = self._block(_then(statement.orelse, rest), dict(env))
                return self._choose(statement, condition, yes, no)
            self._assign(statement, env)
        self.fail(
            statements[-1] if statements else ast.Pass(), "not every way through ends in return"
        )

    def _assign(self, statement: ast.stmt, env: dict[str, int | Members]) -> None:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            self.fail(statement, f"{type(statement).__name__} is not part of the language of law")
        target = statement.targets[0]
        if not isinstance(target, ast.Name):
            self.fail(statement, "assign to a plain name")
        if target.id in env:
            self.fail(statement, f"{target.id} is given a second value", "use another name")
        env[target.id] = self._expr(statement.value, env)

    def _value(self, node: ast.expr, env: Env) -> int:
        if self.table and isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.make.choice(node.value, self.table)
        if isinstance(node, ast.IfExp):
            condition = self._expr(node.test, env)
            yes, no = self._value(node.body, env), self._value(node.orelse, env)
            return self._choose(node, condition, yes, no)
        return self._expr(node, env)

    def _choose(self, node: ast.AST, test: int, yes: int, no: int) -> int:
        return self._try(node, lambda: self.make.pick("if", (test, yes, no)))

    # -- expressions

    def _expr(self, node: ast.expr, env: Env) -> int:
        method = getattr(self, f"_on_{type(node).__name__.lower()}", None)
        if method is None:
            self.fail(node, f"{type(node).__name__} is not part of the language of law")
        found: int = self._try(node, lambda: method(node, env))
        return found

    def _try(self, node: ast.AST, make: Callable[[], int]) -> int:
        try:
            return make()
        except Misuse as misuse:
            self.fail(node, misuse.message, misuse.hint)

    def _on_constant(self, node: ast.Constant, _env: Env) -> int:
        if isinstance(node.value, bool):
            return self.make.truth(node.value)
        if isinstance(node.value, int):
            return self.make.literal(Fraction(node.value))
        if isinstance(node.value, float):
            self.fail(node, "a float is not exact", 'write Decimal("0.5"), or better a parameter')
        self.fail(node, f"{node.value!r} may only be compared with a fact's choices or returned")

    def _on_name(self, node: ast.Name, env: Env) -> int:
        found = env.get(node.id)
        if found is None:
            self.fail(
                node,
                f"nobody provides {node.id} here",
                nearest(node.id, env) or "make it an argument",
            )
        if isinstance(found, Members):
            self.fail(node, f"{node.id} is a set of people", "use it in len(...) or 'for p in'")
        return found

    def _on_attribute(self, node: ast.Attribute, _env: Env) -> int:
        if not isinstance(node.value, ast.Name) or node.value.id != self.member:
            self.fail(node, "only p.name inside 'for p in' may use a dot")
        found = self.resolve(node.attr, self.rule)
        if self.graph[found].entity == "household":
            self.fail(
                node,
                f"{node.attr} is the household's, not a person's",
                f"make {node.attr} an argument",
            )
        return found

    def _on_boolop(self, node: ast.BoolOp, env: Env) -> int:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return self.make.logic(op, tuple(self._expr(value, env) for value in node.values))

    def _on_unaryop(self, node: ast.UnaryOp, env: Env) -> int:
        inner = self._expr(node.operand, env)
        if isinstance(node.op, ast.Not):
            return self.make.logic("not", (inner,))
        if isinstance(node.op, ast.USub):
            return self.make.product(self.make.literal(Fraction(-1)), inner)
        self.fail(node, f"{type(node.op).__name__} is not part of the language of law")

    def _on_compare(self, node: ast.Compare, env: Env) -> int:
        parts, left = [], node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            parts.append(self._one_compare(node, left, op, right, env))
            left = right
        return self.make.logic("and", tuple(parts))

    def _one_compare(
        self, node: ast.AST, left: ast.expr, op: ast.cmpop, right: ast.expr, env: Env
    ) -> int:
        if isinstance(op, ast.In | ast.NotIn):
            found = self._among(self._expr(left, env), right)
            return self.make.logic("not", (found,)) if isinstance(op, ast.NotIn) else found
        if type(op) not in _COMPARE:
            self.fail(node, f"{type(op).__name__} is not part of the language of law")
        for this, other in ((left, right), (right, left)):
            if isinstance(this, ast.Constant) and isinstance(this.value, str):
                found = self._among(self._expr(other, env), ast.Set([this]))
                return self.make.logic("not", (found,)) if isinstance(op, ast.NotEq) else found
        return self.make.compare(_COMPARE[type(op)], self._expr(left, env), self._expr(right, env))

    def _among(self, item: int, group: ast.expr) -> int:
        if not isinstance(group, ast.Set | ast.Tuple | ast.List):
            self.fail(group, "'in' needs a set written out, like {1, 2}")
        values = [part.value for part in group.elts if isinstance(part, ast.Constant)]
        if len(values) != len(group.elts) or not values:
            self.fail(group, "a set holds plain values only")
        node = self.graph[item]
        if node.kind == "number" and node.den == 1 and all(type(v) is int for v in values):
            return self.make.among(item, frozenset(v for v in values if isinstance(v, int)))
        if node.kind != "choice":
            self.fail(group, f"a {node.kind} cannot be looked up in this set")
        for value in values:
            if value not in node.choices:
                self.fail(group, f"{value!r} is no choice here", nearest(str(value), node.choices))
        return self.make.among(item, frozenset(node.choices.index(str(value)) for value in values))

    def _on_ifexp(self, node: ast.IfExp, env: Env) -> int:
        branches = (
            self._expr(node.test, env),
            self._expr(node.body, env),
            self._expr(node.orelse, env),
        )
        return self.make.pick("if", branches)

    def _on_binop(self, node: ast.BinOp, env: Env) -> int:
        left, right = self._expr(node.left, env), self._expr(node.right, env)
        match node.op:
            case ast.Add():
                return self.make.plus("add", left, right)
            case ast.Sub():
                return self.make.plus("sub", left, right)
            case ast.Mult():
                return self.make.product(left, right)
            case ast.Div():
                return self.make.quotient(left, right)
        self.fail(node, f"{type(node.op).__name__} is not part of the language of law")

    # -- functions

    def _on_call(self, node: ast.Call, env: Env) -> int:
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        if name not in _FUNCTIONS or node.keywords:
            self.fail(
                node, f"{name}(...) is not part of the language of law", nearest(name, _FUNCTIONS)
            )
        if name in ("sum", "any", "all"):
            return self._gather(node, name, env)
        if name == "len":
            return self._count(node, env)
        if name == "Decimal":
            return self._decimal(node)
        args = [self._expr(arg, env) for arg in node.args]
        if name in ("min", "max"):
            if len(args) < 2:
                self.fail(node, f"{name} needs two numbers or more")
            found = args[0]
            for arg in args[1:]:
                found = self.make.pick(name, (found, arg))
            return found
        if len(args) != 1:
            self.fail(node, f"{name} takes one thing")
        return self._convert(node, name, args[0])

    def _convert(self, node: ast.AST, name: str, arg: int) -> int:
        if name == "years_since":
            return self.make.years(arg)
        if name == "round_half_up":
            return self.make.rounded(arg)
        old, new, factor = (
            ("month", "year", Fraction(12))
            if name == "per_year"
            else ("year", "month", Fraction(1, 12))
        )
        try:
            unit = units.swap(self.graph[arg].unit, old, new)
        except ValueError as error:
            self.fail(node, str(error))
        return self.make.scaled(arg, unit, factor)

    def _decimal(self, node: ast.Call) -> int:
        if len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
            try:
                return self.make.literal(Fraction(str(node.args[0].value)))
            except ValueError:
                pass
        self.fail(node, 'write a number like Decimal("0.5")')

    def _count(self, node: ast.Call, env: Env) -> int:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
            self.fail(node, "len(...) takes a set of people")
        members = env.get(node.args[0].id)
        if not isinstance(members, Members):
            self.fail(node, f"{node.args[0].id} is not a set of people", "annotate it as People")
        return self._sum(members, None, self.make.literal(Fraction(1)))

    def _gather(self, node: ast.Call, op: str, env: Env) -> int:
        inner = node.args[0] if len(node.args) == 1 else None
        if not isinstance(inner, ast.GeneratorExp) or len(inner.generators) != 1:
            self.fail(node, f"write {op}(... for p in people)")
        loop = inner.generators[0]
        members = env.get(loop.iter.id) if isinstance(loop.iter, ast.Name) else None
        if not isinstance(members, Members) or not isinstance(loop.target, ast.Name):
            self.fail(node, "go through a set of people", "annotate the argument as People")
        if self.member is not None:
            self.fail(node, "one set of people inside another")
        self.member = loop.target.id
        try:
            chosen = [self._expr(test, env) for test in loop.ifs]
            picked = self.make.logic("and", tuple(chosen)) if chosen else None
            value = self._expr(inner.elt, env)
        finally:
            self.member = None
        if op == "sum":
            return self._sum(members, picked, value)
        return self._test(op, members, picked, value)

    def _sum(self, members: Members, picked: int | None, value: int) -> int:
        zero = self.make.literal(Fraction(0))
        for test in (picked, members.picked):
            if test is not None:
                value = self.make.pick("if", (test, value, zero))
        return self.make.gather("sum", value)

    def _test(self, op: str, members: Members, picked: int | None, value: int) -> int:
        for test in (picked, members.picked):
            if test is not None and op == "any":
                value = self.make.logic("and", (test, value))
            elif test is not None:
                value = self.make.logic("or", (self.make.logic("not", (test,)), value))
        return self.make.gather(op, value)
