"""Acts on pairs that may be one person: proposed by whoever finds them, decided by officers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from jiekun.journal import actions as journal
from jiekun.offices.models import Officer

from .checks import RefusedError
from .duplicates import Candidate, Merge
from .following import receives_money
from .likeness import Levels
from .merging import merge, unmerge
from .models import Household, Membership, Person
from .noting import note_act
from .pair_steps import PairAct, hindrance
from .queries import areas_of
from .scope import whole_registry

_State = Candidate.State
_WAITING = (_State.OPEN, _State.LATER, _State.PROPOSED)
# What a step says of a pair; where both live is not for it to say.
_SAID = ("state", "keep", "proposed_by", "reason", "decided_by", "decided_at")
# Of a batch this many pairs are named in one line of the journal.
PAIRS_A_LINE = 200
# What comparing two people again may change of their pair.
_COMPARED = (
    *("area_one", "area_other", "why", "thousandths", "fingerprint"),
    *("state", "found_at", "decided_by", "decided_at"),
)
_TWO_AREAS = "the two rows may lie in two areas, and both offices are told"


@dataclass(frozen=True, slots=True)
class Alike:
    """Two people found alike, the lower number first, with how probable and of what facts."""

    one: int
    other: int
    levels: Levels
    thousandths: int
    fingerprint: str


@transaction.atomic
@whole_registry(_TWO_AREAS)
def note_pairs(
    *, pairs: Iterable[Alike], found: str, by: Officer | None, at: datetime
) -> list[Candidate]:
    """Keep pairs for somebody to decide; returns those that wait anew.

    A pair once decided is not asked about again unless what both are known by has changed.
    """
    given = {(pair.one, pair.other): pair for pair in pairs}
    held = {
        (row.one_id, row.other_id): row
        for row in Candidate.objects.select_for_update().filter(
            one__in={one for one, _ in given}, other__in={other for _, other in given}
        )
    }
    areas = areas_of({person for pair in given for person in pair})
    fresh: list[Candidate] = []
    known: list[Candidate] = []
    new: list[Candidate] = []
    for key, pair in given.items():
        row = held.get(key) or Candidate(one_id=pair.one, other_id=pair.other, found=found)
        row.area_one, row.area_other = (areas.get(person, "") for person in key)
        anew = not row.pk or _asked_anew(row, pair)
        if anew or row.state in (_State.OPEN, _State.LATER):
            # Whoever has it before them sees them as they are known now.
            row.why, row.thousandths = pair.levels, pair.thousandths
            row.fingerprint = pair.fingerprint
        (known if row.pk else new).append(row)
        if anew:
            row.state, row.found_at = _State.OPEN, at
            row.decided_by = row.decided_at = None
            fresh.append(row)
    Candidate.objects.bulk_update(known, _COMPARED, batch_size=PAIRS_A_LINE)
    Candidate.objects.bulk_create(new, batch_size=PAIRS_A_LINE)
    _journal_found(fresh, found, by, at)
    return fresh


def _asked_anew(row: Candidate, pair: Alike) -> bool:
    decided = row.state in (_State.DIFFERENT, _State.LATER)
    return decided and row.fingerprint != pair.fingerprint


def _journal_found(
    fresh: Sequence[Candidate], found: str, by: Officer | None, at: datetime
) -> None:
    for first in range(0, len(fresh), PAIRS_A_LINE):
        rows = fresh[first : first + PAIRS_A_LINE]
        data = {"pairs": [[row.one_id, row.other_id] for row in rows]}
        subject = ("registry.candidate", found)
        journal.write(act="find-duplicates", by=by, at=at, subject=subject, data=data)


def _locked(pair: Candidate, act: PairAct, reason: str, by: Officer, at: datetime) -> Candidate:
    """The pair's row, locked, if this officer may take the step. Raises RefusedError."""
    if not reason.strip():
        raise RefusedError("请写明理由：看了什么材料、问了谁")
    _lock_homes(pair)
    row = Candidate.objects.select_for_update().get(pk=pair.pk)
    row.area_one, row.area_other = row.one.area, row.other.area
    if told := hindrance(act, row, by=by, on=at.date()):
        raise RefusedError(told)
    return row


def _lock_homes(pair: Candidate) -> None:
    """Homes before pairs: whoever moves a family locks its home, and the pair's areas follow."""
    people = (pair.one_id, pair.other_id)
    homes = Membership.objects.filter(person__in=people, until__isnull=True).values("household")
    list(Household.objects.select_for_update().filter(pk__in=homes).order_by("pk"))


def needs_second(pair: Candidate, on: date) -> bool:
    """Whether a second officer confirms: both rows, or the homes they live in, are paid."""
    return receives_money(pair.one, on) and receives_money(pair.other, on)


