"""What is measured. Each task runs in a process of its own: `python -m bench.tasks NAME ...`."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ON, PLACE = date(2024, 11, 1), "420106"
AT = datetime(2024, 11, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
Figures = dict[str, Any]


def law() -> Figures:
    """Import and compile all law, in force and simulated, for decide and for arrays."""
    began = time.perf_counter()
    from jiekun.kernel.decide import decider
    from jiekun.law import load

    imported = time.perf_counter()
    found = load()
    read = time.perf_counter()
    for simulate in ((), ("W24",)):
        decider(found.program(on=ON, place=PLACE, simulate=simulate))
    done = time.perf_counter()
    return {
        "import": imported - began,
        "read": read - imported,
        "compile": done - read,
        "all": done - began,
        "measures": len(found.written),
    }


def family() -> dict[str, Any]:
    """A family of four whose breadwinner died: some facts known, some not."""
    from jiekun.config.cli_law import FOLDER
    from jiekun.kernel.yamls import read

    base = read(FOLDER / "baseline.yaml", "baseline.yaml")
    widow = {"birth_date": date(1980, 3, 2), "sex": "female", "hard_to_employ": True}
    girl = {"birth_date": date(2008, 5, 5), "school_stage": "senior", "father_situation": "dead"}
    boy = {
        "birth_date": date(2015, 6, 1),
        "school_stage": "primary",
        "father_situation": "dead",
        "disability_class": "limb",
        "disability_level": 3,
        "disability_cert_valid": True,
        "disability_cert_local": True,
    }
    asked = dict.fromkeys(("adl_eat", "adl_dress", "adl_bed", "adl_toilet", "adl_walk", "adl_bath"))
    elder = {"birth_date": date(1946, 9, 9), "odd_job_income": 600, **asked}
    people = [{**base["person"], **one} for one in (widow, girl, boy, elder)]
    own = {**base["household"], "edge_recognised": True, "assets_within_limit": True}
    return {"household": own, "people": {f"p{n}": one for n, one in enumerate(people, 1)}}


def decide(rounds: str) -> Figures:
    """One family of four: outcomes, missing facts in order, the whole graph of reasons."""
    from jiekun.kernel.decide import decider
    from jiekun.kernel.report import decision_json
    from jiekun.law import load

    found: Figures = {}
    household = family()
    for name, simulate in (("now", ()), ("W24", ("W24",))):
        work = decider(load().program(on=ON, place=PLACE, simulate=simulate))
        for what, answer in (
            ("reasons", lambda work=work: work.decide(household).reasons()),
            ("json", lambda work=work: json.dumps(decision_json(work.decide(household)))),
        ):
            times = _times(answer, int(rounds) if what == "reasons" else int(rounds) // 10)
            found[f"{name} {what}"] = {
                "median": statistics.median(times),
                "p99": times[int(len(times) * 0.99)],
            }
        decision = work.decide(household)
        found[f"{name} outcomes"] = len(decision.outcomes)
        found[f"{name} steps"] = len(decision.reasons())
    return found


def _times(work: Callable[[], object], rounds: int) -> list[float]:
    for _ in range(20):
        work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return sorted(times)


def explain(folder: str) -> Figures:
    """The command from cold to its answer, seven times."""
    path = Path(folder) / "family.json"
    told = family()
    told["people"] = list(told["people"].values())
    path.write_text(json.dumps(told, default=str), encoding="utf-8")
    asked = ["explain", str(path), "--on", ON.isoformat(), "--place", PLACE, "--simulate", "W24"]
    times = []
    for _ in range(7):
        began = time.perf_counter()
        command = [str(Path(sys.executable).parent / "jiekun"), *asked]
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return {"median": statistics.median(times), "worst": max(times)}


def make(scale: str, folder: str) -> Figures:
    """The demo district as Parquet files."""
    from jiekun.demo.make import make as make_district
    from jiekun.demo.make import write_files
    from jiekun.demo.scale import Scale

    began = time.perf_counter()
    district = make_district(Scale.parse(scale), _quiet)
    made = time.perf_counter()
    write_files(district, Path(folder), _quiet)
    written = time.perf_counter()
    return {"people": district.people, "make": made - began, "write": written - made}


def _quiet(*_said: object) -> None:
    """Progress told to nobody."""


def repeat(folder: str, out: str, people: str) -> Figures:
    """A district of another size: the demo's families again and again, each newly numbered."""
    import pyarrow.parquet as pq

    source, target = Path(folder), Path(out)
    target.mkdir(parents=True, exist_ok=True)
    persons = pq.ParquetFile(source / "persons.parquet")
    homes = pq.ParquetFile(source / "households.parquet")
    groups = min(persons.num_row_groups, homes.num_row_groups)
    wanted, count, home_shift, person_shift = int(people), 0, 0, 0
    with (
        pq.ParquetWriter(target / "persons.parquet", persons.schema_arrow, compression="zstd") as p,
        pq.ParquetWriter(
            target / "households.parquet", homes.schema_arrow, compression="zstd"
        ) as h,
    ):
        while count < wanted:
            for number in range(groups):
                if count >= wanted:
                    break
                rows = _shifted(persons.read_row_group(number), home_shift, person_shift)
                p.write_table(rows)
                h.write_table(_shifted(homes.read_row_group(number), home_shift, 0))
                count += rows.num_rows
            home_shift += homes.metadata.num_rows
            person_shift += persons.metadata.num_rows
    return {"people": count}


def _shifted(table: Any, home: int, person: int) -> Any:
    import pyarrow.compute as pc

    for name, shift in (("household_id", home), ("person_id", person)):
        if shift and name in table.column_names:
            place = table.column_names.index(name)
            moved = pc.add(table[name], shift)
            table = table.set_column(place, table.schema.field(name), moved)
    return table


def files(folder: str, out: str, simulate: str) -> Figures:
    """Screening from Parquet to Parquet."""
    from jiekun.screening.files import screen_files

    source = Path(folder)
    began = time.perf_counter()
    totals = screen_files(
        source / "persons.parquet",
        source / "households.parquet",
        on=ON,
        place=PLACE,
        simulate=tuple(filter(None, simulate.split(","))),
        out=Path(out),
    )
    return {"seconds": time.perf_counter() - began, "people": totals["people"]}


def database(simulate: str) -> Figures:
    """Screening from PostgreSQL to PostgreSQL, findings, changes and worklist written."""
    import django

    django.setup()
    from jiekun.screening import actions

    drafts = tuple(filter(None, simulate.split(",")))
    run = actions.start_run(on=ON, place=PLACE, simulate=drafts, by=None, at=AT)
    began = time.perf_counter()
    run = actions.run_chunks(run=run, at=AT, watch=time.monotonic)
    return {"seconds": time.perf_counter() - began, "people": run.people, "stages": run.seconds}


def desk(rounds: str) -> Figures:
    """Pages of the desk as a district officer sees them: server time and queries."""
    import django

    django.setup()
    from bench.pages import measure

    return measure(int(rounds))


def main() -> None:
    """Runs one task and tells its figures, with the most memory it held, as JSON."""
    name, *words = sys.argv[1:]
    found = globals()[name](*words)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({**found, "peak_mib": round(peak)}) + "\n")


if __name__ == "__main__":
    main()
