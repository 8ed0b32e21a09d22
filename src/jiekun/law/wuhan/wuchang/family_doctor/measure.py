"""A family doctor and a health file for everybody on relief."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="family_doctor",
    label="家庭医生签约与健康档案",
    short="家庭医生",
    to="person",
    gives="service",
    office="卫健",
    eligible="family_doctor_eligible",
    about="困难群众都由社区卫生服务中心签约家庭医生，建好家庭健康档案。有病早看，慢病有人管。",
    apply="社区卫生服务中心上门或在中心签约。",
    universal=True,
)


@rule(cites="W24-10", label="应签约家庭医生")
def family_doctor_eligible(wuchang_scope: bool, hardship_person: bool) -> bool:
    return wuchang_scope and hardship_person
