"""Signing in: the password, the code of the second factor, and how sessions end."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import get_current_timezone

from jiekun.journal import actions as journal
from jiekun.journal.models import Entry

from ..authenticator import (
    RECOVERY_CODES,
    Authenticator,
    RecoveryCode,
    code_digest,
    open_sealed,
    random_word,
    sealed,
)
from ..models import Officer
from ..queries import steps_left
from ..refused import RefusedError
from ..roles import Role

ATTEMPTS = 5
ATTEMPTS_WITHIN = timedelta(minutes=15)
_SECRET_BYTES = 20
_CODE_LETTERS = 12
_COUNTED = ("sign-in", "sign-in-refused")


@transaction.atomic
def sign_in(
    *, username: str, password: str, at: datetime, browser: str = "", address: str = ""
) -> Officer | None:
    """The officer these words open the door for, if any; both outcomes are journaled.

    Who must also give a code, or change the password, is not in yet: `enter` comes last.
    """
    officer = Officer.objects.select_for_update().filter(username=username, is_active=True).first()
    if officer is None:
        # As slow as a real check, so that the time does not tell which names exist. The name
        # typed is not kept: people type passwords into the wrong field.
        make_password(password)
        journal.write(act="sign-in-refused", by=None, at=at, subject=("offices.officer", "unknown"))
        return None
    if _locked(officer, at) or not check_password(password, officer.password):
        _note(officer, "sign-in-refused", at, browser, address)
        return None
    on = at.astimezone(get_current_timezone()).date()
    act = "password-accepted" if steps_left(officer, on) else "sign-in"
    _note(officer, act, at, browser, address)
    return officer


@transaction.atomic
def give_code(
    *,
    officer: Officer,
    code: str,
    instant: float,
    at: datetime,
    browser: str = "",
    address: str = "",
) -> bool:
    """Whether a code from the app, or a recovery code, is right; each opens the door once.

    `instant`: seconds since 1970 by the real clock, which the app goes by too.
    """
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    if _locked(officer, at) or not _take_code(officer, "".join(code.split()), instant, at):
        _note(officer, "sign-in-refused", at, browser, address)
        return False
    return True


def _take_code(officer: Officer, code: str, instant: float, at: datetime) -> bool:
    device = Authenticator.objects.filter(officer=officer, confirmed_at__isnull=False).first()
    if device is not None and (step := device.step_of(code, instant)) is not None:
        device.last_step = step
        device.save(update_fields=["last_step"])
        return True
    digest = code_digest(officer.pk, code)
    taken = RecoveryCode.objects.filter(officer=officer, digest=digest, used_at__isnull=True)
    if not taken.update(used_at=at):
        return False
    left = RecoveryCode.objects.filter(officer=officer, used_at__isnull=True).count()
    journal.write(act="recovery-code", by=officer, at=at, subject=officer, data={"left": left})
    return True


@transaction.atomic
def enter(*, by: Officer, at: datetime, browser: str = "", address: str = "") -> None:
    """Journal that an officer who gave more than a password is now in."""
    _note(by, "sign-in", at, browser, address)


def _note(officer: Officer, act: str, at: datetime, browser: str, address: str) -> None:
    by = None if act == "sign-in-refused" else officer
    data = {"browser": browser, "address": address} if browser or address else None
    journal.write(act=act, by=by, at=at, subject=officer, data=data)


def _locked(officer: Officer, at: datetime) -> bool:
    """Whether too many attempts on this name just failed, be it at the password or the code."""
    attempts = Entry.objects.filter(
        subject_kind=officer._meta.label_lower,
        subject_id=str(officer.pk),
        act__in=_COUNTED,
        # The demo's day begins anew at midnight: what came later today has not happened yet.
        at__gt=at - ATTEMPTS_WITHIN,
        at__lte=at,
    ).order_by("-at", "-id")
    latest = list(attempts.values_list("act", flat=True)[:ATTEMPTS])
    return latest.count("sign-in-refused") == ATTEMPTS


@transaction.atomic
def begin_authenticator(*, officer: Officer, at: datetime) -> str:
    """A fresh secret for the officer's app, in base 32; it counts once confirmed.
    Raises RefusedError when one is confirmed already."""
    Officer.objects.select_for_update().get(pk=officer.pk)
    device = Authenticator.objects.filter(officer=officer).first()
    if device is not None and device.confirmed_at is not None:
        raise RefusedError("已经绑定过验证器；要换手机，请先让安全管理员重置")
    if device is None:
        secret = sealed(secrets.token_bytes(_SECRET_BYTES), officer.pk)
        device = Authenticator.objects.create(officer=officer, secret=secret, begun_at=at)
    return base64.b32encode(open_sealed(bytes(device.secret), officer.pk)).decode()


@transaction.atomic
def confirm_authenticator(
    *, officer: Officer, code: str, instant: float, at: datetime
) -> list[str]:
    """Bind the app that shows this code. Returns the recovery codes, which are kept nowhere.
    Raises RefusedError."""
    device = Authenticator.objects.select_for_update().filter(officer=officer).first()
    if device is None or device.confirmed_at is not None:
        raise RefusedError("没有等着绑定的验证器")
    step = device.step_of("".join(code.split()), instant)
    if step is None:
        raise RefusedError("验证码不对。请看手机上现在的六位数；手机时间要准")
    device.last_step, device.confirmed_at = step, at
    device.save(update_fields=["last_step", "confirmed_at"])
    codes = [random_word(_CODE_LETTERS) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(officer=officer).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(officer=officer, digest=code_digest(officer.pk, code)) for code in codes
    )
    journal.write(act="bind-authenticator", by=officer, at=at, subject=officer)
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


@transaction.atomic
def reset_access(*, officer: Officer, why: str, by: Officer, at: datetime) -> str:
    """For who lost phone or password: a password for one sign-in, and the app is to be bound anew.
    Every session ends. Returns the password, which is kept nowhere. Raises RefusedError."""
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    on = at.astimezone(get_current_timezone()).date()
    if by.pk == officer.pk or not by.has_role(Role.SECURITY_ADMIN, on=on):
        raise RefusedError(f"重置要由另一位{Role.SECURITY_ADMIN.label}来做")
    if not why.strip():
        raise RefusedError("没有写原因")
    password = random_word(_CODE_LETTERS)
    officer.password, officer.must_change_password = make_password(password), True
    officer.sessions_ended += 1
    officer.save(update_fields=["password", "must_change_password", "sessions_ended"])
    Authenticator.objects.filter(officer=officer).delete()
    RecoveryCode.objects.filter(officer=officer).delete()
    data = {"why": why.strip()[:200]}
    journal.write(act="reset-access", by=by, at=at, subject=officer, data=data)
    return password


@transaction.atomic
def change_password(*, officer: Officer, old: str, new: str, at: datetime) -> Officer | None:
    """Give oneself another password; other sessions end. None when the old one is wrong, which
    counts as a failed sign-in. Raises RefusedError for a new one that will not do."""
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    if _locked(officer, at) or not check_password(old, officer.password):
        _note(officer, "sign-in-refused", at, "", "")
        return None
    if new == old:
        raise RefusedError("新密码要和旧的不一样")
    try:
        validate_password(new, officer)
    except ValidationError as problem:
        raise RefusedError("".join(problem.messages)) from problem
    officer.password, officer.must_change_password = make_password(new), False
    officer.save(update_fields=["password", "must_change_password"])
    journal.write(act="change-password", by=officer, at=at, subject=officer)
    return officer


@transaction.atomic
def sign_out(*, by: Officer, at: datetime) -> None:
    """Journal that an officer left."""
    journal.write(act="sign-out", by=by, at=at, subject=by)


@transaction.atomic
def sign_out_everywhere(*, by: Officer, at: datetime) -> None:
    """End every session of an officer, this one too."""
    officer = Officer.objects.select_for_update().get(pk=by.pk)
    officer.sessions_ended += 1
    officer.save(update_fields=["sessions_ended"])
    journal.write(act="sign-out-everywhere", by=by, at=at, subject=by)
