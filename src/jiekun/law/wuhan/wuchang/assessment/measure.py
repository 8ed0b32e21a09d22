"""What a family's assessment looks at: people, health, work and hard costs. No score."""

from decimal import Decimal

from jiekun.kernel import People, rule


@rule(cites="W22-7", label="家里未成年人数")
def assessed_minors(people: People) -> int:
    return sum(1 for p in people if p.age < 18 and p.away == "home")


@rule(cites="W22-7", label="家里六十岁以上人数")
def assessed_elders(people: People) -> int:
    return sum(1 for p in people if p.age >= 60 and p.away == "home")


@rule(cites="W22-7", label="家里残疾或重病的人数")
def assessed_ill(people: People) -> int:
    return sum(
        1 for p in people if (p.disability_cert_valid or p.serious_illness) and p.away == "home"
    )


@rule(cites="W22-7", label="有劳动能力")
def able_to_work(age: int, cannot_work: bool, full_time_student: bool) -> bool:
    """Sixteen to sixty, not at school and not past working."""
    return 16 <= age < 60 and not cannot_work and not full_time_student


@rule(cites="W22-7", label="家里有劳动能力的人数")
def assessed_workers(people: People) -> int:
    return sum(1 for p in people if p.able_to_work and p.away == "home")


@rule(cites="W22-7", label="有劳动能力而没有工作的人数")
def assessed_jobless(people: People) -> int:
    return sum(1 for p in people if p.able_to_work and not p.employed and p.away == "home")


@rule(cites="W22-7", label="每月刚性支出")
def assessed_rigid_spending(rigid_expense_total: Decimal) -> Decimal:
    """Weighed by people beside income; the clause gives no weights, so nothing is added up."""
    return rigid_expense_total
