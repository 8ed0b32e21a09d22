"""Divisions, departments, officers and the posts that tell what each may do where."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from .choices import ParameterChoice, ReadingChoice

__all__ = [
    "Department",
    "Division",
    "Officer",
    "ParameterChoice",
    "Post",
    "ReadingChoice",
    "Role",
]


class Division(models.Model):
    """A district, street or community, by its statistical code."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "区"
        STREET = "street", "街道"
        COMMUNITY = "community", "社区"

    # A code may be given to another place after a merger; `since` and `until` tell which is meant.
    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=9, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    # A functional area (风景区) lies in the district but its social affairs are run elsewhere.
    functional = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ("code", "name", "kind", "parent", "functional", "since", "until"), "public"
    )

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="district", code__regex=r"^\d{6}$")
                | Q(kind="street", code__regex=r"^\d{9}$")
                | Q(kind="community", code__regex=r"^\d{12}$"),
                name="division_code_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="district") | Q(parent__isnull=False),
                name="division_below_district_has_parent",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="division_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """An office of the district: civil affairs, education, health …"""

    slug = models.SlugField(primary_key=True, max_length=32)
    name = models.CharField(max_length=64)

    privacy: ClassVar[dict[str, str]] = {"slug": "public", "name": "public"}

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a post lets its holder do."""

    COMMUNITY_WORKER = "community_worker", "社区工作人员"
    STREET_OFFICER = "street_officer", "街道经办"
    STREET_LEADER = "street_leader", "街道负责人"
    DISTRICT_OFFICER = "district_officer", "区民政经办"
    DISTRICT_LEADER = "district_leader", "区民政负责人"
    DEPARTMENT_OFFICER = "department_officer", "部门经办"
    AUDITOR = "auditor", "审计"
    SYSTEM_ADMIN = "system_admin", "系统管理"


class Officer(AbstractBaseUser):
    """A person who works with Jiekun and signs what they do."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    department = models.ForeignKey(Department, models.PROTECT, related_name="officers")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "department"]

    objects = BaseUserManager()

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "username": "personal",
        "name": "personal",
        "department": "public",
        "is_active": "personal",
        "password": "sensitive",
        "last_login": "personal",
    }

    def __str__(self) -> str:
        return self.name

    def signs_as(self, *, area: str, on: date, roles: Collection[str]) -> str:
        """The name under an act."""
        return self.name

    def areas(self, on: date) -> models.QuerySet[Division]:
        """The divisions this officer's posts of that day stand for."""
        return Division.objects.filter(posts__in=self.posts_on(on)).distinct()

    def posts_on(self, on: date) -> models.QuerySet[Post]:
        """The posts this officer held that day."""
        return self.posts.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)

    def has_role(self, *roles: Role, on: date) -> bool:
        """Whether one of that day's posts carries one of the roles."""
        return self.posts_on(on).filter(role__in=roles).exists()


class Post(models.Model):
    """A role in an area, held by one officer from a day until another."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=18, choices=Role)
    area = models.ForeignKey(Division, models.PROTECT, related_name="posts")
    since = models.DateField()
    # The first day it is no longer held.
    until = models.DateField(null=True, blank=True)

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "officer": "personal",
        "role": "public",
        "area": "public",
        "since": "public",
        "until": "public",
    }

    class Meta:
        ordering = ("officer", "since")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="post_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["officer", "role", "area"],
                condition=Q(until__isnull=True),
                name="post_held_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.officer} {self.get_role_display()} {self.area}"
