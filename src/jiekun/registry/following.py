"""What stands under one person coming to stand under another: rows of every kind, seals too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import models

from . import keys
from .history import ChangeKind
from .identifiers import ONE_AT_A_TIME, PROVING
from .models import (
    Attachment,
    Consent,
    FactRecord,
    FormerName,
    Household,
    Identifier,
    Membership,
    Merge,
    Person,
    PersonFacts,
    Receipt,
    Recognition,
    Registration,
    Relation,
    Settlement,
)
from .rows import Rows, rows
from .stays import Act, go, note, settle_after

# Everything that tells of a person, by the column that names them: a merge moves these.
FOLLOWING: tuple[tuple[type[models.Model], str], ...] = (
    (Membership, "person"),
    (Registration, "person"),
    (Identifier, "person"),
    (FormerName, "person"),
    (FactRecord, "person"),
    (Settlement, "person"),
    (Recognition, "person"),
    (Receipt, "person"),
    (Consent, "person"),
    (Consent, "signed_by"),
    (Attachment, "person"),
)


def standing(people: list[int], homes: list[int]) -> Rows:
    """All that a merge of these people living in these homes may change."""
    parts = [model._default_manager.filter(**{f"{by}__in": people}) for model, by in FOLLOWING]
    return rows(
        *parts,
        Person.objects.filter(pk__in=people),
        PersonFacts.objects.filter(pk__in=people),
        Household.objects.filter(pk__in=homes),
        Membership.objects.filter(household__in=homes),
    )


def follow(kept: Person, gone: Person, made: Merge, act: Act) -> None:
    """Move what stands under `gone` to `kept`; what cannot stand there twice stays where it is."""
    _stays(kept, gone, act)
    _registrations(kept, gone, act)
    _identifiers(kept, gone, act)
    _names(kept, gone, act)
    FactRecord.objects.filter(pk__in=made.records).update(person=kept)
    Consent.objects.filter(person=gone).update(person=kept)
    Consent.objects.filter(signed_by=gone).update(signed_by=kept)
    _papers(kept, gone)
    _awards(kept, gone)


def _apart(since: date, until: date | None, others: list[Any]) -> bool:
    """Whether a time overlaps none of the others."""
    last = until or date.max
    return all(last <= o.since or (o.until or date.max) <= since for o in others)


def _stays(kept: Person, gone: Person, act: Act) -> None:
    own = list(Membership.objects.filter(person=kept))
    for stay in Membership.objects.filter(person=gone).order_by("since"):
        if stay.until is None:
            _open_stay(kept, stay, own, act)
        elif _apart(stay.since, stay.until, own):
            stay.person = kept
            stay.save(update_fields=["person"])


def _open_stay(kept: Person, stay: Membership, own: list[Membership], act: Act) -> None:
    """Where the row that gives way lives: the other lives on there, or it was never two."""
    home, here = stay.household, next((one for one in own if one.until is None), None)
    if here is None:
        stay.since = max([stay.since, *(one.until for one in own if one.until)])
        PersonFacts.objects.filter(person=stay.person_id).update(household=None)
        stay.person = kept
        stay.save(update_fields=["person", "since"])
        PersonFacts.objects.update_or_create(person=kept, defaults={"household": home})
        return
    go(stay, Act(act.by, act.at, max(act.on, stay.since), act.reason))
    note(home, ChangeKind.LEFT, act, person=stay.person, before={"relation": stay.relation})
    if here.household_id == home.pk and stay.relation == Relation.HEAD:
        # One person stood twice in one home: the place at its head is theirs as well.
        here.relation = Relation.HEAD
        here.save(update_fields=["relation"])
    else:
        settle_after(home, act)


def _registrations(kept: Person, gone: Person, act: Act) -> None:
    own = list(Registration.objects.filter(person=kept))
    for one in Registration.objects.filter(person=gone):
        if _apart(one.since, one.until, own):
            one.person = kept
        elif one.until is None and any(other.until is None for other in own):
            one.until = max(act.on, one.since)
        one.save(update_fields=["person", "until"])


def _identifiers(kept: Person, gone: Person, act: Act) -> None:
    own = list(Identifier.objects.filter(person=kept))
    held = {(one.kind, bytes(one.digest)) for one in own if one.until is None}
    taken = {one.kind for one in own if one.until is None and one.kind in ONE_AT_A_TIME}
    for one in Identifier.objects.filter(person=gone).order_by("pk"):
        if (one.kind, bytes(one.digest)) in held:
            continue
        with resealed(one):
            one.person = kept
            if one.until is None and one.kind in taken:
                one.until = max(act.on, one.since or act.on)
        if one.until is None and one.kind in PROVING and not kept.id_tail:
            kept.id_tail = one.tail
    kept.save(update_fields=["id_tail"])


@contextmanager
def resealed(row: Identifier | Attachment) -> Iterator[None]:
    """Seal a row's secret anew when it comes to stand under somebody else. Raises SealError."""
    ring = keys.ring()
    secret = ring.unseal(row.sealed, row.bound)
    yield
    row.sealed = ring.seal(secret, row.bound)
    row.save()


