"""What must hold of the shipped law for every household."""

from datetime import date
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from jiekun.kernel.decide import decider

from .laws import examples
from .test_real_law_agrees import DRAFTS, HOUSEHOLD, LAW, values

ON = date(2024, 11, 1)
DECIDERS = {
    simulate: decider(LAW.program(on=ON, place="420106", simulate=simulate)) for simulate in DRAFTS
}


@examples(60)
@given(household=HOUSEHOLD, simulate=st.sampled_from(DRAFTS), data=st.data())
def test_an_answer_never_turns_a_firm_yes_or_no(household, simulate, data):
    before = DECIDERS[simulate].decide(household)
    asked = [missing for missing in before.missing if missing.kind != "parameter"]
    assume(asked)
    missing = data.draw(st.sampled_from(asked))
    own = missing.subject == "household"
    facts = household["household"] if own else household["people"][missing.subject]
    answered = {**facts, missing.name: data.draw(values(LAW.facts[missing.name]))}
    now = {**household, "household": answered} if own else household
    people = household["people"] if own else {**household["people"], missing.subject: answered}
    after = DECIDERS[simulate].decide({**now, "people": people})
    for old, new in zip(before.outcomes, after.outcomes, strict=True):
        assert (old.status not in ("yes", "no")) or old.status == new.status
        assert old.amount is None or old.amount == new.amount


@examples(60)
@given(household=HOUSEHOLD, simulate=st.sampled_from(DRAFTS), data=st.data())
def test_only_what_is_missing_can_change_an_open_answer(household, simulate, data):
    """Answering something else leaves an open question open, waiting for no more than before."""
    before = DECIDERS[simulate].decide(household)
    named = {missing.key for missing in before.missing}
    person = data.draw(st.sampled_from(sorted(household["people"])))
    facts = household["people"][person]
    idle = [
        f
        for f in LAW.facts.of("person")
        if facts.get(f.name) is None and f"{f.name}@{person}" not in named
    ]
    assume(idle)
    fact = data.draw(st.sampled_from(idle))
    answered = {**facts, fact.name: data.draw(values(fact))}
    after = DECIDERS[simulate].decide(
        {**household, "people": {**household["people"], person: answered}}
    )
    assert [o[1:7] for o in before.outcomes] == [o[1:7] for o in after.outcomes]


@examples(60)
@given(household=HOUSEHOLD, simulate=st.sampled_from(DRAFTS), more=st.integers(1, 500_000))
def test_more_income_never_raises_dibao(household, simulate, more):
    def paid(person):
        people = {**household["people"], "p1": person}
        (outcome,) = (
            o
            for o in DECIDERS[simulate].decide({**household, "people": people}).outcomes
            if o.measure.name == "dibao"
        )
        assume(outcome.status in ("yes", "no"))
        return outcome.amount or Decimal(0) if outcome.status == "yes" else Decimal(0)

    person = household["people"]["p1"]
    rich = {
        **person,
        "pension_income": Decimal(person.get("pension_income") or 0) + Decimal(more) / 100,
    }
    assert paid(rich) <= paid({**person, "pension_income": person.get("pension_income") or 0})