@transaction.atomic
@whole_registry(_TWO_AREAS)
def say_same(*, pair: Candidate, keep: int, reason: str, by: Officer, at: datetime) -> Candidate:
    """They are one: `keep` is the number of the row that stays. Raises RefusedError.

    Where both are getting money this only proposes; somebody else then confirms.
    """
    row = _locked(pair, PairAct.SAME, reason, by, at)
    if keep not in (row.one_id, row.other_id):
        raise RefusedError("请选留下哪一份")
    row.keep_id, row.reason = keep, reason.strip()
    if needs_second(row, at.date()):
        row.state, row.proposed_by = _State.PROPOSED, by
        row.save(update_fields=_SAID)
        _note("propose-merge", row, by, at)
        return row
    row.proposed_by = None
    return _merged(row, by, at)


@transaction.atomic
@whole_registry(_TWO_AREAS)
def confirm_merge(*, pair: Candidate, reason: str, by: Officer, at: datetime) -> Candidate:
    """A second officer agrees that they are one, and they are merged. Raises RefusedError."""
    row = _locked(pair, PairAct.CONFIRM, reason, by, at)
    row.reason = f"{row.reason}；确认：{reason.strip()}"
    return _merged(row, by, at)


def _merged(row: Candidate, by: Officer, at: datetime) -> Candidate:
    kept = row.keep
    assert kept is not None
    gone = Person.objects.get(pk=row.other_id if row.keep_id == row.one_id else row.one_id)
    merge(kept=kept, gone=gone, reason=row.reason, proposed_by=row.proposed_by, by=by, at=at)
    _of(gone).filter(state__in=_WAITING).exclude(pk=row.pk).update(
        state=_State.CLOSED, keep=None, proposed_by=None, decided_by=by, decided_at=at
    )
    return _decided(row, _State.MERGED, by, at)


def _of(person: Person) -> QuerySet[Candidate]:
    return Candidate.objects.filter(Q(one=person) | Q(other=person))


def _decided(row: Candidate, state: str, by: Officer, at: datetime) -> Candidate:
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save(update_fields=_SAID)
    return row


@transaction.atomic
@whole_registry(_TWO_AREAS)
def say_different(*, pair: Candidate, reason: str, by: Officer, at: datetime) -> Candidate:
    """They are two, and are not proposed again unless facts change. Raises RefusedError."""
    row = _locked(pair, PairAct.DIFFERENT, reason, by, at)
    row.reason = reason.strip()
    _decided(row, _State.DIFFERENT, by, at)
    _note("different-people", row, by, at)
    return row


@transaction.atomic
@whole_registry(_TWO_AREAS)
def decide_later(*, pair: Candidate, reason: str, by: Officer, at: datetime) -> Candidate:
    """It cannot be told yet: the pair is put aside, and stays in its list. Raises RefusedError."""
    row = _locked(pair, PairAct.LATER, reason, by, at)
    row.reason = reason.strip()
    _decided(row, _State.LATER, by, at)
    _note("decide-pair-later", row, by, at)
    return row


@transaction.atomic
@whole_registry(_TWO_AREAS)
def send_back(*, pair: Candidate, reason: str, by: Officer, at: datetime) -> Candidate:
    """A merge that was proposed is not made: the pair is open again. Raises RefusedError."""
    row = _locked(pair, PairAct.BACK, reason, by, at)
    row.state, row.keep, row.proposed_by, row.reason = _State.OPEN, None, None, reason.strip()
    row.save(update_fields=_SAID)
    _note("send-merge-back", row, by, at)
    return row


@transaction.atomic
@whole_registry(_TWO_AREAS)
def undo_merge(*, pair: Candidate, reason: str, by: Officer, at: datetime) -> Candidate:
    """Take a merge apart: both rows as before, the pair open again. Raises RefusedError."""
    row = _locked(pair, PairAct.UNDO, reason, by, at)
    made = merge_of(row)
    if made is None:
        raise RefusedError("没有找到这次合并的记录")
    unmerge(merge=made, reason=reason.strip(), by=by, at=at)
    row.state, row.keep, row.proposed_by, row.reason = _State.OPEN, None, None, reason.strip()
    row.decided_by = row.decided_at = None
    row.save(update_fields=_SAID)
    alone = Q(one__merged_into__isnull=True, other__merged_into__isnull=True)
    _of(made.gone).filter(alone, state=_State.CLOSED).update(
        state=_State.OPEN, decided_by=None, decided_at=None
    )
    return row


def merge_of(pair: Candidate) -> Merge | None:
    """The merge that stands of a pair."""
    both = (pair.one_id, pair.other_id)
    made = Merge.objects.filter(kept__in=both, gone__in=both, undone_at__isnull=True)
    return made.select_related("by", "proposed_by").first()


def _note(act: str, row: Candidate, by: Officer, at: datetime) -> None:
    """Both people's offices find it in their journal."""
    data = {"pair": row.pk, "one": row.one_id, "other": row.other_id, "reason": row.reason}
    for person in (row.one, row.other):
        note_act(act, person, by, at, data)
