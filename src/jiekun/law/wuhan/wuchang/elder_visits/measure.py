"""A visit a month to old people who are alone, very old or cannot look after themselves."""

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="elder_visits",
    label="特殊困难老人每月上门关爱",
    short="每月上门",
    to="person",
    gives="service",
    office="街道",
    eligible="elder_visits_eligible",
    about="空巢、独居、没有亲人、年纪很大或不能自理的老人，养老服务顾问每个月至少上门看望一次，问问缺什么。",
    apply="不用申请，社区按名单上门；觉得漏了可以告诉社区。",
    universal=True,
)


@rule(cites=("W22-2.8g", "W24-17"), label="空巢或独居")
def no_younger_at_home(people: People) -> bool:
    """Nobody under sixty lives at home: alone, or the old with the old."""
    return all(p.age >= 60 or p.away != "home" for p in people)


@rule(cites=("W22-2.8g", "W24-17"), label="失能老人")
def elder_cannot_manage(low_mobility: bool, self_care_failed: int) -> bool:
    """Fails any of the six; people who get about without trouble need not be assessed."""
    return low_mobility and self_care_failed >= 1


@rule(cites="W24-17", label="应每月上门")
def elder_visits_eligible(
    wuchang_scope: bool,
    age: int,
    no_younger_at_home: bool,
    no_spouse_or_children: bool,
    elder_cannot_manage: bool,
    very_old_age: int,
) -> bool:
    """The street's weekly rounds (W22-2.8g) are another office's duty and stand beside this."""
    return (
        wuchang_scope
        and age >= 60
        and (
            no_younger_at_home
            or no_spouse_or_children
            or age >= very_old_age
            or elder_cannot_manage
        )
    )
