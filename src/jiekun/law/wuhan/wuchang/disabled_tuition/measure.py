"""Help with tuition for disabled students, and for students of disabled families in hardship."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="disabled_tuition",
    label="残疾学生和残疾人家庭子女学费补助",
    short="助残学费补助",
    to="person",
    gives="money",
    office="残联",
    eligible="disabled_tuition_eligible",
    amount="disabled_tuition_amount",
    about="读中专以上的残疾学生，和困难残疾人家庭读中专以上的孩子，给一份学费补助。数额还没有公布。",
    apply="开学后带学生证、残疾证到街道残联提出。",
)


@rule(cites="W22-2.9d", label="困难残疾人家庭")
def disabled_family_in_hardship(in_dibao_family: bool, people: People) -> bool:
    """Hardship is read as dibao, or as a disabled member who is tekun."""
    return any(p.disability_cert_valid and p.tekun_entitled for p in people) or (
        in_dibao_family and any(p.disability_cert_valid for p in people)
    )


@rule(cites="W22-2.9d", label="可以领学费补助")
def disabled_tuition_eligible(
    wuchang_scope: bool,
    school_stage: str,
    disability_cert_valid: bool,
    disabled_family_in_hardship: bool,
) -> bool:
    """Secondary vocational schools and up; ordinary senior schools are not among them."""
    return (
        wuchang_scope
        and school_stage in {"vocational", "college", "postgraduate"}
        and (disability_cert_valid or disabled_family_in_hardship)
    )


@rule(cites="W22-2.9d", label="学费补助")
def disabled_tuition_amount(disabled_tuition: Decimal) -> Decimal:
    return disabled_tuition
