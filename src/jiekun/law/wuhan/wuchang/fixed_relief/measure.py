"""A fixed monthly sum for edge families with a disabled member."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="fixed_relief",
    label="定额临时救助（低保边缘家庭中的残疾人）",
    short="定额临时救助",
    to="household",
    gives="money",
    office="民政",
    eligible="fixed_relief_eligible",
    amount="fixed_relief_amount",
    about="低保边缘家庭里有残疾人、又不够单人低保条件的，每月按一个人低保标准的一半救助，一户一份。低保批下来以后停止。",
    apply="向街道提出，带残疾人证。",
    stops_with=("dibao", "fixed_relief_family_planning"),
)


@rule(cites="W24-13", label="定额救助的残疾人")
def fixed_relief_disability(
    disability_class: str, disability_level: int, disability_cert_valid: bool
) -> bool:
    """Levels three and four, but not intellectual and mental at three, who may have dibao alone."""
    return disability_cert_valid and (
        (
            disability_class in {"visual", "hearing", "speech", "limb", "multiple"}
            and disability_level in {3, 4}
        )
        or (disability_class in {"intellectual", "mental"} and disability_level == 4)
    )


@rule(cites="W24-13", label="符合定额临时救助条件")
def fixed_relief_eligible(in_edge_family: bool, people: People) -> bool:
    """An edge family keeps this until dibao is granted to it."""
    return in_edge_family and any(p.fixed_relief_disability and p.wuchang_scope for p in people)


@rule(
    cites="W24-13",
    label="每月定额救助",
    reading="full_dibao:per_disabled",
    name="fixed_relief_amount",
)
def fixed_relief_per_disabled(
    dibao_standard: Decimal, fixed_relief_share: Decimal, fixed_relief_people: int
) -> Decimal:
    return dibao_standard * fixed_relief_share * fixed_relief_people


@rule(cites="W24-13", label="够定额救助的残疾人数")
def fixed_relief_people(people: People) -> int:
    return sum(1 for p in people if p.fixed_relief_disability and p.wuchang_scope)


@rule(
    cites="W24-13",
    label="每月定额救助",
    reading="full_dibao:per_member",
    name="fixed_relief_amount",
)
def fixed_relief_per_member(
    dibao_standard: Decimal, fixed_relief_share: Decimal, dibao_members: int
) -> Decimal:
    return dibao_standard * fixed_relief_share * dibao_members


@rule(cites="W24-13", label="每月定额救助", reading="full_dibao:one_person")
def fixed_relief_amount(dibao_standard: Decimal, fixed_relief_share: Decimal) -> Decimal:
    """The full dibao of one person, halved, once a household: the narrowest of three readings."""
    return dibao_standard * fixed_relief_share
