"""The only writes of the offices: seeding, hiring, appointing, signing in."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import TypeVar

import yaml
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone

from jiekun.journal import actions as journal
from jiekun.journal.models import Entry
from jiekun.kernel.overlay import with_values
from jiekun.kernel.values import BadValue

from . import chosen, steps
from .choices import Choice, ParameterChoice, ReadingChoice, State
from .models import Department, Division, Officer, Post, Role

# The statistical list the codes are taken from is that of 2023.
CODES_SINCE = date(2023, 1, 1)
SCENIC_AREA = "420106490"

# A number dated outside these years is a slip of the pen.
EARLIEST, YEARS_AHEAD = date(1990, 1, 1), 5
C = TypeVar("C", bound=Choice)

ATTEMPTS = 5
ATTEMPTS_WITHIN = timedelta(minutes=15)


@transaction.atomic
def seed_wuchang(*, by: Officer | None = None, at: datetime) -> int:
    """Put in the district, its streets and communities; what is there stays. Returns how many."""
    text = files(__package__).joinpath("wuchang.csv").read_text(encoding="utf-8")
    divisions = [
        Division(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent_id=row["parent"] or None,
            functional=row["code"].startswith(SCENIC_AREA),
            since=CODES_SINCE,
        )
        for row in csv.DictReader(text.splitlines())
    ]
    # Parents come first in the file, and a foreign key is checked when the statement ends.
    Division.objects.bulk_create(divisions, ignore_conflicts=True)
    journal.write(
        act="seed-divisions",
        by=by,
        at=at,
        subject=("offices.division", "420106"),
        area="420106",
        data={"divisions": len(divisions)},
    )
    return len(divisions)


@transaction.atomic
def seed_departments(*, by: Officer | None = None, at: datetime) -> int:
    """Put in the departments; what is there stays. Returns how many."""
    names = yaml.safe_load(
        files(__package__).joinpath("departments.yaml").read_text(encoding="utf-8")
    )
    Department.objects.bulk_create(
        (Department(slug=slug, name=name) for slug, name in names.items()), ignore_conflicts=True
    )
    journal.write(
        act="seed-departments",
        by=by,
        at=at,
        subject=("offices.department", "all"),
        data={"departments": len(names)},
    )
    return len(names)


@transaction.atomic
def hire(
    *,
    username: str,
    name: str,
    department: Department,
    password_hash: str,
    by: Officer | None,
    at: datetime,
) -> Officer:
    """Give a person an account; without a post it opens nothing."""
    officer = Officer.objects.create(
        username=username, name=name, department=department, password=password_hash
    )
    journal.write(act="hire", by=by, at=at, subject=officer, data={"department": department.slug})
    return officer


@transaction.atomic
def appoint(
    *,
    officer: Officer,
    role: Role,
    area: Division,
    since: date,
    until: date | None = None,
    by: Officer | None,
    at: datetime,
) -> Post:
    """Give an officer a post; nobody appoints themselves."""
    if by is not None and by.pk == officer.pk:
        raise ValueError("an officer cannot appoint themselves")
    Officer.objects.select_for_update().get(pk=officer.pk)
    post = Post.objects.create(officer=officer, role=role, area=area, since=since, until=until)
    journal.write(
        act="appoint",
        by=by,
        at=at,
        subject=officer,
        area=area.code,
        data={"post": post.pk, "role": role, "since": since.isoformat()},
    )
    return post


@transaction.atomic
def end_post(*, post: Post, until: date, by: Officer, at: datetime) -> Post:
    """End a post: `until` is the first day it is no longer held."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if by.pk == post.officer_id:
        raise ValueError("an officer cannot end their own post")
    post.until = until
    post.save(update_fields=["until"])
    journal.write(
        act="end-post",
        by=by,
        at=at,
        subject=post.officer,
        area=post.area_id,
        data={"post": post.pk, "until": until.isoformat()},
    )
    return post


@transaction.atomic
def sign_in(*, username: str, password: str, at: datetime) -> Officer | None:
    """The officer these words open the door for, if any; both outcomes are journaled."""
    officer = Officer.objects.select_for_update().filter(username=username, is_active=True).first()
    if officer is None:
        # As slow as a real check, so that the time does not tell which names exist. The name
        # typed is not kept: people type passwords into the wrong field.
        make_password(password)
        journal.write(act="sign-in-refused", by=None, at=at, subject=("offices.officer", "unknown"))
        return None
    known = not _locked(officer, at) and check_password(password, officer.password)
    journal.write(
        act="sign-in" if known else "sign-in-refused",
        by=officer if known else None,
        at=at,
        subject=officer,
    )
    return officer if known else None


