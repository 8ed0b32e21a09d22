"""Hours of help at home for people with the gravest disabilities."""

from decimal import Decimal

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="severe_home_care",
    label="重度残疾人居家服务",
    short="重残居家服务",
    to="person",
    gives="hours",
    office="残联",
    eligible="severe_home_care_eligible",
    amount="severe_home_care_hours",
    about="残疾重、自己照顾不了自己的人，有人上门服务。当年用不完，次年重新计。",
    apply="由本人或家人向街道残联提出，先评估自理能力。",
)


@rule(cites="W24-23", label="居家服务的残疾类别和等级")
def severe_home_care_disability(
    disability_class: str,
    disability_level: int,
    disability_has_mental: bool,
    disability_cert_valid: bool,
) -> bool:
    """Level one only: visual, limb, intellectual, or multiple without a mental part."""
    return (
        disability_cert_valid
        and disability_level == 1
        and (
            disability_class in {"visual", "limb", "intellectual"}
            or (disability_class == "multiple" and not disability_has_mental)
        )
    )


@rule(cites="W22-2.9e", label="可以得到居家服务", name="severe_home_care_eligible")
def severe_home_care_of_any_class(
    wuchang_scope: bool, heavily_disabled: bool, self_care_lost: bool
) -> bool:
    """The rules of 2022 ask for no income and name no class: levels one and two."""
    return wuchang_scope and heavily_disabled and self_care_lost


@rule(cites="W24-23", label="可以得到居家服务")
def severe_home_care_eligible(
    wuchang_scope: bool,
    low_income_family: bool,
    severe_home_care_disability: bool,
    self_care_lost: bool,
) -> bool:
    """Gravely unable to look after oneself is read as failing four of six (MF43-22)."""
    return wuchang_scope and low_income_family and severe_home_care_disability and self_care_lost


@rule(cites=("W22-2.9e", "W24-23"), label="今年还可用的服务时数")
def severe_home_care_hours(severe_home_care_year: Decimal, severe_hours_used: Decimal) -> Decimal:
    """The whole year's hours whenever one joins, less those used; January starts anew."""
    return max(Decimal(0), severe_home_care_year - severe_hours_used)
