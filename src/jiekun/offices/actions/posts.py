"""Accounts, posts, deputies and handing over.

The system administrator gives accounts, the security administrator opens them and gives posts:
neither can make an officer alone. `by=None` is the installation itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone

from jiekun.journal import actions as journal

from ..authenticator import random_word
from ..models import Department, Deputy, Division, Officer, Post
from ..refused import RefusedError
from ..roles import Role
from ..roster import Newcomer

# Twelve random letters are not guessed, however quick the hash; a roster of hundreds is taken in
# at once, and the password is good for one sign-in.
_ROUNDS = 10_000
_PASSWORD_LENGTH = 12


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
def take_in(
    *, newcomers: Sequence[Newcomer], by: Officer, at: datetime
) -> list[tuple[Officer, str]]:
    """Give accounts and posts to everybody on a checked roster, or to nobody.

    Each account stays closed until the security administrator opens it. Returns each officer with
    the password of the first sign-in, which is kept nowhere. Raises RefusedError.
    """
    _allowed(Role.SYSTEM_ADMIN, by=by, at=at)
    made = []
    for one in newcomers:
        password = random_word(_PASSWORD_LENGTH)
        try:
            with transaction.atomic():
                officer = Officer.objects.create(
                    username=one.username,
                    name=one.name,
                    department_id=one.department,
                    password=_quick_hash(password),
                    is_active=False,
                    must_change_password=True,
                )
        except IntegrityError as error:
            raise RefusedError(f"用户名“{one.username}”刚被别人用了，请换一个再导入") from error
        Post.objects.create(
            officer=officer, role=one.role, area_id=one.area, since=one.since, until=one.until
        )
        data = {"role": one.role, "since": one.since.isoformat(), "row": one.row}
        journal.write(act="take-in", by=by, at=at, subject=officer, area=one.area, data=data)
        made.append((officer, password))
    return made


def _quick_hash(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), _ROUNDS)
    return hasher.encode(password, hasher.salt())


@transaction.atomic
def activate(*, officer: Officer, by: Officer, at: datetime) -> Officer:
    """Open an account. Raises RefusedError."""
    _allowed(Role.SECURITY_ADMIN, by=by, at=at)
    return _switch(officer, True, "activate", by, at)


@transaction.atomic
def deactivate(*, officer: Officer, why: str, by: Officer, at: datetime) -> Officer:
    """Close an account: its sessions end at once, its posts stay on record. Raises RefusedError."""
    _allowed(Role.SECURITY_ADMIN, by=by, at=at)
    return _switch(officer, False, "deactivate", by, at, _reason(why))


def _switch(
    officer: Officer, active: bool, act: str, by: Officer, at: datetime, why: str = ""
) -> Officer:
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    if officer.pk == by.pk:
        raise RefusedError("自己的帐号要由另一位安全管理员来开关")
    officer.is_active = active
    officer.save(update_fields=["is_active"])
    journal.write(act=act, by=by, at=at, subject=officer, data={"why": why} if why else None)
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
    """Give an officer a post; nobody appoints themselves. Raises RefusedError.

    The database refuses one person two administrators' posts, or one beside any other post.
    """
    if by is not None:
        if by.pk == officer.pk:
            raise RefusedError("不能给自己任命岗位")
        _allowed(Role.SECURITY_ADMIN, by=by, at=at, area=area.code)
    if area.until is not None and (until is None or until > area.until):
        raise RefusedError(f"{area.name}到 {area.until} 为止，不能任命到那以后")
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
    """End a post: `until` is the first day it is no longer held. Raises RefusedError."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if by.pk == post.officer_id:
        raise RefusedError("不能自己结束自己的岗位")
    _allowed(Role.SECURITY_ADMIN, by=by, at=at, area=post.area_id)
    if until <= post.since:
        raise RefusedError(f"岗位从 {post.since} 起，不能在那天或那天以前结束")
    if post.until is not None and post.until <= until:
        raise RefusedError(f"这个岗位已经在 {post.until} 结束")
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
def deputise(
    *, post: Post, officer: Officer, since: date, until: date, why: str, by: Officer, at: datetime
) -> Deputy:
    """Let an officer stand in for a post's holder from a day until another; both sign.

    Named by the holder or the security administrator. Raises RefusedError.
    """
    post = Post.objects.select_for_update().select_related("officer").get(pk=post.pk)
    if by.pk == officer.pk or officer.pk == post.officer_id:
        raise RefusedError("代理要由本人或安全管理员指定给另一个人")
    if by.pk != post.officer_id:
        _allowed(Role.SECURITY_ADMIN, by=by, at=at, area=post.area_id)
    if not since < until:
        raise RefusedError("代理的结束日要在起始日之后")
    if since < post.since or (post.until is not None and until > post.until):
        raise RefusedError(f"代理的日子要在岗位的任期里：{post.since} 到 {post.until or '长期'}")
    if not officer.is_active:
        raise RefusedError(f"{officer.name}的帐号没有启用")
    taken = post.deputies.filter(since__lt=until, until__gt=since).first()
    if taken is not None:
        raise RefusedError(f"{taken.since} 到 {taken.until} 已经由{taken.officer.name}代理")
    deputy = Deputy.objects.create(
        post=post, officer=officer, since=since, until=until, why=_reason(why),
        named_by=by, named_at=at,
    )  # fmt: skip
    _note_deputy("deputise", deputy, by, at)
    return deputy


