"""A browser with cookies and a clock, as little as a day at the desk needs."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

PATIENCE = 120


@dataclass(frozen=True)
class Opened:
    """An answer as it arrived: its status, seconds until its last byte, where it led, its text."""

    status: int
    seconds: float
    address: str
    text: str


class Browser:
    """One officer's browser at one server."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")
        self.cookies = CookieJar()
        # No proxy stands between an officer and a server on this machine.
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.cookies))

    def get(self, address: str) -> Opened:
        """A page, and whatever it leads on to."""
        return self._open(address, None)

    def post(self, address: str, **form: str) -> Opened:
        """A form sent with the mark that the page it stood on was given."""
        return self._open(address, urlencode({**form, "csrfmiddlewaretoken": self._mark()}))

    def sign_in(self, username: str, password: str) -> Opened:
        """From the sign-in page to the first page behind it. Raises RuntimeError if turned away."""
        self.get("/sign-in/")
        opened = self.post("/sign-in/", username=username, password=password)
        if opened.status != 200 or not any(c.name == "sessionid" for c in self.cookies):
            raise RuntimeError(f"{username} cannot sign in: {opened.status} {opened.address}")
        return opened

    def _mark(self) -> str:
        return next((c.value or "" for c in self.cookies if c.name == "csrftoken"), "")

    def _open(self, address: str, form: str | None) -> Opened:
        url = f"{self.root}{address}"
        began = time.perf_counter()
        try:
            answer = self._opener.open(url, form.encode() if form else None, PATIENCE)
        except HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
        seconds = time.perf_counter() - began
        led = str(answer.url).removeprefix(self.root)
        return Opened(answer.status, seconds, led, body.decode("utf-8", "replace"))


def number_in(address: str) -> int:
    """The number an address names something by."""
    found = re.search(r"/(\d+)/", address)
    assert found, address
    return int(found[1])
