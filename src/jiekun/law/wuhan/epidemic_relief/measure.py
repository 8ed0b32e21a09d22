"""What the city gave in 2020 because of the epidemic."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="covid_relief",
    label="新冠确诊困难群众临时救助",
    short="确诊救助",
    to="person",
    gives="money",
    office="民政",
    eligible="covid_relief_eligible",
    amount="covid_relief_amount",
    about="确诊新冠肺炎的低保、特困、低收入、支出型困难、建档立卡、孤儿和事实无人抚养儿童，按半年的低保标准救助一次。",
    apply="不用申请，由社区报告。",
)

GOODS = Measure(
    name="epidemic_goods",
    label="农村困难群众生活物资救助",
    short="生活物资",
    to="person",
    gives="goods",
    office="民政",
    eligible="epidemic_goods_eligible",
    amount="epidemic_goods_amount",
    about="农村低保对象、特困人员，每人发一份生活物资。",
    apply="不用申请，由村里发放。",
)

EXTRA = Measure(
    name="extra_month",
    label="确诊农村困难群众增发一个月",
    short="增发一月",
    to="person",
    gives="money",
    office="民政",
    eligible="extra_month_eligible",
    amount="extra_month_amount",
    about="确诊新冠肺炎的农村低保对象、特困人员、重度残疾人，多发一个月的救助金或护理补贴。",
    apply="不用申请，和当月救助金一起发。",
)


@rule(cites="WH20-2.1.2e", label="确诊的困难群众", since="2020-04-01")
def covid_relief_eligible(
    covid_confirmed: bool,
    dibao_person: bool,
    tekun_entitled: bool,
    orphan_entitled: bool,
    unsupported_entitled: bool,
    low_income_family: bool,
    expenditure_relief_eligible: bool,
    poverty_file: str,
) -> bool:
    """The paragraph speaks of the months from April on."""
    return covid_confirmed and (
        dibao_person
        or tekun_entitled
        or orphan_entitled
        or unsupported_entitled
        or low_income_family
        or expenditure_relief_eligible
        or poverty_file != "none"
    )


@rule(cites="WH20-2.1.2e", label="确诊救助金", since="2020-04-01")
def covid_relief_amount(
    covid_confirmed: bool, dibao_standard: Decimal, covid_relief_months: Decimal
) -> Decimal:
    """Six times the line of the town or the country, as the family is counted."""
    return dibao_standard * covid_relief_months if covid_confirmed else Decimal(0)


@rule(cites="WH20-2.1.3a", label="可以领生活物资")
def epidemic_goods_eligible(rural: bool, dibao_person: bool, tekun_entitled: bool) -> bool:
    return rural and (dibao_person or tekun_entitled)


@rule(cites="WH20-2.1.3a", label="生活物资（至少）")
def epidemic_goods_amount(epidemic_goods: Decimal) -> Decimal:
    return epidemic_goods


@rule(cites="WH20-2.1.3b", label="可以增发一个月")
def extra_month_eligible(
    rural: bool,
    covid_confirmed: bool,
    dibao_person: bool,
    tekun_entitled: bool,
    disability_care_eligible: bool,
) -> bool:
    return (
        rural and covid_confirmed and (dibao_person or tekun_entitled or disability_care_eligible)
    )


@rule(cites="WH20-2.1.3b", label="增发的一个月")
def extra_month_amount(
    tekun_entitled: bool,
    tekun_standard: Decimal,
    dibao_person: bool,
    dibao_per_head: Decimal,
    disability_care_amount: Decimal,
    extra_months: Decimal,
) -> Decimal:
    """One month more of what the person gets: keep, dibao, or care money."""
    if tekun_entitled:
        return tekun_standard * extra_months
    if dibao_person:
        return dibao_per_head * extra_months
    return disability_care_amount * extra_months


@rule(cites="WH20-2.1.3c", label="可以领价格补贴")
def price_supplement_eligible(
    rural: bool, dibao_person: bool, tekun_entitled: bool, price_link_on: bool
) -> bool:
    return rural and (dibao_person or tekun_entitled) and price_link_on


@rule(
    cites=("WH20-2.1.3d", "LB15-2"),
    label="每月残疾人生活补贴",
    since="2020-03-01",
    until="2020-06-30",
)
def disability_living_amount(
    disability_living_allowance: Decimal, epidemic_disability_raise: Decimal
) -> Decimal:
    return disability_living_allowance + epidemic_disability_raise


@rule(
    cites=("WH20-2.1.3d", "LB15-2"),
    label="每月残疾人护理补贴",
    since="2020-03-01",
    until="2020-06-30",
)
def disability_care_amount(
    disability_care_allowance: Decimal, epidemic_disability_raise: Decimal
) -> Decimal:
    return disability_care_allowance + epidemic_disability_raise
