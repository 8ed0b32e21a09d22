"""What twenty officers' walks come to."""

import pytest
from bench.desk.drawn import kind_of
from bench.desk.report import Phase, page, percentile
from bench.desk.walk import Step
from hypothesis import given
from hypothesis import strategies as st

TIMES = st.lists(st.floats(0.001, 9), min_size=1, max_size=60)


@given(TIMES, st.sampled_from([0.5, 0.95, 1]))
def test_a_percentile_is_a_time_that_share_did_not_exceed(times, share):
    found = percentile(times, share)
    assert found in times
    assert sum(one <= found for one in times) >= share * len(times) - 1e-9
    assert sum(one < found for one in times) < share * len(times)


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("/households/12/", "/households/<int:pk>/"),
        ("/unreached/?sort=yearly", "/unreached/"),
        ("/handbook.pdf", ""),
        ("/static/desk/desk.css", ""),
        ("/search/?q=x", ""),
    ],
)
def test_a_link_is_a_kind_of_page_or_none(link, kind):
    assert kind_of(link) == kind


def walked(*steps):
    return page("1:50", [Step("登录", "街道经办", 200, 0.5)], {}, [Phase((3, 10), 10, steps, {})])


def test_what_is_too_slow_is_named_and_an_error_counted():
    told = walked(Step("/quick/", "x", 200, 0.05), Step("/slow/", "x", 500, 0.9))
    assert "p95 超过 200 ms 的：`/slow/`。" in told
    assert "| 出错 | 1 页 |" in told


def test_when_nothing_is_too_slow_that_is_told():
    assert "都在 200 ms 以内" in walked(Step("/quick/", "x", 200, 0.05))
