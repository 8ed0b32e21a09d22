"""Every form about people: the second officer is told of the first, loses nothing and may go on;
and what was typed into a session just ended is offered again."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from jiekun.offices.models import Officer
from jiekun.registry import actions as registry
from jiekun.registry.models import Household, Person

from .conftest import AT, PASSWORD, THERE

OPENED = "2024-11-01T00:00:00+08:00"
JUST_NOW = "2024-11-01T23:59:59+08:00"
DAY = "2024-11-01"
MARK = "两人同时改"


@pytest.fixture
def there(village, db, ring, settings, tmp_path):
    """Whom the forms are about, with something to end, take back and mark."""
    settings.PAPERS = tmp_path / "papers"
    home = Household.objects.get(pk=village.home.pk)
    woman, girl = (Person.objects.get(name=name) for name in ("周桂英", "陈雨桐"))
    around = {"by": None, "at": AT - timedelta(days=1)}
    for value, source in ((100, "本人"), (300, "人社")):
        registry.record_fact(subject=woman, fact="wage_income", value=value, source=source,
                             as_of=date(2024, 10, 20), **around)  # fmt: skip
    card = registry.claim_identifier(
        person=woman, kind="bank_card", number="6228480402564890018", source="本人", **around
    )
    paper = registry.keep_attachment(subject=woman, content=b"%PDF-1.4\n%%EOF", filename="a.pdf",
                                     label="病历", purpose="核对", **around)  # fmt: skip
    consent = registry.note_ground(person=woman, scope="finances", ground="consent",
                                   since=date(2024, 10, 2), paper="1", **around)  # fmt: skip
    held = home.recognitions.get(category="dibao_edge")
    return SimpleNamespace(
        home=home, woman=woman, girl=girl, card=card, paper=paper, consent=consent, held=held,
        paid=village.paid, seen=home.version,
    )  # fmt: skip


def _change(act, /, **words):
    def form(the):
        given = {name: value(the) if callable(value) else value for name, value in words.items()}
        given = {"seen": the.seen, "seen_at": OPENED, "on": DAY, "reason": MARK, **given}
        return f"/households/{the.home.pk}/change/?act={act}", given

    return form


def girl(the):
    return the.girl.pk


def _page(kind, page, about, /, **words):
    def form(the):
        given = {name: value(the) if callable(value) else value for name, value in words.items()}
        return f"/{kind}/{getattr(the, about).pk}/{page}/", {"seen_at": OPENED, **given}

    return form


def _merge(the):
    address, given = _change("merge", home=the.paid.pk, seen_other=the.paid.version)(the)
    return address, {**given, f"comes-{Person.objects.get(name='富贵').pk}": "97"}


def _split(the):
    address, given = _change("split", community=THERE, address="中北路1号")(the)
    return address, {**given, f"goes-{the.girl.pk}": "02"}


def _record(the):
    given = {f"odd_job_income@{the.woman.pk}": "777", "source": "本人", "as_of": DAY,
             "note": MARK, "seen_at": OPENED}  # fmt: skip
    return f"/households/{the.home.pk}/record/", given


CONTACT = _change("contact", grid="第9网格")
SETTLE = _page("people", "disagreements", "woman", act="settle", fact="wage_income",
               source="本人", reason="看过存折", seen="0")  # fmt: skip
END_NUMBER = _page("people", "numbers", "woman", act="end", identifier=lambda the: the.card.pk,
                   until=DAY, reason="换卡")  # fmt: skip
NOTE_GROUND = _page("people", "grounds", "woman", act="note", scope="sharing", ground="consent",
                    paper="2", since=DAY)  # fmt: skip
TAKE_BACK = _page("people", "grounds", "woman", act="withdraw", on=DAY,
                  consent=lambda the: the.consent.pk, reason="本人要求")  # fmt: skip
DECIDE = _page("households", "recognitions", "home", act="note", category="dibao", person="",
               since=DAY, source="区民政", document="8")  # fmt: skip
END_DECISION = _page("households", "recognitions", "home", act="end", until=DAY,
                     recognition=lambda the: the.held.pk, reason="超标")  # fmt: skip
MARK_PAPER = _page("people", "papers", "woman", act="remove", reason="存错人",
                   attachment=lambda the: the.paper.pk)  # fmt: skip
REGISTER = _change("register", person=girl, number="420106123", relation="02", address="中山路")

# By form: its address's name, what the first officer does, what the second sends, and something
# of that which must still be on the page.
FORMS = {
    "join": ("change", CONTACT, _change("join", name="新人", sex="male", birth_date=DAY,
                                        relation="97"), MARK),
    "death": ("change", CONTACT, _change("death", person=girl, source=MARK), MARK),
    "leave": ("change", CONTACT, _change("leave", person=girl), MARK),
    "away": ("change", CONTACT, _change("away", people=girl, to="成都"), MARK),
    "split": ("change", CONTACT, _split, MARK),
    "move": ("change", CONTACT, _change("move", community=THERE, address="中北路1号"), MARK),
    "head": ("change", CONTACT, _change("head", person=girl), MARK),
    "relation": ("change", CONTACT, _change("relation", person=girl, relation="31"), MARK),
    "contact": ("change", CONTACT, _change("contact", grid=MARK), MARK),
    "transfer": ("change", CONTACT,
                 _change("transfer", person=girl, relation="97", home=lambda the: the.paid.pk,
                         seen_other=lambda the: the.paid.version), MARK),
    "merge": ("change", CONTACT, _merge, MARK),
    "rename": ("change", _change("rename", person=girl, name="陈宇桐"),
               _change("rename", person=girl, name="陈玉桐", document=MARK), MARK),
    "register": ("change", REGISTER, _change("register", person=girl, number="420106999",
                                             relation="02", address=MARK), MARK),
    "unregister": ("change", REGISTER, _change("unregister", person=girl), MARK),
    "record": ("record", _record, _record, MARK),
    "settle": ("disagreements", SETTLE,
               _page("people", "disagreements", "woman", act="settle", fact="wage_income",
                     source="人社", reason=MARK, seen="0"), MARK),
    "claim a number": ("numbers", END_NUMBER,
                       _page("people", "numbers", "woman", act="claim", kind="phone",
                             number="13911112222", source=MARK), MARK),
    "end a number": ("numbers", END_NUMBER, END_NUMBER, ""),
    "note a ground": ("grounds", TAKE_BACK,
                      _page("people", "grounds", "woman", act="note", scope="sharing",
                            ground="consent", paper=MARK, since=DAY), MARK),
    "take a ground back": ("grounds", NOTE_GROUND, TAKE_BACK, "本人要求"),
    "note a decision": ("recognitions", END_DECISION,
                        _page("households", "recognitions", "home", act="note", person="",
                              category="low_income", since=DAY, source="区民政",
                              document=MARK), MARK),
    "end a decision": ("recognitions", DECIDE, END_DECISION, "超标"),
    "mark a paper": ("papers", MARK_PAPER, MARK_PAPER, ""),
}  # fmt: skip
# The same views for households, and those that write over nothing: a paper more, a household
# that was not there, a look, a print, a trial.
LIKE_THEM = {"household-disagreements": "disagreements", "household-papers": "papers"}
OVER_NOTHING = {"new-household", "unmask-household", "unmask-person", "print-household",
                "print-person", "what-if"}  # fmt: skip


def send(client, form, the, **words):
    address, given = form(the)
    return client.post(address, {**given, **words})


@pytest.mark.parametrize("name", FORMS)
def test_the_second_officer_is_told_of_the_first_and_loses_nothing(name, there, street, sign_in):
    _, first, second, kept = FORMS[name]
    assert send(sign_in("qu"), first, there, seen_at=JUST_NOW).status_code == 302
    answer = send(street, second, there)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert Officer.objects.get(username="qu").name in page
    assert kept in page
    assert "您填的" in page


@pytest.mark.parametrize("name", ["contact", "rename", "record", "note a ground",
                                  "note a decision", "claim a number"])  # fmt: skip
def test_whoever_was_told_may_go_on(name, there, street, sign_in):
    _, first, second, _ = FORMS[name]
    send(sign_in("qu"), first, there, seen_at=JUST_NOW)
    page = send(street, second, there).content.decode()
    shown = {
        word: value.replace("&#x2B;", "+")
        for word, value in re.findall(r'name="(seen|seen_at)" value="([^"]+)"', page)
    }
    assert send(street, second, there, **shown).status_code == 302


def test_every_form_about_people_is_in_the_table(there, street):
    tried = {address for address, *_ in FORMS.values()} | LIKE_THEM.keys() | OVER_NOTHING
    patterns = get_resolver("jiekun.sites.desk.urls").url_patterns
    about = [p for p in patterns if str(p.pattern).startswith(("households/", "people/"))]
    assert len(about) > 15
    for pattern in about:
        filled = re.sub(r"<int:pk>", str(there.home.pk), str(pattern.pattern))
        answer = street.put("/" + re.sub(r"<slug:\w+>", "dibao", filled))
        if "POST" in answer.get("Allow", ""):
            assert pattern.name in tried, pattern.name


@pytest.mark.parametrize("name", FORMS)
def test_what_is_typed_into_an_ended_session_is_offered_again(name, there, client, demo_day):
    address, given = FORMS[name][2](there)
    kept = FORMS[name][3]
    client.post(address, given)
    client.post("/sign-in/", {"username": "jiedao", "password": PASSWORD})
    page = client.get("/sign-in/held/").content.decode()
    assert f'action="{address}"' in page
    for word, value in given.items():
        assert f'name="{word}" value="{value}"' in page or "+" in str(value)
    assert kept in page
    shown = re.findall(r"<tr><td>(.*?)</td>", page)
    assert not [label for label in shown if label.isascii()]


def test_a_file_must_be_chosen_again_and_the_page_says_so(there, client, demo_day):
    address = f"/people/{there.woman.pk}/papers/"
    file = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff")
    given = {"act": "keep", "label": "出院小结", "reason": MARK}
    client.post(address, {**given, "file": file})
    client.post("/sign-in/", {"username": "jiedao", "password": PASSWORD})
    held = client.get("/sign-in/held/").content.decode()
    assert "附带的文件没能留住" in held
    assert MARK in held
    page = client.post(address, given).content.decode()
    assert "文件要再选一次" in page
    assert f'value="{MARK}"' in page
