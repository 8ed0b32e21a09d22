"""The city's test of low income from 2017 to 2022: hard lives weigh against income."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="low_income",
    label="低收入家庭认定（2017 年办法）",
    short="低收入认定",
    to="household",
    gives="status",
    office="民政",
    eligible="low_income_2017_eligible",
    about="家里有大病、重残、高龄、孩子小的，先按人扣掉几份低保标准，再看剩下的收入够不够低。",
    apply="向街道提出。",
)


@rule(cites="DSR17-1", label="可按三级计的精神、智力残疾和重残")
def heavy_by_2017(
    disability_class: str, disability_level: int, disability_cert_valid: bool
) -> bool:
    return disability_cert_valid and (
        disability_level in {1, 2}
        or (disability_class in {"intellectual", "mental"} and disability_level == 3)
    )


@rule(cites="DSR17-1", label="大病高额支出")
def high_medical_bill(
    medical_self_paid: Decimal, rural: bool, high_bill_urban: Decimal, high_bill_rural: Decimal
) -> bool:
    line = high_bill_rural if rural else high_bill_urban
    return medical_self_paid >= line


@rule(cites="DSR17-1", label="孩子的支出系数")
def child_weight(age: int, school_stage: str, single_parent: bool) -> int:
    """Up to six two; under sixteen, or still at junior or senior school, one, or two if alone."""
    if age <= 6:
        return 2
    if age < 16 or school_stage in {"junior", "senior"}:
        return 2 if single_parent else 1
    return 0


@rule(cites="DSR17-1", label="本人支出系数")
def spending_weight(
    serious_illness: bool,
    high_medical_bill: bool,
    chronic_illness: bool,
    heavy_by_2017: bool,
    age: int,
    child_weight: int,
) -> int:
    """The heaviest of a person's own, a child's never above two; the members' add up."""
    if serious_illness and high_medical_bill:
        return 3
    return 2 if chronic_illness or heavy_by_2017 or age >= 80 else child_weight


@rule(cites="DSR17-1", label="家庭支出系数")
def family_spending_weight(dibao_unit: People) -> int:
    return sum(p.spending_weight for p in dibao_unit)


@rule(cites="DSR17-1", label="实际月可支配收入")
def real_income(
    income_before_deduction: Decimal, dibao_standard: Decimal, family_spending_weight: int
) -> Decimal:
    return max(Decimal(0), income_before_deduction - dibao_standard * family_spending_weight)


@rule(cites="DSR17-1", label="人均实际月可支配收入")
def real_income_per_member(real_income: Decimal, dibao_members: int) -> Decimal:
    return real_income / max(1, dibao_members)


@rule(cites="DSR17-1", label="符合低收入家庭条件")
def low_income_2017_eligible(
    in_dibao_family: bool,
    real_income_per_member: Decimal,
    dibao_standard: Decimal,
    low_income_multiple: Decimal,
) -> bool:
    return not in_dibao_family and real_income_per_member < dibao_standard * low_income_multiple
