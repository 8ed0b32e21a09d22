"""The only writes of the offices: seeding, hiring, appointing, signing in."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files

import yaml
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from jiekun.journal import actions as journal
from jiekun.journal.models import Entry

from .models import Department, Division, Officer, Post, Role

# The statistical list the codes are taken from is that of 2023.
CODES_SINCE = date(2023, 1, 1)
SCENIC_AREA = "420106490"

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
        at__gt=at - ATTEMPTS_WITHIN,
    ).order_by("-at", "-id")
    latest = list(attempts.values_list("act", flat=True)[:ATTEMPTS])
    return latest.count("sign-in-refused") == ATTEMPTS


@transaction.atomic
def sign_out(*, by: Officer, at: datetime) -> None:
    """Journal that an officer left."""
    journal.write(act="sign-out", by=by, at=at, subject=by)


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
