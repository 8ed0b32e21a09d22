"""Acts on papers: photographs and documents kept and looked at, grounds noted and withdrawn."""

from __future__ import annotations

import os
import secrets
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from jiekun.kernel.errors import LawError
from jiekun.kernel.law import check_citation
from jiekun.law import load
from jiekun.offices.models import Officer

from . import keys
from .checks import RefusedError
from .contents import examined
from .looking import check_looking, stated
from .models import Attachment, Consent, FactRecord, Household, Person
from .noting import note_act, refuse_unseen
from .papers import Ground, Scope
from .recording import subject_of

GROWN_UP = 18
GROUND_ACTS = {"note-ground": "记下授权或依据", "withdraw-ground": "撤回授权或依据"}


@transaction.atomic
def keep_attachment(
    *,
    subject: Person | Household,
    content: bytes,
    filename: str,
    label: str,
    purpose: str,
    record: FactRecord | None = None,
    by: Officer | None,
    at: datetime,
) -> Attachment:
    """Keep a photograph or PDF, sealed. Raises RefusedError. The same paper is kept once."""
    own = subject_of(subject)
    _check_about(own, label, purpose, record)
    kind, kept = examined(content, filename)
    digest = keys.sm3(kept).hex()
    # Two officers with one paper at once: the second finds it kept.
    type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    before = Attachment.objects.filter(**own, digest=digest, removed_at__isnull=True).first()
    if before is not None:
        return before
    made = Attachment(**own, record=record, kind=kind, label=label.strip(), digest=digest)
    made.size, made.purpose, made.at, made.by = len(kept), purpose.strip(), at, by
    _seal(made, kept)
    made.save()
    note_act("keep-attachment", subject, by, at, {"id": made.pk, "kind": kind.value}, purpose)
    return made


def _check_about(own: dict[str, Any], label: str, purpose: str, record: FactRecord | None) -> None:
    """A paper says what it is and why it is kept, and proves a fact of the same subject."""
    if not label.strip():
        raise RefusedError("请写明这是什么材料")
    if not purpose.strip():
        raise RefusedError("请写明为什么要留存这份材料")
    if record is not None and not FactRecord.objects.filter(pk=record.pk, **own).exists():
        raise RefusedError("这份材料要证明的事实不是这个人（户）的")


def _seal(made: Attachment, kept: bytes) -> None:
    """Put a paper's content away under a key of its own, and that key under the ring."""
    key = secrets.token_bytes(16)
    sealed = keys.encrypted(key, kept, made.digest.encode())
    made.file = keys.sm3(sealed).hex()
    made.sealed = keys.ring().seal(key, made.bound)
    _put(made.file, sealed)


@transaction.atomic
def look_at_attachment(
    *, attachment: Attachment, purpose: str, note: str = "", by: Officer | None, at: datetime
) -> bytes:
    """The paper itself, and a line in the journal that it was looked at.

    Raises RefusedError for a purpose the officer may not state there, SealError.
    """
    subject = attachment.person or attachment.household
    if subject is None or not purpose.strip():
        raise RefusedError("看材料要写明用途")
    if attachment.removed_at is not None:
        raise RefusedError("这份材料已经作废，不能再看")
    check_looking(subject, purpose, by, at)
    key = keys.ring().unseal(attachment.sealed, attachment.bound)
    try:
        sealed = _place(attachment.file).read_bytes()
    except FileNotFoundError as problem:
        raise keys.SealError("材料文件不见了，请从备份恢复") from problem
    content = keys.decrypted(key, sealed, attachment.digest.encode())
    note_act("look-at-attachment", subject, by, at, {"id": attachment.pk}, stated(purpose, note))
    return content


@transaction.atomic
def remove_attachment(
    *, attachment: Attachment, reason: str, by: Officer | None, at: datetime
) -> Attachment:
    """Mark a paper as not to be used or seen any more; it stays on the disk, sealed."""
    attachment = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    subject = attachment.person or attachment.household
    if attachment.removed_at is not None:
        who = attachment.removed_by.name if attachment.removed_by else "系统"
        raise RefusedError(f"{who} 已经把它作废（{attachment.removed_why}）")
    if subject is None or not reason.strip():
        raise RefusedError("请写明为什么作废")
    attachment.removed_at, attachment.removed_by = at, by
    attachment.removed_why = reason.strip()
    attachment.save(update_fields=["removed_at", "removed_by", "removed_why"])
    note_act("remove-attachment", subject, by, at, {"id": attachment.pk, "reason": reason})
    return attachment


