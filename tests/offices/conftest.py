"""The district's own officers, and a number nobody has found yet."""

from datetime import date
from decimal import Decimal

import pytest

from jiekun.offices import actions
from jiekun.offices.models import Officer

DISTRICT = "420106"


@pytest.fixture
def officers(db, at):
    """The demo's officers by name."""
    actions.seed_wuchang(at=at)
    actions.seed_departments(at=at)
    actions.seed_demo_officers(at=at)
    return {officer.username: officer for officer in Officer.objects.all()}


@pytest.fixture
def propose(officers, at):
    """Proposes the urban standard of 2025, which ships as unknown; anything may be changed."""

    def run(value="1000", by="qu", **more):
        words = {
            "name": "dibao_standard_urban", "place": DISTRICT, "since": date(2025, 1, 1),
            "until": None, "unit": "yuan/month", "source": "区文〔2025〕1 号", "cites": "", **more,
        }  # fmt: skip
        return actions.propose_value(value=Decimal(value), by=officers[by], at=at, **words)

    return run


@pytest.fixture
def read_as(officers, at):
    """Proposes a reading of what low income takes in."""

    def run(option="recognised_only", by="qu", **more):
        words = {"topic": "low_income_scope", "place": DISTRICT, "since": date(2024, 1, 1), **more}
        source = words.pop("source", "2024 年第 3 次局务会")
        return actions.propose_reading(
            option=option, source=source, by=officers[by], at=at, **words
        )

    return run


@pytest.fixture
def confirm(officers, at):
    return lambda choice, by="quzhang": actions.confirm(choice=choice, by=officers[by], at=at)


@pytest.fixture
def withdraw(officers, at):
    def run(choice, by="qu", why="看错了文件"):
        return actions.withdraw(choice=choice, why=why, by=officers[by], at=at)

    return run
