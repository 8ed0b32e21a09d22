"""Papers kept and looked at, grounds noted and withdrawn, decisions noted and ended."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jiekun.journal.models import Entry
from jiekun.registry.models import Attachment, Consent, Person, Recognition

from .conftest import AT

EARLIER = "2024-11-01T00:00:00+08:00"


def photo(size=(600, 400)):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def _safe(ring, settings, tmp_path):
    settings.PAPERS = tmp_path / "papers"


@pytest.fixture
def papers(village, db):
    return f"/people/{village.grandmother.pk}/papers/"


def keep(client, address, content=None, name="病历.jpg", **words):
    given = {"act": "keep", "label": "出院小结", "reason": "核对医疗支出", **words}
    file = SimpleUploadedFile(name, content or photo(), content_type="text/html")
    return client.post(address, {**given, "file": file})


# -- papers


def test_a_photograph_is_kept_listed_and_opened_for_a_purpose(papers, street, village):
    assert keep(street, papers).status_code == 302
    kept = Attachment.objects.get()
    page = street.get(papers).content.decode()
    assert "出院小结" in page
    assert "data:image" not in page
    shown = street.post(papers, {"act": "look", "attachment": kept.pk, "purpose": "核对身份"})
    assert shown["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert "no-store" in shown["Cache-Control"]
    assert shown.content.startswith(b"\xff\xd8")
    assert Entry.objects.get(act="look-at-attachment").purpose == "核对身份"


def test_small_pictures_are_looked_at_for_a_purpose_too(papers, street):
    keep(street, papers)
    page = street.post(papers, {"act": "small", "purpose": "核对身份"}).content.decode()
    assert page.count("data:image/jpeg;base64,") == 1
    assert Entry.objects.filter(act="look-at-attachment").count() == 1


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"<html><script>alert(1)</script>", "a.jpg", "认不出"),
        (b"PK\x03\x04 a zip", "a.pdf", "压缩包"),
        (photo(), "a.pdf", "对不上"),
        (b"%PDF-1.4 /JavaScript %%EOF", "a.pdf", "程序"),
        (photo()[:200], "a.jpg", "打不开"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_what_was_typed_stays(
    papers, street, content, name, told
):
    answer = keep(street, papers, content, name)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert told in page
    assert "文件要再选一次" in page
    assert 'value="核对医疗支出"' in page
    assert not Attachment.objects.exists()


def test_without_a_file_one_is_asked_for(papers, street):
    answer = street.post(papers, {"act": "keep", "label": "<b>病历</b>", "reason": "核对"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "请选一个文件" in page
    assert "&lt;b&gt;病历" in page


def test_a_paper_kept_by_mistake_is_marked_and_shown_no_more(papers, street, sign_in):
    keep(street, papers)
    kept = Attachment.objects.get()
    gone = {"act": "remove", "attachment": kept.pk, "reason": "存错人"}
    assert street.post(papers, gone).status_code == 302
    page = street.get(papers).content.decode()
    assert "已作废" in page
    assert "存错人" in page
    look = {"act": "look", "attachment": kept.pk, "purpose": "核对身份"}
    assert street.post(papers, look).status_code == 409
    again = sign_in("qu").post(papers, {**gone, "reason": "拍糊了"})
    assert "陈静 已经把它作废（存错人）" in again.content.decode()
    assert keep(street, papers).status_code == 302
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("words", [{"purpose": "好奇"}, {"purpose": ""}, {"attachment": "0"},
                                   {"attachment": "x"}])  # fmt: skip
def test_nothing_is_shown_without_a_purpose_or_a_paper(papers, street, words):
    keep(street, papers)
    given = {"act": "look", "attachment": Attachment.objects.get().pk, "purpose": "核对身份"}
    assert street.post(papers, {**given, **words}).status_code == 400
    assert not Entry.objects.filter(act="look-at-attachment").exists()


def test_the_households_page_of_papers_has_everybodys(papers, street, village):
    keep(street, papers)
    address = f"/households/{village.home.pk}/papers/"
    keep(street, address, photo((80, 80)), label="户口簿")
    page = street.get(address).content.decode()
    assert "户口簿" in page
    assert "出院小结" in page
    assert "户口簿" not in street.get(papers).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("elsewhere", 404), ("nextdoor", 404), ("jiaoyu", 403)]
)
def test_papers_elsewhere_are_not_there(papers, street, sign_in, who, status):
    keep(street, papers)
    look = {"act": "look", "attachment": Attachment.objects.get().pk, "purpose": "核对身份"}
    assert sign_in(who).get(papers).status_code == status
    assert sign_in(who).post(papers, look).status_code == status


# -- grounds


@pytest.fixture
def grounds(village, db):
    return f"/people/{village.grandmother.pk}/grounds/"


def note(client, address, **words):
    given = {"act": "note", "scope": "finances", "ground": "consent", "paper": "第 8 号",
             "since": "2024-11-01", "seen_at": AT.isoformat(), **words}  # fmt: skip
    return client.post(address, given)


def test_a_consent_is_noted_and_taken_back(grounds, street):
    assert note(street, grounds).status_code == 302
    held = Consent.objects.get()
    assert "本人书面同意" in street.get(grounds).content.decode()
    back = {"act": "withdraw", "consent": held.pk, "on": "2024-11-01", "reason": "本人要求",
            "seen_at": AT.isoformat()}  # fmt: skip
    assert street.post(grounds, back).status_code == 302
    assert "已不再有效" in street.get(grounds).content.decode()
    assert street.post(grounds, back).status_code == 409


def test_a_childs_consent_is_signed_by_a_grown_up_of_the_family(village, street):
    child = Person.objects.get(name="陈浩然")
    address = f"/people/{child.pk}/grounds/"
    assert "要由监护人签" in note(street, address).content.decode()
    mother = Person.objects.get(name="李丽萍").pk
    assert note(street, address, ground="guardian", signed_by=mother).status_code == 302
    assert Consent.objects.get().signed_by_id == mother


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"scope": "gossip"}, "从列表里选"),
        ({"paper": ""}, "授权书在哪里"),
        ({"ground": "statute", "clause": "L0-0"}, "没有“L0-0”这一条"),
        ({"since": "昨天"}, "要写成"),
        ({"since": "2024-11-02"}, "起止日期不对"),
        ({"until": "2024-10-01"}, "起止日期不对"),
        ({"paper": "第\u202e八号"}, "U\\+202E"),
        ({"paper": "很" * 201}, "太长"),
    ],
)
def test_a_ground_that_cannot_be_is_told(grounds, street, words, told):
    answer = note(street, grounds, **words)
    assert answer.status_code == 409
    assert re.search(told, answer.content.decode())
    assert not Consent.objects.exists()


def test_who_notes_what_another_noted_meanwhile_is_told(grounds, street, sign_in):
    note(sign_in("qu"), grounds)
    answer = note(street, grounds, paper="第 9 号", seen_at=EARLIER)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "记下授权或依据" in page
    assert "第 9 号" in page
    seen = re.search(r'name="seen_at" value="([^"]+)"', page)[1].replace("&#x2B;", "+")
    assert note(street, grounds, paper="第 9 号", seen_at=seen).status_code == 302


# -- recognitions


@pytest.fixture
def decided(village, db):
    return f"/households/{village.home.pk}/recognitions/"


def recognise(client, address, **words):
    given = {"act": "note", "category": "dibao", "person": "", "since": "2024-10-15",
             "source": "武昌区民政局", "document": "武民救〔2024〕8 号",
             "seen_at": AT.isoformat(), **words}  # fmt: skip
    return client.post(address, given)


def test_a_decision_is_noted_shown_and_ended(decided, street, village):
    assert recognise(street, decided).status_code == 302
    made = Recognition.objects.get(category="dibao")
    assert "武民救〔2024〕8 号" in street.get(decided).content.decode()
    assert "低保" in street.get(f"/households/{village.home.pk}/").content.decode()
    end = {"act": "end", "recognition": made.pk, "until": "2024-11-01", "reason": "收入超标",
           "seen_at": AT.isoformat()}  # fmt: skip
    assert street.post(decided, end).status_code == 302
    made.refresh_from_db()
    assert str(made.until) == "2024-11-01"
    assert street.post(decided, end).status_code == 409


def test_a_decision_with_an_end_to_come_may_end_sooner(decided, street, village):
    made = Recognition.objects.create(
        household=village.home, category="dibao", since=date(2024, 10, 15),
        until=date(2025, 1, 1), decided_by="武昌区民政局",
    )  # fmt: skip
    assert f'name="recognition" value="{made.pk}"' in street.get(decided).content.decode()
    end = {"act": "end", "recognition": made.pk, "until": "2024-11-01", "reason": "收入超标",
           "seen_at": AT.isoformat()}  # fmt: skip
    assert street.post(decided, end).status_code == 302
    made.refresh_from_db()
    assert str(made.until) == "2024-11-01"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"category": "rich"}, "从列表里选"),
        ({"category": "dibao_edge"}, "日期重叠"),
        ({"since": "2024-11-02"}, "还没有到"),
        ({"document": ""}, "文号"),
        ({"person": "999999"}, "哪位家人"),
    ],
)
def test_a_decision_that_cannot_be_is_told_and_stays_typed(decided, street, words, told):
    answer = recognise(street, decided, **words)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert told in page
    assert "武昌区民政局" in page
    assert Recognition.objects.filter(household__name="李家").count() == 1


def test_who_decides_what_another_noted_meanwhile_is_told(decided, street, sign_in):
    recognise(sign_in("qu"), decided)
    answer = recognise(street, decided, category="low_income", seen_at=EARLIER)
    assert answer.status_code == 409
    assert "记下认定" in answer.content.decode()


def test_an_auditor_reads_and_notes_nothing(decided, grounds, papers, sign_in):
    auditor = sign_in("shenji")
    for address in (decided, grounds, papers):
        page = auditor.get(address)
        assert page.status_code == 200
        assert "记下</button>" not in page.content.decode()
    assert recognise(auditor, decided).status_code == 403
    assert note(auditor, grounds).status_code == 403
    assert keep(auditor, papers).status_code == 403
