"""What a family would have more, beside what it is paid already."""

from datetime import date

import pytest

from jiekun.screening.models import Kind

from .conftest import make_places, pay, screen, settle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(db):
    make_places()


ALONE = {"birth_date": date(1950, 1, 1), "tekun_assets_ok": True, "obligors_able": 0}


@pytest.mark.parametrize(("within", "kind"), [(False, Kind.REVIEW), (None, Kind.ASK)])
def test_what_is_paid_beside_a_doubt_is_still_no_gain(within, kind):
    home = settle("甲", [ALONE], household={"assets_within_limit": within})
    pay(home, "dibao", 600)
    run = screen()
    assert run.findings.get(household=home, measure="dibao").kind == kind
    assert run.findings.get(household=home, measure="tekun").kind == Kind.UNREACHED
    assert run.families.get(household=home).yearly_unreached_fen == (188_000 - 60_000) * 12