def _locked(officer: Officer, at: datetime) -> bool:
    """Whether too many attempts on this name just failed."""
    attempts = Entry.objects.filter(
        subject_kind=officer._meta.label_lower,
        subject_id=str(officer.pk),
        act__in=("sign-in", "sign-in-refused"),
        # The demo's day begins anew at midnight: what came later today has not happened yet.
        at__gt=at - ATTEMPTS_WITHIN,
        at__lte=at,
    ).order_by("-at", "-id")
    latest = list(attempts.values_list("act", flat=True)[:ATTEMPTS])
    return latest.count("sign-in-refused") == ATTEMPTS


@transaction.atomic
def sign_out(*, by: Officer, at: datetime) -> None:
    """Journal that an officer left."""
    journal.write(act="sign-out", by=by, at=at, subject=by)


class RefusedError(ValueError):
    """A choice that cannot be taken; the message says why, in words for the screen."""


@transaction.atomic
def propose_value(
    *,
    name: str,
    place: str,
    since: date,
    until: date | None,
    value: Decimal,
    unit: str,
    source: str,
    cites: str,
    by: Officer,
    at: datetime,
) -> ParameterChoice:
    """Propose a number the law uses; it has no effect until another officer confirms it."""
    _may("propose", None, place=place, by=by, at=at)
    choice = ParameterChoice(
        name=name, place_id=place, since=since, until=until, value=value, unit=unit,
        source=source.strip(), cites=cites, proposed_by=by, proposed_at=at,
    )  # fmt: skip
    _in_its_years(since, at)
    _short_enough(value)
    _fits(choice)
    rows = ParameterChoice.objects.filter(name=name, place=place, since=since)
    if rows.filter(state=State.PROPOSED).exists():
        raise RefusedError(f"{since} 起的数已有一条在等确认，先确认或撤回那一条")
    choice.save()
    data = {"name": name, "since": since.isoformat(), "value": f"{value:f}", "unit": unit}
    journal.write(act="propose-value", by=by, at=at, subject=choice, area=place, data=data)
    return choice


@transaction.atomic
def propose_reading(
    *, topic: str, option: str, place: str, since: date, source: str, by: Officer, at: datetime
) -> ReadingChoice:
    """Propose how an unclear clause is read; no effect until another officer confirms it."""
    _may("propose", None, place=place, by=by, at=at)
    readings = chosen.keeper.law().readings
    if topic not in readings or option not in readings[topic].options:
        raise RefusedError(f"没有“{topic}:{option}”这种读法")
    _in_its_years(since, at)
    if not source.strip():
        raise RefusedError("没有写依据：哪次会议、哪份文件定的")
    rows = ReadingChoice.objects.filter(topic=topic, place=place, since=since)
    if (same := rows.exclude(state=State.WITHDRAWN).first()) is not None:
        raise RefusedError(f"{since} 起的读法已有一条“{same.get_state_display()}”的，先撤回那一条")
    choice = ReadingChoice.objects.create(
        topic=topic, option=option, place_id=place, since=since, source=source.strip(),
        proposed_by=by, proposed_at=at,
    )  # fmt: skip
    data = {"topic": topic, "option": option, "since": since.isoformat()}
    journal.write(act="propose-reading", by=by, at=at, subject=choice, area=place, data=data)
    return choice


@transaction.atomic
def confirm(*, choice: C, by: Officer, at: datetime) -> C:
    """Confirm what another officer proposed: from its day on the law is worked out under it."""
    choice = _locked_choice(choice)
    _may("confirm", choice, place=choice.place_id, by=by, at=at)
    if isinstance(choice, ParameterChoice):
        _fits(choice)
    choice.state, choice.confirmed_by, choice.confirmed_at = State.CONFIRMED, by, at
    try:
        with transaction.atomic():
            choice.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    except IntegrityError as error:
        raise RefusedError("同一段日子已经有一条确认过的，先撤回那一条") from error
    journal.write(act="confirm-choice", by=by, at=at, subject=choice, area=choice.place_id)
    return choice


