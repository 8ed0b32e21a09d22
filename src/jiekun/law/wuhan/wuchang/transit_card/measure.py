"""A card to ride buses, trains and ferries of the city without paying."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="transit_card",
    label="残疾人免费乘坐车船卡",
    short="免费乘车卡",
    to="person",
    gives="status",
    office="残联",
    eligible="transit_card_eligible",
    about="残疾证在有效期内的人，办了卡坐市内公交、地铁、轮渡不要钱。外地户口的还要有本市居住证。",
    apply="带残疾证（外地户口再带居住证）到残联窗口办卡。",
)


@rule(cites="W24-22", label="可以办免费乘车卡")
def transit_card_eligible(
    hukou: str, residence_permit_valid: bool, disability_cert_valid: bool
) -> bool:
    """Any class and level; a certificate or permit that lapses suspends the card."""
    return disability_cert_valid and (hukou in {"district", "city"} or residence_permit_valid)
