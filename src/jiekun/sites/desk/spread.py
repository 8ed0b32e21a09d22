"""Who a measure reaches: counts of the last run, by street and by age."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from jiekun.kernel.language import Measure
from jiekun.offices.models import Division
from jiekun.screening.models import Kind
from jiekun.screening.queries import by_age, by_measure, by_street, measures_of

from . import charts
from .door import Desk

_BANDS = {
    0: "0–5 岁",
    6: "6–15 岁",
    16: "16–17 岁",
    18: "18–59 岁",
    60: "60–69 岁",
    70: "70–79 岁",
    80: "80 岁以上",
}


@dataclass(frozen=True)
class Spread:
    """One measure in the officer's areas."""

    on: date
    unit: str
    unreached: int
    receiving: int
    ask: int
    covered: int
    streets: charts.Bars
    ages: charts.Bars


def of_measure(desk: Desk, measure: Measure) -> Spread | None:
    """Counts of a measure; None before the first run, or where the run did not know it."""
    run = desk.run()
    if run is None:
        return None
    unit = "人" if measure.to == "person" else "户"
    counts = by_measure(run, desk.areas).get(measure.name, {})
    streets: Counter[str] = Counter()
    ages: dict[int, int] = {}
    if measure.name in measures_of(run):
        kinds = [Kind.COVERED] if measure.universal else [Kind.UNREACHED, Kind.RECEIVING]
        for kind in kinds:
            found = by_street(run, desk.areas, measure=measure.name, kind=kind)
            streets.update({code: row["subjects"] for code, row in found.items()})
        ages = by_age(run, desk.areas, measure.name)
    return Spread(
        on=run.on,
        unit=unit,
        unreached=counts.get("unreached", 0),
        receiving=counts.get("receiving", 0),
        ask=counts.get("ask", 0),
        covered=counts.get("covered", 0),
        streets=charts.bars(_street_rows(desk, measure, streets, unit), charts.NARROW),
        ages=charts.bars(
            [(_BANDS[band], many, f"{many:,} 人", "") for band, many in ages.items()],
            charts.NARROW,
        ),
    )


def _street_rows(
    desk: Desk, measure: Measure, streets: Counter[str], unit: str
) -> list[tuple[str, int, str, str]]:
    names = Division.objects.in_bulk(list(streets))
    return [
        (
            names[code].name,
            many,
            f"{many:,} {unit}",
            "" if measure.universal else desk.url("unreached", street=code, measure=measure.name),
        )
        for code, many in streets.most_common()
        if code in names
    ]
