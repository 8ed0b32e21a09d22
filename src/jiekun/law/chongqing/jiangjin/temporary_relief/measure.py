"""Jiangjin's temporary relief: two kinds, their means, and going above the cap."""

from decimal import Decimal

from jiekun.kernel import rule


@rule(
    cites=("JJ19-2.8a", "LS18-2"),
    label="符合急难型救助条件",
    reading="relief_means_for:expenditure_only",
)
def emergency_relief_eligible(sudden_hardship: str, basic_life_in_difficulty: bool) -> bool:
    """As the national notice has it, an emergency waits for no look at means."""
    return sudden_hardship != "none" and basic_life_in_difficulty


@rule(
    cites=("JJ19-2.8a", "JJ19-2.8c"),
    label="符合急难型救助条件",
    reading="relief_means_for:both",
    name="emergency_relief_eligible",
)
def emergency_relief_by_means(
    sudden_hardship: str, basic_life_in_difficulty: bool, relief_means: bool
) -> bool:
    """As the sentence stands, after both kinds, means are asked of both."""
    return sudden_hardship != "none" and basic_life_in_difficulty and relief_means


@rule(cites=("JJ19-2.8b", "JJ19-2.8c"), label="符合支出型救助条件")
def expenditure_relief_eligible(
    spending_surge: bool,
    basic_life_in_difficulty: bool,
    dibao_recognised: bool,
    relief_means: bool,
) -> bool:
    return spending_surge and basic_life_in_difficulty and (dibao_recognised or relief_means)


@rule(cites="JJ19-2.8d", label="报区政府批准后的最高限")
def relief_cap_approved(relief_cap: Decimal, cap_times: Decimal) -> Decimal:
    return relief_cap * cap_times


@rule(cites="JJ19-2.8d", label="须报区政府批准")
def relief_needs_approval(relief_proposed: Decimal, relief_cap: Decimal) -> bool:
    return relief_proposed > relief_cap


@rule(cites="JJ19-2.8d", label="在批准权限之内")
def relief_may_be_approved(relief_proposed: Decimal, relief_cap_approved: Decimal) -> bool:
    """Three times the cap is as far as the district government can go."""
    return relief_proposed <= relief_cap_approved
