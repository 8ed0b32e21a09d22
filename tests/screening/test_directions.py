"""What kind of change stands between two runs."""

from datetime import date

import pytest

from jiekun.registry.actions import record_fact
from jiekun.screening import queries
from jiekun.screening.models import Kind

from .conftest import (
    AT,
    EVERYWHERE,
    LAST_MONTH,
    POOR,
    TODAY,
    make_places,
    member,
    pay,
    screen,
    settle,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(db):
    make_places()


def test_a_family_merely_reached_is_no_change_in_amount():
    home = settle("甲", [{}], household=POOR)
    screen(LAST_MONTH)
    pay(home, "dibao", 940, since=TODAY)
    run = screen()
    counts = queries.change_counts(run, EVERYWHERE)["dibao"]
    assert (counts["amount"], counts["reached"]) == (0, 1)
    change = queries.changes(run, EVERYWHERE, direction="reached").get()
    assert (change.before, change.after) == (Kind.UNREACHED, Kind.RECEIVING)


def test_hours_that_became_fewer_are_a_change_in_amount():
    care = {"disability_class": "limb", "disability_level": 1, "disability_cert_valid": True,
            "adl_eat": False, "adl_dress": False, "adl_bed": False, "adl_toilet": False,
            "severe_hours_used": 0, "wage_income": 9000}  # fmt: skip
    home = settle("甲", [care], household={"low_income_recognised": True})
    screen(LAST_MONTH, ["W24"])
    record_fact(subject=member(home), fact="severe_hours_used", value=40, source="残联",
                as_of=date(2024, 10, 20), by=None, at=AT)  # fmt: skip
    change = queries.changes(screen(TODAY, ["W24"]), EVERYWHERE, direction="amount").get()
    assert change.before_quantity - change.after_quantity == 40


def test_an_amount_nobody_knows_did_not_change():
    home = settle("甲", [{}], household=POOR)
    run = screen(LAST_MONTH)
    run.changes.create(household=home, measure="dibao", before=Kind.UNREACHED,
                       after=Kind.RECEIVING)  # fmt: skip
    assert not queries.changes(run, EVERYWHERE, direction="amount").exists()


def test_changes_of_a_measure_that_has_vanished_are_still_found():
    home = settle("甲", [{}], household=POOR)
    screen(LAST_MONTH)
    record_fact(subject=member(home), fact="wage_income", value=9000, source="人社",
                as_of=date(2024, 10, 20), by=None, at=AT)  # fmt: skip
    run = screen()
    assert "dibao" not in run.totals["measures"]
    assert queries.changes(run, EVERYWHERE, measure="dibao").get().household == home
    assert queries.by_street(run, EVERYWHERE, measure="dibao") == {}
    with pytest.raises(queries.UnknownFilter, match="dibaoo"):
        queries.changes(run, EVERYWHERE, measure="dibaoo")
