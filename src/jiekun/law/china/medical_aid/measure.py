"""Medical aid: help with premiums, and with what insurance leaves to pay."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="medical_aid",
    label="医疗救助",
    short="医疗救助",
    to="person",
    gives="money",
    office="医保",
    eligible="medical_aid_eligible",
    amount="medical_aid_amount",
    about="看病花的钱，医保和大病保险报过以后，政策范围内还要自己付的部分再救助一份。救助多少按对象的类别分档。",
    apply="低保、特困在医院直接结算；其他人向街道提出。",
)

PREMIUM = Measure(
    name="premium_aid",
    label="资助参加居民医保",
    short="资助参保",
    to="person",
    gives="money",
    office="医保",
    eligible="medical_aid_eligible",
    amount="premium_aid_amount",
    about="困难群众参加居民医保，个人要交的保费由政府全部或部分出。",
    apply="不用申请，按名单资助；名单漏了可以找社区。",
)


@rule(cites="L649-28", label="医疗救助重点对象")
def medical_aid_key(dibao_person: bool, tekun_entitled: bool, orphan_entitled: bool) -> bool:
    return dibao_person or tekun_entitled or orphan_entitled


@rule(cites="L649-28", label="医疗救助对象")
def medical_aid_eligible(hukou: str, medical_aid_key: bool, district_hardship: bool) -> bool:
    """Others are whom the county's government names."""
    return hukou == "district" and (medical_aid_key or district_hardship)


@rule(cites="L649-29", label="全年医疗救助")
def medical_aid_amount(
    medical_in_scope: Decimal,
    medical_aid_key: bool,
    medical_aid_threshold: Decimal,
    medical_aid_share_key: Decimal,
    medical_aid_share_other: Decimal,
    medical_aid_cap_key: Decimal,
    medical_aid_cap_other: Decimal,
) -> Decimal:
    """A share of what is left above the threshold, up to a yearly cap; each by class."""
    left = max(Decimal(0), medical_in_scope - medical_aid_threshold)
    if medical_aid_key:
        return min(left * medical_aid_share_key, medical_aid_cap_key)
    return min(left * medical_aid_share_other, medical_aid_cap_other)


@rule(cites="L649-29", label="一年资助的保费")
def premium_aid_amount(
    medical_aid_key: bool,
    resident_premium: Decimal,
    premium_share_key: Decimal,
    premium_share_other: Decimal,
) -> Decimal:
    return resident_premium * (premium_share_key if medical_aid_key else premium_share_other)
