"""Small laws for tests: a country, a city in it and a district in that, and three documents."""

import textwrap
from datetime import date
from pathlib import Path

from hypothesis import settings

from jiekun.kernel.decide import decider
from jiekun.kernel.facts import Fact, FactBook
from jiekun.kernel.law import read_law

ON = date(2024, 11, 1)
COUNTRY, CITY, DISTRICT = "000000", "420100", "420106"

PLACES = """
- {code: "000000", name: 国, folder: country}
- {code: "420100", name: 市, parent: "000000", folder: city}
- {code: "420106", name: 区, parent: "420100", folder: city/district}
"""
DOCUMENTS = """
- {id: N1, title: 国家办法, place: "000000", status: in_force, issued: 2000-01-01,
   effective_from: 2000-01-01, articles: 20}
- {id: C1, title: 市的办法, place: "420100", status: expired, effective_from: 2010-01-01,
   effective_to: 2019-12-31, articles: 20}
- {id: D1, title: 征求意见稿, place: "420106", status: draft, simulate_from: 2024-01-01,
   articles: 20}
"""
HEAD = """
from datetime import date
from decimal import Decimal
from jiekun.kernel import Measure, People, per_month, per_year, round_half_up, rule, years_since
"""
RULE = '@rule(cites="N1-1", label="够")\n'
MEASURE = """
MEASURE = Measure(name="aid", label="救助", to="{to}", gives="money", office="民政",
                  eligible="{eligible}", amount={amount!r}, about="给钱。")
"""


def fact(name, entity, kind, **more):
    return Fact(name, entity, kind, name, f"{name}？", "民政", **more)


FACTS = FactBook(
    [
        fact("ill", "person", "bool"),
        fact("works", "person", "bool"),
        fact("frail", "person", "bool", judged_by="区民政局"),
        fact("wage", "person", "money", unit="yuan/month", maximum=100_000),
        fact("grant", "person", "money", unit="yuan/year", maximum=100_000),
        fact("level", "person", "int", unit="level", maximum=4),
        fact("visits", "person", "int", maximum=50),
        fact("born", "person", "date"),
        fact("kind", "person", "choice", choices={"none": "无", "limb": "肢体", "sight": "视力"}),
        fact("poor", "household", "bool"),
        fact("owns", "household", "bool"),
        fact("rent", "household", "money", unit="yuan/month", maximum=100_000),
        fact("rooms", "household", "int", maximum=50),
    ]
)


def write_law(folder: Path, files):
    """A law folder from texts; a measure.py gets the usual imports in front."""
    everything = {"places.yaml": PLACES, "documents.yaml": DOCUMENTS, **files}
    for name, text in everything.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        head = HEAD if name.endswith("measure.py") else ""
        path.write_text(head + textwrap.dedent(text), encoding="utf-8")
    return read_law(folder, FACTS)


def one_rule(folder: Path, rule, *, to="household", amount=None, parameters=""):
    """The law of one rule called `eligible` (or of a text with several)."""
    text = textwrap.dedent(rule) + MEASURE.format(to=to, eligible="eligible", amount=amount)
    return write_law(
        folder, {"country/aid/measure.py": text, "country/aid/parameters.yaml": parameters}
    )


def decide(law, *people, on=ON, place=DISTRICT, simulate=(), also=(), **household):
    """The decision for people given as dicts, and household facts given by name."""
    program = law.program(on=on, place=place, simulate=simulate, also=tuple(also))
    named = {f"p{number}": facts for number, facts in enumerate(people, 1)}
    return decider(program).decide({"household": household, "people": named})


def examples(number):
    """So many examples in the steady profile; as many as it says in any other."""
    chosen = settings.default.max_examples
    return settings(max_examples=number if chosen == 100 else chosen)
