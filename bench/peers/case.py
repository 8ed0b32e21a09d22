"""One case in a process of its own: `python -m bench.peers.case ENGINE TASK '{"folder": ...}'`.

Prints one line of JSON. Tasks: evaluate, counts, totals, write (each several samples), one
(latency), start, rows (saved for comparing).
"""

from __future__ import annotations

import gc
import json
import shutil
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

ENGINES = {
    "openfisca": "openfisca",
    "openfisca_index": "openfisca",
    "policyengine": "openfisca",
    "polars": "frames",
    "polars_streaming": "frames",
    "numpy": "arrays",
    "numpy_chunks": "chunks",
    "duckdb": "sql",
    "numba": "loop",
    "jiekun": "jiekun",
}
# Too short to be told from a tick of the clock: such work is repeated until it lasts this long.
LASTING = 0.3
QUIET = 0.25
ME = psutil.Process()
Found = dict[str, Any]


def peak_mib() -> int:
    """The most memory this process ever held; the figure begins anew with each program."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _busy() -> float:
    """Processor seconds of everybody on this machine, also what the host took away."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


def sample(work: Callable[[], Any], prepare: Callable[[], Any], times: int) -> Found:
    """Seconds and processor seconds of one turn, and how busy others were meanwhile."""
    wall = cpu = others = 0.0
    for _ in range(times):
        prepare()
        gc.collect()
        busy, own, began = _busy(), time.process_time(), time.perf_counter()
        kept = work()
        seconds = time.perf_counter() - began
        mine = time.process_time() - own
        others += max(0.0, _busy() - busy - mine)
        wall, cpu = wall + seconds, cpu + mine
        del kept
    return {"wall": wall / times, "cpu": cpu / times, "others": others / wall}


def _until_quiet() -> None:
    """Waits a few seconds at most for others to come to rest."""
    for _ in range(10):
        busy, began = _busy(), time.perf_counter()
        time.sleep(0.3)
        if (_busy() - busy) / (time.perf_counter() - began) <= QUIET:
            return


def samples(
    work: Callable[[], Any], prepare: Callable[[], Any], count: int, warm: bool
) -> list[Found]:
    """Quiet samples, the first dropped unless warmed up; noisy ones taken again a few times."""
    first = sample(work, prepare, 1) if warm else None
    times = max(1, round(LASTING / first["wall"])) if first else 1
    found: list[Found] = []
    for _ in range(2 * count):
        found.append(sample(work, prepare, times))
        if sum(one["others"] <= QUIET for one in found) >= count:
            break
        if found[-1]["others"] > QUIET:
            _until_quiet()
    quiet = [one for one in found if one["others"] <= QUIET]
    return quiet[:count] or sorted(found, key=lambda one: one["others"])[:1]


def measure(engine: Any, task: str, asked: Found) -> Found:
    """The samples of one task at one size."""
    folder, spare = Path(asked["folder"]), Path(asked["out"])
    state: dict[str, Any] = {}
    if task in ("evaluate", "counts"):
        data = engine.load(folder)

        def prepare() -> None:
            state.clear()
            state["ready"] = engine.ready(data)

        def work() -> Any:
            return getattr(engine, task)(state["ready"])
    else:

        def prepare() -> None:
            shutil.rmtree(spare, ignore_errors=True)
            spare.mkdir(parents=True)

        def work() -> Any:
            if task == "totals":
                state["totals"] = engine.totals(folder)
            else:
                engine.write(folder, spare)

    # Twenty million people are worked out once: a small file warms everything up instead.
    if asked.get("warm"):
        small = Path(asked["warm"])
        prepare()
        if task in ("evaluate", "counts"):
            getattr(engine, task)(engine.ready(engine.load(small)))
        else:
            (engine.totals if task == "totals" else lambda f: engine.write(f, spare))(small)
    made = samples(work, prepare, asked["count"], warm=not asked.get("warm"))
    written = sum(f.stat().st_size for f in spare.rglob("*") if f.is_file())
    shutil.rmtree(spare, ignore_errors=True)
    return {
        "samples": made,
        "mib": peak_mib(),
        "written": written if task == "write" else None,
        "totals": state.get("totals"),
    }


def latency(engine: Any, asked: Found) -> Found:
    """Seconds for one family with its explanation serialised: median and 99th percentile."""
    answer = engine.one(_family(asked["family"], engine))
    for _ in range(20):
        size = len(answer())
    busy, own, start = _busy(), time.process_time(), time.perf_counter()
    taken = []
    for _ in range(asked["count"]):
        began = time.perf_counter()
        answer()
        taken.append(time.perf_counter() - began)
    wall = time.perf_counter() - start
    taken.sort()
    others = max(0.0, _busy() - busy - (time.process_time() - own)) / wall
    return {
        "median": taken[len(taken) // 2],
        "p99": taken[int(len(taken) * 0.99)],
        "bytes": size,
        "others": others,
    }


def _family(name: str, engine: Any) -> Found:
    from bench.peers.families import family

    return family(name, yuan=engine.__name__ != "bench.peers.sql")


def start(engine_name: str, asked: Found) -> Found:
    """From nothing to the first answer: import, compile, one family or a small file."""
    engine = import_module(f"bench.peers.{ENGINES[engine_name]}")
    imported = time.time() - ME.create_time()
    if hasattr(engine, "one"):
        engine.one(_family("poor", engine))()
        what = "one family"
    else:
        engine.totals(Path(asked["folder"]))
        what = "a file of 1,000 people"
    answered = time.time() - ME.create_time()
    return {"import": imported, "first": answered, "what": what, "mib": peak_mib()}


def rows(engine: Any, asked: Found) -> Found:
    """Saves every output of everybody, to be compared."""
    import numpy as np

    np.savez(asked["save"], **engine.rows(Path(asked["folder"])))
    return {"saved": asked["save"]}


def answers(engine: Any, asked: Found) -> Found:
    """What is answered to one family whose facts are not all known."""
    return {"answers": engine.answers(_family(asked["family"], engine))}


def main() -> None:
    name, task, asked = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    if task == "start":
        made = start(name, asked)
    else:
        engine = import_module(f"bench.peers.{ENGINES[name]}")
        if task == "one":
            made = latency(engine, asked)
        elif task in ("rows", "answers"):
            made = globals()[task](engine, asked)
        elif task == "undetermined":
            made = engine.undetermined(Path(asked["folder"]))
        else:
            made = measure(engine, task, asked)
    sys.stdout.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()
