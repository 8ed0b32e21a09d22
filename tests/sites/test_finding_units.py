"""The rows behind a number say amounts and gaps in the units they are counted in."""

import pytest

from jiekun.registry.models import Receipt
from jiekun.screening.models import Kind, Run

from .conftest import BEFORE, TODAY

pytestmark = pytest.mark.django_db


def test_what_somebody_is_paid_a_year_is_said_a_year(village, see):
    Receipt.objects.create(household=village.home, measure="dibao", amount_fen=120_000,
                           unit="yuan/year", since=BEFORE)  # fmt: skip
    run = Run.objects.get(on=TODAY, simulate=[])
    run.findings.create(household=village.home, measure="dibao", kind=Kind.REVIEW, received=True,
                        received_fen=120_000, community_code=village.home.community_id,
                        street_code=village.home.street_code)  # fmt: skip
    assert "在领 1,200 元/年" in see("/findings/", kind="review", measure="dibao")


@pytest.mark.parametrize(
    ("gap", "unit", "told"), [(1, "month", "差 1 个月"), (6_000, "yuan/month", "差 60 元/月")]
)
def test_a_near_miss_is_told_in_the_unit_of_what_is_compared(gap, unit, told, village, see):
    run = Run.objects.get(on=TODAY, simulate=[])
    run.findings.create(household=village.home, measure="dibao", kind=Kind.NEAR, received=False,
                        condition="dibao_eligible", gap=gap, unit=unit,
                        community_code=village.home.community_id,
                        street_code=village.home.street_code)  # fmt: skip
    assert told in see("/findings/", kind="near", measure="dibao")
