"""Every list may be taken away as it is narrowed: the same columns, rows and masks, no formula."""

import io
import sys
import zipfile
from datetime import date, datetime

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from jiekun.journal.models import Entry
from jiekun.registry import pairing
from jiekun.registry.alike import alike
from jiekun.registry.looked import looks
from jiekun.registry.models import Person, Receipt
from jiekun.sites.desk import taking, urls
from jiekun.sites.desk.listed import Listed

from .conftest import AT
from .test_import_pages import BAD, CHOSEN, GOOD, bring, known  # noqa: F401 - a fixture

# Each list as somebody narrows it: whose desk, and the address. {home}, {person}, {of}: numbers.
SAMPLES = {
    "unreached": ("qu", "/unreached/?measure=dibao"),
    "findings": ("qu", "/findings/?kind=ask"),
    "changes": ("qu", "/changes/"),
    "recognised": ("jiedao", "/recognised/?category=dibao_edge"),
    "search": ("jiedao", "/search/?q=复兴路"),
    "gone": ("jiedao", "/today/gone/"),
    "duplicates": ("jiedao", "/duplicates/"),
    "imports": ("jiedao", "/imports/"),
    "import": ("jiedao", "/imports/{of}/?outcome=refused"),
    "runs": ("qu", "/runs/"),
    "measures": ("jiedao", "/measures/"),
    "parameters": ("jiedao", "/parameters/?show=missing"),
    "conflicts": ("jiedao", "/conflicts/"),
    "coverage": ("jiedao", "/law/coverage/"),
    "journal": ("shenji", "/journal/?act=import-upload"),
    "officers": ("shenji", "/officers/"),
    "activity": ("jiedao", "/account/activity/"),
    "household-looked": ("jiedao", "/households/{home}/looked/"),
    "person-looked": ("jiedao", "/people/{person}/looked/"),
}
# Made by tests of their own, or empty in this village.
ELSEWHERE = {"reform-rows", "reforms"}
# Pages with tables that are no lists: of one thing, or of what is set up once.
NO_LISTS = {
    "account": "one's own sessions", "divisions": "places, with their history folded in",
    "documents": "five documents", "district": "what the demo was fitted to",
    "today": "counts that lead to lists", "seeing": "who sees what, the same for everybody",
}  # fmt: skip
PURPOSE = {"qu": "抽查核实", "jiedao": "上级报送", "shenji": "监督检查"}


@pytest.fixture
def world(village, sign_in, known):  # noqa: F811 - the fixture of that name
    """The village, a ledger with a row to mend, and somebody who looked at a family."""
    street = sign_in("jiedao")
    _, of = bring(street, GOOD, BAD)
    street.post(f"/imports/{of.pk}/act/", CHOSEN)
    from jiekun.exchange import actions

    actions.work_off(of=of, at=AT)
    for path in (f"/households/{village.home.pk}/", f"/people/{village.grandmother.pk}/"):
        assert street.get(path).status_code == 200
    assert looks(village.home, None)
    pairs(village)
    return {"home": village.home.pk, "person": village.grandmother.pk, "of": of.pk}


def pairs(village):
    """Two pairs that may be one person, and a benefit somebody dead goes on getting."""
    rich = Person.objects.get(name="富贵")
    alikes = [alike(rich.pk, other.pk) for other in (village.grandmother, village.father)]
    pairing.note_pairs(pairs=alikes, found="nightly", by=None, at=AT)
    Receipt.objects.create(
        household=village.home, person=village.father, measure="disability_living",
        amount_fen=7_000, unit="yuan/month", since=date(2023, 9, 1),
    )  # fmt: skip


def taken(client, address, purpose="上级报送", **given):
    return client.post("/lists/take.xlsx", {"list": address, "purpose": purpose, **given})


def rows_of(answer):
    """(lines above the table, headings, rows) of a file."""
    assert answer.status_code == 200, answer.content.decode()[-400:]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    cells = book.get_sheet_by_index(0).to_python()
    empty = next(n for n, row in enumerate(cells) if not any(row))
    return [row[0] for row in cells[:empty]], cells[empty + 1], cells[empty + 2 :]


def plain(cell):
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    return str(float(cell)) if isinstance(cell, int | float) else str(cell)


