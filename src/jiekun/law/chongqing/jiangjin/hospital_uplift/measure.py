"""Better hospital terms for the town's poorest, from 2018 to 2020, and the illnesses added."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="hospital_uplift",
    label="住院报销倾斜（2018 至 2020 年）",
    short="住院倾斜",
    to="person",
    gives="insurance",
    office="医保",
    eligible="hospital_uplift_eligible",
    about="城市低保、特困在本区县的区县级医院住院，居民医保报销比例提高、起付线减半，大病保险起付线也减半。",
    apply="出院结算时直接算。",
)

DISEASE = Measure(
    name="special_disease_aid",
    label="特殊病种救助",
    short="特殊病种",
    to="person",
    gives="status",
    office="医保",
    eligible="special_disease_eligible",
    about="救助对象得了地中海贫血、慢粒白血病、尘肺病，或者孩子得了白血病，按特殊病种救助。",
    apply="带诊断书向街道提出。",
)


@rule(cites="JJ19-2.4e", label="住院报销倾斜的对象", since="2018-01-01", until="2020-12-31")
def hospital_uplift_eligible(urban_hardship: bool) -> bool:
    return urban_hardship


@rule(
    cites="JJ19-2.4e",
    label="倾斜后的住院报销比例",
    since="2018-01-01",
    until="2020-12-31",
    reading="uplift:points",
)
def inpatient_share(inpatient_share_base: Decimal, inpatient_uplift: Decimal) -> Decimal:
    """Ten percentage points, but never more than the whole bill."""
    return min(Decimal(1), inpatient_share_base + inpatient_uplift)


@rule(
    cites="JJ19-2.4e",
    label="倾斜后的住院报销比例",
    since="2018-01-01",
    until="2020-12-31",
    reading="uplift:relative",
    name="inpatient_share",
)
def inpatient_share_relative(inpatient_share_base: Decimal, inpatient_uplift: Decimal) -> Decimal:
    return min(Decimal(1), inpatient_share_base * (1 + inpatient_uplift))


@rule(cites="JJ19-2.4e", label="倾斜后的住院起付线", since="2018-01-01", until="2020-12-31")
def inpatient_deductible(inpatient_deductible_base: Decimal, deductible_left: Decimal) -> Decimal:
    return inpatient_deductible_base * deductible_left


@rule(cites="JJ19-2.4f", label="倾斜后的大病保险起付线", since="2018-01-01", until="2020-12-31")
def catastrophic_deductible(
    catastrophic_deductible_base: Decimal, catastrophic_left: Decimal
) -> Decimal:
    return catastrophic_deductible_base * catastrophic_left


@rule(cites="JJ19-2.4b", label="特殊病种救助的对象")
def special_disease_eligible(urban_hardship: bool, special_disease: str, age: int) -> bool:
    """Childhood leukaemia is for those under eighteen."""
    return urban_hardship and (
        special_disease in {"thalassaemia", "chronic_myeloid", "pneumoconiosis"}
        or (special_disease == "child_leukaemia" and age < 18)
    )
