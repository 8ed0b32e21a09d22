"""Acts on who somebody is: numbers claimed, ended and shown; names and keys changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import BinaryField, F, Func, Value

from jiekun.journal import actions as journal
from jiekun.offices.models import Division, Officer

from . import keys
from .checks import RefusedError
from .identifiers import ONE_AT_A_TIME, PROVING, SHARED, IdentifierKind, Number, read
from .identity import FormerName, Identifier
from .looking import check_looking, stated
from .models import Household, Membership, Person, Relation
from .names import clean_name, sounds, surname
from .noting import note_act, refuse_unseen
from .queries import areas_of
from .scope import whole_registry
from .seals import SEALED

NUMBER_ACTS = {"claim-identifier": "记下号码", "end-identifier": "停用号码"}


class TakenError(RefusedError):
    """The number stands under another person already: `person_id`."""

    def __init__(self, kind: IdentifierKind, person_id: int) -> None:
        office = _office_of(person_id)
        where = f"{person_id} 号，{office}" if office else f"{person_id} 号"
        super().__init__(
            f"这个{kind.label}已登记在另一人名下（{where}）。请核对：抄错了，还是同一个人？"
            f"拿不准请找{office + '或' if office else ''}区民政"
        )
        self.person_id = person_id


@whole_registry("whose office to ask about a number held in another area")
def _office_of(person_id: int) -> str:
    """The street that looks after somebody."""
    area = areas_of([person_id]).get(person_id, "")
    street = Division.objects.filter(code=area[:9]).first() if area else None
    return street.name if street else ""


@transaction.atomic
def claim_identifier(
    *,
    person: Person,
    kind: str,
    number: str,
    source: str,
    since: date | None = None,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> Identifier:
    """Keep a number, sealed, as this person's. Raises RefusedError, TakenError.

    The same number said again is answered with what is kept.
    """
    said = read(kind, number, at.date())
    if not source.strip():
        raise RefusedError(f"{said.kind.label}要写明是谁出示的、哪里查的")
    if since is not None and since > at.date():
        raise RefusedError(f"{said.kind.label}的起始日期 {since} 还没有到")
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse_unseen(person, NUMBER_ACTS, by, seen_at)
    digest = keys.ring().digest(said.kind, said.text)
    living = Identifier.objects.filter(until__isnull=True, kind=said.kind)
    same = living.filter(digest=digest, person=person).first()
    if same is not None:
        return same
    _fits(person, said)
    _only_one(living, person, said, digest)
    try:
        with transaction.atomic():
            made = _sealed(person, said, digest, since, source.strip())
    except IntegrityError:
        # Somebody else wrote it between our look and our writing.
        raise TakenError(said.kind, _holder(living, digest) or 0) from None
    _show_end(person, said.kind, said.tail)
    note_act("claim-identifier", person, by, at, {"kind": said.kind.value, "id": made.pk})
    return made


def _sealed(
    person: Person, said: Number, digest: bytes, since: date | None, source: str
) -> Identifier:
    made = Identifier(
        person=person, kind=said.kind, digest=digest, tail=said.tail, since=since, source=source
    )
    made.sealed = keys.ring().seal(said.text.encode(), made.bound)
    made.save()
    return made


def _fits(person: Person, said: Number) -> None:
    """A number that tells a birthday or a sex tells this person's."""
    label = said.kind.label
    if said.birth_date is not None and said.birth_date != person.birth_date:
        raise RefusedError(
            f"{label}里的出生日期和登记的不一样；请先查清哪个对，登记错了就先改出生日期"
        )
    if said.sex is not None and said.sex != person.sex:
        raise RefusedError(f"{label}里的性别和登记的不一样；请先查清哪个对，登记错了就先改性别")
    if said.within:
        own = _open(person, PROVING).first()
        ring = keys.ring()
        if own is not None and ring.digest(own.kind, said.within) != bytes(own.digest):
            raise RefusedError(f"{label}前 18 位与{own.get_kind_display()}不一致，请核对")


def _only_one(
    living: models.QuerySet[Identifier], person: Person, said: Number, digest: bytes
) -> None:
    if said.kind not in SHARED:
        held = _holder(living, digest)
        if held is not None and held != person.pk:
            raise TakenError(said.kind, held)
    if said.kind in ONE_AT_A_TIME:
        other = living.filter(person=person).first()
        if other is not None:
            raise RefusedError(
                f"这个人已有{said.kind.label}（尾号 {other.tail}）；换了新号，请先注明旧号哪天停用"
            )


@whole_registry("whether somebody elsewhere has the number already")
def _holder(living: models.QuerySet[Identifier], digest: bytes) -> int | None:
    return living.filter(digest=digest).values_list("person_id", flat=True).first()


def _open(person: Person, kinds: tuple[IdentifierKind, ...]) -> models.QuerySet[Identifier]:
    return Identifier.objects.filter(person=person, kind__in=kinds, until__isnull=True)


def _show_end(person: Person, kind: str, tail: str) -> None:
    if kind in PROVING:
        Person.objects.filter(pk=person.pk).update(id_tail=tail)
        person.id_tail = tail


