"""What old people without a pension earn by odd jobs, when their family asks for dibao."""

from decimal import Decimal

from jiekun.kernel import rule


@rule(cites=("W24-19", "MF57-13"), label="计入的零工收入")
def counted_odd_job_income(
    odd_job_income: Decimal, age: int, receives_pension: bool, average_pension: Decimal
) -> Decimal:
    """Up to last year's average pension nothing counts; above it all does, as the words stand."""
    if odd_job_income == 0:
        return Decimal(0)
    if age < 60 or receives_pension:
        return odd_job_income
    return Decimal(0) if odd_job_income <= average_pension else odd_job_income
