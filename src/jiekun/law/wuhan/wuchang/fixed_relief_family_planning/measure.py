"""The same fixed monthly sum for special families of the birth programme."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="fixed_relief_family_planning",
    label="定额临时救助（计生特殊困难家庭）",
    short="计生定额救助",
    to="household",
    gives="money",
    office="民政",
    eligible="fixed_relief_family_planning_eligible",
    amount="fixed_relief_family_planning_amount",
    about="计划生育特殊家庭生活困难的，每月按一个人低保标准的一半救助，一户一份。",
    apply="向街道提出，由卫健部门确认身份。",
    stops_with=("fixed_relief",),
)


@rule(cites="W24-13", label="符合计生定额救助条件")
def fixed_relief_family_planning_eligible(
    family_planning_special: bool, low_income_family: bool, people: People
) -> bool:
    """The clause says special families in hardship; hardship is read as low income."""
    return family_planning_special and low_income_family and any(p.wuchang_scope for p in people)


@rule(
    cites="W24-13",
    label="每月计生定额救助",
    reading="full_dibao:per_member",
    name="fixed_relief_family_planning_amount",
)
def fixed_relief_family_planning_per_member(
    dibao_standard: Decimal, fixed_relief_share: Decimal, dibao_members: int
) -> Decimal:
    return dibao_standard * fixed_relief_share * dibao_members


@rule(
    cites="W24-13",
    label="每月计生定额救助",
    reading="full_dibao:per_disabled",
    name="fixed_relief_family_planning_amount",
)
def fixed_relief_family_planning_per_family(
    dibao_standard: Decimal, fixed_relief_share: Decimal
) -> Decimal:
    """Counting disabled people says nothing of these families: one share each."""
    return dibao_standard * fixed_relief_share


@rule(cites="W24-13", label="每月计生定额救助", reading="full_dibao:one_person")
def fixed_relief_family_planning_amount(
    dibao_standard: Decimal, fixed_relief_share: Decimal
) -> Decimal:
    return dibao_standard * fixed_relief_share
