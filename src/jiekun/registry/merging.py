"""Two rows of one person made one, and taken apart again; both inside an act of `pairing`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, models, transaction

from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer

from . import rows
from .checks import RefusedError
from .following import follow, overlaps, resealed, settlements, standing
from .history import ChangeKind
from .models import Attachment, FactRecord, Household, Identifier, Membership, Merge, Person
from .noting import note_act
from .recording import facts_of
from .stays import Act, locked, note
from .weighing import weigh

_TOLD = {
    "household": "住户", "membership": "共同生活", "person": "本人的登记",
    "personfacts": "事实", "registration": "户籍", "identifier": "证件号码",
    "formername": "曾用名", "factrecord": "事实记录", "settlement": "以谁为准的决定",
    "recognition": "认定", "receipt": "待遇", "consent": "授权", "attachment": "材料",
}  # fmt: skip


def merge(
    *,
    kept: Person,
    gone: Person,
    reason: str,
    proposed_by: Officer | None = None,
    by: Officer,
    at: datetime,
) -> Merge:
    """Let `kept` stand for both; everything of `gone` goes along. Raises RefusedError.

    Nothing anybody gets is ended: what both were getting at once is kept in `overlaps`.
    """
    act = Act(by, at, at.date(), f"与 {gone.pk} 号是同一个人，合并到 {kept.pk} 号：{reason}")
    kept, gone, homes = _held(kept, gone)
    _can_be_one(kept, gone)
    for one in sorted((kept, gone), key=lambda one: one.pk):
        # Made before it is told how things stood: undoing must not take along what was known since.
        facts_of(one)
    people, numbers = [kept.pk, gone.pk], [home.pk for home in homes]
    before = standing(people, numbers)
    made = Merge.objects.create(
        kept=kept, gone=gone, on=act.on, reason=reason, at=at, by=by, proposed_by=proposed_by,
        overlaps=overlaps(kept, gone, act.on),
        records=list(FactRecord.objects.filter(person=gone).values_list("pk", flat=True)),
    )  # fmt: skip
    weighed = weigh(kept, gone)
    weighed.kept.save(update_fields=[*weighed.columns, "sources", "displaced"])
    follow(kept, gone, made, act)
    settlements(kept, gone, weighed.fresh)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    made.words = weighed.words
    made.changes = rows.changes(before, standing(people, numbers))
    made.save(update_fields=["words", "changes"])
    _journal("merge-people", made, reason, by, at)
    return made


def _held(kept: Person, gone: Person) -> tuple[Person, Person, list[Household]]:
    """Both people and where they live, locked. Raises RefusedError where one just moved."""
    homes = _homes([kept, gone])
    for home in homes:
        locked(home, None)
    kept, gone = _people(kept, gone)
    if _homes([kept, gone]) != homes:
        raise RefusedError("刚才有人改了其中一位住在哪里，请重新打开这一对再看")
    return kept, gone, homes


def _homes(people: Sequence[Person]) -> list[Household]:
    """Where they live now, the lower number first: the order in which every act locks."""
    stays = Membership.objects.filter(person__in=people, until__isnull=True)
    return list(Household.objects.filter(pk__in=stays.values("household")).order_by("pk"))


def _people(kept: Person, gone: Person) -> tuple[Person, Person]:
    """Both rows, locked."""
    both = Person.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    found = {person.pk: person for person in both}
    return found[kept.pk], found[gone.pk]


def _can_be_one(kept: Person, gone: Person) -> None:
    for one in (kept, gone):
        if one.merged_into_id is not None:
            raise RefusedError(f"{one.pk} 号已经合并到 {one.merged_into_id} 号")
    if kept.died_on != gone.died_on:
        raise RefusedError("一份登记了去世、另一份没有，或日期不同：请先查清，改成一样再合并")
    if kept.moved_away_on is not None and gone.moved_away_on is None:
        raise RefusedError(f"{kept.pk} 号已登记迁出，请留下还在本区的 {gone.pk} 号")
    if kept.sex != gone.sex:
        raise RefusedError("两份的性别不同：请先查清哪个对，改好再合并")


def unmerge(*, merge: Merge, reason: str, by: Officer, at: datetime) -> Merge:
    """Give both rows back what each had before. Raises RefusedError where that cannot be.

    What was written down of the person since stays with the row that was kept.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise RefusedError("这次合并已经撤销过了")
    homes = [pk for label, pk, _ in merge.changes if label == Household._meta.label]
    stays = [pk for label, pk, _ in merge.changes if label == Membership._meta.label]
    lived = Membership.objects.filter(pk__in=stays).values("household")
    touched = Household.objects.select_for_update().filter(
        models.Q(pk__in=homes) | models.Q(pk__in=lived)
    )
    changed = list(touched.order_by("pk"))
    kept, gone = _people(merge.kept, merge.gone)
    if kept.merged_into_id is not None:
        raise RefusedError(f"{kept.pk} 号后来又合并到 {kept.merged_into_id} 号，请先撤销那一次")
    _refuse_changed(merge)
    merge.undone_at, merge.undone_by, merge.undone_reason = at, by, reason
    # The database lets statements go back only from a merge that is undone.
    merge.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    try:
        with transaction.atomic():
            _put_back(merge)
    except IntegrityError:
        raise RefusedError(
            "合并之后，有关的住户、号码或待遇又登记过别的，分不回原来的样子；请按现在的情况另行登记"
        ) from None
    act = Act(by, at, at.date(), f"撤销 {gone.pk} 号与 {kept.pk} 号的合并：{reason}")
    for home in changed:
        home.refresh_from_db()
        note(home, ChangeKind.JOINED, act, person=gone)
    _journal("unmerge-people", merge, reason, by, at)
    return merge


def _refuse_changed(merge: Merge) -> None:
    told = [_changed(row, columns) for row, columns in rows.changed_since(merge.changes)]
    if told:
        raise RefusedError(
            f"合并之后，留下的这一份又改过{'、'.join(sorted(set(told)))}，"
            "分不清哪些属于谁。请先把这些改回合并时的样子再撤销，或按现在的情况另行登记"
        )


def _changed(row: models.Model, columns: list[str]) -> str:
    kind = _TOLD.get(row._meta.model_name or "", row._meta.label)
    names = [column.rpartition(":")[2] for column in columns]
    facts = [FACTS[name].label for name in names if name in FACTS]
    return f"{kind}“{'、'.join(facts)}”" if facts else kind


def _put_back(merge: Merge) -> None:
    sealed = {model._meta.label: model._default_manager for model in (Identifier, Attachment)}
    rest: rows.Changes = []
    for change in merge.changes:
        label, pk, columns = change
        if label in sealed and columns and "person_id" in columns:
            row = sealed[label].get(pk=pk)
            with resealed(row):
                for column, (before, _) in columns.items():
                    rows.put(row, column, before)
        else:
            rest.append(change)
    rows.put_back(rest)


def _journal(act: str, made: Merge, reason: str, by: Officer, at: datetime) -> None:
    """Both rows' offices find it."""
    data = {"merge": made.pk, "kept": made.kept_id, "gone": made.gone_id, "reason": reason}
    for person in (made.kept, made.gone):
        note_act(act, person, by, at, data)
