"""Nobody sees a family outside their area: not in a page, a list, a count, a search or a file."""

import io
import zipfile

import pytest

from jiekun.journal.models import Entry
from jiekun.offices import actions as offices
from jiekun.offices.models import Division, Officer, Role
from jiekun.registry.models import FactRecord, Person
from jiekun.screening.models import Run

from .conftest import AT, BEFORE, main

STRANGERS = ("elsewhere", "nextdoor")
WITHOUT_FAMILIES = ("jiaoyu", "canlian", "admin", "gone")


def family_pages(village):
    home = f"/households/{village.home.pk}/"
    return (
        home,
        f"{home}what-if/",
        f"{home}why/dibao/",
        f"/people/{village.father.pk}/",
        f"/people/{village.grandmother.pk}/",
    )


LISTS = (
    "/", "/unreached/", "/unreached/?list=ask", "/findings/?kind=unreached", "/changes/",
    "/findings/?kind=review", "/findings/?kind=ask", "/recognised/", "/search/?q=陈志强",
    "/search/?q=李", "/search/?q=chen", "/search/?q=复兴路",
)  # fmt: skip


@pytest.mark.parametrize("who", STRANGERS)
def test_a_family_elsewhere_is_not_there(who, village, sign_in):
    client = sign_in(who)
    for address in family_pages(village):
        assert client.get(address).status_code == 404, address


def test_who_moved_away_and_died_later_is_not_shown_where_they_lived(village, sign_in):
    village.father.memberships.update(until=BEFORE)
    client = sign_in("jiedao")
    assert client.get(f"/people/{village.father.pk}/").status_code == 404
    assert "原户主" not in client.get(f"/households/{village.home.pk}/").content.decode()


@pytest.mark.parametrize("who", WITHOUT_FAMILIES)
def test_posts_without_families_see_none(who, village, sign_in):
    client = sign_in(who)
    for address in (*family_pages(village), *LISTS[1:]):
        assert client.get(address).status_code == 403, address


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("law", ["", "W24"])
def test_no_list_names_a_family_elsewhere(who, law, village, sign_in):
    client = sign_in(who)
    for address in LISTS:
        page = client.get(address + ("&" if "?" in address else "?") + f"law={law}")
        assert page.status_code == 200
        assert f"/households/{village.home.pk}/" not in page.content.decode(), address


def test_counts_stop_at_the_area(sign_in):
    page = sign_in("nextdoor").get("/").content.decode()
    assert "0 人，0 户" in page


@pytest.mark.parametrize(
    ("who", "there"), [("jiedao", True), ("elsewhere", False), ("nextdoor", False)]
)
def test_files_stop_at_the_area(who, there, sign_in):
    asked = {"list": "/unreached/?list=ask", "purpose": "上级报送"}
    answer = sign_in(who).post("/lists/take.xlsx", asked)
    if answer.status_code == 400:
        # A list of nobody leaves no file.
        assert not there
        return
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    # Since its head died the family is called by the next one's name.
    assert ("李家" in book.read("xl/sharedStrings.xml").decode()) is there


@pytest.mark.parametrize(
    "address", ["/unreached/?list=ask", "/changes/", "/recognised/", "/search/?q=李"]
)
def test_the_familys_own_street_does_find_it(address, village, sign_in):
    page = sign_in("jiedao").get(address).content.decode()
    assert f"/households/{village.home.pk}/" in page


def test_measures_offered_are_those_somebody_here_waits_for(sign_in):
    assert 'value="dibao"' in sign_in("elsewhere").get("/unreached/").content.decode()
    assert 'value="dibao"' not in sign_in("nextdoor").get("/unreached/").content.decode()


def test_a_refused_measure_does_not_tell_what_others_were_found_to_have(sign_in):
    client, wrong = sign_in("nextdoor"), {"measure": "dibaoo"}
    with_findings = client.get("/unreached/", wrong)
    assert with_findings.status_code == 400
    Run.objects.update(totals={})
    assert client.get("/unreached/", wrong).content == with_findings.content
    assert client.get("/unreached/", {"measure": "dibao"}).status_code == 200


def test_a_filter_for_another_street_is_refused(sign_in):
    assert sign_in("elsewhere").get("/unreached/?street=420106008").status_code == 400


@pytest.mark.parametrize("who", [*STRANGERS, *WITHOUT_FAMILIES])
def test_nobody_writes_into_a_family_elsewhere(who, village, sign_in):
    before = FactRecord.objects.count()
    answer = sign_in(who).post(f"/households/{village.home.pk}/record/", {"rural": "yes"})
    assert answer.status_code in (403, 404)
    assert FactRecord.objects.count() == before


def test_an_auditor_reads_and_does_not_write(village, sign_in):
    client, address = sign_in("shenji"), f"/households/{village.home.pk}/"
    assert "<summary>记下答案" not in client.get(address).content.decode()
    assert client.post(f"{address}record/", {"rural": "yes"}).status_code == 403


def test_who_records_in_one_area_only_reads_in_another(village, sign_in):
    client, address = sign_in("shenji"), f"/households/{village.home.pk}/"
    offices.appoint(
        officer=Officer.objects.get(username="shenji"), role=Role.COMMUNITY_WORKER,
        area=Division.objects.get(code="420106008001"), since=BEFORE, by=None, at=AT,
    )  # fmt: skip
    assert "<summary>记下答案" not in client.get(address).content.decode()
    assert "记下或更正" not in main(client.get(f"/people/{village.grandmother.pk}/"))
    assert client.post(f"{address}record/", {"rural": "yes"}).status_code == 403


def test_a_long_name_found_is_masked_as_any_other(village, sign_in):
    Person.objects.filter(pk=village.grandmother.pk).update(name="欧阳阿依古丽")
    page = sign_in("jiedao").get("/search/", {"q": "欧阳"}).content.decode()
    assert "欧**" in page
    assert "阿依古丽" not in page


def test_a_family_is_masked(village, sign_in):
    page = sign_in("jiedao").get(f"/households/{village.home.pk}/").content.decode()
    for kept in ("李丽萍", "陈雨桐", "13800002210", "12号"):
        assert kept not in page
    assert "138****2210" in page


def test_looking_behind_the_mask_takes_a_purpose_and_is_written_down(village, sign_in):
    client, address = sign_in("jiedao"), f"/households/{village.home.pk}/unmasked/"
    assert client.post(address, {"purpose": "好奇"}).status_code == 400
    page = client.post(address, {"purpose": "电话联系"}).content.decode()
    assert "李丽萍" in page
    assert "13800002210" in page
    assert Entry.objects.get(act="look-unmasked").purpose == "电话联系"


@pytest.mark.parametrize("who", [*STRANGERS, *WITHOUT_FAMILIES])
def test_nobody_looks_behind_the_mask_elsewhere(who, village, sign_in):
    address = f"/households/{village.home.pk}/unmasked/"
    assert sign_in(who).post(address, {"purpose": "电话联系"}).status_code in (403, 404)
    assert not Entry.objects.filter(act="look-unmasked").exists()


def test_taking_a_list_away_is_written_down(sign_in):
    asked = {"list": "/unreached/?list=ask", "purpose": "上级报送"}
    sign_in("jiedao").post("/lists/take.xlsx", asked)
    entry = Entry.objects.get(act="export")
    assert (entry.officer_name, entry.data["rows"], entry.purpose) == ("陈静", 1, "上级报送")
