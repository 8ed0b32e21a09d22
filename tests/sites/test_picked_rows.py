"""Rows picked on a list: exactly these on paper, for a purpose, written down, and never others'."""

import pytest

from jiekun.journal.models import Entry

ASK = "/unreached/print/?list=ask"
PURPOSE = "入户走访"


@pytest.fixture
def printed():
    def run(client, *homes, status=200, address=ASK, **words):
        given = {"purpose": PURPOSE, "household": [home.pk for home in homes], **words}
        answer = client.post(address, given)
        assert answer.status_code == status, answer.content.decode()[-400:]
        return answer

    return run


def test_the_list_says_how_many_and_what_will_happen(see):
    page = see("/unreached/", list="ask")
    assert 'form="picked" name="household"' in page
    assert "什么也不会改" in page
    assert 'action="/unreached/print/?list=ask"' in page


def test_what_was_picked_is_printed_masked_and_journaled(street, printed, village):
    page = printed(street, village.home).content.decode()
    assert "1 户" in page
    assert "12号" not in page
    assert PURPOSE in page
    line = Entry.objects.filter(act="print", subject_id="unreached").latest("pk")
    assert line.data["households"] == [village.home.pk]
    assert line.purpose == PURPOSE


def test_all_of_the_list_is_all_of_the_list(street, printed, see):
    many = see("/unreached/", list="ask").count('name="household"')
    page = printed(street, all="1").content.decode()
    assert f'<span class="chip">{many} 户</span>' in page


def test_a_family_elsewhere_is_not_printed(street, printed, village):
    answer = printed(street, village.other, status=400)
    assert "选中的家庭现在都不在这份名单上" in answer.content.decode()
    assert not Entry.objects.filter(act="print", data__households=[]).exists()


def test_what_is_on_the_list_no_more_is_counted(street, printed, village):
    page = printed(street, village.home, village.other).content.decode()
    assert "有 1 户现在不在这份名单上" in page
    assert '<span class="chip">1 户</span>' in page


@pytest.mark.parametrize(
    ("words", "said"),
    [({"household": []}, "还没有选"), ({"household": ["1 OR 1"]}, "看不懂"),
     ({"household": ["9" * 30]}, "看不懂"), ({"purpose": "好奇"}, "好奇"),
     ({"purpose": ""}, "这个用途")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(words, said, street, printed, village):
    before = Entry.objects.filter(act="print").count()
    given = {"household": [village.home.pk], **words}
    assert said in printed(street, status=400, **given).content.decode()
    assert Entry.objects.filter(act="print").count() == before


def test_a_link_prints_nothing(street):
    assert street.get("/unreached/print/").status_code == 405


def test_more_than_can_be_carried_is_refused(street, printed, village, monkeypatch):
    monkeypatch.setattr("jiekun.registry.looking.MOST_PRINTED", 0)
    assert "一次最多打印 0 行" in printed(street, village.home, status=400).content.decode()
