"""The writes about simulations: asked for, worked out, cancelled, removed. All journaled."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from jiekun.journal import actions as journal
from jiekun.kernel.errors import LawError
from jiekun.kernel.law import Law
from jiekun.kernel.reform import BadReform, Flaw, Reform, read_reform, sides
from jiekun.kernel.reform.file import Take
from jiekun.offices.chosen import Chosen, law_for
from jiekun.offices.models import Officer

from . import snapshot as files
from . import steps
from .actions import RefusedError
from .file_checks import FileProblems
from .models import Simulation, Snapshot
from .outputs import CannotWrite
from .running import Watch, held, law_digest, reason, still
from .simulation import Stopped, simulate

State = Simulation.State
OPEN = (State.WAITING, State.RUNNING)
# One at a time: each takes all cores.
SIMULATING = "simulating"
LONGEST_NAME = 64
# Before the night's run: somebody is waiting.
URGENT = 10


def root() -> Path:
    """Where the results of simulations lie."""
    found: Path = settings.STATE / "simulations"
    return found


def latest_snapshot(place: str) -> Snapshot | None:
    """The newest snapshot whose files are there."""
    whole = Snapshot.objects.filter(run__place=place, state=Snapshot.State.DONE)
    newest = whole.select_related("run").order_by("-run__on", "-pk").first()
    if newest is None or not files.is_whole(files.root() / newest.folder):
        return None
    return newest


def read(text: str, file: str, *, place: str, on: date, name: str = "") -> Reform:
    """A reform as it would be tried here: names and values checked against the law in use.

    Raises BadReform with every mistake and its line.
    """
    reform, _ = _understood(text, file, place=place, on=on, name=name)
    return reform


def _understood(text: str, file: str, *, place: str, on: date, name: str) -> tuple[Reform, Chosen]:
    reform = read_reform(text, file, name)
    day = reform.on or on
    if reform.place not in (None, place):
        told = f"写的地方是 {reform.place}，这里只能试算本区（{place}）"
        raise BadReform(file, [Flaw(0, told)])
    chosen = law_for(place, day)
    # What the district chose holds on both sides, unless the reform says otherwise.
    said = {take.name for take in (*reform.assume, *reform.changes) if isinstance(take, Take)}
    own = [Take(topic, 0, option) for topic, option in chosen.readings.items() if topic not in said]
    reform = replace(reform, on=day, place=place, assume=(*own, *reform.assume))
    sides(chosen.law, reform)
    return reform, chosen


@transaction.atomic
def ask(
    *, text: str, file: str, place: str, on: date, name: str = "", by: Officer, at: datetime
) -> Simulation:
    """Have a reform tried on the newest snapshot; one that was tried on it is given back.

    Raises RefusedError or BadReform.
    """
    _allowed(place=place, by=by, at=at)
    reform, chosen = _understood(text, file, place=place, on=on, name=name)
    digest = _digest(reform, chosen)
    # Two who ask for the same at once wait here for each other.
    base = _held_snapshot(place)
    if base is None:
        raise RefusedError("还没有可以用来试算的数据快照：先做一次筛查（运行记录里可以开始）")
    same = base.simulations.filter(digest=digest, state__in=[*OPEN, State.DONE]).first()
    if same is not None and (same.state != State.DONE or (root() / same.folder).is_dir()):
        return same
    if same is not None:
        _set_aside(same)
    made = Simulation.objects.create(
        snapshot=base, name=reform.name[:LONGEST_NAME], label=reform.label[:200], text=text,
        digest=digest, on=reform.on or on, asked_by=by, asked_at=at,
    )  # fmt: skip
    made.folder = f"{made.pk}-{digest[:16]}"
    made.save(update_fields=["folder"])
    app.configure_task("screening.simulate", lock=SIMULATING, priority=URGENT).defer(
        simulation=made.pk
    )
    data = {"reform": made.label, "digest": digest, "run": base.run_id}
    journal.write(act="ask-simulation", by=by, at=at, subject=made, area=place, data=data)
    return made


def _held_snapshot(place: str) -> Snapshot | None:
    """The newest snapshot, which nobody takes away until the transaction ends."""
    while (newest := latest_snapshot(place)) is not None:
        mine = Snapshot.objects.select_for_update(of=("self",)).select_related("run")
        # A run may have ended while this waited, and put a newer one in its place.
        found = mine.filter(pk=newest.pk, state=Snapshot.State.DONE).first()
        if found is not None:
            return found
    return None


def _digest(reform: Reform, chosen: Chosen) -> str:
    """Of everything the figures come from, this version of the program among it."""
    name, day = reform.name[:LONGEST_NAME], str(reform.on)
    told = [version("jiekun"), reform.text, day, name, law_digest(), chosen.as_json()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _allowed(*, place: str, by: Officer, at: datetime) -> None:
    if told := steps.may_not_simulate(place=place, by=by, on=at.date()):
        raise RefusedError(told)


def work_out(*, simulation: Simulation, at: datetime, watch: Watch = still) -> Simulation:
    """Do what was asked; done again from the start where a worker was killed at it."""
    began = watch()
    with held(simulation):
        mine = Simulation.objects.filter(pk=simulation.pk, state__in=OPEN)
        if mine.update(state=State.RUNNING, people_done=0):
            problem, totals = "", {}
            try:
                totals = _tried(simulation)
            except Stopped:
                pass  # It was cancelled, and has its state already.
            except CannotWrite as error:
                told = "结果写不下去：看看磁盘满没满，腾出空间，再试算一次"
                problem = f"{told}（{error.__cause__ or error}）"[:2000]
            except FileProblems as error:
                problem = f"数据快照读不了：请先做一次筛查，再来试算（{error}）"[:2000]
            except (BadReform, LawError, OSError, RefusedError) as error:
                problem = str(error)[:2000] or type(error).__name__
            except BaseException as error:
                _end(simulation, {}, reason(error), at)
                raise
            _end(simulation, totals, problem, at + timedelta(seconds=watch() - began))
    simulation.refresh_from_db()
    return simulation


def _tried(simulation: Simulation) -> dict[str, object]:
    base, run = simulation.snapshot, simulation.snapshot.run
    folder = files.root() / base.folder
    if not files.is_whole(folder):
        raise FileNotFoundError("数据快照的文件不在了：请重新做一次筛查，再来试算")
    reform, chosen = _understood(
        simulation.text, simulation.name, place=run.place, on=simulation.on, name=simulation.name
    )
    # What another law comes to must not be kept as the answer of the one asked about.
    if _digest(reform, chosen) != simulation.digest:
        raise RefusedError("排队的时候，规定、本区选定的数或者程序换了：请用同一份改动再试算一次")
    law: Law = chosen.law
    mine = Simulation.objects.filter(pk=simulation.pk, state=State.RUNNING)
    out = root() / simulation.folder

    def told(done: int, total: int) -> None:
        mine.update(people_done=done)

    files.private(root(), out)
    (found,) = simulate(
        law, [replace(reform, name="result")], folder / files.PERSONS, folder / files.HOUSEHOLDS,
        out=out, progress=told, cancelled=lambda: not mine.exists(),
    )  # fmt: skip
    return found.as_json()


@transaction.atomic
def _end(simulation: Simulation, totals: dict[str, object], problem: str, at: datetime) -> None:
    now = Simulation.objects.select_for_update().get(pk=simulation.pk)
    if now.state != State.RUNNING or problem:
        # Half written; or cancelled, perhaps even removed, when all was written already.
        transaction.on_commit(partial(files.remove, root() / now.folder))
    if now.state != State.RUNNING:
        return
    now.state = State.FAILED if problem else State.DONE
    now.problem, now.totals, now.finished_at = problem, totals, at
    now.save()
    act = "simulation-failed" if problem else "simulation-done"
    area, data = now.snapshot.run.place, {"why": problem} if problem else {}
    journal.write(act=act, by=None, at=at, subject=now, area=area, data=data)


@transaction.atomic
def cancel(*, simulation: Simulation, by: Officer, at: datetime) -> Simulation:
    """Stop one after the batch it is at. Raises RefusedError."""
    return _put_away(simulation, State.CANCELLED, OPEN, "cancel-simulation", by, at)


@transaction.atomic
def remove(*, simulation: Simulation, by: Officer, at: datetime) -> Simulation:
    """Take a simulation and its files off the list. Raises RefusedError."""
    ended = (State.DONE, State.FAILED, State.CANCELLED)
    return _put_away(simulation, State.REMOVED, ended, "remove-simulation", by, at)


def _put_away(
    simulation: Simulation, after: str, before: tuple[str, ...], act: str, by: Officer, at: datetime
) -> Simulation:
    place = simulation.snapshot.run.place
    _allowed(place=place, by=by, at=at)
    now = Simulation.objects.select_for_update().get(pk=simulation.pk)
    if now.state not in before:
        raise RefusedError(f"这次试算已经是“{now.get_state_display()}”，不用再做这一步")
    now.state = after
    now.save(update_fields=["state"])
    if after == State.REMOVED:
        _set_aside(now)
    journal.write(act=act, by=by, at=at, subject=now, area=place, data={"reform": now.label})
    return now


def _set_aside(simulation: Simulation) -> None:
    """Its figures and files go; that there was one stays."""
    simulation.state, simulation.totals = State.REMOVED, {}
    simulation.save(update_fields=["state", "totals"])
    transaction.on_commit(partial(files.remove, root() / simulation.folder))


def tidy() -> None:
    """Take away files this database knows nothing of: another one's, that is gone."""
    kept = Snapshot.objects.exclude(state=Snapshot.State.REMOVED)
    files.sweep(files.root(), set(kept.values_list("folder", flat=True)))
    asked = Simulation.objects.exclude(state=State.REMOVED)
    files.sweep(root(), set(asked.values_list("folder", flat=True)))
