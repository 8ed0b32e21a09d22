"""Free hospital care for psychiatric patients likely to come to harm or do it."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="psychiatric_admission",
    label="严重精神障碍患者免费住院",
    short="精障免费住院",
    to="person",
    gives="service",
    office="卫健",
    eligible="psychiatric_admission_eligible",
    about="精神障碍患者经评定危险性较高的，住院治疗不用自己掏钱。",
    apply="由社区卫生服务中心和派出所协助送治，也可以由监护人提出。",
)


@rule(cites="W24-11", label="可以免费住院")
def psychiatric_admission_eligible(
    wuchang_scope: bool, danger_level: int, free_admission_danger_level: int
) -> bool:
    """No hardship is asked here: the danger level alone decides."""
    return wuchang_scope and danger_level >= free_admission_danger_level
