"""Help to find work for disabled people."""

from jiekun.kernel import Measure, rule

MEASURE = Measure(
    name="disabled_jobs",
    label="残疾人就业帮扶",
    short="残疾人就业",
    to="person",
    gives="service",
    office="残联",
    eligible="disabled_jobs_eligible",
    about="还没有工作的残疾人，残联帮着对接用人单位，也可以到街道的阳光家园做辅助性的活。",
    apply="到街道残联登记求职。",
    universal=True,
)


@rule(cites=("W22-2.9g", "W24-26"), label="可以得到就业帮扶")
def disabled_jobs_eligible(
    wuchang_scope: bool,
    age: int,
    disability_cert_valid: bool,
    employed: bool,
    full_time_student: bool,
) -> bool:
    """Of working age, sixteen to sixty, as the clause names none, and not at school."""
    return (
        wuchang_scope
        and disability_cert_valid
        and 16 <= age < 60
        and not employed
        and not full_time_student
    )
