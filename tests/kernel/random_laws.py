"""Small laws nobody wrote: rules of every shape the language has, as source text."""

from dataclasses import dataclass, field
from datetime import date

from hypothesis import strategies as st

from .laws import FACTS, MEASURE

ANNOTATION = {
    "bool": "bool", "month": "Decimal", "year": "Decimal", "count": "int", "ratio": "Decimal",
    "share": "Decimal", "date": "date", "kind": "str",
}  # fmt: skip
# kind of value, and whose it is: what each fact is to the generator
LEAVES = {
    "ill": ("bool", "person"),
    "works": ("bool", "person"),
    "frail": ("bool", "person"),
    "wage": ("month", "person"),
    "grant": ("year", "person"),
    "level": ("level", "person"),
    "visits": ("count", "person"),
    "born": ("date", "person"),
    "kind": ("kind", "person"),
    "poor": ("bool", "household"),
    "owns": ("bool", "household"),
    "rent": ("month", "household"),
    "rooms": ("count", "household"),
    "line": ("month", "any"),
    "cap": ("year", "any"),
    "part": ("ratio", "any"),
    "gap": ("month", "any"),
    "old": ("count", "any"),
}
PARAMETERS = """
line:
  label: 线
  unit: yuan/month
  values:
    - {from: 2018-01-01, until: 2020-06-30, value: 600, source: x}
    - {from: 2020-07-01, until: 2020-12-31, value: null, source: x}
    - {from: 2021-01-01, until: 2023-12-31, value: 940.55, source: x}
    - {from: 2024-01-01, value: 1000, source: x}
cap: {label: 顶, unit: yuan/year, values: [{from: 2018-01-01, value: 12000, source: x}]}
part: {label: 份, unit: ratio, values: [{from: 2018-01-01, value: 0.35, source: x}]}
gap: {label: 缺, unit: yuan/month, values: [{from: 2018-01-01, value: null, source: x}]}
old: {label: 数, unit: persons, values: [{from: 2018-01-01, value: 60, source: x}]}
"""
LOCAL = (
    "line: {label: 线, unit: yuan/month, values: [{from: 2023-01-01, value: 1100, source: x}]}\n"
)
# Few days of the year, for people born on them and laws asked on them: birthdays then meet.
BIRTHDAYS = [(1, 1), (2, 28), (2, 29), (3, 1), (10, 31), (11, 1), (12, 31)]


def _dates(years):
    def day(year, month, number):
        return date(year, month, min(number, 28 if month == 2 and year % 4 else 31))

    return st.builds(lambda y, md: day(y, *md), st.sampled_from(years), st.sampled_from(BIRTHDAYS))


YEARS = [2018, 2020, 2024, 2025]
DAYS = _dates(YEARS) | st.sampled_from([date(2020, 6, 30), date(2020, 7, 1)])
BIRTHS = _dates([year - age for year in YEARS for age in (-1, 0, 18, 60, 80)])


def _dates(first, last):
    def day(year, month, number):
        return date(year, month, min(number, 28 if month == 2 and year % 4 else 31))

    return st.builds(
        lambda y, md: day(y, *md), st.integers(first, last), st.sampled_from(BIRTHDAYS)
    )


DAYS = _dates(2018, 2027) | st.sampled_from([date(2020, 6, 30), date(2020, 7, 1)])


