"""Take the README's pictures from a running demo: `python docs/screenshots/take.py [ADDRESS]`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = signed_in(browser.new_page(viewport=DESKTOP, base_url=address), "qu")
        home = find_home(page)
        for name, path in (
            ("overview", "/"),
            ("unreached", "/unreached/"),
            ("household", home),
            ("household-w24", f"{home}?law=W24"),
            ("why", f"{home}why/dibao/"),
            ("measure", "/measures/dibao/"),
            ("law", "/law/"),
        ):
            shoot(page, name, path)
        phone = browser.new_page(viewport=PHONE, base_url=address, device_scale_factor=2)
        shoot(signed_in(phone, "shequ"), "phone", home)
        browser.close()


def signed_in(page: Page, name: str) -> Page:
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill("jiekun-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/")
    return page


def find_home(page: Page) -> str:
    """The family that lost its breadwinner, found as an officer would."""
    page.goto("/search/?q=陈志强")
    page.goto("/search/?q=李丽萍")
    link = page.get_by_role("link", name="陈家").first.get_attribute("href")
    assert link is not None
    return link


def shoot(page: Page, name: str, path: str) -> None:
    page.goto(path)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