def _names(kept: Person, gone: Person, act: Act) -> None:
    FormerName.objects.filter(person=gone).update(person=kept)
    if gone.name != kept.name and not kept.former_names.filter(name=gone.name).exists():
        FormerName.objects.create(
            person=kept,
            name=gone.name,
            pinyin=gone.pinyin,
            initials=gone.initials,
            until=act.on,
            document=f"与 {gone.pk} 号合并",
        )


def _papers(kept: Person, gone: Person) -> None:
    held = set(Attachment.objects.filter(person=kept).values_list("digest", flat=True))
    for one in Attachment.objects.filter(person=gone).exclude(digest__in=held):
        with resealed(one):
            one.person = kept


_AWARDS: tuple[tuple[type[Recognition | Receipt], str], ...] = (
    (Recognition, "category"),
    (Receipt, "measure"),
)


def _awards(kept: Person, gone: Person) -> None:
    """What was got goes along, and stands where the person lives; nothing of it is ended."""
    lives = Membership.objects.filter(person=kept, until__isnull=True).first()
    for model, what in _AWARDS:
        theirs = model._default_manager
        for one in theirs.filter(person=gone):
            if one.until is None and lives is not None:
                one.household = lives.household
            same = {"household": one.household, what: getattr(one, what), "until": None}
            if one.until is None and theirs.filter(person=kept, **same).exists():
                continue
            one.person = kept
            one.save(update_fields=["person", "household"])


Overlap = tuple[str, str, Any, Any]


def overlaps(one: Person, other: Person, on: date) -> list[Overlap]:
    """What both hold that day: (receipt or recognition, what, one's sum, the other's), in fen."""
    found: list[Overlap] = []
    for model, what in _AWARDS:
        held = model._default_manager.filter(_running(on))
        mine = {getattr(row, what): row for row in held.filter(person=one)}
        for row in held.filter(person=other, **{f"{what}__in": list(mine)}):
            name = getattr(row, what)
            sums = [getattr(r, "amount_fen", None) for r in (mine[name], row)]
            found.append((model._meta.model_name or "", name, *sums))
    return sorted(found)


def _running(on: date) -> models.Q:
    """Not ended by a day: an end may be known before it comes."""
    return models.Q(until__isnull=True) | models.Q(until__gt=on)


def receives_money(person: Person, on: date) -> bool:
    """Whether somebody, or the home they live in, is getting money that day."""
    home = Membership.objects.filter(person=person, until__isnull=True).values("household")
    own = models.Q(person=person) | models.Q(person__isnull=True, household__in=home)
    return Receipt.objects.filter(own, _running(on), amount_fen__gt=0).exists()


def settlements(kept: Person, gone: Person, fresh: Collection[str]) -> None:
    """Decisions whose word stands go along where the row that stays knew nothing of the fact."""
    decided = set(
        Settlement.objects.filter(person=kept, lifted_at__isnull=True).values_list(
            "fact", flat=True
        )
    )
    for one in Settlement.objects.filter(person=gone):
        if one.lifted_at is not None or (one.fact not in decided and one.fact in fresh):
            one.person = kept
            one.save(update_fields=["person"])
