"""The only writes of the exchange: files brought, checked, applied, undone, thrown away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Pairs
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jiekun.journal import actions as journal
from jiekun.journal.many import add_objects, change_objects
from jiekun.offices.models import Officer
from jiekun.registry import keys

from . import applying, queries, steps, tables, undoing
from .checking import Checker, rows_of
from .files import BadFile, examined
from .layouts import LAYOUTS, plain_heading
from .marking import marked, shown
from .models import Import, ImportFile, ImportRow, Mapping

# Small enough that progress moves, large enough that statements cost little.
ROWS_A_BATCH = 2_000
_MOST_RANGES = 200


class RefusedError(ValueError):
    """This act is not allowed now or to this officer; the message is for the screen."""


@transaction.atomic
def upload(*, content: bytes, filename: str, by: Officer, at: datetime) -> Import:
    """Keep a file, sealed, for its columns to be told. Raises BadFile, RefusedError."""
    _allowed("upload", None, by=by, at=at)
    kind = examined(content, filename)
    names = tables.sheets(content, kind)
    digest = keys.sm3(content)
    live = (Import.State.APPLYING, Import.State.APPLIED)
    for before in Import.objects.filter(digest=digest, state__in=live).order_by("pk")[:1]:
        raise RefusedError(
            f"同一份文件 {before.at:%Y-%m-%d} 已经导入过（第 {before.pk} 次）；要重来请先撤销那一次"
        )
    made = Import.objects.create(
        by=by, at=at, areas=sorted(steps.areas_of(by, at.date())), filename=filename, kind=kind,
        size=len(content), digest=digest, sheets=names,
    )  # fmt: skip
    file = ImportFile(of=made)
    file.sealed = keys.ring().seal(content, file.bound)
    file.save()
    _write("import-upload", made, by, at)
    return made


@transaction.atomic
def ask_to_check(
    *,
    of: Import,
    sheet: str,
    header: int,
    layout: str,
    columns: Pairs[int, str],
    source: str,
    as_of: date,
    by: Officer,
    at: datetime,
) -> Import:
    """Say how the file is read, and leave checking it to the worker. Raises RefusedError.

    `header` is the number of the row with the headings, `columns` {place from nought: key}.
    """
    of = _locked(of)
    _allowed("check", of, by=by, at=at)
    _check_choice(of, sheet, layout, columns)
    if not source.strip():
        raise RefusedError("请写明这张表是哪里来的（如“区残联 10 月名册”）")
    if as_of > at.date():
        raise RefusedError(f"截止日期 {as_of} 还没有到")
    rows = dict(queries.table_of(of, sheet).rows)
    headings = rows.get(header)
    if headings is None:
        raise RefusedError(f"第 {header} 行是空的，不能当表头")
    if max(rows) == header:
        raise RefusedError(f"第 {header} 行下面什么也没有：只有表头，没有要导入的行")
    of.sheet, of.header, of.layout = sheet, header, layout
    of.columns = {str(place): key for place, key in sorted(columns.items())}
    of.source, of.as_of = source.strip()[:100], as_of
    of.headings = [shown(cell) for cell in headings]
    read_as = {plain_heading(headings[p]): key for p, key in columns.items() if p < len(headings)}
    _remember(of, read_as, by, at)
    of.rows.all().delete()
    return _begin(of, Import.State.CHECKING, by)


def _check_choice(of: Import, sheet: str, layout: str, columns: Pairs[int, str]) -> None:
    if sheet not in of.sheets:
        raise RefusedError(f"文件里没有“{sheet[:31]}”这张表")
    if layout not in LAYOUTS:
        raise RefusedError("请选这是哪一种台账")
    known = {column.key: column.label for column in LAYOUTS[layout].columns}
    if unknown := set(columns.values()) - known.keys():
        raise RefusedError(f"这种台账没有“{min(unknown)[:40]}”这一项")
    if twice := [key for key, many in Counter(columns.values()).items() if many > 1]:
        raise RefusedError(f"有不止一列选成了“{known[twice[0]]}”，只能选一列")
    missing = [c.label for c in LAYOUTS[layout].needed if c.key not in columns.values()]
    if missing:
        raise RefusedError(f"还没有说哪一列是：{'、'.join(missing)}")


def _remember(of: Import, said: Pairs[str, str], by: Officer, at: datetime) -> None:
    """Next time this office brings such a file, its headings are read the same way."""
    own = {"department": by.department, "area": queries.office_area(by, at.date())}
    kept, _ = Mapping.objects.get_or_create(
        **own, layout=of.layout, defaults={"used_at": at, "columns": {}}
    )
    kept.columns = {**kept.columns, **{word: key for word, key in said.items() if word}}
    kept.used_at = at
    kept.save(update_fields=["columns", "used_at"])


@transaction.atomic
def ask_to_apply(*, of: Import, rows: str = "", by: Officer, at: datetime) -> Import:
    """Leave the good rows to the worker: all, or those chosen as "3-200, 205"."""
    of = _locked(of)
    _allowed("apply", of, by=by, at=at)
    ready = of.rows.filter(outcome=ImportRow.Outcome.READY)
    if rows.strip():
        ready.exclude(_chosen(rows)).update(outcome=ImportRow.Outcome.LEFT_OUT)
    if not (count := ready.count()):
        raise RefusedError("没有可以导入的行：请先改好要改的行，重新上传")
    _write("import-apply", of, by, at, rows=count, layout=of.layout)
    return _begin(of, Import.State.APPLYING, by, count)


def _chosen(text: str) -> Q:
    """Row numbers as people write them. Raises RefusedError."""
    parts = [part for part in re.split(r"[,，、;；\s]+", text.strip()) if part]
    if len(parts) > _MOST_RANGES:
        raise RefusedError(f"行号最多写 {_MOST_RANGES} 段")
    wanted = Q(pk__in=[])
    for part in parts:
        found = re.fullmatch(r"(\d{1,7})(?:[-–—~～至](\d{1,7}))?", part, re.ASCII)
        if found is None:
            raise RefusedError(f"看不懂行号“{part[:20]}”：请写成 3-200, 205 这样")
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first:
            raise RefusedError(f"行号“{part[:20]}”前大后小，请倒过来写")
        wanted |= Q(number__range=(first, last))
    return wanted


@transaction.atomic
def ask_to_undo(*, of: Import, reason: str, by: Officer, at: datetime) -> Import:
    """Leave taking back every row that was applied to the worker. Raises RefusedError."""
    of = _locked(of)
    _allowed("undo", of, by=by, at=at)
    if not reason.strip():
        raise RefusedError("请写明为什么撤销")
    count = of.rows.filter(outcome=ImportRow.Outcome.APPLIED).count()
    _write("import-undo", of, by, at, rows=count, reason=reason.strip()[:200])
    return _begin(of, Import.State.UNDOING, by, count)


@transaction.atomic
def ask_to_resume(*, of: Import, by: Officer, at: datetime) -> Import:
    """Go on with what was begun and stopped."""
    of = _locked(of)
    _allowed("resume", of, by=by, at=at)
    of.asked_by = by
    of.save(update_fields=["asked_by"])
    _leave_to_worker(of)
    return of


@transaction.atomic
def discard(*, of: Import, by: Officer, at: datetime) -> Import:
    """Throw a file away that was not applied: nothing of what it said is kept."""
    of = _locked(of)
    _allowed("discard", of, by=by, at=at)
    of.rows.all().delete()
    ImportFile.objects.filter(of=of).delete()
    of.state = Import.State.DISCARDED
    of.save(update_fields=["state"])
    _write("import-discard", of, by, at)
    return of


@transaction.atomic
def take_marked(*, of: Import, by: Officer, at: datetime) -> bytes:
    """The rows to be mended as a workbook, each problem beside its row; taking it is journaled."""
    if of.pk not in queries.visible_to(by, at.date()).values_list("pk", flat=True):
        raise RefusedError("这份表不在您的辖区")
    if of.header is None or of.state == Import.State.DISCARDED:
        raise RefusedError("还没有检查，没有要改的行")
    told = f"{by.name} 于 {at:%Y-%m-%d %H:%M} 下载，用途：改正后重新导入；内有个人信息，请勿外传"
    content, count = marked(of, queries.table_of(of, of.sheet), told)
    _write("import-take-marked", of, by, at, rows=count)
    return content


# -- the worker's part


def work_off(*, of: Import, at: datetime) -> None:
    """Do what an import waits for, batch by batch; killed at any time, the next call goes on."""
    match Import.objects.get(pk=of.pk).state:
        case Import.State.CHECKING:
            _check(of, at)
        case Import.State.APPLYING | Import.State.UNDOING:
            while _next_batch(of, at):
                pass


def _check(of: Import, at: datetime) -> None:
    """Check every row anew; half a check is worth nothing."""
    with transaction.atomic():
        of = _locked(of)
        of.rows.all().delete()
        of.done = of.total = 0
        of.save(update_fields=["done", "total"])
    skipped: Counter[str] = Counter()
    try:
        table = queries.table_of(of, of.sheet)
        rows = list(rows_of(table, of.header or 0, skipped))
    except BadFile as problem:
        Import.objects.filter(pk=of.pk).update(state=Import.State.UPLOADED, problem=str(problem))
        return
    Import.objects.filter(pk=of.pk).update(total=len(rows), skipped=dict(skipped), problem="")
    done = 0
    for batch in Checker(of, table, at.date()).batches(rows):
        with transaction.atomic():
            now = _locked(of)
            if now.state != Import.State.CHECKING or now.done != done:
                # A worker thought dead is alive after all: it goes on.
                return
            add_objects(batch)
            done += len(batch)
            Import.objects.filter(pk=of.pk).update(done=done)
    Import.objects.filter(pk=of.pk, state=Import.State.CHECKING).update(state=Import.State.CHECKED)


@transaction.atomic
def _next_batch(of: Import, at: datetime) -> bool:
    """Apply or undo some rows and write down that they are done; False when none are left."""
    of = _locked(of)
    applies = of.state == Import.State.APPLYING
    if not applies and of.state != Import.State.UNDOING:
        return False
    waiting = ImportRow.Outcome.READY if applies else ImportRow.Outcome.APPLIED
    # What was written last is taken back first.
    order = "number" if applies else "-number"
    rows = list(of.rows.filter(outcome=waiting).order_by(order)[:ROWS_A_BATCH])
    (applying.apply if applies else undoing.undo)(of, rows, by=of.asked_by, at=at)
    change_objects(rows, ["outcome", "told", "made"])
    of.done += len(rows)
    if not rows:
        of.state = steps.WORKED_OFF[Import.State(of.state)]
        done = "import-applied" if applies else "import-undone"
        _write(done, of, of.asked_by, at, **queries.counts(of))
    of.save(update_fields=["done", "state"])
    return bool(rows)


def _locked(of: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=of.pk)


def _allowed(act: str, of: Import | None, *, by: Officer, at: datetime) -> None:
    if told := steps.hindrance(act, of, by=by, on=at.date()):
        raise RefusedError(told)


def _begin(of: Import, state: Import.State, by: Officer, total: int = 0) -> Import:
    of.state, of.asked_by, of.done, of.total, of.problem = state, by, 0, total, ""
    of.save()
    _leave_to_worker(of)
    return of


def _leave_to_worker(of: Import) -> None:
    """Queue the work in the transaction that asks for it; one that waits already is enough."""
    job = app.configure_task(queries.TASK, lock="exchange", queueing_lock=f"import-{of.pk}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(number=of.pk)


def _write(act: str, of: Import, by: Officer | None, at: datetime, **data: object) -> None:
    # Of several areas none is the one to look for the line under.
    area = of.areas[0] if len(of.areas) == 1 else ""
    journal.write(act=act, by=by, at=at, subject=of, area=area, data=data)
