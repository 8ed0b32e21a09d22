"""Tekun: people who cannot work, have nothing to live on and nobody able to keep them."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="tekun",
    label="特困人员救助供养",
    short="特困",
    to="person",
    gives="money",
    office="民政",
    eligible="tekun_eligible",
    amount="tekun_amount",
    about="干不了活、没有生活来源、也没有人有能力供养的老人、残疾人和孩子，由国家供养。每月给基本生活费，照料护理另算。",
    apply="由本人向户籍所在街道提出；办不了的，社区应当主动帮着办。",
    stops_with=("dibao", "dibao_single", "orphan", "unsupported_child"),
)


@rule(cites="L649-14", label="特困供养基本生活标准")
def tekun_standard(
    rural: bool, tekun_standard_urban: Decimal, tekun_standard_rural: Decimal
) -> Decimal:
    return tekun_standard_rural if rural else tekun_standard_urban


@rule(cites="L649-14", label="无劳动能力的残疾", until="2021-06-30", name="tekun_disability")
def tekun_disability_before(
    disability_class: str, disability_level: int, tekun_disability_level_before: int
) -> bool:
    """The method of 2016 is not at hand: which levels it took is a number nobody has found."""
    return disability_class != "none" and 1 <= disability_level <= tekun_disability_level_before


@rule(cites="MF43-5", label="无劳动能力的残疾")
def tekun_disability(disability_class: str, disability_level: int) -> bool:
    """The article's own list; it does not name multiple, hearing or speech disability."""
    return (
        (disability_class in {"intellectual", "mental"} and disability_level in {1, 2, 3})
        or (disability_class == "limb" and disability_level in {1, 2})
        or (disability_class == "visual" and disability_level == 1)
    )


@rule(cites=("L649-14", "MF43-24"), label="已是特困，可继续供养")
def tekun_continues(tekun_recognised: bool, age: int, school_stage: str) -> bool:
    """Kept until eighteen, and longer while still at school up to senior or vocational."""
    return tekun_recognised and (
        age < 18 or school_stage in {"primary", "junior", "senior", "vocational"}
    )


@rule(cites=("L649-14", "MF43-5"), label="无劳动能力")
def tekun_no_labour(age: int, tekun_disability: bool, tekun_continues: bool) -> bool:
    return age >= 60 or age < 16 or tekun_disability or tekun_continues


@rule(cites=("L649-14", "MF43-6"), label="特困口径的本人月收入")
def tekun_income(
    counted_earnings: Decimal,
    business_income: Decimal,
    property_income: Decimal,
    pension_income: Decimal,
    transfer_income: Decimal,
    transfer_paid: Decimal,
) -> Decimal:
    """Basic pension, social insurance relief, honours and the old-age allowance stay out."""
    return (
        counted_earnings
        + business_income
        + property_income
        + pension_income
        + transfer_income
        - transfer_paid
    )


@rule(cites=("L649-14", "MF43-6"), label="无生活来源")
def tekun_no_source(tekun_income: Decimal, dibao_standard: Decimal, tekun_assets_ok: bool) -> bool:
    return tekun_income < dibao_standard and tekun_assets_ok


@rule(cites="L649-15", label="按孤儿保障，不按特困", until="2019-12-31", name="kept_as_child")
def kept_as_orphan(orphan_recognised: bool, orphan_conditions: bool, chooses_tekun: bool) -> bool:
    """Before 2020 the country kept orphans only; unsupported children came after (SW19)."""
    return not chooses_tekun and (orphan_recognised or orphan_conditions)


@rule(cites=("L649-15", "MF43-9"), label="按儿童保障，不按特困", since="2020-01-01")
def kept_as_child(
    orphan_recognised: bool,
    unsupported_recognised: bool,
    orphan_conditions: bool,
    unsupported_conditions: bool,
    chooses_tekun: bool,
) -> bool:
    """A child who may be either is one of them, as its guardian chooses."""
    return not chooses_tekun and (
        orphan_recognised or unsupported_recognised or orphan_conditions or unsupported_conditions
    )


@rule(cites=("L649-14", "MF43-4"), label="符合特困条件")
def tekun_eligible(
    hukou: str,
    away: str,
    tekun_no_labour: bool,
    tekun_no_source: bool,
    obligors_able: int,
    kept_as_child: bool,
) -> bool:
    """Applied for where one is registered (MF43-10); prison or a declared absence ends it (-24)."""
    return (
        hukou == "district"
        and away not in {"in_prison", "declared_missing"}
        and tekun_no_labour
        and tekun_no_source
        and obligors_able == 0
        and not kept_as_child
    )


@rule(cites=("L649-16", "MF43-17"), label="特困人员")
def tekun_entitled(tekun_recognised: bool, tekun_eligible: bool) -> bool:
    """Recognised already, or would be on applying."""
    return tekun_recognised or tekun_eligible


@rule(cites="L649-14", label="每月特困供养金")
def tekun_amount(tekun_entitled: bool, tekun_standard: Decimal) -> Decimal:
    """The whole standard: what a person has of their own is not taken off it."""
    return tekun_standard if tekun_entitled else Decimal(0)
