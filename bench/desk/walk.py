"""An officer's day: pages opened by following links, families and searches in between."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from random import Random

from .browser import Browser, Opened
from .drawn import PASSWORD, SEARCH, Drawn, kind_of

# How much oftener than any other page these are opened.
OFTEN = {
    "/households/<int:pk>/": 20, "/people/<int:pk>/": 12, "/unreached/": 8, "/today/": 5,
    "/households/<int:pk>/why/<slug:measure>/": 6, "/": 4, "/findings/": 4, "/changes/": 3,
}  # fmt: skip
SEARCHED = 30
# One in so many links under the draft is followed: it is looked at less than what is in force.
DRAFT = 10
# Links kept of one kind of page, and opened of each before anything is measured.
KEPT, OPENED = 40, 2
_LINK = re.compile(r'href="(/[^"#]*)"')


@dataclass(frozen=True)
class Step:
    """One page as it was opened: its kind, whether it came, and in how many seconds."""

    kind: str
    role: str
    status: int
    seconds: float


@dataclass
class Walker:
    """An officer with a browser, and the addresses seen so far by kind of page."""

    drawn: Drawn
    browser: Browser
    chosen: Random
    seen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    steps: list[Step] = field(default_factory=list)
    _no_page: set[str] = field(default_factory=set)

    def enter(self) -> Step:
        """Sign in."""
        opened = self.browser.sign_in(self.drawn.username, PASSWORD)
        self.seen.update({kind: list(some) for kind, some in self.drawn.addresses.items()})
        self._follow(opened)
        return Step("登录", self.drawn.role, opened.status, opened.seconds)

    def look_around(self) -> None:
        """Open some of every kind of page there is a link to."""
        often: dict[str, int] = defaultdict(int)
        while ready := [k for k in self.seen if often[k] < min(OPENED, len(self.seen[k]))]:
            for kind in ready:
                self._look(kind, self.seen[kind][often[kind]])
                often[kind] += 1

    def walk(self, until: float, think: tuple[float, float]) -> None:
        """Open page after page until then, thinking so many seconds between two."""
        kinds = [kind for kind in self.seen if kind not in self._no_page]
        weights = [_weight(kind, kinds) for kind in kinds]
        while time.monotonic() < until:
            (kind,) = self.chosen.choices(kinds, weights)
            opened = self._open(kind, self.chosen.choice(self.seen[kind]))
            self.steps.append(Step(kind, self.drawn.role, opened.status, opened.seconds))
            time.sleep(self.chosen.uniform(*think))

    def taken(self) -> list[Step]:
        """The pages opened since this was last asked."""
        steps, self.steps = self.steps, []
        return steps

    def _open(self, kind: str, address: str) -> Opened:
        """A page, or a search as the field on every page sends it: a form that leads on."""
        if kind.startswith(SEARCH):
            return self.browser.post("/search/", q=address)
        return self.browser.get(address)

    def _look(self, kind: str, address: str) -> None:
        opened = self._open(kind, address)
        if opened.status != 200 or "<html" not in opened.text[:500]:
            # A file, or a page of somebody else's.
            self._no_page.add(kind)
        self._follow(opened)

    def _follow(self, opened: Opened) -> None:
        for link in dict.fromkeys(map(unescape, _LINK.findall(opened.text))):
            if "law=" in link and self.chosen.randrange(DRAFT):
                continue
            kind = kind_of(link)
            if kind and kind not in self.drawn.addresses and link not in self.seen[kind]:
                self.seen[kind] = [*self.seen[kind], link][-KEPT:]


def _weight(kind: str, kinds: list[str]) -> float:
    if kind.startswith(SEARCH):
        return SEARCHED / sum(one.startswith(SEARCH) for one in kinds)
    return OFTEN.get(kind, 1)
