"""The street's rounds: a visit a week to old people who are alone, frail or tekun."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="weekly_rounds",
    label="三帮四查一问候每周巡访",
    short="每周巡访",
    to="person",
    gives="service",
    office="街道",
    eligible="weekly_rounds_eligible",
    about="特困、高龄、失能、空巢、独居的老人，街道和社区每个星期至少上门看一次，问问身体、看看家里安不安全。",
    apply="不用申请，社区按名单上门；觉得漏了可以告诉社区。",
    universal=True,
)


@rule(cites="W22-2.8g", label="应每周巡访")
def weekly_rounds_eligible(
    wuchang_scope: bool,
    age: int,
    tekun_entitled: bool,
    no_younger_at_home: bool,
    elder_cannot_manage: bool,
    very_old_age: int,
) -> bool:
    """The monthly call of the care advisers (W24-17) is another office's and stands beside this."""
    return (
        wuchang_scope
        and age >= 60
        and (tekun_entitled or no_younger_at_home or elder_cannot_manage or age >= very_old_age)
    )
