"""A small district made once for the tests that only look at it."""

from __future__ import annotations

import pytest

from jiekun.demo.district import District
from jiekun.demo.make import make
from jiekun.demo.scale import Scale


@pytest.fixture(scope="session")
def district() -> District:
    return make(Scale.parse("1:100"), lambda _stage, _done: None)
