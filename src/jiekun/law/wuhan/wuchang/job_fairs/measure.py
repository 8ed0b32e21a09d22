"""Job fairs and the district's jobs page for people who find it hard to get work."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="job_fairs",
    label="就业援助招聘会与求职服务",
    short="求职服务",
    to="person",
    gives="service",
    office="人社",
    eligible="job_fairs_eligible",
    about="找工作难的人，可以参加区里的就业援助招聘会，也能在区里的手机求职平台上找岗位。来了有人帮着对岗位。",
    apply="不用申请，招聘会直接去，平台自己登录。",
    universal=True,
)


@rule(cites="W24-1", label="可以得到求职服务")
def job_fairs_eligible(wuchang_scope: bool, hard_to_employ: bool, employed: bool) -> bool:
    return wuchang_scope and hard_to_employ and not employed