@dataclass
class Writer:
    """Writes one rule: expressions of an asked kind over the names in scope."""

    draw: object
    known: dict[str, tuple[str, str]]
    arguments: dict[str, str] = field(default_factory=dict)
    member: str = ""

    def pick(self, options):
        return self.draw(st.sampled_from(list(options)))

    # Only a person's rule may take a person's values; inside 'for p in' they are p's.
    person: bool = False

    def leaf(self, kind):
        """A name of the kind: rules already written sooner than facts, the unset line seldom."""
        own = [name for name in self.known if self._fits(name, kind)]
        rules = [name for name in own if name not in LEAVES]
        if rules and self.draw(st.booleans()):
            own = rules
        elif len(own) > 1 and "gap" in own and self.draw(st.integers(0, 5)):
            own.remove("gap")
        if not own:
            return None
        name = self.pick(own)
        if self.member and self.known[name][1] == "person":
            return f"{self.member}.{name}"
        self.arguments[name] = ANNOTATION.get(kind, "int")
        return name

    def _fits(self, name, kind):
        found, whose = self.known[name]
        return found == kind and (whose != "person" or self.person or bool(self.member))

    def expr(self, kind, depth):
        found = self.leaf(kind) if depth <= 0 or self.draw(st.integers(0, 4)) == 0 else None
        if found is None:
            found = getattr(self, f"_{kind}")(max(depth, 0))
        return found

    def pair(self, kind, depth):
        return self.expr(kind, depth - 1), self.expr(kind, depth - 1)

    def if_else(self, kind, depth):
        yes, no = self.pair(kind, depth)
        return f"({yes} if {self.expr('bool', depth - 1)} else {no})"

    def _bool(self, depth):
        options = (
            ["plain"]
            if depth == 0
            else [
                "not",
                "and",
                "or",
                "three",
                "money",
                "years",
                "kind",
                "level",
                "count",
                "if",
                "chain",
                "same",
                "dates",
            ]
        )
        if depth and not self.person and not self.member:
            options += ["any", "all", "len"]
        match self.pick(options):
            case "plain":
                return self.pick(["True", "False"])
            case "not":
                return f"not ({self.expr('bool', depth - 1)})"
            case "three":
                word = self.pick(["and", "or"])
                return "(" + f" {word} ".join(self.expr("bool", depth - 1) for _ in "abc") + ")"
            case "and" | "or" as word:
                a, b = self.pair("bool", depth)
                return f"({a} {word} {b})"
            case "money":
                a, b = self.pair(self.pick(["month", "year", "share"]), depth)
                return f"{a} {self.pick(['<', '<=', '>', '>=', '==', '!='])} {b}"
            case "chain":
                a, b = self.pair("month", depth)
                return f"0 <= {a} < {b}"
            case "same":
                a, b = self.pair("bool", depth)
                return f"({a}) == ({b})"
            case "if":
                return self.if_else("bool", depth)
            case "count":
                a, b = self.pair("count", depth)
                return f"{a} {self.pick(['<', '>=', '=='])} {b}"
            case "any" | "all" as word:
                return self.gathered(word, "bool", depth)
            case "len":
                return f"{self.expr('count', depth - 1)} >= 2"
        return self._from_person(depth)

    def _from_person(self, depth):
        """Conditions that need a person's date, choice or level; a plain one elsewhere."""
        if not (self.person or self.member):
            return self.gathered(self.pick(["any", "all"]), "bool", depth)
        match self.pick(["years", "among", "is", "level", "born"]):
            case "years":
                sign, years = self.pick(["<", "<=", ">", ">="]), self.pick([0, 18, 60, 80])
                return f"years_since({self.leaf('date')}) {sign} {years}"
            case "among":
                codes = self.pick(['{"limb"}', '{"limb", "sight"}', '("none",)'])
                return f"{self.leaf('kind')} {self.pick(['in', 'not in'])} {codes}"
            case "is":
                return f'{self.leaf("kind")} {self.pick(["==", "!="])} "sight"'
            case "level":
                return f"{self.leaf('level')} in {self.pick(['{1, 2}', '{3}', '{0, 4}'])}"
        return f"{self.leaf('date')} {self.pick(['<', '==', '>='])} {self.leaf('date')}"

    def gathered(self, word, kind, depth):
        sets = [
            "people",
            *(n for n, (k, who) in self.known.items() if (k, who) == ("bool", "person")),
        ]
        group = self.pick(sets)
        self.arguments[group] = "People"
        self.member = "p"
        value = self.expr(kind, depth - 1)
        test = f" if {self.expr('bool', 1)}" if self.draw(st.booleans()) else ""
        self.member = ""
        return f"{word}({value} for p in {group}{test})"

    def _month(self, depth):
        if depth == 0:
            return self.leaf("month") or "line"
        options = ["plus", "min", "if", "part", "spare", "times", "third", "per_month", "round"]
        if not self.person and not self.member:
            options += ["sum", "sum"]
        match self.pick(options):
            case "plus":
                a, b = self.pair("month", depth)
                return f"({a} {self.pick('+-')} {b})"
            case "min":
                a, b = self.pair("month", depth)
                return f"{self.pick(['min', 'max'])}({a}, {b})"
            case "if":
                return self.if_else("month", depth)
            case "part":
                return f"({self.leaf('ratio')} * ({self.expr('month', depth - 1)}))"
            case "spare":
                return f"max(0, {self.expr('month', depth - 1)})"
            case "times":
                return f"({self.expr('month', depth - 1)}) * {self.expr('count', 0)}"
            case "third":
                return f"({self.expr('month', depth - 1)}) / {self.pick([2, 3, 12])}"
            case "per_month":
                return f"per_month({self.expr('year', depth - 1)})"
            case "sum":
                return self.gathered("sum", "month", depth)
        return f"round_half_up({self.expr(self.pick(['month', 'share']), depth - 1)})"

    def _year(self, depth):
        if depth == 0:
            return self.leaf("year") or "cap"
        return f"per_year({self.expr('month', depth - 1)})"

    def _share(self, depth):
        """Money shared by a number of people that varies, nobody among the cases."""
        money = self.expr("month", depth - 1)
        match self.pick(["count", "minus", "min", "if", "plus"]):
            case "count":
                return f"({money}) / ({self.expr('count', depth - 1)})"
            case "minus":
                return f"({money}) / ({self.expr('count', 0)} - {self.pick([0, 1, 2])})"
            case "min":
                return (
                    f"min(({money}) / ({self.expr('count', 0)}), {self.expr('month', depth - 1)})"
                )
            case "if":
                count, test = self.expr("count", 0), self.expr("bool", depth - 1)
                return f"(({money}) / ({count}) if {test} else {self.expr('month', depth - 1)})"
        return f"(({money}) / ({self.expr('count', 0)}) + {self.expr('month', depth - 1)})"

    def _count(self, depth):
        if depth == 0 or self.person or self.member:
            return self.leaf("count") or str(self.pick([1, 2, 5]))
        if self.draw(st.booleans()):
            self.arguments["people"] = "People"
            return (
                self.pick(["len(people)", "len(people)", "(len(people) + rooms)"])
                if "rooms" in self.arguments
                else "len(people)"
            )
        return self.gathered("sum", "count", depth)

    def _ratio(self, _depth):
        return self.leaf("ratio")


