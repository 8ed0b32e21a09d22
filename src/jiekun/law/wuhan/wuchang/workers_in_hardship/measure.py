"""Workers in hardship: the union's three files, and what it gives beside the state."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="worker_file",
    label="困难职工建档帮扶",
    short="困难职工",
    to="person",
    gives="status",
    office="总工会",
    eligible="worker_in_hardship",
    about="职工因病、因事困难的，工会按深度困难、相对困难、意外致困三类建档，建了档才有后面的帮扶。",
    apply="向单位工会或街道工会提出。",
)

AID = Measure(
    name="worker_aid",
    label="困难职工生活、医疗、助学救助",
    short="困难职工救助",
    to="household",
    gives="money",
    office="总工会",
    eligible="worker_aid_eligible",
    amount="worker_aid_amount",
    about="建了档的困难职工家庭，按情况给生活、医疗、助学救助里的一样或几样。",
    apply="工会按档案发放。",
)

ILLNESS = Measure(
    name="worker_illness_grant",
    label="职工四类重疾一次性救助",
    short="重疾一次性救助",
    to="person",
    gives="money",
    office="总工会",
    eligible="worker_illness_grant_eligible",
    amount="worker_illness_grant_amount",
    about="在职职工今年第一次查出恶性肿瘤、肾衰竭、做了冠脉搭桥或支架、白血病的，工会给一次救助。",
    apply="带诊断书向单位工会提出。",
)

CARE = Measure(
    name="worker_care_grant",
    label="职工临时关爱救助",
    short="职工关爱救助",
    to="household",
    gives="money",
    office="总工会",
    eligible="worker_care_grant_eligible",
    amount="worker_care_grant_amount",
    about="职工本人生病花费太大，或者遇到车祸、火灾，家里一时困难的，工会给临时关爱救助。",
    apply="向单位工会或街道工会提出。",
)


@rule(cites="W22-2.11a", label="建档困难职工")
def worker_in_hardship(worker_hardship_class: str) -> bool:
    """Which of the three files is the union's finding."""
    return worker_hardship_class != "none"


@rule(cites="W22-2.11b", label="建档困难职工家庭")
def worker_aid_eligible(people: People) -> bool:
    return any(p.worker_in_hardship for p in people)


@rule(cites="W22-2.11b", label="困难职工救助")
def worker_aid_amount(worker_aid: Decimal) -> Decimal:
    return worker_aid


@rule(cites="W22-2.11c", label="可以领重疾一次性救助")
def worker_illness_grant_eligible(employed: bool, first_diagnosis: str) -> bool:
    """In work, and found for the first time within the year."""
    return employed and first_diagnosis != "none"


@rule(cites="W22-2.11c", label="重疾一次性救助")
def worker_illness_grant_amount(worker_illness_grant: Decimal) -> Decimal:
    return worker_illness_grant


@rule(cites="W22-2.11d", label="可以领职工关爱救助")
def worker_care_grant_eligible(basic_life_in_difficulty: bool, people: People) -> bool:
    return basic_life_in_difficulty and any(
        p.employed and p.worker_misfortune != "none" for p in people
    )


@rule(cites="W22-2.11d", label="职工关爱救助")
def worker_care_grant_amount(worker_care_grant: Decimal) -> Decimal:
    return worker_care_grant
