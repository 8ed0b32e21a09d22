"""Help after a natural disaster: at once, until things settle, and over the winter."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="disaster_relief",
    label="受灾人员救助",
    short="受灾救助",
    to="household",
    gives="goods",
    office="应急",
    eligible="disaster_relief_eligible",
    about="遇到自然灾害，生活受到严重影响的，先给吃的、水、衣被和住处，再帮着过渡和重建。",
    apply="由社区、街道报灾，不用单独申请。",
)


@rule(cites=("L649-20", "L649-22"), label="应当给予受灾救助")
def disaster_relief_eligible(disaster_hit: bool) -> bool:
    return disaster_hit
