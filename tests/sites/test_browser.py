"""The desk in a real browser: on a phone, by keyboard, with its one live part."""

import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import sync_playwright

from .conftest import PASSWORD, TODAY

pytestmark = pytest.mark.django_db


class Quiet(WSGIRequestHandler):
    def log_message(self, *words):
        """Tests say only what fails."""


def serve(server):
    server.serve_forever()
    # What this thread opened would keep the test's database from being dropped.
    connections.close_all()


@pytest.fixture(scope="module")
def address(village, django_db_blocker):
    """The desk served from this process, on the demo's day."""
    before = settings.DEMO, settings.TODAY, settings.ALLOWED_HOSTS
    settings.DEMO, settings.TODAY, settings.ALLOWED_HOSTS = True, TODAY, ["127.0.0.1"]
    with django_db_blocker.unblock():
        server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()
    settings.DEMO, settings.TODAY, settings.ALLOWED_HOSTS = before


@pytest.fixture(scope="module")
def browser(chromium, address):
    # The browser's loop runs in this thread, where Django takes all work for asynchronous.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()
        connections.close_all()


@pytest.fixture
def phone(browser, address):
    """A phone somebody has signed in on; anything it complains of fails the test."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, base_url=address)
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill("jiedao")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/")
    yield page
    page.close()
    assert said == []


PAGES = (
    "/", "/unreached/?list=ask", "/findings/?kind=ask", "/changes/", "/recognised/",
    "/households/{0}/", "/households/{0}/?law=W24", "/households/{0}/what-if/",
    "/households/{0}/why/dibao/", "/people/{1}/", "/measures/?law=W24", "/measures/dibao/",
    "/law/", "/law/W24/", "/search/?q=陈", "/demo-district/", "/unreached/?nonsense=1",
)  # fmt: skip


def test_no_page_scrolls_sideways_on_a_phone(phone, village):
    for page in PAGES:
        if "nonsense" not in page:
            phone.goto(page.format(village.home.pk, village.grandmother.pk))
            assert phone.evaluate("document.documentElement.scrollWidth") <= 390, page


def test_every_control_has_a_name(phone, village):
    unnamed = """() => [...document.querySelectorAll(
        "a, button, input:not([type=hidden]), select, summary")]
        .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim()
                       || e.labels?.length || e.value))
        .map(e => e.outerHTML)"""
    for page in PAGES[:-1]:
        phone.goto(page.format(village.home.pk, village.grandmother.pk))
        assert phone.evaluate(unnamed) == [], page


def test_what_to_ask_comes_first_on_a_phone(phone, village):
    phone.goto(f"/households/{village.home.pk}/")
    tops = [
        phone.locator(f"#{part}").bounding_box()["y"] for part in ("ask", "unreached", "family")
    ]
    assert tops == sorted(tops)


def test_trying_a_number_shows_the_change_in_place(phone, village):
    phone.goto(f"/households/{village.home.pk}/")
    field = phone.get_by_label("婆婆 周** 零工收入").last
    field.fill("600")
    field.press("Tab")
    phone.locator("#what-if-result", has_text="3,160 元/月").wait_for()
    assert phone.url.endswith(f"/households/{village.home.pk}/")


def test_a_number_that_cannot_be_is_refused_in_place(phone, village):
    phone.goto(f"/households/{village.home.pk}/")
    field = phone.get_by_label("婆婆 周** 零工收入").last
    field.fill("-5")
    field.press("Tab")
    phone.get_by_role("alert").get_by_text("不能小于").wait_for()


def test_the_keyboard_reaches_the_text_at_once(phone):
    phone.goto("/")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    assert phone.evaluate("document.activeElement.id") == "main"
