"""A merged community's families are found where it went, under both names."""

from __future__ import annotations

import pytest

from jiekun.offices import actions as offices
from jiekun.offices.models import Division, Officer

from .conftest import AT, HERE, TODAY

NEXT_DOOR = "420106008001"


@pytest.fixture
def merged(village, db):
    was, into = (Division.objects.get(code=code) for code in (HERE, NEXT_DOOR))
    offices.merge_divisions(
        into=into, divisions=[was], on=TODAY, document="武昌民政〔2024〕9 号",
        by=Officer.objects.get(username="qu"), at=AT,
    )  # fmt: skip
    return f"{into.name}（原{was.name}）"


@pytest.mark.parametrize("address", ["/unreached/?list=ask", "/recognised/", "/search/?q=李"])
def test_the_next_community_lists_the_family_under_both_names(address, village, sign_in, merged):
    page = sign_in("nextdoor").get(address).content.decode()
    assert f"/households/{village.home.pk}/" in page
    assert merged in page


def test_the_next_community_may_record_what_the_family_says(village, sign_in, merged):
    page = sign_in("nextdoor").get(f"/households/{village.home.pk}/").content.decode()
    assert merged in page
    assert "记下答案" in page
    assert "本社区" in sign_in("nextdoor").get("/").content.decode()


def test_the_old_communitys_worker_sees_the_family_no_longer(village, sign_in, merged):
    client = sign_in("shequ")
    assert client.get(f"/households/{village.home.pk}/").status_code in (403, 404)
    assert client.get("/search/?q=李").status_code == 403