def _place(name: str) -> Path:
    """Where a sealed file lies, by its own digest."""
    return Path(settings.PAPERS) / name[:2] / name[2:]


def _put(name: str, sealed: bytes) -> None:
    """Put a sealed file in its place: whole or not at all, for nobody else to read."""
    place = _place(name)
    Path(settings.PAPERS).mkdir(mode=0o700, parents=True, exist_ok=True)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = place.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


@transaction.atomic
def note_ground(
    *,
    person: Person,
    scope: str,
    ground: str,
    since: date,
    until: date | None = None,
    clause: str = "",
    paper: str = "",
    signed_by: Person | None = None,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> Consent:
    """Note on what ground somebody's data may be asked for or passed on. Raises RefusedError.

    A child's paper is signed by a guardian; a statute is named by its clause (L649-58).
    """
    if scope not in Scope.values or ground not in Ground.values:
        raise RefusedError("用途和依据要从列表里选")
    if since > at.date() or (until is not None and until <= since):
        raise RefusedError(f"起止日期不对：{since} 至 {until or '长期'}")
    _check_proof(ground, clause, paper)
    _check_signature(person, ground, signed_by, since)
    Person.objects.select_for_update().get(pk=person.pk)
    refuse_unseen(person, GROUND_ACTS, by, seen_at)
    made = Consent.objects.create(
        person=person,
        scope=scope,
        ground=ground,
        clause=clause if ground == Ground.STATUTE else "",
        paper="" if ground == Ground.STATUTE else paper.strip(),
        signed_by=signed_by if ground == Ground.GUARDIAN else None,
        since=since,
        until=until,
    )
    data = {"id": made.pk, "scope": scope, "ground": ground}
    note_act("note-ground", person, by, at, data)
    return made


def _check_proof(ground: str, clause: str, paper: str) -> None:
    if ground == Ground.STATUTE:
        _check_clause(clause)
    elif not paper.strip():
        raise RefusedError("请写明签字的授权书在哪里（编号或存放处）")


def _check_clause(clause: str) -> None:
    try:
        check_citation(load(), clause, "", 0)
    except LawError as problem:
        raise RefusedError(f"没有“{clause[:24]}”这一条，请写成 L649-58 这样") from problem


def _check_signature(person: Person, ground: str, signed_by: Person | None, on: date) -> None:
    if ground == Ground.GUARDIAN:
        if signed_by is None:
            raise RefusedError("请写明是哪位监护人签的字")
        if signed_by.pk == person.pk or _age(signed_by, on) < GROWN_UP:
            raise RefusedError("监护人应是另一位成年人")
    elif ground == Ground.CONSENT and _age(person, on) < GROWN_UP:
        raise RefusedError(f"未满 {GROWN_UP} 周岁的人，授权书要由监护人签")


def _age(person: Person, on: date) -> int:
    born = person.birth_date
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@transaction.atomic
def withdraw_ground(
    *,
    consent: Consent,
    on: date,
    reason: str,
    seen_at: datetime | None = None,
    by: Officer | None,
    at: datetime,
) -> None:
    """Somebody takes their consent back, or a ground falls away; from `on` it no longer holds."""
    Person.objects.select_for_update().get(pk=consent.person_id)
    refuse_unseen(consent.person, GROUND_ACTS, by, seen_at)
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.until is not None and consent.until <= on:
        raise RefusedError(f"{consent.until} 起已经不再有效")
    if not consent.since <= on <= at.date():
        raise RefusedError(f"撤回日期 {on} 不在起始日期和今天之间")
    consent.until = on
    consent.save(update_fields=["until"])
    data = {"id": consent.pk, "on": on.isoformat(), "reason": reason}
    note_act("withdraw-ground", consent.person, by, at, data)