@transaction.atomic
def end_identifier(
    *,
    identifier: Identifier,
    until: date,
    reason: str,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> Identifier:
    """Note from which day a number is no longer this person's."""
    person = Person.objects.select_for_update().get(pk=identifier.person_id)
    refuse_unseen(person, NUMBER_ACTS, by, seen_at)
    identifier = Identifier.objects.select_for_update().get(pk=identifier.pk)
    if identifier.until is not None:
        raise RefusedError(f"这个号码 {identifier.until} 起已停用")
    if not reason.strip():
        raise RefusedError("停用号码要写明原因")
    if until > at.date() or (identifier.since is not None and until < identifier.since):
        raise RefusedError(f"停用日期 {until} 不在起始日期和今天之间")
    identifier.until = until
    identifier.save(update_fields=["until"])
    left = _open(person, PROVING).order_by("-id").first()
    _show_end(person, identifier.kind, left.tail if left else "")
    data = {"id": identifier.pk, "until": until.isoformat(), "reason": reason}
    note_act("end-identifier", person, by, at, data)
    return identifier


@transaction.atomic
def reveal_identifier(
    *, identifier: Identifier, purpose: str, note: str = "", by: Officer | None, at: datetime
) -> str:
    """The whole number, and a line in the journal that it was looked at.

    Raises RefusedError for a purpose the officer may not state there, SealError.
    """
    if not purpose.strip():
        raise RefusedError("看完整号码要写明用途")
    check_looking(identifier.person, purpose, by, at)
    number = keys.ring().unseal(identifier.sealed, identifier.bound).decode()
    data = {"kind": identifier.kind, "id": identifier.pk}
    note_act("reveal-identifier", identifier.person, by, at, data, stated(purpose, note))
    return number


@transaction.atomic
def rename_person(
    *,
    person: Person,
    name: str,
    on: date,
    document: str = "",
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> Person:
    """Give somebody another name from a day on; the one before stays findable.

    Raises RefusedError; UnseenError where somebody else renamed them since `seen_at`.
    """
    cleaned = clean_name(name)
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse_unseen(person, {"rename-person": "改名"}, by, seen_at)
    if cleaned == person.name:
        raise RefusedError("现在就叫这个名字")
    if not person.birth_date <= on <= at.date():
        raise RefusedError(f"改名日期 {on} 不在出生日期和今天之间")
    FormerName.objects.create(
        person=person,
        name=person.name,
        pinyin=person.pinyin,
        initials=person.initials,
        until=on,
        document=document,
    )
    person.name = cleaned
    person.pinyin, person.initials = sounds(cleaned)
    person.save(update_fields=["name", "pinyin", "initials"])
    heads = Membership.objects.filter(person=person, relation=Relation.HEAD, until__isnull=True)
    Household.objects.filter(pk__in=heads.values("household")).update(name=f"{surname(cleaned)}家")
    note_act("rename-person", person, by, at, {"on": on.isoformat(), "document": document})
    return person


Progress = Callable[[int, int], None]


def rotate_keys(*, by: Officer | None, at: datetime, progress: Progress | None = None) -> int:
    """Seal everything anew with a fresh key; returns how many seals were changed.

    Stopped at any time, the next call goes on where it was before it makes another key. Old keys
    stay in the ring: backups need them.
    """
    ring = keys.ring()
    if not any(_old(model, ring.current).exists() for model in SEALED):
        ring = keys.add_key()
    waiting = {model: _old(model, ring.current).count() for model in SEALED}
    done, total = 0, sum(waiting.values())
    for model in SEALED:
        after = 0
        while (batch := _reseal(model, after, ring)) is not None:
            after, count = batch
            done += count
            if progress is not None:
                progress(done, total)
    with transaction.atomic():
        journal.write(
            act="rotate-keys",
            by=by,
            at=at,
            subject=("registry.keyring", ring.current.hex()),
            data={"seals": done},
        )
    return done


def sealed_with_old_keys() -> int:
    """How many seals a change of keys that was stopped has still to change."""
    current = keys.ring().current
    return sum(_old(model, current).count() for model in SEALED)


def _old(model: type[models.Model], current: bytes) -> models.QuerySet[Any]:
    """Rows sealed with a key other than the current one: a seal begins with its key's name."""
    begins = Func(
        F("sealed"), Value(1), Value(keys.ID), function="substring", output_field=BinaryField()
    )
    rows = model._default_manager.alias(key=begins).exclude(key=current)
    return rows.order_by("pk")


@transaction.atomic
def _reseal(model: type[models.Model], after: int, ring: keys.KeyRing) -> tuple[int, int] | None:
    """Change the seals of one batch after a row's number; None when there are no more."""
    rows = list(_old(model, ring.current).filter(pk__gt=after).select_for_update()[: SEALED[model]])
    if not rows:
        return None
    fresh = [ring.seal(ring.unseal(row.sealed, row.bound), row.bound) for row in rows]
    key = model._meta.pk.attname
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" t SET sealed = n.sealed '  # noqa: S608 - our own table
            f'FROM unnest(%s::bigint[], %s::bytea[]) AS n(id, sealed) WHERE t."{key}" = n.id',
            [[row.pk for row in rows], fresh],
        )
    return rows[-1].pk, len(rows)
