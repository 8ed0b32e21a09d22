"""Doctors and nurses who come home to people who can hardly get out."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="home_doctor",
    label="家庭医生上门服务",
    short="医生上门",
    to="person",
    gives="service",
    office="卫健",
    eligible="home_doctor_eligible",
    about="困难群众年老体弱、出门看病不便的，可以约家庭医生和护士到家里来看。急重症要直接去医院。",
    apply="给社区卫生服务中心打电话预约。",
)


@rule(cites="W24-11", label="可以约医生上门")
def home_doctor_eligible(wuchang_scope: bool, hardship_person: bool, low_mobility: bool) -> bool:
    """Frailty is read as trouble getting out, which the health office records."""
    return wuchang_scope and hardship_person and low_mobility
