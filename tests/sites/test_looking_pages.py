"""Looking behind the mask, printing, and who looked, as pages."""

import re

import pytest

from jiekun.journal.models import Entry
from jiekun.offices.models import Officer
from jiekun.registry import actions as registry
from jiekun.sites.desk.door import moment

WHOLE = ("李丽萍", "陈雨桐", "13800002210", "12号")


@pytest.fixture
def home(village):
    return f"/households/{village.home.pk}/"


@pytest.fixture
def her(village):
    return f"/people/{village.grandmother.pk}/"


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "offered", "not_offered"),
    [
        ("shequ", "入户走访", "监督检查"),
        ("jiedao2", "审批复核", "入户走访"),
        ("shenji", "监督检查", "电话联系"),
    ],
)
def test_each_role_is_offered_its_own_purposes(home, sign_in, who, offered, not_offered):
    page = text(sign_in(who).get(home))
    assert f"<option>{offered}</option>" in page
    assert f"<option>{not_offered}</option>" not in page


@pytest.mark.parametrize(("who", "purpose"), [("shenji", "电话联系"), ("shequ", "监督检查")])
def test_a_purpose_of_another_role_opens_nothing(home, her, sign_in, who, purpose):
    for address in (home, her):
        for act in ("unmasked/", "print/"):
            answer = sign_in(who).post(address + act, {"purpose": purpose})
            assert answer.status_code == 400
            assert not [word for word in WHOLE if word in text(answer)]
    assert not Entry.objects.filter(act__in=("look-unmasked", "print")).exists()


def test_a_person_is_seen_whole_once_and_not_kept_by_browsers(her, street):
    masked = text(street.get(her))
    assert "1946 年生" in masked
    assert "周桂英" not in masked
    shown = street.post(f"{her}unmasked/", {"purpose": "核对身份", "note": "补办证件"})
    assert "周桂英" in text(shown)
    assert "1946-02-09" in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert "周桂英" not in text(street.get(her))
    assert Entry.objects.get(act="look-unmasked").purpose == "核对身份：补办证件"


def test_what_is_printed_stays_masked_and_says_who_printed_it(home, her, street):
    for address in (home, her):
        page = text(street.post(f"{address}print/", {"purpose": "入户走访"}))
        assert not [word for word in WHOLE if word in page]
        marks = re.findall(r"<text [^>]*>(陈静 [\d: -]+ 入户走访)</text>", page)
        assert len(marks) == 1
        assert "陈静（街道经办）于" in page
    assert Entry.objects.filter(act="print", purpose="入户走访").count() == 2


def test_who_looked_is_told_on_pages_of_the_person_and_the_household(home, her, sign_in, street):
    sign_in("shequ").get(her)
    sign_in("qu").post(f"{home}unmasked/", {"purpose": "电话联系"})
    page = text(street.get(f"{her}looked/"))
    for said in ("周小禾", "看了个人页", "社区工作人员", "王敏", "看了全名和电话", "电话联系"):
        assert said in page
    whole = text(street.get(f"{home}looked/"))
    assert "看了全名和电话" in whole
    assert "看了个人页" not in whole
    assert f'href="{her}looked/"' in text(street.get(her))


def test_a_list_that_was_taken_away_is_told_to_each_family_on_it(village, home, sign_in, street):
    registry.take_away(
        kind="unreached", households=[village.home.pk, village.paid.pk], rows=2,
        purpose="会议研究", by=Officer.objects.get(username="jiedao"), at=moment(),
    )  # fmt: skip
    assert "导出了有这户的名单（2 行）" in text(street.get(f"{home}looked/"))
    other = sign_in("elsewhere").get(f"/households/{village.other.pk}/looked/")
    assert "有这户的名单" not in text(other)