@st.composite
def rules(draw, count=7):
    """Rules one after another, each over facts, parameters and the rules before it."""
    known, texts = dict(LEAVES), []
    for number in range(draw(st.integers(2, count))):
        kind = draw(st.sampled_from(["bool", "bool", "month", "month", "share", "year"]))
        person = draw(st.booleans())
        writer = Writer(draw, known, person=person)
        body = statements(draw, writer, kind)
        name = f"r{number}"
        texts.append(_rule(name, writer, kind, body))
        known[name] = (kind, _owner(writer, known))
    return "\n".join(texts), [name for name in known if name[0] == "r" and name[1:].isdigit()]


def statements(draw, writer, kind):
    """A single return, or an if with returns and a name given on the way."""
    shape = draw(st.sampled_from(["return", "if", "name"]))
    if shape == "return":
        return f"    return {writer.expr(kind, 3)}\n"
    test = writer.expr("bool", 2)
    yes, no = writer.expr(kind, 2), writer.expr(kind, 2)
    if shape == "if":
        return f"    if {test}:\n        return {yes}\n    return {no}\n"
    return f"    x = {test}\n    return {yes} if x else {no}\n"


def _rule(name, writer, kind, body):
    arguments = ", ".join(f"{n}: {a}" for n, a in writer.arguments.items())
    head = f'@rule(cites="N1-1", label="{name}")\ndef {name}({arguments}) -> {ANNOTATION[kind]}:\n'
    return head + body


def _owner(writer, known):
    owners = {known[n][1] for n, a in writer.arguments.items() if a != "People"}
    if "person" in owners:
        return "person"
    sets = "People" in writer.arguments.values()
    return "household" if sets or "household" in owners else "any"


@st.composite
def laws(draw):
    """The files of a law, and the names of its rules."""
    text, names = draw(rules())
    text += MEASURE.format(to="household", eligible="always", amount=None)
    text += '@rule(cites="N1-1", label="总是")\ndef always(poor: bool) -> bool:\n    return poor\n'
    files = {"country/aid/measure.py": text, "country/aid/parameters.yaml": PARAMETERS}
    if draw(st.booleans()):
        files |= {"city/district/aid/measure.py": "", "city/district/aid/parameters.yaml": LOCAL}
    return files, names


def values(fact):
    """Values of a fact, those that meet the laws' limits often."""
    match fact.kind:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(list(fact.choices))
        case "date":
            return BIRTHS
        case "money":
            return st.sampled_from(
                ["0", "0.01", "940.55", "1000", "999.99", "100000"]
            ) | st.decimals(0, 3000, places=2).map(str)
    return st.integers(fact.minimum, min(fact.maximum, 6))


def facts_of(entity, sure):
    """Facts of one: all known, or a third of them not."""
    return st.fixed_dictionaries(
        {
            fact.name: values(fact) if sure else st.one_of(st.none(), values(fact), values(fact))
            for fact in FACTS.of(entity)
        }
    )


def households(sure):
    return st.builds(
        lambda own, people: {
            "household": own,
            "people": {f"p{n}": facts for n, facts in enumerate(people, 1)},
        },
        facts_of("household", sure),
        st.lists(facts_of("person", sure), min_size=1, max_size=4),
    )


HOUSEHOLDS = st.lists(households(sure=True) | households(sure=False), min_size=2, max_size=5)
