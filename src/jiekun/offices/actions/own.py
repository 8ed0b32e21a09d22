"""What officers settle for themselves: how pages look, and lists narrowed as they need them."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.db import transaction

from jiekun.journal import actions as journal

from ..models import Officer
from ..own import SavedFilter, looks_problem
from ..refused import RefusedError

# Of one list: more than this nobody finds anything in.
MOST_SAVED = 20
_LONGEST_NAME, _LONGEST_WORDS = 40, 1000


@transaction.atomic
def choose_looks(
    *, scheme: str, type_percent: int, shortcuts: bool, by: Officer, at: datetime
) -> None:
    """How pages look to an officer from now on, on every machine. Raises RefusedError."""
    if problem := looks_problem(scheme, type_percent):
        raise RefusedError(problem)
    officer = Officer.objects.select_for_update().get(pk=by.pk)
    officer.scheme, officer.type_percent, officer.shortcuts = scheme, type_percent, shortcuts
    officer.save(update_fields=["scheme", "type_percent", "shortcuts"])
    data = {"scheme": scheme, "type_percent": type_percent, "shortcuts": shortcuts}
    journal.write(act="choose-looks", by=by, at=at, subject=officer, data=data)


@transaction.atomic
def save_filter(*, page: str, words: str, name: str, by: Officer, at: datetime) -> SavedFilter:
    """Keep a list as it is narrowed now. Raises RefusedError.

    The journal says which list, not what was looked for: that may name people.
    """
    Officer.objects.select_for_update().get(pk=by.pk)
    if len(words) > _LONGEST_WORDS:
        raise RefusedError("条件太长，存不下；请去掉几个条件再存")
    mine = SavedFilter.objects.filter(officer=by, page=page)
    if mine.count() >= MOST_SAVED:
        raise RefusedError(f"一张名单最多存 {MOST_SAVED} 个常用条件，请先删掉不用的")
    made = SavedFilter.objects.create(
        officer=by, page=page, words=words, name=_new_name(name, page, by), made_at=at
    )
    journal.write(act="save-filter", by=by, at=at, subject=made, data={"page": page})
    return made


@transaction.atomic
def rename_filter(*, saved: SavedFilter, name: str, by: Officer, at: datetime) -> None:
    """Give one's own saved list another name. Raises RefusedError."""
    saved = _own(saved, by)
    if name.strip() == saved.name:
        return
    saved.name = _new_name(name, saved.page, by)
    saved.save(update_fields=["name"])
    journal.write(act="rename-filter", by=by, at=at, subject=saved, data={"page": saved.page})


@transaction.atomic
def remove_filter(*, saved: SavedFilter, by: Officer, at: datetime) -> None:
    """Give up one's own saved list. Raises RefusedError."""
    saved = _own(saved, by)
    journal.write(act="remove-filter", by=by, at=at, subject=saved, data={"page": saved.page})
    saved.delete()


def _own(saved: SavedFilter, by: Officer) -> SavedFilter:
    found = SavedFilter.objects.select_for_update().filter(pk=saved.pk, officer=by).first()
    if found is None:
        raise RefusedError("没有这个常用条件，可能已经删掉了")
    return found


def _new_name(name: str, page: str, by: Officer) -> str:
    """A name as it will be shown. Raises RefusedError for one that cannot be, or is taken."""
    name = " ".join(name.split())
    if not name:
        raise RefusedError("请给这个常用条件起个名字")
    if len(name) > _LONGEST_NAME:
        raise RefusedError(f"名字最多 {_LONGEST_NAME} 个字，现在是 {len(name)} 个")
    # Marks that turn the line around would make one name look like another.
    if any(unicodedata.category(letter) in ("Cc", "Cf") for letter in name):
        raise RefusedError("名字里有看不见的字符，请重新输入")
    if SavedFilter.objects.filter(officer=by, page=page, name=name).exists():
        raise RefusedError(f"已经有一个叫“{name}”的常用条件，请换个名字")
    return name
