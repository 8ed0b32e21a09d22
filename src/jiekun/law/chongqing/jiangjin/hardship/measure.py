"""Whom Jiangjin's notice is about: dibao and tekun people of the town."""

from decimal import Decimal

from jiekun.kernel import People, round_half_up, rule


@rule(cites="JJ19-1.2", label="城市特殊困难群众", since="2018-01-01")
def urban_hardship(rural: bool, dibao_person: bool, tekun_entitled: bool) -> bool:
    """People of the country are not in. From 2018, where the notice's medical terms begin."""
    return not rural and (dibao_person or tekun_entitled)


@rule(cites="JJ19-1.2", label="城市特殊困难家庭", since="2018-01-01")
def urban_hardship_family(people: People) -> bool:
    return any(p.urban_hardship for p in people)


@rule(cites="JJ19-1.3", label="两不愁三保障还缺几样")
def assurances_missing(
    food_gap: bool, clothing_gap: bool, medical_gap: bool, school_gap: bool, housing_gap: bool
) -> int:
    worries = (1 if food_gap else 0) + (1 if clothing_gap else 0)
    secured = (1 if medical_gap else 0) + (1 if school_gap else 0) + (1 if housing_gap else 0)
    return worries + secured


@rule(cites="JJ19-1.3", label="两不愁三保障都有了")
def assurances_met(assurances_missing: int) -> bool:
    return assurances_missing == 0


@rule(cites=("JJ19-2.1a", "L649-9"), label="符合低保条件")
def dibao_eligible(
    dibao_applies_here: bool,
    dibao_test_income: Decimal,
    dibao_standard: Decimal,
    assets_within_limit: bool,
) -> bool:
    """All who should be are in, at the line there is: no condition is new."""
    return dibao_applies_here and dibao_test_income < dibao_standard and assets_within_limit


@rule(cites=("JJ19-2.2a", "L649-15"), label="每月照料护理费")
def tekun_care_amount(
    self_care_lost: bool,
    self_care_partly_lost: bool,
    tekun_care_lost: Decimal,
    tekun_care_partly: Decimal,
    tekun_care_able: Decimal,
) -> Decimal:
    if self_care_lost:
        return tekun_care_lost
    if self_care_partly_lost:
        return tekun_care_partly
    return tekun_care_able


@rule(cites="JJ19-2.2b", label="随低保标准算出的特困标准")
def tekun_standard_indexed(dibao_standard_urban: Decimal, tekun_to_dibao: Decimal) -> Decimal:
    """It rises by the same share as the line, so it stays the same multiple; to the whole yuan."""
    return round_half_up(dibao_standard_urban * tekun_to_dibao / 100) * 100
