"""Where an officer's request steps behind the database's own wall."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from jiekun.registry.scope import seeing


def answered(
    view: Callable[[], HttpResponseBase],
    *,
    areas: Collection[str],
    posts: Collection[str],
    officer: int,
) -> HttpResponseBase:
    """What a view answers, made whole in one transaction that sees these areas' people only.

    A view that raises has written nothing.
    """
    with seeing(areas, posts=posts, officer=officer):
        return _whole(view())


def _whole(answer: HttpResponseBase) -> HttpResponseBase:
    """Whatever would be made while it is sent is made now: later there is no wall."""
    if isinstance(answer, SimpleTemplateResponse):
        answer.render()
    if answer.streaming:
        content = b"".join(answer)
        whole = HttpResponse(content, status=answer.status_code, headers=answer.headers)
        # Files it read from are closed when it was sent.
        whole._resource_closers.extend(answer._resource_closers)  # type: ignore[attr-defined]
        return whole
    return answer
