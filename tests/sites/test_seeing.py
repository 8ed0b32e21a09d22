"""The page that tells every officer what they see and what for."""

import re

import pytest

from jiekun.offices.models import Role
from jiekun.registry.access import SEES, Data, Sight


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("shequ", "入户走访、电话联系、核对身份、代为申请"),
        ("shenji", "监督检查、线索核查"),
        ("jiaoyu", "不看"),
        ("admin", "不打印、不导出居民名单"),
    ],
)
def test_each_officer_reads_what_their_post_may_state(who, told, sign_in):
    page = sign_in(who).get("/help/seeing/").content.decode()
    mine = re.search(r"<tr>(?:(?!</tr>).)*>您</span>.*?</tr>", page, re.DOTALL)
    assert told in mine[0]


def test_the_table_has_every_role_and_every_kind_of_data(sign_in):
    page = sign_in("jiaoyu").get("/help/seeing/").content.decode()
    for one in (*Role, *Data):
        assert str(one.label) in page
    masked = [way for seen in SEES.values() for way in seen.values() if way == Sight.MASKED]
    # Once more where the signs are explained.
    assert page.count("◐") == len(masked) + 1


def test_who_has_no_post_is_told_that_they_see_no_residents(sign_in):
    assert "看不到任何居民" in sign_in("gone").get("/help/seeing/").content.decode()
