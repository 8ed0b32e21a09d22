import pytest

from jiekun.screening import queries
from jiekun.screening.models import AreaTally, Kind

from .conftest import DISTRICT, EVERYWHERE, HOME, TODAY, member

pytestmark = pytest.mark.django_db


def dibao(run, home):
    found = run.findings.filter(household=home, measure="dibao")
    return found.get() if found else None


@pytest.mark.parametrize("kind", ["UNREACHED", "RECEIVING", "ASK", "JUDGE", "NEAR", "REVIEW"])
def test_each_family_is_found_as_what_it_is(run, village, kind):
    assert dibao(run, village[kind.lower()]).kind == Kind[kind]


def test_the_unreached_carry_what_the_law_gives_them(run, village):
    found = dibao(run, village["unreached"])
    assert (found.amount_fen, found.unit, found.yearly_fen) == (188_000, "yuan/month", 2_256_000)


def test_who_receives_less_than_due_shows_both_amounts(run, village):
    found = dibao(run, village["receiving"])
    assert (found.amount_fen, found.received_fen) == (94_000, 80_000)


def test_the_possibly_entitled_name_the_fact_to_ask(run, village):
    assert dibao(run, village["ask"]).missing == ["wage_income"]


def test_a_persons_judgment_is_no_question_for_the_family(run, village):
    assert dibao(run, village["judge"]).missing == ["rigid_deduction"]
    assert queries.family_summary(run, EVERYWHERE, village["judge"].pk) is None


def test_a_near_miss_tells_the_condition_and_by_how_much(run, village):
    found = dibao(run, village["near"])
    assert (found.condition, found.gap, found.unit) == ("dibao_eligible", 6_000, "yuan/month")


def test_more_than_a_tenth_over_is_not_near(run, village):
    assert dibao(run, village["far"]) is None


def test_an_open_answer_of_somebody_paid_is_nothing_to_hunt_for(run, village):
    found = dibao(run, village["unsure"])
    assert (found.kind, found.received) == (Kind.ASK, True)
    assert queries.family_summary(run, EVERYWHERE, village["unsure"].pk) is None


def test_a_receipt_that_has_ended_is_none(run, village):
    assert dibao(run, village["none"]) is None


def test_money_for_somebody_no_longer_there_is_for_review(run, village):
    found = run.findings.get(household=village["none"])
    assert (found.measure, found.kind, found.person.name) == ("tekun", Kind.REVIEW, "亡")


def test_a_receipt_this_law_does_not_know_is_counted_not_judged(run):
    assert run.totals["notes"] == {"outside": 1}


def test_an_unset_standard_makes_the_answer_unset(next_year, village):
    found = dibao(next_year, village["unreached"])
    assert (found.kind, found.missing) == (Kind.UNSET, ["dibao_standard_urban"])


def test_what_covers_everybody_is_counted_but_never_listed(simulated):
    assert simulated.totals["measures"]["public_insurance"]["covered"] > 0
    assert not simulated.findings.filter(measure="public_insurance").exists()


def test_totals_agree_with_the_rows(run):
    for measure, counts in run.totals["measures"].items():
        for kind in set(Kind) - {Kind.COVERED}:
            rows = run.findings.filter(measure=measure, kind=kind)
            assert rows.count() == counts.get(kind.name.lower(), 0)


def test_everybody_is_counted_once(run, village):
    here = AreaTally.objects.get(run=run, community_code=HOME)
    assert (here.people, here.households) == (12, 10)
    assert (run.people, run.households) == (13, 11)


def test_people_are_counted_in_their_age_band(simulated):
    ages = queries.by_age(simulated, EVERYWHERE, "public_insurance")
    assert sum(ages.values()) == simulated.totals["measures"]["public_insurance"]["covered"]
    assert ages.keys() <= {0, 6, 16, 18, 60, 70, 80}


def test_a_run_says_what_it_was(run):
    assert (run.place, run.on, run.state, run.simulate) == (DISTRICT, TODAY, "done", [])


def test_a_persons_finding_names_the_person(simulated, village):
    found = simulated.findings.get(household=village["pupil"], measure="kindergarten_fee")
    assert found.person_id == member(village["pupil"], 1).pk
