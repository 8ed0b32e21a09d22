"""What an officer keeps for themselves: how pages look, and lists narrowed as they need them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

# Letters this much larger than usual, in percent.
TYPE_SIZES = {100: "标准", 125: "大", 150: "特大"}


class Scheme(models.TextChoices):
    """Dark letters on light, light on dark, or whichever the machine is set to."""

    AUTO = "auto", "跟随电脑"
    LIGHT = "light", "浅色"
    DARK = "dark", "深色"


def looks_problem(scheme: str, type_percent: int) -> str:
    """What is wrong with such a choice; nothing where it is one there is."""
    if scheme not in Scheme.values:
        return f"颜色没有“{scheme[:20]}”这一种，可以选：{'、'.join(map(str, Scheme.labels))}"
    if type_percent not in TYPE_SIZES:
        return f"字的大小没有这一种，可以选：{'、'.join(TYPE_SIZES.values())}"
    return ""


class SavedFilter(models.Model):
    """A list narrowed in one way, under a name one officer gave it; nobody else sees it."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters"
    )
    # The list's name among the desk's addresses, and the words behind its question mark.
    page = models.CharField(max_length=32)
    words = models.CharField(max_length=1000)
    name = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "page", "made_at"), "public"),
        # What somebody looks for, and calls it, may tell of people.
        **dict.fromkeys(("officer", "words", "name"), "personal"),
    }

    class Meta:
        ordering = ("page", "name")
        constraints = (
            models.UniqueConstraint(
                fields=["officer", "page", "name"], name="saved_filter_named_once"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_filter_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name
