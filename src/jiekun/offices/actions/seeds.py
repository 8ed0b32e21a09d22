"""What a new installation begins with: divisions, departments, the demo's officers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction

from jiekun.journal import actions as journal

from ..models import Department, Division, Officer
from ..roles import Role
from .posts import appoint, hire

PACKAGE = "jiekun.offices"
# The statistical list the codes are taken from is that of 2023.
CODES_SINCE = date(2023, 1, 1)
SCENIC_AREA = "420106490"


@transaction.atomic
def seed_wuchang(*, by: Officer | None = None, at: datetime) -> int:
    """Put in the district, its streets and communities; what is there stays. Returns how many."""
    text = files(PACKAGE).joinpath("wuchang.csv").read_text(encoding="utf-8")
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
    names = yaml.safe_load(files(PACKAGE).joinpath("departments.yaml").read_text(encoding="utf-8"))
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
    "wangge": ("孙小军", "community", Role.GRID_WORKER, "420106008002"),
    "caizheng": ("郑敏", "finance", Role.FINANCE, "420106"),
    "xitong": ("冯涛", "civil_affairs", Role.SYSTEM_ADMIN, "420106"),
    "anquan": ("何琳", "civil_affairs", Role.SECURITY_ADMIN, "420106"),
    "anshen": ("许诺", "civil_affairs", Role.AUDIT_ADMIN, "420106"),
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
