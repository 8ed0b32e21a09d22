"""What old people without a pension earn by odd jobs, when their family asks for dibao."""

from decimal import Decimal

from jiekun.kernel import People, rule


@rule(
    cites=("W24-19", "MF57-13"),
    label="计入的零工收入",
    reading="odd_jobs_above:excess",
    name="counted_odd_job_income",
)
def counted_odd_job_excess(
    odd_job_income: Decimal, age: int, receives_pension: bool, average_pension: Decimal
) -> Decimal:
    """The kinder reading: above the average pension only the part above it counts."""
    if odd_job_income == 0:
        return Decimal(0)
    if age < 60 or receives_pension:
        return odd_job_income
    return max(Decimal(0), odd_job_income - average_pension)


@rule(cites=("W24-19", "MF57-13"), label="计入的零工收入", reading="odd_jobs_above:whole")
def counted_odd_job_income(
    odd_job_income: Decimal, age: int, receives_pension: bool, average_pension: Decimal
) -> Decimal:
    """Up to last year's average pension nothing counts; above it all does, as the words stand."""
    if odd_job_income == 0:
        return Decimal(0)
    if age < 60 or receives_pension:
        return odd_job_income
    return Decimal(0) if odd_job_income <= average_pension else odd_job_income


@rule(cites="W24-19", label="可能不计入的老人零工收入")
def elder_odd_jobs(odd_job_income: Decimal, age: int, receives_pension: bool) -> Decimal:
    if odd_job_income == 0 or age < 60 or receives_pension:
        return Decimal(0)
    return odd_job_income


@rule(cites="MF57-13", label="零工全部计入的本人月收入")
def income_with_odd_jobs(
    wage_income: Decimal,
    odd_job_income: Decimal,
    work_cost: Decimal,
    business_income: Decimal,
    property_income: Decimal,
    counted_transfers: Decimal,
) -> Decimal:
    earned = wage_income + odd_job_income
    cost = min(work_cost, earned) if earned > 0 else Decimal(0)
    return earned - cost + business_income + property_income + counted_transfers


@rule(cites="W24-19", label="老人零工全部计入的人均收入")
def most_income_per_member(dibao_unit: People, dibao_members: int) -> Decimal:
    """The most it can be, whatever the average pension is: below the line means yes."""
    return max(Decimal(0), sum(p.income_with_odd_jobs for p in dibao_unit)) / max(1, dibao_members)


@rule(cites="W24-19", label="老人零工全不计入的人均收入")
def least_income_per_member(dibao_unit: People, dibao_members: int) -> Decimal:
    """The least it can be, every hard cost deducted too: not below the line means no."""
    kept = sum(p.income_with_odd_jobs - p.elder_odd_jobs - p.rigid_expense for p in dibao_unit)
    return max(Decimal(0), kept) / max(1, dibao_members)


@rule(cites=("W24-19", "MF57-23"), label="与低保标准相比的人均收入")
def dibao_test_income(
    most_income_per_member: Decimal,
    least_income_per_member: Decimal,
    income_per_member: Decimal,
    dibao_standard: Decimal,
) -> Decimal:
    """The average pension and deductions are looked at only where they change the answer."""
    if most_income_per_member < dibao_standard:
        return most_income_per_member
    if least_income_per_member >= dibao_standard:
        return least_income_per_member
    return income_per_member


@rule(cites=("W24-19", "MF57-8"), label="与边缘线相比的人均收入")
def edge_test_income(
    most_income_per_member: Decimal,
    least_income_per_member: Decimal,
    income_per_member: Decimal,
    edge_line: Decimal,
) -> Decimal:
    """As for dibao: looked at only where they can change the answer."""
    if most_income_per_member < edge_line:
        return most_income_per_member
    if least_income_per_member >= edge_line:
        return least_income_per_member
    return income_per_member
