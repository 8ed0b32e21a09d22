"""Pages of the offices themselves: people, places, the calendar, the journal."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiekun.journal import actions as journal
from jiekun.journal.models import Entry
from jiekun.offices.models import CalendarYear, Deputy, Division, Officer
from jiekun.offices.roster import COLUMNS

pytestmark = pytest.mark.usefixtures("village", "db", "demo_day")

ROW = "liuyang,刘洋,街道办事处,街道经办,420106008,2024-11-01,"
YEAR = {
    "off": "1月1日至3日\n5月1日到5月5日\n2027-10-01 至 2027-10-07",
    "working": "9月26日、10月9日",
    "document": "国办发明电〔2026〕7 号",
}


@pytest.fixture
def clients(sign_in):
    names = ("xitong", "anquan", "anshen", "shenji", "qu", "jiedao", "jiaoyu", "caizheng")
    return {name: sign_in(name) for name in names}


def statuses(clients, address):
    return {name: client.get(address).status_code for name, client in clients.items()}


def text(answer):
    return answer.content.decode()


def roster(*rows):
    return SimpleUploadedFile("名册.csv", "\n".join([",".join(COLUMNS), *rows]).encode())


def number(name):
    return Officer.objects.get(username=name).pk


def test_who_may_open_which_page(clients):
    admins = {"xitong", "anquan", "anshen", "shenji"}
    for address, may in (
        ("/officers/", admins),
        (f"/officers/{number('jiedao')}/", admins),
        ("/journal/", {"anshen", "shenji"}),
        ("/calendar/", set(clients)),
        ("/divisions/", set(clients)),
        ("/account/", set(clients)),
    ):
        found = {name for name, status in statuses(clients, address).items() if status == 200}
        assert found == may, address


def test_administrators_see_no_resident(clients, village):
    for name in ("xitong", "anquan", "anshen", "caizheng"):
        for address in (f"/households/{village.home.pk}/", "/unreached/", "/search/?q=陈"):
            assert clients[name].get(address).status_code == 403


# -- people


def test_a_roster_is_taken_in_and_opened_by_another(clients):
    taken = clients["xitong"].post("/officers/take-in/", {"roster": roster(ROW)})
    officer = Officer.objects.get(username="liuyang")
    assert "导入了 1 人" in text(taken)
    assert (officer.is_active, taken["Cache-Control"].count("no-store")) == (False, 1)
    address = f"/officers/{officer.pk}/act/"
    assert clients["xitong"].post(address, {"act": "activate"}).status_code == 403
    clients["anquan"].post(address, {"act": "activate"})
    officer.refresh_from_db()
    assert officer.is_active


def test_a_roster_with_a_fault_says_where_and_takes_nobody_in(clients):
    bad = ROW.replace("liuyang", "wang.li").replace("街道经办", "科长")
    answer = clients["xitong"].post("/officers/take-in/", {"roster": roster(ROW, bad)})
    assert answer.status_code == 400
    assert "第 3 行“岗位”：没有“科长”" in text(answer)
    assert not Officer.objects.filter(username="liuyang").exists()
    assert clients["anquan"].post("/officers/take-in/", {"roster": roster(ROW)}).status_code == 403


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"act": "appoint", "role": "audit_admin", "area": "420106", "since": "2024-11-01"},
         "三个不同的人"),
        ({"act": "appoint", "role": "street_officer", "area": "420106008", "since": "2024-11-01"},
         "已经担任"),
        ({"act": "appoint", "role": "boss", "area": "420106", "since": "2024-11-01"},
         "没有这个岗位"),
        ({"act": "appoint", "role": "finance", "area": "420106", "since": "2024-11-01",
          "until": "2024-10-01"}, "之后"),
        ({"act": "deputise", "post": "0", "other": "qu"}, "没有这个岗位"),
        ({"act": "hand-over", "other": "nobody", "since": "2024-12-01"}, "没有用户名"),
        ({"act": "deactivate", "why": ""}, "原因"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_on_the_page(clients, given, told):
    answer = clients["anquan"].post(f"/officers/{number('jiedao')}/act/", given, follow=True)
    assert told in text(answer)


def test_a_deputy_named_on_the_page_is_shown_there(clients):
    holder = Officer.objects.get(username="jiedao2")
    given = {"act": "deputise", "post": holder.posts.get().pk, "other": "jiedao",
             "since": "2024-11-01", "until": "2024-11-20", "why": "培训"}  # fmt: skip
    page = clients["anquan"].post(f"/officers/{holder.pk}/act/", given, follow=True)
    assert "陈静 代 刘建国" in text(page)
    assert Deputy.objects.get().why == "培训"


def test_a_new_first_password_is_shown_once(clients):
    address = f"/officers/{number('jiedao')}/"
    answer = clients["anquan"].post(f"{address}act/", {"act": "reset", "why": "忘了"})
    assert "只在这里显示一次" in text(answer)
    assert "只在这里显示一次" not in text(clients["anquan"].get(address))


# -- places and days


def test_a_community_is_renamed_by_the_district_alone(clients):
    given = {"act": "rename", "code": "420106008001", "name": "新名社区", "on": "2024-11-01",
             "document": "武昌民政〔2024〕9 号"}  # fmt: skip
    was = Division.objects.get(code="420106008001").name
    assert "区民政经办" in text(clients["jiedao"].post("/divisions/", given, follow=True))
    assert f"原{was}" in text(clients["qu"].post("/divisions/", given, follow=True))


def test_a_year_is_entered_as_the_notice_has_it(clients):
    assert "还没有 2027 年的安排" in text(clients["jiedao"].get("/calendar/?year=2027"))
    page = clients["qu"].post("/calendar/?year=2027", YEAR)
    assert "期限从现在起按它算" in text(page)
    days = CalendarYear.objects.get().days
    assert (days.filter(working=False).count(), days.filter(working=True).count()) == (9, 2)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"off": "元旦"}, "“元旦”看不懂"),
        ({"off": "2月30日"}, "看不懂"),
        ({"off": "10月7日至1日"}, "之后一个月以内"),
        ({"working": "10月8日"}, "本来就上班"),
        ({"document": ""}, "依据"),
    ],
)
def test_a_notice_that_cannot_be_read_keeps_what_was_typed(clients, given, told):
    answer = clients["qu"].post("/calendar/?year=2027", {**YEAR, **given})
    assert answer.status_code == 400
    assert told in text(answer)
    assert (given.get("working") or YEAR["working"]) in text(answer)
    assert not CalendarYear.objects.exists()


# -- the journal


def test_the_journal_is_searched_by_who_what_and_day(clients):
    page = text(clients["shenji"].get("/journal/", {"act": "appoint", "area": "420106011"}))
    assert "420106011" in page
    assert "420106008</td>" not in page
    assert "没有这样的记录" in text(clients["shenji"].get("/journal/?since=2030-01-01"))
    assert clients["shenji"].get("/journal/?since=昨天").status_code == 400


def test_the_audit_administrator_reads_what_the_offices_did_and_nothing_of_residents(clients):
    assert Entry.objects.filter(subject_kind="registry.person").exists()
    page = text(clients["anshen"].get("/journal/"))
    assert "任命</td>" in page
    assert "registry.person:" not in page
    assert "没有这样的记录" in text(clients["anshen"].get("/journal/?subject=registry.person"))


def test_taking_the_journal_away_needs_a_purpose_and_the_right_post(clients):
    address, given = "/journal/export/", {"purpose": "年度审计"}
    assert clients["anshen"].post(address, given).status_code == 403
    assert clients["shenji"].post(address, {"purpose": " "}).status_code == 400
    journal.seal(at=Entry.objects.latest("id").at)
    answer = clients["shenji"].post(address, given)
    lines = b"".join(answer.streaming_content).splitlines()
    assert "seal" in json.loads(lines[0])
    assert Entry.objects.get(act="export-journal").purpose == "年度审计"


def test_sealing_by_hand_is_for_those_who_supervise(clients):
    assert clients["qu"].post("/journal/seal/").status_code == 403
    assert "封存" in text(clients["anshen"].post("/journal/seal/", follow=True))
