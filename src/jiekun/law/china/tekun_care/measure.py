"""Care money for tekun people, by how far they can look after themselves."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="tekun_care",
    label="特困人员照料护理",
    short="照料护理",
    to="person",
    gives="money",
    office="民政",
    eligible="tekun_entitled",
    amount="tekun_care_amount",
    about="特困人员除了生活费，还按自己能不能吃饭、穿衣、上下床、如厕、走动、洗澡，给一份照料护理费。六样里做不到的越多，档次越高。",
    apply="认定特困时由民政组织评估，不用另外申请；身体变化了随时可以要求重评。",
)


@rule(cites=("L649-15", "MF43-21"), label="自理能力做不到的项数")
def self_care_failed(
    adl_eat: bool, adl_dress: bool, adl_bed: bool, adl_toilet: bool, adl_walk: bool, adl_bath: bool
) -> int:
    feeding = (0 if adl_eat else 1) + (0 if adl_dress else 1) + (0 if adl_bed else 1)
    return feeding + (0 if adl_toilet else 1) + (0 if adl_walk else 1) + (0 if adl_bath else 1)


@rule(cites=("L649-15", "MF43-22"), label="部分丧失自理能力")
def self_care_partly_lost(self_care_failed: int) -> bool:
    return 1 <= self_care_failed <= 3


@rule(cites=("L649-15", "MF43-22"), label="完全丧失自理能力")
def self_care_lost(self_care_failed: int) -> bool:
    return self_care_failed >= 4


@rule(cites=("L649-15", "MF43-20"), label="每月照料护理费")
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