@transaction.atomic
def end_deputy(*, deputy: Deputy, until: date, by: Officer, at: datetime) -> Deputy:
    """End a deputy's time earlier than was said. Raises RefusedError."""
    deputy = Deputy.objects.select_for_update().select_related("post__officer").get(pk=deputy.pk)
    if by.pk != deputy.post.officer_id:
        _allowed(Role.SECURITY_ADMIN, by=by, at=at, area=deputy.post.area_id)
    if not deputy.since < until < deputy.until:
        raise RefusedError(f"要在 {deputy.since} 之后、{deputy.until} 之前结束")
    deputy.until = until
    deputy.save(update_fields=["until"])
    _note_deputy("end-deputy", deputy, by, at)
    return deputy


def _note_deputy(act: str, deputy: Deputy, by: Officer, at: datetime) -> None:
    data = {
        "post": deputy.post_id, "deputy": f"{deputy.officer.name} 代 {deputy.post.officer.name}",
        "since": deputy.since.isoformat(), "until": deputy.until.isoformat(), "why": deputy.why,
    }  # fmt: skip
    area = deputy.post.area_id
    journal.write(act=act, by=by, at=at, subject=deputy.officer, area=area, data=data)


@transaction.atomic
def hand_over(*, giver: Officer, taker: Officer, on: date, by: Officer, at: datetime) -> list[Post]:
    """Move every post one officer still holds to another, from a day on. Raises RefusedError."""
    if by.pk in (giver.pk, taker.pk) or giver.pk == taker.pk:
        raise RefusedError("交接要由当事两人以外的安全管理员来办")
    # In one order, so that two handing over to each other do not wait for ever.
    list(Officer.objects.select_for_update().filter(pk__in=[giver.pk, taker.pk]).order_by("pk"))
    posts = [post for post in giver.posts.all() if post.until is None or post.until > on]
    if not posts:
        raise RefusedError(f"{giver.name}在 {on} 没有要交的岗位")
    if not taker.is_active:
        raise RefusedError(f"{taker.name}的帐号没有启用")
    made = []
    for post in posts:
        until = post.until
        if post.since >= on:
            raise RefusedError(f"{post} 从 {post.since} 起，还没有开始，不能在 {on} 交接")
        end_post(post=post, until=on, by=by, at=at)
        given = appoint(
            officer=taker,
            role=Role(post.role),
            area=post.area,
            since=on,
            until=until,
            by=by,
            at=at,
        )
        made.append(given)
    data = {"to": taker.pk, "on": on.isoformat(), "posts": [post.pk for post in made]}
    journal.write(act="hand-over", by=by, at=at, subject=giver, data=data)
    return made


def _allowed(role: Role, *, by: Officer, at: datetime, area: str = "") -> None:
    on = at.astimezone(get_current_timezone()).date()
    posts = by.posts_on(on).filter(role=role)
    if not any(area.startswith(post.area_id) or not area for post in posts):
        raise RefusedError(f"这件事要由{'本辖区的' if area else ''}{role.label}来做")


def _reason(why: str) -> str:
    if not why.strip():
        raise RefusedError("没有写原因")
    return why.strip()[:200]
