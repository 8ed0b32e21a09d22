"""Numbers and readings of a district: one officer proposes, another confirms."""

from datetime import date
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from jiekun.journal.models import Entry
from jiekun.offices import steps
from jiekun.offices.actions import RefusedError
from jiekun.offices.choices import ParameterChoice, ReadingChoice, State
from jiekun.offices.chosen import as_recorded, keeper, law_for
from jiekun.offices.models import Division, Post, Role

from .conftest import DISTRICT

TODAY = date(2024, 11, 1)


def standard(on, place=DISTRICT):
    program = law_for(place, TODAY).program(on=on, place=place)
    dated = program.parameters["dibao_standard_urban"].dated
    return dated and dated.value


def test_a_proposal_changes_nothing(propose):
    propose()
    assert standard(date(2025, 3, 1)) is None


def test_a_confirmed_number_is_the_laws_from_its_day_on(propose, confirm):
    confirm(propose())
    assert standard(date(2024, 12, 31)) == 940
    assert standard(date(2025, 1, 1)) == 1000


def test_a_withdrawn_number_is_as_if_never_set(propose, confirm, withdraw):
    withdraw(confirm(propose()))
    assert standard(date(2025, 3, 1)) is None


def test_a_confirmed_reading_applies_from_its_day_on(read_as, confirm):
    confirm(read_as(since=date(2024, 6, 1)))
    assert law_for(DISTRICT, date(2024, 5, 31)).readings == {}
    assert law_for(DISTRICT, TODAY).readings == {"low_income_scope": "recognised_only"}


def test_the_later_reading_counts(read_as, confirm):
    confirm(read_as(since=date(2024, 6, 1)))
    confirm(read_as("edge_in", since=date(2024, 9, 1)))
    assert law_for(DISTRICT, TODAY).readings == {"low_income_scope": "edge_in"}


def test_without_any_choice_the_law_is_the_shipped_one_itself(db):
    assert law_for(DISTRICT, TODAY).law is keeper.law()


def test_the_same_choices_give_the_same_law_and_its_programs(propose, confirm):
    confirm(propose())
    assert law_for(DISTRICT, TODAY).law is law_for(DISTRICT, TODAY).law


def test_what_was_chosen_can_be_worked_out_again_from_its_record(
    propose, confirm, withdraw, read_as
):
    number = confirm(propose("1000.5", until=date(2025, 12, 31)))
    confirm(read_as())
    record = law_for(DISTRICT, TODAY).as_json()
    withdraw(number)
    again = as_recorded(record)
    program = again.program(on=date(2025, 3, 1), place=DISTRICT)
    assert str(program.parameters["dibao_standard_urban"].dated.value) == "1000.5"
    assert again.as_json() == record


def test_a_number_the_law_outgrew_is_told_and_not_used(propose, confirm, monkeypatch):
    confirm(propose())
    law = keeper.law()
    fewer = {name: p for name, p in law.parameters.items() if name != "dibao_standard_urban"}
    monkeypatch.setattr(law, "parameters", fewer)
    monkeypatch.setattr(keeper, "kept", lambda: (law, "another law"))
    (problem,) = law_for(DISTRICT, TODAY).problems
    assert "dibao_standard_urban" in problem


def test_a_broken_law_file_is_told_and_the_last_good_law_stays(db, monkeypatch):
    monkeypatch.setattr(keeper, "problem", "wuhan/dibao/parameters.yaml:3: no unit")
    found = law_for(DISTRICT, TODAY)
    assert "parameters.yaml:3" in found.problems[0]
    assert found.law is keeper.law()


# -- the workflow as a table


MAY = {
    ("propose", None): {"district_officer"},
    ("confirm", "proposed"): {"district_leader"},
    ("withdraw", "proposed"): {"district_officer", "district_leader"},
    ("withdraw", "confirmed"): {"district_officer", "district_leader"},
}


