"""Every fact the law asks about, declared once.

The portal's questions, the verification requests, the columns of the registry and of the
screening files, the masks and the API schemas are all made from this list.
"""

from jiekun.kernel.facts import FactBook
from jiekun.law.facts_of_care import CARE, HEALTH, PARENTS
from jiekun.law.facts_of_homes import HOUSEHOLD
from jiekun.law.facts_of_living import IDENTITY, INCOME, SCHOOL, WORK

__all__ = [
    "CARE",
    "FACTS",
    "HEALTH",
    "HOUSEHOLD",
    "IDENTITY",
    "INCOME",
    "PARENTS",
    "SCHOOL",
    "WORK",
]

FACTS = FactBook([*IDENTITY, *WORK, *INCOME, *SCHOOL, *HEALTH, *CARE, *PARENTS, *HOUSEHOLD])