def shown(cell):
    return plain(cell) if isinstance(cell, str | date) else str(float(cell))


def on_pages(client, address, monkeypatch):
    """The rows a list shows, page after page, one row a page."""
    for module in [m for name, m in sys.modules.items() if name.startswith("jiekun.sites.desk.")]:
        if hasattr(module, "A_PAGE"):
            monkeypatch.setattr(module, "A_PAGE", 1)
    found, number = [], 1
    while True:
        mark = "&" if "?" in address else "?"
        answer = client.get(f"{address}{mark}page={number}" if number > 1 else address)
        if answer.status_code != 200:
            return found
        rows = Listed(answer.content.decode()).rows
        if number > 1 and "page=" not in answer.content.decode():
            return found
        found += rows
        if len(rows) != 1:
            return found
        number += 1


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_has_the_rows_of_all_pages_of_its_list(name, world, sign_in, monkeypatch):
    who, address = SAMPLES[name]
    client, address = sign_in(who), address.format(**world)
    page = client.get(address).content.decode()
    assert "导出这个名单" in page
    rows = [[shown(cell) for cell in row] for row in on_pages(client, address, monkeypatch)]
    told, headings, found = rows_of(taken(client, address, PURPOSE[who]))
    assert rows
    assert headings == Listed(page).headings
    assert [[plain(cell) for cell in row] for row in found] == rows
    assert any("演示数据" in line for line in told)
    assert any(PURPOSE[who] in line and "已留痕" in line for line in told)


def test_every_list_has_a_sample():
    assert set(SAMPLES) | ELSEWHERE == taking.LISTS


@pytest.mark.parametrize("who", ["qu", "shenji"])
def test_every_page_with_a_list_lets_it_be_taken(who, world, sign_in):
    client = sign_in(who)
    for path in urls.urlpatterns:
        if path.pattern.converters or path.name in NO_LISTS:
            continue
        answer = client.get(reverse(f"desk:{path.name}"))
        html = "html" in answer.get("Content-Type", "")
        if answer.status_code == 200 and html and Listed(answer.content.decode()).rows:
            assert path.name in taking.LISTS, path.name


def test_the_file_says_who_took_it_and_what_for_on_every_sheet_of_paper(world, sign_in):
    answer = taken(sign_in("jiedao"), "/recognised/", note="给李科长 & 同事")
    sheet = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    for part in ("oddHeader", "oddFooter"):
        said = sheet.split(f"<{part}>")[1].split(f"</{part}>")[0]
        assert "陈静" in said
        assert "上级报送：给李科长 &amp;&amp; 同事" in said


def test_taking_a_list_is_written_down_with_whose_families_are_on_it(world, sign_in):
    taken(sign_in("jiedao"), "/recognised/?category=dibao_edge", note="月报")
    line = Entry.objects.get(act="export")
    assert (line.subject_id, line.purpose) == ("recognised", "上级报送：月报")
    assert line.data == {
        "rows": 1, "filters": {"category": "dibao_edge"}, "households": [world["home"]]
    }  # fmt: skip


@pytest.mark.parametrize("name", ["household-looked", "person-looked", "duplicates"])
def test_a_list_that_links_no_family_is_journaled_with_it_all_the_same(name, world, sign_in):
    who, address = SAMPLES[name]
    assert taken(sign_in(who), address.format(**world)).status_code == 200
    assert world["home"] in Entry.objects.get(act="export").data["households"]


def test_of_a_pair_across_streets_only_the_side_one_sees_is_journaled(world, village, sign_in):
    away = Person.objects.get(name="远方人")
    found = [alike(village.grandmother.pk, away.pk)]
    pairing.note_pairs(pairs=found, found="entry", by=None, at=AT)
    assert taken(sign_in("jiedao"), "/duplicates/?found=entry").status_code == 200
    assert Entry.objects.get(act="export").data["households"] == [world["home"]]


def test_what_was_searched_for_stays_out_of_the_file_and_the_journal(world, sign_in):
    answer = taken(sign_in("jiedao"), "/search/?q=陈雨桐")
    told, _, rows = rows_of(answer)
    assert rows
    assert "陈雨桐" not in "".join(told) + answer["Content-Disposition"]
    assert "%E9%9B%A8" not in answer["Content-Disposition"]
    assert Entry.objects.get(act="export").data["filters"] == {}


