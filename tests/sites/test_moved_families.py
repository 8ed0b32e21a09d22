"""Families and people that moved to another street after the screening: left out, and told."""

import pytest

from jiekun.offices.models import Division
from jiekun.registry import actions as registry
from jiekun.registry.models import Person, Recognition
from jiekun.screening.models import Change, Run

from .conftest import AT, BEFORE, THERE, TODAY, settle
from .test_taking_lists import rows_of, taken

LISTS = ["/unreached/?list=ask", "/findings/?kind=ask", "/changes/"]


@pytest.fixture
def moved(village, db):
    """The family went over to another street; one that stays has rows of its own."""
    stays = settle("留", [("留下", "02", {})])
    run = Run.objects.get(on=TODAY, simulate=[])
    for rows in (run.families, run.findings, run.changes):
        for row in rows.filter(household=village.home):
            row.pk, row.household, row.person = None, stays, None
            row.save(force_insert=True)
    registry.move_household(
        household=village.home, community=Division.objects.get(pk=THERE), address="中北路1号",
        on=TODAY, by=None, at=AT,
    )  # fmt: skip
    return stays


@pytest.mark.parametrize("address", LISTS)
def test_a_family_that_moved_is_left_out_and_counted(address, moved, village, see):
    page = see(address)
    assert f"/households/{village.home.pk}/" not in page
    assert f"/households/{moved.pk}/" in page
    assert "搬出辖区的" in page


@pytest.mark.parametrize("address", LISTS)
def test_a_list_may_be_taken_though_a_family_moved(address, moved, street):
    told, _, rows = rows_of(taken(street, address))
    assert rows
    assert any("搬出辖区的" in line for line in told)


@pytest.mark.parametrize("address", LISTS)
def test_the_district_still_sees_the_family(address, moved, village, sign_in):
    page = sign_in("qu").get(address).content.decode()
    assert f"/households/{village.home.pk}/" in page
    assert "搬出辖区的" not in page


def test_a_person_who_moved_is_not_told_as_the_whole_family(village, see):
    away = Person.objects.get(name="远方人")
    Change.objects.filter(household=village.home).update(person=away)
    Recognition.objects.create(household=village.home, person=away, category="tekun", since=BEFORE)
    assert "辖区外的人" in see("/changes/")
    assert "辖区外的人" in see("/recognised/", category="tekun")
