"""Who in the district gets the supplement when prices rise."""

from jiekun.kernel import rule


@rule(cites="W22-3", label="可以领价格补贴")
def price_supplement_eligible(
    dibao_person: bool, tekun_entitled: bool, price_link_on: bool
) -> bool:
    return (dibao_person or tekun_entitled) and price_link_on
