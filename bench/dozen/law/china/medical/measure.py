"""Help with medical costs above a threshold, up to a cap."""

from decimal import Decimal

from jiekun.kernel import Measure, round_half_up, rule

MEASURE = Measure(
    name="medical",
    label="医疗救助",
    to="person",
    gives="money",
    office="医保",
    eligible="medical_eligible",
    amount="medical_amount",
    about="自付医疗费超过三千元的部分救助三成，一年最多一万元。",
)


@rule(cites="D12-9", label="低保边缘家庭")
def edge_family(income_per_member: Decimal, standard: Decimal, edge_ratio: Decimal) -> bool:
    return income_per_member < standard * edge_ratio


@rule(cites="D12-9", label="可以享受医疗救助")
def medical_eligible(
    medical_cost: Decimal,
    medical_threshold: Decimal,
    insured: bool,
    in_hardship: bool,
    seriously_ill: bool,
    edge_family: bool,
) -> bool:
    return (
        medical_cost > medical_threshold
        and insured
        and (in_hardship or (seriously_ill and edge_family))
    )


@rule(cites="D12-9", label="每年医疗救助")
def medical_amount(
    medical_cost: Decimal,
    medical_threshold: Decimal,
    medical_share: Decimal,
    medical_cap: Decimal,
) -> Decimal:
    return min(medical_cap, round_half_up((medical_cost - medical_threshold) * medical_share))
