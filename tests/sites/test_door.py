"""Nobody gets in unasked, and an address that makes no sense is refused."""

import pytest
from django.test import Client
from django.urls import get_resolver

from .conftest import PASSWORD, STREET

OPEN = {"sign-in", "sign-in-step", "sign-out", "looks"}


def addresses(village):
    """Every page's address, filled in with the family everybody looks for."""
    filled = {
        "pk": village.home.pk, "measure": "dibao", "name": "dibao", "code": STREET,
    }  # fmt: skip
    for name, (ways, *_) in get_resolver("jiekun.sites.desk.urls").reverse_dict.items():
        if isinstance(name, str) and name not in OPEN:
            text, words = ways[0]
            yield name, "/" + text % {word: filled[word] for word in words}


@pytest.mark.django_db
def test_every_page_asks_who_is_there(village, demo_day):
    for _, address in addresses(village):
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/sign-in/?next=")


def test_every_page_refuses_a_word_it_does_not_know(village, sign_in):
    client = sign_in("qu")
    for name, address in addresses(village):
        if name not in ("record", "unmasked"):
            answer = client.get(address, {"streeet": "420106008"})
            assert answer.status_code == 400, address
            assert "streeet" in answer.content.decode()


@pytest.mark.parametrize("address", ["/unreached/?street=420106008%00", "/unreached/?law=%00"])
def test_an_address_with_a_character_no_text_has_is_refused(address, see):
    assert "看不懂" in see(address, 400)


def test_a_form_with_a_character_no_text_has_is_refused(street, village):
    given = {"rural": "no", "source": "本人", "note": "说\0不清"}
    assert street.post(f"/households/{village.home.pk}/record/", given).status_code == 400


@pytest.mark.django_db
def test_a_username_with_a_character_no_text_has_opens_nothing(village, demo_day):
    answer = Client().post("/sign-in/", {"username": "jie\0dao", "password": PASSWORD})
    assert answer.status_code == 401


def test_a_word_said_twice_is_refused(see):
    assert "不止一次" in see("/unreached/?street=420106008&street=420106009", 400)


def test_a_law_that_is_no_draft_is_refused_with_those_that_are(see):
    assert "W24" in see("/", 400, law="W22")


@pytest.mark.django_db
def test_the_right_password_opens_the_page_asked_for(village, demo_day):
    words = {"username": "jiedao", "password": PASSWORD, "next": "/unreached/"}
    answer = Client().post("/sign-in/", words)
    assert answer["Location"] == "/unreached/"


@pytest.mark.django_db
def test_nobody_is_sent_to_another_site(village, demo_day):
    words = {"username": "jiedao", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/sign-in/", words)["Location"] == "/today/"


@pytest.mark.django_db
def test_a_wrong_password_is_told_plainly(village, demo_day):
    answer = Client().post("/sign-in/", {"username": "jiedao", "password": "wrong"})
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.content.decode()


@pytest.mark.django_db
def test_sign_ins_are_offered_only_in_the_demo(village, demo_day):
    assert PASSWORD in Client().get("/sign-in/").content.decode()
    demo_day.DEMO = False
    assert PASSWORD not in Client().get("/sign-in/").content.decode()


def test_who_signed_out_must_sign_in_again(street):
    street.post("/sign-out/")
    assert street.get("/").status_code == 302


def test_a_link_cannot_sign_anybody_out(street):
    assert street.get("/sign-out/").status_code == 405


def test_who_visits_an_address_for_forms_is_shown_the_way_back(see, village):
    home = f"/households/{village.home.pk}/"
    assert f'href="{home}"' in see(f"{home}record/", 405)
    assert f'href="{home}?law=W24"' in see(f"{home}unmasked/", 405, law="W24")
    assert "只用来提交" in see("/sign-out/", 405)


def test_pages_say_that_people_are_synthetic_only_in_the_demo(see, demo_day):
    assert "演示数据" in see("/")
    demo_day.DEMO = False
    assert "演示数据" not in see("/")


def test_a_page_that_is_not_there_is_told_in_chinese(see):
    assert "没有这一页" in see("/nowhere/", 404)


def test_pages_say_when_the_law_is_simulated(see, village):
    for address in ("/", "/unreached/", f"/households/{village.home.pk}/", "/measures/"):
        assert "不能据以发放" in see(address, law="W24")
        assert "不能据以发放" not in see(address)


def test_links_keep_the_law_chosen(see):
    assert 'href="/unreached/?law=W24"' in see("/", law="W24")