@pytest.mark.parametrize("state", [None, *State.values])
@pytest.mark.parametrize("act", steps.WORDS)
def test_each_role_may_do_in_each_state_what_the_table_says_and_no_more(officers, at, act, state):
    choice = None if state is None else ParameterChoice(state=state, proposed_by_id=-1)
    for role, officer in product(Role.values, [officers["shequ"]]):
        Post.objects.filter(officer=officer).update(role=role, area=DISTRICT)
        told = steps.hindrance(act, choice, place=DISTRICT, by=officer, on=TODAY)
        assert (told == "") == (role in MAY.get((act, state), set())), role


def test_an_officer_of_elsewhere_may_not(officers):
    Post.objects.filter(officer=officers["qu"]).update(area="420106008")
    told = steps.hindrance("propose", None, place=DISTRICT, by=officers["qu"], on=TODAY)
    assert "本区的区民政经办" in told


def test_nobody_confirms_their_own_proposal_whatever_their_posts(propose, officers, confirm):
    post = Post.objects.get(officer=officers["qu"])
    Post.objects.create(
        officer=officers["qu"], role=Role.DISTRICT_LEADER, area=post.area, since=post.since
    )
    with pytest.raises(RefusedError, match="提出的人不能自己确认"):
        confirm(propose(), by="qu")


def test_a_refused_act_leaves_nothing_behind(propose, confirm):
    choice = propose()
    with pytest.raises(RefusedError):
        confirm(choice, by="qu")
    assert ParameterChoice.objects.get().state == State.PROPOSED
    assert not Entry.objects.filter(act="confirm-choice").exists()


def test_every_step_is_journaled_with_who_took_it(propose, confirm, withdraw):
    withdraw(confirm(propose()), by="quzhang")
    acts = Entry.objects.filter(subject_kind="offices.parameterchoice").order_by("id")
    told = [(entry.act, entry.officer_name) for entry in acts]
    assert told == [
        ("propose-value", "王敏"), ("confirm-choice", "张志远"), ("withdraw-choice", "张志远"),
    ]  # fmt: skip


# -- what is refused


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "dibao_standart_urban"}, "最接近的是 dibao_standard_urban"),
        ({"unit": "yuan/year"}, "单位是元/月"),
        ({"source": " "}, "没有写出处"),
        ({"cites": "W24-2"}, "还是草案"),
        ({"cites": "W22-99"}, "没有哪份文件有 W22-99"),
        ({"until": date(2024, 12, 31)}, "早于起始日"),
        ({"since": date(202, 1, 1)}, "起始日要在"),
        ({"since": date(2224, 1, 1)}, "起始日要在"),
        ({"value": "-1"}, "不小于 0"),
        ({"value": "NaN"}, "不小于 0"),
        ({"value": "sNaN"}, "不小于 0"),
        ({"value": "Infinity"}, "不小于 0"),
        ({"value": "1e25"}, "太长"),
        ({"value": "-1e25"}, "太长"),
        ({"value": "1e999999"}, "太长"),
        ({"value": "1.0000001"}, "六位小数"),
        ({"value": "1000000000000"}, "六位小数"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(propose, wrong, told):
    with pytest.raises(RefusedError, match=told):
        propose(**wrong)
    assert not ParameterChoice.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"topic": "low_income"}, "没有“low_income:recognised_only”"),
        ({"option": "both"}, "没有“low_income_scope:both”"),
        ({"source": ""}, "没有写依据"),
        ({"since": date(1900, 1, 1)}, "起始日要在"),
    ],
)
def test_a_reading_that_does_not_exist_is_refused(read_as, wrong, told):
    with pytest.raises(RefusedError, match=told):
        read_as(**wrong)


def test_two_numbers_for_the_same_day_are_refused_when_proposed(propose, confirm):
    confirm(propose())
    with pytest.raises(RefusedError, match="有两个数：1,000 和 1,100"):
        propose("1100")


