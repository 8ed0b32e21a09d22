"""Whom the city took in and kept in 2020, and what it asked of its offices."""

from decimal import Decimal

from jiekun.kernel import Measure, People, rule

MEASURE = Measure(
    name="watched_family",
    label="潜在救助对象",
    short="潜在对象",
    to="household",
    gives="status",
    office="民政",
    eligible="watched_family",
    about="低收入、重病重残、遇到大变故一年内申请没批下来的家庭，列为潜在救助对象，上门去看、主动帮着申请。",
    apply="不用申请，由街道、社区摸排。",
    universal=True,
)

CARE = Measure(
    name="severe_care",
    label="贫困重度残疾人照料服务",
    short="重残照料",
    to="person",
    gives="service",
    office="残联",
    eligible="severe_care_eligible",
    about="十六岁以上、够不上特困供养的贫困重度残疾人，由政府买服务或集中托养来照料。",
    apply="向街道提出。",
)


@rule(cites="WH20-2.1.1b", label="符合低保条件")
def dibao_eligible(
    dibao_applies_here: bool,
    dibao_test_income: Decimal,
    dibao_standard: Decimal,
    assets_within_limit: bool,
) -> bool:
    """The pandemic-hit are to be taken in by the rules there are: no condition is new."""
    return dibao_applies_here and dibao_test_income < dibao_standard and assets_within_limit


@rule(cites=("WH20-2.3.2a", "L649-14"), label="符合特困条件")
def tekun_eligible(
    hukou: str,
    away: str,
    tekun_no_labour: bool,
    tekun_no_source: bool,
    obligors_able: int,
    kept_as_child: bool,
) -> bool:
    """Everybody who meets the conditions is to be looked for; the conditions are the national."""
    return (
        hukou == "district"
        and away not in {"in_prison", "declared_missing"}
        and tekun_no_labour
        and tekun_no_source
        and obligors_able == 0
        and not kept_as_child
    )


@rule(cites="WH20-2.1.2e", label="低收入家庭", since="2020-04-01")
def low_income_family(in_dibao_family: bool, low_income_recognised: bool) -> bool:
    return in_dibao_family or low_income_recognised


@rule(cites="WH20-2.3.1b", label="未脱贫或返贫家庭")
def poor_by_file(poverty_file: str) -> bool:
    return poverty_file in {"poor", "returned"}


@rule(cites="WH20-2.3.1b", label="符合按人施保条件")
def dibao_single_eligible(
    poor_by_file: bool,
    in_dibao_family: bool,
    dibao_unit: bool,
    heavily_disabled: bool,
    serious_illness: bool,
    counted_income: Decimal,
    dibao_standard: Decimal,
) -> bool:
    """Directly, without a look at the family's means; who earns above the line needs none."""
    return (
        poor_by_file
        and not in_dibao_family
        and dibao_unit
        and (heavily_disabled or serious_illness)
        and counted_income < dibao_standard
    )


@rule(cites="WH20-2.3.1b", label="单人每月低保金")
def dibao_single_amount(dibao_standard: Decimal, counted_income: Decimal) -> Decimal:
    return dibao_standard - max(Decimal(0), counted_income)


@rule(cites="WH20-2.3.1b", label="低保对象")
def dibao_person(in_dibao_family: bool, dibao_unit: bool, dibao_single_eligible: bool) -> bool:
    return (in_dibao_family and dibao_unit) or dibao_single_eligible


@rule(cites="WH20-2.1.2a", label="暂停退出低保", since="2020-04-01", until="2020-06-30")
def dibao_exit_paused(dibao_recognised: bool) -> bool:
    return dibao_recognised


@rule(cites="WH20-2.3.1c", label="按人施保，年底前不退出")
def kept_until_december(poor_by_file: bool, heavily_disabled: bool, serious_illness: bool) -> bool:
    """Only within 2020: afterwards the ordinary reviews decide again."""
    return poor_by_file and (heavily_disabled or serious_illness)


@rule(cites="WH20-2.3.1c", label="保障总人数没有减少")
def people_kept_up(people_on_dibao: Decimal, people_on_dibao_before: Decimal) -> bool:
    return people_on_dibao >= people_on_dibao_before


@rule(cites="WH20-2.3.1e", label="支出型救助人数达到比例")
def expenditure_share_met(
    people_by_expenditure: Decimal, people_on_dibao: Decimal, expenditure_share: Decimal
) -> bool:
    return people_by_expenditure >= people_on_dibao * expenditure_share


@rule(cites="WH20-2.3.1f", label="日常消费与申报不相称")
def spending_out_of_line(utility_high: bool, high_fee_school: bool, travels_abroad: bool) -> bool:
    """A reason to look closer, never by itself a reason to refuse."""
    return utility_high or high_fee_school or travels_abroad


@rule(cites="WH20-2.2.3a", label="潜在救助对象")
def watched_family(
    low_income_family: bool,
    sudden_hardship: str,
    refused_within_year: bool,
    people: People,
) -> bool:
    """A family refused within the year counts when some misfortune struck it."""
    return (
        low_income_family
        or any(p.heavily_disabled or p.serious_illness for p in people)
        or (sudden_hardship != "none" and refused_within_year)
    )


@rule(cites="WH20-2.4.4c", label="可以得到重残照料")
def severe_care_eligible(
    age: int,
    heavily_disabled: bool,
    tekun_entitled: bool,
    low_income_family: bool,
    poor_by_file: bool,
) -> bool:
    """Poverty is read as low income or a family not yet out of poverty."""
    return (
        age >= 16
        and heavily_disabled
        and not tekun_entitled
        and (low_income_family or poor_by_file)
    )
