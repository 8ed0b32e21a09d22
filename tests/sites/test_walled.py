"""Pages behind the database's own wall: whole, rolled back when they raise, no matter the view."""

import io
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import FileResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory

from jiekun.journal import actions as journal
from jiekun.offices.models import Deputy, Officer
from jiekun.registry.models import Household, Person
from jiekun.sites.desk.door import desk_page

from .conftest import AT, BEFORE


@pytest.fixture
def ask(village, db, demo_day, monkeypatch):
    """Put a view in the search page's place and open it as somebody."""

    def ask(view, who="nextdoor", **door):
        request = RequestFactory().get("/search/")
        request.user = Officer.objects.get(username=who)
        request.resolver_match = SimpleNamespace(url_name="search")
        return desk_page(**door)(view)(request)

    return ask


def careless(request, desk):
    """A view whose author forgot the officer's areas."""
    names = sorted(Person.objects.values_list("name", flat=True))
    return StreamingHttpResponse(f"{name} {stands()}\n" for name in names)


def stands():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def told(answer):
    return answer.content.decode().split("\n")[:-1]


def test_a_view_that_forgot_the_areas_shows_none_but_the_officers_own(ask):
    assert told(ask(careless)) == []
    assert len(told(ask(careless, "jiedao"))) == 6
    assert len(told(ask(careless, "qu"))) == 7


def test_what_is_made_while_it_is_sent_is_made_behind_the_wall(ask):
    answer = ask(careless, "jiedao")
    assert not answer.streaming
    assert {line.split()[1] for line in told(answer)} == {"jiekun_desk"}
    assert stands() == "jiekun_app"


def test_a_file_keeps_its_name_and_kind(ask):
    def view(request, desk):
        return FileResponse(io.BytesIO(b"%PDF-1.7"), as_attachment=True, filename="a.pdf")

    answer = ask(view)
    assert answer.content == b"%PDF-1.7"
    assert answer["Content-Type"] == "application/pdf"
    assert "a.pdf" in answer["Content-Disposition"]


def test_a_page_rendered_late_is_rendered_behind_the_wall(ask):
    def view(request, desk):
        return TemplateResponse(request, "desk/refused.html", {"message": Household.objects.all()})

    assert "远家" not in ask(view, "jiedao").content.decode()


def test_a_view_that_raises_has_written_nothing(ask, village):
    def view(request, desk):
        Household.objects.filter(pk=village.home.pk).update(grid="写了一半")
        raise LookupError

    with pytest.raises(LookupError):
        ask(view, "jiedao")
    assert Household.objects.get(pk=village.home.pk).grid != "写了一半"
    assert stands() == "jiekun_app"


def test_only_a_page_that_says_so_stands_outside(ask):
    assert len(told(_streamed(ask(careless, walled=False)))) == 7


def _streamed(answer):
    return SimpleNamespace(content=b"".join(answer))


def test_a_deputy_sees_behind_the_wall_what_the_post_opens(ask, village):
    assert len(told(ask(careless, "elsewhere"))) == 1
    Deputy.objects.create(
        post=Officer.objects.get(username="jiedao").posts.get(),
        officer=Officer.objects.get(username="elsewhere"),
        since=BEFORE, until=date(2024, 11, 30), why="休假", named_at=AT,
    )  # fmt: skip
    assert len(told(ask(careless, "elsewhere"))) == 7


def test_sealing_refuses_to_seal_what_it_sees_only_in_part(ask):
    def view(request, desk):
        journal.seal(at=AT)

    with pytest.raises(RuntimeError, match="every line"):
        ask(view, "shenji")


def test_an_auditor_still_seals_and_takes_the_whole_journal_away(village, sign_in):
    client = sign_in("shenji")
    assert client.post("/journal/seal/").status_code == 302
    answer = client.post("/journal/export/", {"purpose": "监督检查"})
    assert answer.streaming
    assert answer.status_code == 200
