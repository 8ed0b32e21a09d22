"""The desk in a real browser: on a phone, by keyboard, with its one live part."""

import re
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


# -- a day at the desk, with keys


@pytest.fixture
def desktop(browser, address):
    """What offices have: somebody works there; anything the page complains of fails the test."""
    page = browser.new_page(viewport={"width": 1366, "height": 768}, base_url=address)
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill("qu")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/today/")
    yield page
    page.close()
    assert said == []


def focused(page):
    return page.evaluate("document.activeElement.closest('tr') && document.activeElement.href")


def test_two_letters_go_to_another_page(desktop):
    desktop.keyboard.press("g")
    desktop.keyboard.press("u")
    desktop.wait_for_url("**/unreached/")


def test_letters_walk_down_a_list_and_open_a_row(desktop):
    desktop.goto("/runs/")
    hrefs = desktop.eval_on_selector_all("tbody tr a[href]", "all => all.map(a => a.href)")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        desktop.keyboard.press(key)
        assert focused(desktop) == hrefs[at]
    desktop.keyboard.press("o")
    desktop.wait_for_url(hrefs[0])


def test_letters_are_letters_while_somebody_types(desktop):
    desktop.keyboard.press("/")
    desktop.keyboard.type("guoj/?")
    assert desktop.input_value("#find") == "guoj/?"
    assert desktop.url.endswith("/today/")
    desktop.keyboard.press("Escape")
    assert desktop.evaluate("document.activeElement.id") != "find"


def test_help_opens_over_the_page_and_gives_the_focus_back(desktop):
    button = desktop.get_by_role("link", name="帮助", exact=True)
    button.focus()
    desktop.keyboard.press("?")
    assert desktop.get_by_role("dialog").is_visible()
    assert "这一页怎么用" in desktop.evaluate("document.activeElement.textContent")
    desktop.keyboard.press("Escape")
    assert not desktop.locator("#help").is_visible()
    assert desktop.evaluate("document.activeElement.textContent") == "帮助"


def test_keys_that_are_off_do_nothing(desktop):
    desktop.goto("/account/")
    desktop.get_by_label("按单个字母办事").uncheck()
    desktop.get_by_role("button", name="就这样显示").click()
    desktop.wait_for_url("**/account/")
    desktop.keyboard.press("?")
    assert not desktop.locator("#help").is_visible()
    desktop.keyboard.press("g")
    desktop.keyboard.press("u")
    desktop.wait_for_timeout(200)
    assert desktop.url.endswith("/account/")
    desktop.get_by_label("按单个字母办事").check()
    desktop.get_by_role("button", name="就这样显示").click()
    desktop.wait_for_url("**/account/")


def test_a_stretch_of_rows_is_picked_with_shift(desktop):
    text = desktop.request.get("/unreached/?list=ask").text()
    head, row, tail = re.split(r'(<tr><td class="pick">.*?</tr>)', text, maxsplit=1)
    four = head + 4 * row + tail
    desktop.route(
        "**/unreached/**", lambda route: route.fulfill(body=four, content_type="text/html")
    )
    desktop.goto("/unreached/?list=ask")
    boxes = desktop.locator("tbody input[type=checkbox]")
    button = desktop.get_by_role("button", name="打印选中的")
    assert button.is_disabled()
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert desktop.locator("#picked output").inner_text() == "选了 3 户"
    assert button.is_enabled()
    desktop.get_by_role("button", name="选本页 4 户").click()
    desktop.get_by_role("button", name="本页都不选").click()
    assert button.is_disabled()


@pytest.mark.parametrize("width", [390, 1366])
def test_half_as_large_again_no_page_scrolls_sideways(width, desktop, village):
    looks = {"name": "looks", "value": "dark.150.1", "url": desktop.url}
    desktop.context.add_cookies([looks])
    desktop.set_viewport_size({"width": width, "height": 768})
    for page in (*PAGES[:-1], "/today/", "/help/", "/account/", "/account/activity/"):
        desktop.goto(page.format(village.home.pk, village.grandmother.pk))
        assert desktop.evaluate("document.documentElement.scrollWidth") <= width, page


def test_paper_has_no_way_to_click(desktop):
    desktop.goto("/unreached/?list=ask")
    desktop.emulate_media(media="print")
    for part in ("header.top", "#picked", ".filters", ".kept"):
        assert not desktop.locator(part).first.is_visible(), part
    assert desktop.locator("tbody tr").first.is_visible()
    assert desktop.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
