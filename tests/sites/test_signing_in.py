"""From the password to being in: codes, new passwords, sessions that end, forms that are kept."""

import base64
import re
import time
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp.oath import TOTP

from jiekun.journal.models import Entry
from jiekun.law.facts import FACTS
from jiekun.offices.models import Authenticator, Division, Officer, RecoveryCode
from jiekun.sites import desk
from jiekun.sites.desk import typed

from .conftest import HERE, PASSWORD

pytestmark = pytest.mark.usefixtures("village", "db", "demo_day")

FIREFOX = {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"}


@pytest.fixture
def real(settings):
    """A place that is no demo: posts such as the street officer's need a second factor."""
    settings.DEMO = False


@pytest.fixture(autouse=True)
def clean(village):
    yield
    Authenticator.objects.all().delete()
    Officer.objects.filter(username="jiedao").update(
        password=make_password(PASSWORD), must_change_password=False, sessions_ended=0
    )


def give_password(client, password=PASSWORD, username="jiedao"):
    words = {"username": username, "password": password, "next": "/measures/"}
    return client.post("/sign-in/", words, **FIREFOX)


def code_of(page, ahead=0):
    """The code an app shows that read the letters on the page."""
    letters = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    clock = TOTP(base64.b32decode(letters))
    clock.time = time.time() + ahead
    return f"{clock.token():06}"


def bind(client):
    """Signs in for the first time and binds an app; the recovery codes and the app's page."""
    assert give_password(client)["Location"] == "/sign-in/step/"
    page = client.get("/sign-in/step/").content.decode()
    told = client.post("/sign-in/step/", {"code": code_of(page)}).content.decode()
    return re.findall(r"<code>([a-z0-9-]+)</code>", told), page


def is_in(client):
    return client.get("/measures/").status_code == 200


def test_in_the_demo_a_password_is_enough():
    client = Client()
    assert give_password(client)["Location"] == "/measures/"
    assert is_in(client)


def test_a_post_that_needs_it_binds_an_app_first(real):
    client = Client()
    codes, _ = bind(client)
    assert (len(codes), is_in(client)) == (8, False)
    assert client.post("/sign-in/step/")["Location"] == "/measures/"
    assert is_in(client)
    entry = Entry.objects.filter(act="sign-in").latest("id")
    assert entry.data == {"browser": "其他浏览器/其他系统", "address": "127.0.0.1"}


def test_next_time_a_code_is_asked_and_taken_once(real):
    _, page = bind(Client())
    code = code_of(page, ahead=30)
    client = Client()
    give_password(client)
    assert not is_in(client)
    assert client.post("/sign-in/step/", {"code": "000000"}).status_code == 401
    assert client.post("/sign-in/step/", {"code": code})["Location"] == "/measures/"
    other = Client()
    give_password(other)
    assert other.post("/sign-in/step/", {"code": code}).status_code == 401


def test_a_recovery_code_opens_the_door_once(real):
    codes, _ = bind(Client())
    for status in (302, 401):
        client = Client()
        give_password(client)
        answer = client.post("/sign-in/step/", {"code": codes[0].upper().replace("-", " ")})
        assert answer.status_code == status
    assert codes[0].replace("-", "") not in str(list(RecoveryCode.objects.values()))


def test_wrong_codes_lock_as_wrong_passwords_do(real):
    codes, _ = bind(Client())
    client = Client()
    give_password(client)
    for _ in range(5):
        client.post("/sign-in/step/", {"code": "000000"})
    assert client.post("/sign-in/step/", {"code": codes[0]}).status_code == 401
    assert give_password(Client()).status_code == 401


def test_without_the_password_no_step_is_open(real):
    client = Client()
    assert client.post("/sign-in/step/", {"code": "1"})["Location"].startswith("/sign-in/")


def test_a_password_somebody_else_made_must_be_changed():
    Officer.objects.filter(username="jiedao").update(must_change_password=True)
    client, new = Client(), {"new": "tall-Pagoda-9", "again": "tall-Pagoda-9"}
    give_password(client)
    for wrong, told in (
        ({"old": PASSWORD, **new, "again": "x"}, "两次"),
        ({"old": "wrong", **new}, "原来的密码不对"),
        ({"old": PASSWORD, "new": "123", "again": "123"}, "密码"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "不一样"),
    ):
        answer = client.post("/sign-in/step/", wrong)
        assert (answer.status_code, told in answer.content.decode()) == (401, True)
        assert not is_in(client)
    assert client.post("/sign-in/step/", {"old": PASSWORD, **new})["Location"] == "/measures/"
    assert is_in(client)
    assert not Officer.objects.get(username="jiedao").must_change_password


def test_a_session_left_alone_ends(street, settings):
    street.get("/measures/")
    session = street.session
    session["seen"] = time.time() - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert street.get("/measures/").status_code == 302


def test_a_session_ends_after_a_working_day_however_busy(street, settings):
    street.get("/measures/")
    session = street.session
    session["began"] = time.time() - settings.SESSION_COOKIE_AGE - 1
    session.save()
    assert street.get("/measures/").status_code == 302


def test_all_sessions_end_with_one_click(sign_in):
    here, there = sign_in("jiedao"), sign_in("jiedao")
    assert is_in(there)
    assert here.post("/account/", {"act": "everywhere"}).status_code == 302
    assert not is_in(here)
    assert not is_in(there)


def test_a_changed_password_ends_the_other_sessions(sign_in):
    here, there = sign_in("jiedao"), sign_in("jiedao")
    words = {"act": "password", "old": PASSWORD, "new": "tall-Pagoda-9", "again": "tall-Pagoda-9"}
    here.post("/account/", words)
    assert is_in(here)
    assert not is_in(there)


def test_who_is_signed_in_hears_of_another_sign_in_once(street):
    street.get("/measures/")
    give_password(Client())
    assert "Firefox/Windows" in street.get("/measures/").content.decode()
    assert "在别处登录过" not in street.get("/measures/").content.decode()


def test_the_account_tells_where_it_was_used(street):
    give_password(Client())
    page = street.get("/account/").content.decode()
    assert "Firefox/Windows" in page
    assert "127.0.0.1" in page


def test_what_was_typed_into_an_ended_session_is_offered_again(village, street):
    address = f"/households/{village.home.pk}/record/"
    typed = {"rural": "no", "source": "本人", "note": '<b>门口有"狗"</b>', "password": "secret"}
    street.logout()
    answer = street.post(
        address, typed, HTTP_REFERER=f"http://testserver/households/{village.home.pk}/"
    )
    assert answer["Location"] == f"/sign-in/?next=/households/{village.home.pk}/"
    assert "还在" in street.get(answer["Location"]).content.decode()
    assert give_password(street)["Location"] == "/sign-in/held/"
    page = street.get("/sign-in/held/").content.decode()
    assert f'action="{address}"' in page
    assert 'name="note" value="&lt;b&gt;门口有&quot;狗&quot;&lt;/b&gt;"' in page
    assert f"<td>{FACTS['rural'].label}</td><td>否</td>" in page
    assert "<td>rural</td>" not in page
    assert "secret" not in page
    assert street.post("/sign-in/held/")["Location"] == "/"
    assert street.get("/sign-in/held/")["Location"] == "/"


def test_a_form_of_another_session_is_offered_again(village, sign_in):
    address = f"/households/{village.home.pk}/record/"
    typed = {"rural": "no", "source": "本人", "csrfmiddlewaretoken": "x" * 64}
    client = sign_in()
    client.handler.enforce_csrf_checks = True
    answer = client.post(address, typed, HTTP_ORIGIN="http://testserver")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/held/")
    assert f'action="{address}"' in client.get("/sign-in/held/").content.decode()
    client.cookies.clear()
    answer = client.post(address, typed, HTTP_ORIGIN="http://testserver")
    assert answer["Location"].startswith("/sign-in/?")


@pytest.mark.parametrize("origin", ["http://elsewhere.test", "null", ""])
def test_what_a_page_elsewhere_sends_is_kept_for_nobody(origin, village, sign_in):
    client = sign_in()
    client.handler.enforce_csrf_checks = True
    answer = client.post("/looks/", {"scheme": "dark"}, HTTP_ORIGIN=origin)
    assert (answer.status_code, "没有提交" in answer.content.decode()) == (403, True)
    assert "held" not in client.session


def test_a_piece_of_a_page_asked_for_after_the_end_sends_the_whole_page_away(street):
    street.logout()
    answer = street.get("/search/?q=x", HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["HX-Redirect"][:10]) == (204, "/sign-in/?")


def test_every_field_of_every_form_has_a_name_in_words():
    names = set()
    for template in (Path(desk.__file__).parent / "templates" / "desk").glob("*.html"):
        names |= set(re.findall(r'<(?:input|select|textarea)[^>]*? name="([^"{]+)"',
                                template.read_text()))  # fmt: skip
    assert len(names) > 30
    assert names - typed.LABELS.keys() - typed.CARRIED == set()


def test_what_was_typed_is_shown_in_the_words_of_its_form():
    shown = typed.told(
        [("wage_income@7", "600"), ("employed@7", "yes"), ("seen", "4"), ("goes-7", "10"),
         ("on", "2024-11-01"), ("reason", " "), ("scope", "sharing"), ("ground", "consent"),
         ("sex", "female"), ("note", "sharing"), ("community", HERE),
         ("category", "low_income")]
    )  # fmt: skip
    assert shown == [
        (FACTS["wage_income"].label, "600 元/月"), (FACTS["employed"].label, "是"),
        ("分出去的人，在新户里", "配偶"), ("从哪天起", "2024-11-01"),
        ("用于什么", "向其他部门提供"), ("凭什么", "本人书面同意"), ("性别", "女"),
        ("备注", "sharing"), ("社区", Division.objects.get(pk=HERE).name),
        ("认定为", "低收入认定"),
    ]  # fmt: skip
