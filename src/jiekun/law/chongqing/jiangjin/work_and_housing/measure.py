"""Jobs for families where nobody has one; homes and disaster relief for the town's poorest."""

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="zero_employment",
    label="零就业家庭帮扶",
    short="零就业清零",
    to="household",
    gives="service",
    office="人社",
    eligible="zero_employment_eligible",
    about="城市低保、特困家庭里有人能干活、想干活却没有一个人有工作的，保证至少一个人就业。",
    apply="由街道、社区摸排，也可以自己到街道登记。",
)


@rule(cites="JJ19-2.7c", label="法定劳动年龄内能就业")
def could_work(age: int, sex: str, cannot_work: bool, full_time_student: bool) -> bool:
    """Sixteen to sixty, women to fifty-five; retirement ages of the notice's own years."""
    last = 60 if sex == "male" else 55
    return 16 <= age < last and not cannot_work and not full_time_student


@rule(cites="JJ19-2.7c", label="零就业家庭")
def zero_employment_eligible(urban_hardship_family: bool, people: People) -> bool:
    """Somebody able and willing, and nobody of working age in work."""
    return (
        urban_hardship_family
        and any(p.could_work and p.wants_work for p in people)
        and all(not p.employed or not p.could_work for p in people)
    )


@rule(cites=("JJ19-2.6", "L649-37"), label="可以申请公租房")
def public_rental_eligible(
    housing_difficulty: bool, urban_hardship_family: bool, in_dibao_family: bool
) -> bool:
    """A flat or help with the rent; the town's poorest come first, whom the country names stay."""
    return housing_difficulty and (urban_hardship_family or in_dibao_family)


@rule(cites=("JJ19-2.3d", "L649-20"), label="应当给予受灾救助")
def disaster_relief_eligible(disaster_hit: bool) -> bool:
    """The notice sees to it that the town's poorest get what the country gives everybody."""
    return disaster_hit


@rule(cites="JJ19-2.3d", label="受灾时先救助的家庭")
def disaster_relief_first(disaster_hit: bool, urban_hardship_family: bool) -> bool:
    return disaster_hit and urban_hardship_family
