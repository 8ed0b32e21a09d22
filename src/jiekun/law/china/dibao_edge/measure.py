"""Dibao edge: families just above the line."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="dibao_edge",
    label="最低生活保障边缘家庭",
    short="低保边缘",
    to="household",
    gives="status",
    office="民政",
    eligible="edge_eligible",
    about="收入比低保线高一点、家底也不厚的家庭，可以认定为低保边缘家庭。认定本身不发钱，但很多帮扶认这个身份。",
    apply="和申请低保走同一个口子，向街道提出，材料一样。",
    stops_with=("dibao",),
)


@rule(cites="MF57-8", label="低保边缘收入线")
def edge_line(dibao_standard: Decimal, edge_income_multiple: Decimal) -> Decimal:
    return dibao_standard * edge_income_multiple


@rule(cites=("MF57-8", "MF57-13"), label="与边缘线相比的人均收入")
def edge_test_income(
    income_before_deduction: Decimal,
    income_at_least: Decimal,
    income_per_member: Decimal,
    dibao_members: int,
    edge_line: Decimal,
) -> Decimal:
    """As for dibao: a deduction is decided only where it changes the answer."""
    before = income_before_deduction / max(1, dibao_members)
    least = income_at_least / max(1, dibao_members)
    if before < edge_line:
        return before
    if least >= edge_line:
        return least
    return income_per_member


@rule(cites="MF57-8", label="符合低保边缘条件")
def edge_eligible(
    dibao_applies_here: bool,
    dibao_eligible: bool,
    edge_test_income: Decimal,
    edge_line: Decimal,
    edge_assets_within_limit: bool,
) -> bool:
    return (
        dibao_applies_here
        and not dibao_eligible
        and edge_test_income < edge_line
        and edge_assets_within_limit
    )


@rule(cites="MF57-8", label="低保边缘家庭")
def in_edge_family(edge_recognised: bool, edge_eligible: bool) -> bool:
    """Recognised already, or would be on applying."""
    return edge_recognised or edge_eligible


@rule(cites="ZB20-2", label="低收入家庭", until="2021-06-30", name="low_income_family")
def low_income_before_the_edge(in_dibao_family: bool, low_income_recognised: bool) -> bool:
    return in_dibao_family or low_income_recognised


@rule(
    cites=("ZB20-2", "DT23-2"),
    label="低收入家庭",
    since="2021-07-01",
    until="2024-12-31",
    reading="low_income_scope:edge_in",
)
def low_income_family(
    in_dibao_family: bool, in_edge_family: bool, low_income_recognised: bool
) -> bool:
    """Low income holds dibao and dibao edge, and whoever the office recognised besides."""
    return in_dibao_family or in_edge_family or low_income_recognised


@rule(
    cites=("ZB20-2", "DT23-2", "GX25-4"),
    label="低收入家庭",
    since="2025-01-01",
    reading="low_income_scope:edge_in",
    name="low_income_family",
)
def low_income_with_rigid(
    in_dibao_family: bool,
    in_edge_family: bool,
    in_rigid_family: bool,
    low_income_recognised: bool,
) -> bool:
    """Since 2025 families in hardship by rigid spending are a class of their own (DT23-2)."""
    return in_dibao_family or in_edge_family or in_rigid_family or low_income_recognised


@rule(
    cites=("ZB20-2", "DT23-2"),
    label="低收入家庭",
    since="2021-07-01",
    reading="low_income_scope:recognised_only",
    name="low_income_family",
)
def low_income_recognised_family(in_dibao_family: bool, low_income_recognised: bool) -> bool:
    """The narrow reading: an edge family is low-income only once the office says so."""
    return in_dibao_family or low_income_recognised