@transaction.atomic
def withdraw(*, choice: C, why: str, by: Officer, at: datetime) -> C:
    """Take back a proposal or a confirmed choice, saying why; what it was stays on record."""
    choice = _locked_choice(choice)
    _may("withdraw", choice, place=choice.place_id, by=by, at=at)
    if not why.strip():
        raise RefusedError("没有写撤回的原因")
    if isinstance(choice, ParameterChoice) and choice.state == State.CONFIRMED:
        _fits(choice, gone=True)
    choice.state, choice.withdrawn_by, choice.withdrawn_at = State.WITHDRAWN, by, at
    choice.why = why.strip()[:500]
    choice.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "why"])
    journal.write(
        act="withdraw-choice",
        by=by,
        at=at,
        subject=choice,
        area=choice.place_id,
        data={"why": choice.why},
    )
    return choice


def _locked_choice(choice: C) -> C:
    """The choice as it is now, held; and its place, so that choices there come one by one."""
    Division.objects.select_for_update().get(pk=choice.place_id)
    found: C = type(choice)._default_manager.select_for_update().get(pk=choice.pk)
    return found


def _may(act: str, choice: Choice | None, *, place: str, by: Officer, at: datetime) -> None:
    on = at.astimezone(get_current_timezone()).date()
    if told := steps.hindrance(act, choice, place=place, by=by, on=on):
        raise RefusedError(told)


def _in_its_years(since: date, at: datetime) -> None:
    last = date(at.year + YEARS_AHEAD, 12, 31)
    if not EARLIEST <= since <= last:
        raise RefusedError(f"起始日要在 {EARLIEST} 到 {last} 之间，现在是 {since}")


def _short_enough(value: Decimal) -> None:
    if not value.is_finite():
        raise RefusedError(f"要填不小于 0 的数，现在是 {str(value)[:20]}")
    # Size first: a number of more digits than decimals keep cannot be rounded at all.
    if abs(value) >= 10**12 or value != round(value, 6):
        raise RefusedError(f"“{str(value)[:20]}”太长：最多写六位小数，整数部分不超过十二位")


def _fits(choice: ParameterChoice, *, gone: bool = False) -> None:
    """Whether the law holds together with a number more, or one less."""
    law = chosen.keeper.law()
    rows = ParameterChoice.objects.filter(state=State.CONFIRMED, place=choice.place_id)
    others = [chosen.value_of(row) for row in rows.exclude(pk=choice.pk)]
    try:
        with_values(law, others if gone else [*others, chosen.value_of(choice)])
    except BadValue as problem:
        raise RefusedError(str(problem)) from problem


DEMO_PASSWORD = "jiekun-demo"  # noqa: S105 - printed on the screen, for people who do not exist
# username: (name, department, role, area); the people do not exist.
DEMO_OFFICERS: Mapping[str, tuple[str, str, Role, str]] = {
    "shequ": ("周小禾", "community", Role.COMMUNITY_WORKER, "420106008002"),
    "jiedao": ("陈静", "street", Role.STREET_OFFICER, "420106008"),
    "jiedao2": ("刘建国", "street", Role.STREET_LEADER, "420106008"),
    "qu": ("王敏", "civil_affairs", Role.DISTRICT_OFFICER, "420106"),
    "quzhang": ("张志远", "civil_affairs", Role.DISTRICT_LEADER, "420106"),
    "jiaoyu": ("李文", "education", Role.DEPARTMENT_OFFICER, "420106"),
    "canlian": ("赵晓梅", "disabled_federation", Role.DEPARTMENT_OFFICER, "420106"),
    "shenji": ("吴正", "audit", Role.AUDITOR, "420106"),
}


@transaction.atomic
def seed_demo_officers(*, at: datetime) -> list[Officer]:
    """One sign-in a role, all with the demo's password; those there stay. Synthetic people only."""
    # One slow hash for all: they share a password that is printed on the screen anyway.
    password_hash = make_password(DEMO_PASSWORD)
    present = set(Officer.objects.values_list("username", flat=True))
    for username, (name, department, role, area) in DEMO_OFFICERS.items():
        if username in present:
            continue
        officer = hire(
            username=username,
            name=name,
            department=Department.objects.get(slug=department),
            password_hash=password_hash,
            by=None,
            at=at,
        )
        place = Division.objects.get(code=area)
        appoint(officer=officer, role=role, area=place, since=CODES_SINCE, by=None, at=at)
    by_name = {o.username: o for o in Officer.objects.filter(username__in=DEMO_OFFICERS)}
    return [by_name[username] for username in DEMO_OFFICERS]
