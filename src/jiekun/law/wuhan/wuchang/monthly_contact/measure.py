"""A call a month to everybody in hardship."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="monthly_contact",
    label="困难群众每月联系",
    short="每月联系",
    to="person",
    gives="service",
    office="街道",
    eligible="monthly_contact_eligible",
    about="社区每个月联系一次困难群众，讲讲新政策，看看有没有新难处。",
    apply="不用申请，社区按名单联系。",
    universal=True,
)


@rule(cites="W22-6c", label="应每月联系")
def monthly_contact_eligible(wuchang_scope: bool, hardship_person: bool) -> bool:
    return wuchang_scope and hardship_person
