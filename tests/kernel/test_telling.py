"""Words kept from other families are the very words this family would be told."""

from hypothesis import given
from hypothesis import strategies as st

from jiekun.kernel.decide import decider
from jiekun.kernel.report import decision_json

from .laws import ON, examples
from .test_real_law_agrees import DRAFTS, HOUSEHOLD, LAW


@examples(30)
@given(simulate=st.sampled_from(DRAFTS), households=st.lists(HOUSEHOLD, min_size=2, max_size=4))
def test_what_was_said_before_changes_no_word(simulate, households):
    program = LAW.program(on=ON, place="420106", simulate=simulate)
    decide = decider(program).decide
    kept = [decision_json(decide(household)) for household in households]
    for household, told in zip(households, kept, strict=True):
        program.engines.pop("telling", None)
        assert decision_json(decide(household)) == told
