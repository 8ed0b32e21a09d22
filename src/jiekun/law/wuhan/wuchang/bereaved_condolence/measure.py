"""A condolence when a member of a family that lost its only child dies."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="bereaved_condolence",
    label="失独家庭成员去世慰问金",
    short="失独慰问金",
    to="household",
    gives="money",
    office="卫健",
    eligible="bereaved_condolence_eligible",
    amount="bereaved_condolence_amount",
    about="失独家庭有成员去世，区里给家里送一笔慰问金。",
    apply="由社区报告，区卫健局发放。",
)


@rule(cites=("W22-2.10d", "W24-27"), label="应发失独慰问金")
def bereaved_condolence_eligible(bereaved_family: bool, bereaved_member_died: bool) -> bool:
    """Residence is that of the recognised family; who receives it is for the office to settle."""
    return bereaved_family and bereaved_member_died


@rule(cites=("W22-2.10d", "W24-27"), label="慰问金")
def bereaved_condolence_amount(bereaved_condolence: Decimal) -> Decimal:
    return bereaved_condolence
