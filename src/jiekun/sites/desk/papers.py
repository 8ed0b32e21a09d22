"""Papers of a family: kept by what they really are, looked at for a purpose, marked when wrong."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from PIL import Image

from jiekun.registry import actions
from jiekun.registry.contents import MOST_BYTES
from jiekun.registry.keys import KeyRingError, SealError
from jiekun.registry.models import Attachment, Household, Person

from .door import BadQuery, Desk, desk_page, moment, page
from .household import Known, known
from .person import find_person
from .typed import line

SMALL = (240, 240)
PICTURES = (Attachment.Kind.JPEG, Attachment.Kind.PNG)


@dataclass(frozen=True)
class _About:
    subject: Person | Household
    at: Known
    who: str
    address: str


@desk_page()
@never_cache
@require_http_methods(["GET", "POST"])
def of_household(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Papers of a household and of everybody in it."""
    at = known(desk, pk)
    about = _About(at.household, at, at.household.name, desk.url("household-papers", pk))
    return _answer(request, desk, about)


@desk_page()
@never_cache
@require_http_methods(["GET", "POST"])
def of_person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One person's papers."""
    person, at = find_person(desk, pk)
    about = _About(person, at, at.name(str(pk)), desk.url("papers", pk))
    return _answer(request, desk, about)


def _answer(request: HttpRequest, desk: Desk, about: _About) -> HttpResponse:
    problem, small = "", {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: str(value) for name, value in request.POST.items()}
        try:
            if typed.get("act") == "look":
                return _looked(about, typed, desk)
            if typed.get("act") == "small":
                small = _small(about, typed, desk)
            else:
                messages.success(request, _changed(request, about, typed, desk))
                return HttpResponseRedirect(about.address)
        except (actions.RefusedError, KeyRingError, SealError) as refused:
            problem = str(refused)
    kept = list(_papers(about).select_related("by", "removed_by", "person"))
    return page(
        request,
        "desk/papers.html",
        status=409 if problem else 200,
        household=about.at.household,
        person=about.subject if isinstance(about.subject, Person) else None,
        who=about.who,
        may_record=desk.may_record_in(about.at.household.community_id),
        rows=[(one, _whose(about, one), small.get(one.pk, "")) for one in kept],
        pictures=any(one.kind in PICTURES and not one.removed_at for one in kept),
        purposes=desk.looks_for(about.at.household.community_id),
        purpose=typed.get("purpose", "") if small else "",
        most=MOST_BYTES >> 20,
        problem=problem,
        typed=typed if problem else {},
    )


def _papers(about: _About) -> Any:
    """Papers one may reach from here; their content is an act of its own."""
    if isinstance(about.subject, Person):
        mine = Q(person=about.subject)
    else:
        mine = Q(household=about.subject) | Q(person__in=[m.id for m in about.at.family])
    return Attachment.objects.filter(mine).order_by("-at", "-id")


def _whose(about: _About, one: Attachment) -> str:
    return about.at.name(str(one.person_id)) if one.person_id else "全家"


def _one(about: _About, typed: Mapping[str, str]) -> Attachment:
    text = typed.get("attachment", "")
    known_number = text.isascii() and text.isdigit() and len(text) <= 18
    found = _papers(about).filter(pk=int(text)).first() if known_number else None
    if found is None:
        raise BadQuery("这里没有这份材料，请回到上一页重新打开。")
    return found  # type: ignore[no-any-return]


def _purpose(about: _About, typed: Mapping[str, str], desk: Desk) -> str:
    known = desk.looks_for(about.at.household.community_id)
    if typed.get("purpose") not in known:
        raise BadQuery(f"看材料要说明用途：{'、'.join(known) or '您的岗位不能看'}。")
    return typed["purpose"]


def _looked(about: _About, typed: Mapping[str, str], desk: Desk) -> HttpResponse:
    """The paper itself, for nothing but to be looked at."""
    one = _one(about, typed)
    content = actions.look_at_attachment(
        attachment=one, purpose=_purpose(about, typed, desk), by=desk.officer, at=moment()
    )
    answer = HttpResponse(content, content_type=one.kind)
    # Whatever hides in it runs nowhere, and no other page may hold it.
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'inline; filename="paper-{one.pk}{_ENDS[one.kind]}"'
    return answer


_ENDS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def _small(about: _About, typed: Mapping[str, str], desk: Desk) -> dict[int, str]:
    """All pictures small, each written down as looked at."""
    purpose, found = _purpose(about, typed, desk), {}
    for one in _papers(about).filter(kind__in=PICTURES, removed_at__isnull=True):
        content = actions.look_at_attachment(
            attachment=one, purpose=purpose, by=desk.officer, at=moment()
        )
        with Image.open(io.BytesIO(content)) as picture:
            picture.thumbnail(SMALL)
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=80)
        found[one.pk] = f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"
    return found


def _changed(request: HttpRequest, about: _About, typed: Mapping[str, str], desk: Desk) -> str:
    """Keep a paper or mark one; says what was done."""
    if not desk.may_record_in(about.at.household.community_id):
        raise PermissionDenied
    if typed.get("act") == "remove":
        actions.remove_attachment(
            attachment=_one(about, typed), reason=line(typed, "reason"), by=desk.officer,
            at=moment(),
        )  # fmt: skip
        return "已作废：谁、什么时候、为什么都留着，以后不能再看。"
    if typed.get("act") != "keep":
        raise BadQuery("没有这个动作。")
    file = request.FILES.get("file")
    if file is None:
        raise actions.RefusedError("请选一个文件；登录过期后重新提交的，文件要再选一次")
    if (file.size or 0) > MOST_BYTES:
        raise actions.RefusedError(f"文件太大，最多 {MOST_BYTES >> 20} MB")
    made = actions.keep_attachment(
        subject=about.subject, content=file.read(), filename=file.name or "",
        label=line(typed, "label"), purpose=line(typed, "reason"), by=desk.officer, at=moment(),
    )  # fmt: skip
    return f"已存好：{made.label}（{made.get_kind_display()}，{-(-made.size // 1024)} KB）。"