def test_the_same_proposal_twice_is_refused(propose):
    propose()
    with pytest.raises(RefusedError, match="已有一条在等确认"):
        propose("1100")


def test_of_two_proposals_that_overlap_only_one_is_confirmed(propose, confirm):
    first = propose(until=date(2025, 6, 30))
    second = propose("1100", since=date(2025, 6, 1))
    confirm(first)
    with pytest.raises(RefusedError, match="有两个数"):
        confirm(second)


def test_an_open_number_gives_way_to_the_next(propose, confirm):
    confirm(propose())
    confirm(propose("1100", since=date(2026, 1, 1)))
    assert [standard(date(2025, 12, 31)), standard(date(2026, 1, 1))] == [1000, 1100]


def test_two_readings_for_the_same_day_are_refused(read_as):
    read_as()
    with pytest.raises(RefusedError, match="先撤回那一条"):
        read_as("edge_in")


def test_withdrawing_needs_a_reason(propose, withdraw):
    with pytest.raises(RefusedError, match="撤回的原因"):
        withdraw(propose(), why=" ")


# -- what the database itself refuses


def refused(match="", error=DatabaseError):
    return pytest.raises(error, match=match)


def made(model, **words):
    """A row put in past every action."""
    with transaction.atomic():
        return model.objects.create(**words)


def test_the_database_takes_no_choice_that_begins_confirmed(propose, officers, at):
    old = propose()
    words = {f.attname: getattr(old, f.attname) for f in ParameterChoice._meta.fields}
    words |= {"id": None, "state": "confirmed", "confirmed_by_id": officers["quzhang"].pk}
    with refused("begins as a proposal"):
        made(
            ParameterChoice,
            **words,
        )


def test_the_database_lets_nobody_confirm_their_own(propose, at):
    row = propose()
    with refused("four_eyes", IntegrityError), transaction.atomic():
        ParameterChoice.objects.update(
            state="confirmed", confirmed_by_id=row.proposed_by_id, confirmed_at=at
        )


@pytest.mark.parametrize("field", ["value", "since", "name", "source"])
def test_the_database_rewrites_no_confirmed_number(propose, confirm, field):
    confirm(propose())
    other = {"value": 1, "since": TODAY, "name": "x", "source": "别的"}[field]
    with refused("cannot become confirmed"), transaction.atomic():
        ParameterChoice.objects.update(**{field: other})


def test_the_database_rewrites_no_number_while_confirming_it(propose, officers, at):
    propose()
    with refused("never rewritten"), transaction.atomic():
        ParameterChoice.objects.update(
            state="confirmed", confirmed_by=officers["quzhang"], confirmed_at=at, value=1
        )


def test_the_database_revives_nothing_withdrawn(read_as, withdraw):
    withdraw(read_as())
    with refused("withdrawn cannot become proposed"), transaction.atomic():
        ReadingChoice.objects.update(state="proposed", why="")


def test_the_database_removes_no_choice(propose, as_owner):
    propose()
    with refused("never removed"), transaction.atomic():
        ParameterChoice.objects.all().delete()


def test_the_database_holds_two_confirmed_numbers_apart(propose, officers, at):
    propose(until=date(2025, 6, 30))
    propose("1100", since=date(2025, 6, 1))
    with refused("one_number_a_day", IntegrityError), transaction.atomic():
        ParameterChoice.objects.update(
            state="confirmed", confirmed_by=officers["quzhang"], confirmed_at=at
        )


def test_another_districts_number_of_the_same_day_is_its_own(propose, officers, at):
    Division.objects.create(code="420111", name="洪山区", kind="district", since=TODAY)
    propose()
    row = ParameterChoice.objects.get()
    row.pk, row.place_id = None, "420111"
    row.save(force_insert=True)
    ParameterChoice.objects.update(
        state="confirmed", confirmed_by=officers["quzhang"], confirmed_at=at
    )
    assert ParameterChoice.objects.filter(state="confirmed").count() == 2
