"""Every page there is, as every role sees it: few queries, no barrier, no scrolling sideways."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connections
from playwright.sync_api import sync_playwright

from .conftest import TODAY
from .pages import answers, furnish

pytestmark = pytest.mark.django_db

HOST = "http://desk.test"
MOST_QUERIES, MOST_WITH_AN_ACT = 15, 22
# What a page answers with where there is something to see, and where only a form may go.
SHOWN, FORM_ONLY, LED_ON = 200, 405, 302
# Where who is signed in already is led on.
AT_THE_DOOR = {"sign-in", "sign-in-step", "held"}
LOOKS = ((1366, "light"), (390, "dark"), (390, "light"), (1366, "dark"))

AXE = "axe.run({resultTypes: ['violations'], iframes: false})"

# A page's build without its words: parts alike, such as rows of a table, count once.
SHAPES = """
    const shape = node => {
        const own = ["class", "role", "type"].map(name => node.getAttribute(name) || "").join();
        return `${node.tagName} ${own}(${[...new Set([...node.children].map(shape))].join()})`;
    };
"""
SHAPES_OF = f"""html => {{ {SHAPES}
    const page = new DOMParser().parseFromString(html, "text/html");
    const top = page.querySelector("header.top");
    top?.remove();
    return [shape(page.body), top ? shape(top) : ""];
}}"""
# Of rows alike the third and further are taken out: axe would say of them what it said before.
THINNED = f"""() => {{ {SHAPES}
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    const thin = node => {{
        const many = new Map();
        for (const child of [...node.children]) {{
            const own = shape(child);
            many.set(own, (many.get(own) || 0) + 1);
            const row = child.matches("tr, li");
            if (row && many.get(own) > 2) child.remove(); else thin(child);
        }}
    }};
    thin(document.querySelector("main") || document.body);
}}"""


@pytest.fixture(scope="module")
def answered(village, tmp_path_factory, django_db_blocker):
    """Every answer, of a village with something on every page and keys and files of its own."""
    state = tmp_path_factory.mktemp("state")
    own = {"STATE": state, "KEY_FILE": state / "keys.json", "PAPERS": state / "papers",
           "DEMO": True, "TODAY": TODAY}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        for name, value in own.items():
            patch.setattr(settings, name, value)
        furnish(village)
        yield list(answers(village))


@pytest.fixture(scope="module")
def page(chromium):
    """A browser's page that gets the desk's styles and scripts, and axe, but asks no server."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The browser's loop runs in this thread, where Django takes all work for asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page()
        opened.route("**/static/**", _static)
        opened.add_init_script(Axe().axe_script)
        opened.said = []
        opened.on("console", lambda m: opened.said.append(m.text) if m.type == "error" else None)
        opened.on("pageerror", lambda error: opened.said.append(str(error)))
        yield opened
        browser.close()
        # What was opened beside the browser's loop would keep the database from being dropped.
        connections.close_all()


def _static(route):
    route.fulfill(path=finders.find(urlsplit(route.request.url).path.removeprefix("/static/")))


def barriers(page, address, html, looks=LOOKS):
    """What stands in somebody's way on a page, so wide and in such colours."""
    page.said.clear()

    def answer(route):
        # What a page fetches for itself is a part of a page, and comes to nothing here.
        whole = route.request.is_navigation_request()
        route.fulfill(**({"body": html, "content_type": "text/html"} if whole else {"status": 204}))

    page.route(f"{HOST}/**", answer)
    page.route("**/static/**", _static)
    found = []
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(HOST + address)
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > 390:
        found.append(f"scrolls sideways: {wide} px")
    page.evaluate(THINNED)
    for width, colours in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=colours)
        for violation in page.evaluate(AXE)["violations"]:
            places = {node["html"][:160] for node in violation["nodes"]}
            found += [f"{violation['id']} at {width} {colours}: {place}" for place in places]
    page.unroute_all()
    return found + [f"console: {line}" for line in page.said]


def builds(page, answered):
    """The answers built unlike any before: what differs in words only is looked at once."""
    known = set()
    for one in answered:
        if one.html:
            parts = set(page.evaluate(SHAPES_OF, one.html))
            if not parts <= known:
                known |= parts
                yield one


def test_every_address_is_seen_by_somebody_or_takes_forms_only(answered):
    statuses = defaultdict(set)
    for one in answered:
        statuses[one.name].add(one.status)
    unseen = {
        name: some
        for name, some in statuses.items()
        if not some & {SHOWN, FORM_ONLY} and not (name in AT_THE_DOOR and some == {LED_ON})
    }
    assert unseen == {}, "give these a sample in tests/sites/pages.py"


def test_no_page_asks_the_database_more_than_fifteen_times(answered):
    most = {
        str(one): one.queries
        for one in answered
        if one.queries > (MOST_WITH_AN_ACT if one.sent else MOST_QUERIES)
    }
    assert most == {}


def test_no_page_has_a_barrier(answered, page):
    looked, found, met = 0, [], set()
    for one in builds(page, answered):
        # The first build of a page is looked at wide and light, narrow and dark; others in turns.
        looks = LOOKS[:2] if one.name not in met else LOOKS[looked % 4 : looked % 4 + 1]
        met.add(one.name)
        looked += 1
        new = [f"{one}: {what}" for what in barriers(page, one.address, one.html, looks)]
        print(*new, sep="\n", end="\n" * bool(new), flush=True)  # noqa: T201
        found += new
    print(f"axe: {len(answered)} answers, {looked} builds, {len(found)} barriers")  # noqa: T201
    assert not found
    assert looked > 100


PLANTED = """<!doctype html><html lang="zh"><head><title>一页</title><style>
    @media (prefers-color-scheme: dark) {{ p {{ color: #ddd; background: #fff }} }}
    </style></head><body><main><h1>一页</h1>{0}</main></body></html>"""


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("<img src='/static/desk/icon.svg'>", "image-alt"),
        ("<p>暗色时看不清</p>", "color-contrast at 390 dark"),
        ("<div style='width: 500px'>宽</div>", "scrolls sideways"),
        ("<h4>跳级</h4>", "heading-order"),
        ("<script>nothing()</script>", "console: "),
        ("<details><summary>叠着</summary><input></details>", "label"),
    ],
)
def test_a_planted_barrier_is_found(page, planted, told):
    assert not [one for one in barriers(page, "/", PLANTED.format("")) if told in one]
    assert [one for one in barriers(page, "/", PLANTED.format(planted)) if told in one]
