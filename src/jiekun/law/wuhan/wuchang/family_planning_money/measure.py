"""Money for special families of the birth programme: support and three kinds of condolence."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="family_planning_support",
    label="计生特殊家庭特别扶助金",
    short="特扶金",
    to="household",
    gives="money",
    office="卫健",
    eligible="family_planning_special_here",
    amount="family_planning_support_amount",
    about="独生子女死亡或伤残的计生特殊家庭，按国家制度发特别扶助金。",
    apply="由社区卫健专干帮着申报，每年核一次。",
)

FIRST = Measure(
    name="family_planning_first",
    label="计生特殊家庭首次慰问金",
    short="首次慰问金",
    to="household",
    gives="money",
    office="卫健",
    eligible="family_planning_first_eligible",
    amount="family_planning_first_amount",
    about="刚认定为计生特殊家庭的，第一次发一笔慰问金。",
    apply="认定后由区卫健局发放。",
)

SOLACE = Measure(
    name="family_planning_solace",
    label="计生特殊家庭一次性抚慰金",
    short="一次性抚慰金",
    to="household",
    gives="money",
    office="卫健",
    eligible="family_planning_solace_eligible",
    amount="family_planning_solace_amount",
    about="计生失独家庭，发一次抚慰金。",
    apply="认定后由区卫健局发放。",
)

FESTIVAL = Measure(
    name="family_planning_festival",
    label="计生特殊家庭节日慰问金",
    short="节日慰问金",
    to="household",
    gives="money",
    office="卫健",
    eligible="family_planning_special_here",
    amount="family_planning_festival_amount",
    about="逢年过节，给计生特殊家庭发慰问金。",
    apply="不用申请，按名单发放。",
)


@rule(cites="W22-2.10d", label="计划生育特殊家庭")
def family_planning_special_here(family_planning_special: bool, people: People) -> bool:
    return family_planning_special and any(p.wuchang_scope for p in people)


@rule(cites="W22-2.10d", label="应发首次慰问金")
def family_planning_first_eligible(
    family_planning_special_here: bool, fp_first_gift_paid: bool
) -> bool:
    return family_planning_special_here and not fp_first_gift_paid


@rule(cites="W22-2.10d", label="应发一次性抚慰金")
def family_planning_solace_eligible(bereaved_family: bool, fp_solace_paid: bool) -> bool:
    """Read as for families that lost their only child."""
    return bereaved_family and not fp_solace_paid


@rule(cites="W22-2.10d", label="特别扶助金")
def family_planning_support_amount(family_planning_support: Decimal) -> Decimal:
    return family_planning_support


@rule(cites="W22-2.10d", label="首次慰问金")
def family_planning_first_amount(family_planning_first: Decimal) -> Decimal:
    return family_planning_first


@rule(cites="W22-2.10d", label="一次性抚慰金")
def family_planning_solace_amount(family_planning_solace: Decimal) -> Decimal:
    return family_planning_solace


@rule(cites="W22-2.10d", label="节日慰问金")
def family_planning_festival_amount(family_planning_festival: Decimal) -> Decimal:
    return family_planning_festival
