"""Insurance premiums paid for those in hardship."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="insurance",
    label="资助参保",
    to="person",
    gives="insurance",
    office="医保",
    eligible="insurance_eligible",
    about="困难人员和重度残疾人参加医保，保费由政府出。",
)


@rule(cites="D12-15", label="保费由政府出")
def insurance_eligible(insured: bool, in_hardship: bool, severely_disabled: bool) -> bool:
    return insured and (in_hardship or severely_disabled)