def test_a_search_that_found_too_many_does_not_say_it_is_all(world, sign_in, monkeypatch):
    monkeypatch.setattr(taking, "MOST_FOUND", 1)
    told, *_ = rows_of(taken(sign_in("jiedao"), "/search/?q=复兴路"))
    assert not any("是全部" in line for line in told)
    assert any("最多列 1 户，可能不全" in line for line in told)


def test_a_day_there_is_not_is_text_and_spoils_no_file(world, sign_in):
    for typed in ("2024-13-45", "2024-02-30"):
        taken(sign_in("jiedao"), "/measures/", typed)
    answer = taken(sign_in("shenji"), "/journal/?act=export", "监督检查")
    assert {"2024-13-45", "2024-02-30"} <= {str(cell) for row in rows_of(answer)[2] for cell in row}


def test_ones_own_acts_are_taken_with_their_day(world, sign_in):
    _, headings, rows = rows_of(taken(sign_in("jiedao"), "/account/activity/"))
    assert "2024-11-01" in {plain(row[headings.index("日期")]) for row in rows}


def test_without_a_purpose_that_is_theirs_nobody_takes_residents(world, sign_in):
    for purpose in ("", "好奇", "监督检查"):
        answer = taken(sign_in("jiedao"), "/recognised/", purpose)
        assert answer.status_code == 400, purpose
    assert "用途" in taken(sign_in("jiedao"), "/measures/", " ").content.decode()
    assert not Entry.objects.filter(act="export").exists()


@pytest.mark.parametrize(
    "address",
    ["", "/", "/nowhere/", "/households/1/", "/recognised/?category=x", "/recognised/?x=1",
     "/sign-out/", "https://elsewhere.example/unreached/", "/unreached/?measure=tekun&least=99"],
)  # fmt: skip
def test_what_is_no_list_or_an_empty_one_or_oddly_narrowed_is_refused(address, world, sign_in):
    assert taken(sign_in("jiedao"), address).status_code == 400
    assert not Entry.objects.filter(act="export").exists()


@pytest.mark.parametrize("who", ["elsewhere", "nextdoor", "jiaoyu", "admin"])
def test_nobody_takes_a_family_elsewhere(who, world, sign_in):
    for address in ("/recognised/", "/unreached/?list=ask", "/changes/", "/search/?q=复兴路"):
        answer = taken(sign_in(who), address)
        if answer.status_code == 200:
            lines = Entry.objects.filter(act="export").values_list("data", flat=True)
            assert all(world["home"] not in line["households"] for line in lines)
            assert all("陈家" not in row for row in rows_of(answer)[2])
    assert sign_in(who).get("/lists/take.xlsx").status_code == 405


def test_a_list_too_long_is_not_cut_but_refused_with_the_number(world, sign_in, monkeypatch):
    monkeypatch.setattr(taking, "MOST_EXPORTED", 1)
    answer = taken(sign_in("jiedao"), "/measures/")
    assert answer.status_code == 400
    assert "超过 1 行" in answer.content.decode()


def test_no_text_in_a_file_is_a_formula_or_a_link(world, village, sign_in):
    for name in ("=HYPERLINK(A1)", "+1+1", "-2", "@SUM(A1)", "http://x.example"):
        village.other.name = name
        village.other.save()
        answer = taken(sign_in("qu"), "/unreached/", "抽查核实")
        book = zipfile.ZipFile(io.BytesIO(answer.content))
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert name in {row[0] for row in rows_of(answer)[2]}


def test_a_file_of_a_draft_says_so(world, sign_in):
    told, _, rows = rows_of(taken(sign_in("qu"), "/unreached/?measure=dibao&law=W24", "抽查核实"))
    assert "模拟 W24 已施行" in told[0]
    assert any("条件：低保" in line for line in told)
    assert rows[0][0] == "远家"


def test_a_file_says_when_the_screening_is_old(world, sign_in, demo_day):
    demo_day.TODAY = demo_day.TODAY.replace(day=20)
    told, *_ = rows_of(taken(sign_in("qu"), "/unreached/", "抽查核实"))
    assert any("筛查是 19 天前做的" in line for line in told)
