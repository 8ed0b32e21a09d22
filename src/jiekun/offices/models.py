"""Departments, officers, the posts that tell what each may do where, and their deputies."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from . import begins  # noqa: F401 - registers the lookup
from .authenticator import Authenticator, RecoveryCode
from .choices import ParameterChoice, ReadingChoice
from .days import CalendarDay, CalendarYear
from .divisions import Division, FormerName, Succession
from .own import TYPE_SIZES, SavedFilter, Scheme
from .roles import ADMINISTRATORS, Role

__all__ = [
    "ADMINISTRATORS",
    "Authenticator",
    "CalendarDay",
    "CalendarYear",
    "Department",
    "Deputy",
    "Division",
    "FormerName",
    "Officer",
    "ParameterChoice",
    "Post",
    "ReadingChoice",
    "RecoveryCode",
    "Role",
    "SavedFilter",
    "Scheme",
    "Succession",
]


class Department(models.Model):
    """An office of the district: civil affairs, education, health …"""

    slug = models.SlugField(primary_key=True, max_length=32)
    name = models.CharField(max_length=64)

    privacy: ClassVar[dict[str, str]] = {"slug": "public", "name": "public"}

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class Officer(AbstractBaseUser):
    """A person who works with Jiekun and signs what they do."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    department = models.ForeignKey(Department, models.PROTECT, related_name="officers")
    is_active = models.BooleanField(default=True)
    # Whoever made the password was not its owner: it opens the door once.
    must_change_password = models.BooleanField(default=False)
    # One more, and every session of this officer is over.
    sessions_ended = models.IntegerField(default=0)
    # How pages look to this officer on any machine, and whether single letters are shortcuts.
    scheme = models.CharField(max_length=5, choices=Scheme, default=Scheme.AUTO)
    type_percent = models.SmallIntegerField(choices=list(TYPE_SIZES.items()), default=100)
    shortcuts = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "department"]

    objects = BaseUserManager()

    privacy: ClassVar[dict[str, str]] = {
        "id": "public",
        "username": "personal",
        "name": "personal",
        "department": "public",
        "is_active": "personal",
        "must_change_password": "personal",
        "sessions_ended": "personal",
        **dict.fromkeys(("scheme", "type_percent", "shortcuts"), "personal"),
        "password": "sensitive",
        "last_login": "personal",
    }

    def __str__(self) -> str:
        return self.name

    def signs_as(self, *, area: str, on: date, roles: Collection[str] = ()) -> str:
        """The name under an act in an area: "x 代 y" where only a deputy's post reaches.

        `roles`: those one of which the act needs; without any, every post counts.
        """
        return self.signing(on=on, roles=roles)(area) if area else self.name

    def signing(self, *, on: date, roles: Collection[str] = ()) -> Callable[[str], str]:
        """The names under many acts of a day, by area: see `signs_as`."""
        posts = self.posts_on(on).select_related("officer")
        return self.signing_from(list(posts.filter(role__in=roles) if roles else posts))

    def signing_from(self, held: Collection[Post]) -> Callable[[str], str]:
        """The names under acts done from these posts, loaded with their officers, by area."""

        def name(area: str) -> str:
            reach = [post for post in held if area.startswith(post.area_id)]
            if not area or not reach or any(post.officer_id == self.pk for post in reach):
                return self.name
            return f"{self.name} 代 {reach[0].officer.name}"

        return name

    def areas(self, on: date) -> models.QuerySet[Division]:
        """The divisions this officer's posts of that day stand for."""
        return Division.objects.filter(posts__in=self.posts_on(on)).distinct()

    def posts_on(self, on: date) -> models.QuerySet[Post]:
        """The posts this officer held that day, and those held for somebody else."""
        deputised = Deputy.objects.filter(officer=self, since__lte=on, until__gt=on)
        mine = Q(officer=self) | Q(pk__in=deputised.values("post"))
        return Post.objects.filter(mine, Q(until__isnull=True) | Q(until__gt=on), since__lte=on)

    def has_role(self, *roles: Role, on: date) -> bool:
        """Whether one of that day's posts carries one of the roles."""
        return self.posts_on(on).filter(role__in=roles).exists()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django ends every session whose mark differs from this one.
        value = f"{self.password} {self.sessions_ended}"
        return salted_hmac("jiekun.session", value, secret=secret, algorithm="sha256").hexdigest()


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
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.officer} {self.get_role_display()} {self.area}"


class Deputy(models.Model):
    """That an officer stands in for the holder of a post, from a day until another."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="deputies")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="deputised")
    since = models.DateField()
    # The first day it is over; nobody stands in without an end.
    until = models.DateField()
    why = models.CharField(max_length=200)
    named_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField()

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "post", "since", "until", "named_at"), "public"),
        **dict.fromkeys(("officer", "why", "named_by"), "personal"),
    }

    class Meta:
        ordering = ("post", "since")
        verbose_name_plural = "deputies"
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="deputy_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer} for {self.post} until {self.until}"
