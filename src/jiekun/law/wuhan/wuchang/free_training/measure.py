"""One free course a year for people who find it hard to get work."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="free_training",
    label="免费职业培训",
    short="免费培训",
    to="person",
    gives="service",
    office="人社",
    eligible="free_training_eligible",
    about="就业困难又想学门手艺的人，一年可以免费上一次培训班。区内定点机构随便挑，专业自己选。",
    apply="到街道或定点培训机构报名。",
)


@rule(cites="W22-2.5d", label="可以免费培训", name="free_training_eligible")
def free_training_rolling(wuchang_scope: bool, hard_to_employ: bool, wants_training: bool) -> bool:
    """Courses roll through the year; the rules of 2022 set no number of them."""
    return wuchang_scope and hard_to_employ and wants_training


@rule(cites="W24-3", label="可以免费培训")
def free_training_eligible(
    wuchang_scope: bool,
    hard_to_employ: bool,
    wants_training: bool,
    trainings_this_year: int,
    free_trainings: int,
) -> bool:
    return (
        wuchang_scope and hard_to_employ and wants_training and trainings_this_year < free_trainings
    )
