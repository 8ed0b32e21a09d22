"""What I did: my own lines of the journal, and nobody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiekun.journal.models import Entry
from jiekun.offices import actions as offices
from jiekun.offices.models import Officer

from .conftest import AT, TODAY


@pytest.fixture
def done(street):
    """The street officer changed how pages look; the district's officer did too."""
    for who in ("jiedao", "qu"):
        offices.choose_looks(
            scheme="dark", type_percent=125, shortcuts=True,
            by=Officer.objects.get(username=who), at=AT,
        )  # fmt: skip
    return street


def test_my_acts_are_listed_by_day(done, see):
    page = see("/account/activity/")
    mine = Entry.objects.filter(officer_id=Officer.objects.get(username="jiedao").pk)
    assert f"{mine.count()} 件" in page
    assert f'id="d{TODAY:%Y%m%d}"' in page
    assert "改显示" in page


def test_acts_and_days_narrow_it(done, see):
    assert "改显示 1" in see("/account/activity/", act="choose-looks")
    assert "1 件" in see("/account/activity/", act="choose-looks", since="2024-11-01")
    assert "0 件" in see("/account/activity/", act="choose-looks", until="2024-10-31")


@pytest.mark.parametrize(
    "wrong", [{"act": "fly"}, {"since": "昨天"}, {"until": "2024-13-01"}, {"officer": "qu"}]
)
def test_a_filter_nobody_knows_is_an_error(wrong, see):
    see("/account/activity/", 400, **wrong)


def test_every_role_has_its_own_and_sees_no_other(done, sign_in):
    for who in ("admin", "jiaoyu", "gone", "shenji"):
        page = sign_in(who).get("/account/activity/")
        assert page.status_code == 200, who
        assert "改显示" not in page.content.decode().partition("<main")[2].partition("</main>")[0]


def test_no_line_leads_to_a_page_one_may_not_open(done, see):
    page = see("/account/activity/", act="choose-looks")
    assert "工作人员" in page
    assert "/officers/" not in page.partition("<main")[2]


def test_it_asks_the_database_little(done):
    with CaptureQueriesContext(connection) as asked:
        done.get("/account/activity/")
    assert len(asked) <= 15
