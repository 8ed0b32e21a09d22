"""The dozen as OpenFisca has it: Variables, dated parameters, a person and a household.

PolicyEngine-core began as a fork and reads the same classes; each runs in its own environment.
Money is yuan in the 32-bit floats both engines store.
"""

# Formulas are read by the engines: names, arguments and classes are as they want them.
# ruff: noqa: ARG002, N801, N805

from __future__ import annotations

from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from bench.peers.dated import PARAMETERS

CORE = "openfisca_core" if find_spec("openfisca_core") else "policyengine_core"
_api = import_module(f"{CORE}.model_api")
Enum, MONTH, Variable = _api.Enum, _api.MONTH, _api.Variable
max_, min_, select, where = _api.max_, _api.min_, _api.select, _api.where

_build_entity = import_module(f"{CORE}.entities").build_entity
Person = _build_entity("person", "persons", "A person", is_person=True)
Household = _build_entity(
    "household", "households", "A household", roles=[{"key": "member", "plural": "members"}]
)
SelfCare = Enum("SelfCare", "full partial none")
Parents = Enum("Parents", "alive one dead gone")
Stage = Enum("Stage", "none kindergarten compulsory senior college")
Region = Enum("Region", "urban suburban rural")
CHOICES = {
    "self_care": (SelfCare, Person),
    "parents": (Parents, Person),
    "school_stage": (Stage, Person),
    "region": (Region, Household),
}

PERSON_INPUTS: dict[str, type | str] = {
    "wage_income": float,
    "other_income": float,
    "employed": bool,
    "disability_level": int,
    "no_supporter": bool,
    "medical_cost": float,
    "seriously_ill": bool,
    "insured": bool,
    "hukou_here": bool,
    "in_institution": bool,
    "trainings_this_year": int,
    "started_business": bool,
    "home_care_hours": int,
}
HOUSEHOLD_INPUTS: dict[str, type | str] = {
    "savings": float,
    "cars": int,
    "houses": int,
    "emergency_cost": float,
    "rigid_expense": float,
}
MONEY = {n for n, t in {**PERSON_INPUTS, **HOUSEHOLD_INPUTS}.items() if t is float}


def _aged(person: Any, period: Any, years: int) -> Any:
    limit = np.datetime64(str(period.start.offset(-years, "year")))
    return person("birth_date", period) <= limit


class standard(Variable):
    value_type, entity, definition_period, label = float, Household, MONTH, "local standard"

    def formula(household, period, parameters):
        p, region = parameters(period).standard, household("region", period)
        return select(
            [region == Region.urban, region == Region.suburban], [p.urban, p.suburban], p.rural
        )


class savings_within_limit(Variable):
    value_type, entity, definition_period, label = bool, Household, MONTH, "modest savings"

    def formula(household, period, parameters):
        months = parameters(period).standard.savings_months
        limit = household("standard", period) * months * household.nb_persons()
        return household("savings", period) <= limit


class severely_disabled(Variable):
    value_type, entity, definition_period, label = bool, Person, MONTH, "severely disabled"

    def formula(person, period, parameters):
        level = person("disability_level", period)
        return (level == 1) + (level == 2)


class tekun_eligible(Variable):
    value_type, entity, definition_period, label = bool, Person, MONTH, "tekun conditions"

    def formula(person, period, parameters):
        cannot_work = (
            _aged(person, period, 60)
            + np.logical_not(_aged(person, period, 16))
            + person("severely_disabled", period)
        )
        income = person("wage_income", period) + person("other_income", period)
        return (
            person("hukou_here", period)
            * person("no_supporter", period)
            * cannot_work
            * (income < person.household("standard", period))
            * person.household("savings_within_limit", period)
        )


class orphan_eligible(Variable):
    value_type, entity, definition_period, label = bool, Person, MONTH, "is an orphan"

    def formula(person, period, parameters):
        parents = person("parents", period)
        lost = (parents == Parents.dead) + (parents == Parents.gone)
        minor = np.logical_not(_aged(person, period, 18))
        tekun = person("tekun_eligible", period)
        return lost * minor * person("hukou_here", period) * np.logical_not(tekun)


class counted_income(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "income that counts"

    def formula(person, period, parameters):
        cost = parameters(period).dibao.work_cost * person("employed", period)
        earned = max_(person("wage_income", period) - cost, 0)
        return earned + person("other_income", period)


class dibao_unit(Variable):
    value_type, entity, definition_period, label = bool, Person, MONTH, "counted for dibao"

    def formula(person, period, parameters):
        out = (
            person("in_institution", period)
            + person("tekun_eligible", period)
            + person("orphan_eligible", period)
        )
        return person("hukou_here", period) * np.logical_not(out)


class dibao_members(Variable):
    value_type, entity, definition_period, label = int, Household, MONTH, "members counted"

    def formula(household, period, parameters):
        return household.sum(household.members("dibao_unit", period))


class family_income(Variable):
    value_type, entity, definition_period, label = float, Household, MONTH, "family income"

    def formula(household, period, parameters):
        counted = household.members("counted_income", period)
        income = household.sum(counted * household.members("dibao_unit", period))
        return max_(income - household("rigid_expense", period), 0)


class income_per_member(Variable):
    value_type, entity, definition_period, label = float, Household, MONTH, "income each"

    def formula(household, period, parameters):
        members = max_(household("dibao_members", period), 1)
        return household("family_income", period) / members


class dibao_eligible(Variable):
    value_type, entity, definition_period, label = bool, Household, MONTH, "dibao conditions"

    def formula(household, period, parameters):
        poor = household("income_per_member", period) < household("standard", period)
        return (
            (household("dibao_members", period) > 0)
            * poor
            * household("savings_within_limit", period)
            * (household("cars", period) == 0)
            * (household("houses", period) <= 1)
        )


class dibao(Variable):
    value_type, entity, definition_period, label = float, Household, MONTH, "dibao a month"

    def formula(household, period, parameters):
        line = household("standard", period) * household("dibao_members", period)
        gap = max_(line - household("family_income", period), 0)
        return household("dibao_eligible", period) * gap


class relief(Variable):
    value_type, entity, definition_period, label = float, Household, MONTH, "relief"

    def formula(household, period, parameters):
        p, standard = parameters(period).relief, household("standard", period)
        cost = household("emergency_cost", period)
        poor = household("income_per_member", period) < standard * p.line
        most = standard * p.months * household.nb_persons()
        return (cost > 0) * poor * min_(cost, most)


class in_hardship(Variable):
    value_type, entity, definition_period, label = bool, Person, MONTH, "in hardship"

    def formula(person, period, parameters):
        family = person.household("dibao_eligible", period) * person("dibao_unit", period)
        return family + person("tekun_eligible", period) + person("orphan_eligible", period)


class tekun(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "tekun a month"

    def formula(person, period, parameters):
        p, care = parameters(period).tekun, person("self_care", period)
        extra = select(
            [care == SelfCare.none, care == SelfCare.partial],
            [p.care_none, p.care_partial],
            p.care_full,
        )
        living = np.floor(person.household("standard", period) * p.ratio * 100 + 0.5) / 100
        return person("tekun_eligible", period) * (living + extra)


class orphan(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "orphan a month"

    def formula(person, period, parameters):
        p = parameters(period).orphan
        amount = where(person("in_institution", period), p.institution, p.home)
        return person("orphan_eligible", period) * amount


class meals(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "meals a month"

    def formula(person, period, parameters):
        p = parameters(period).meals
        sixty, seventy, eighty = (_aged(person, period, n) for n in (60, 70, 80))
        eligible = seventy + sixty * person("in_hardship", period)
        amount = select([eighty, seventy], [p.from_80, p.from_70], p.from_60)
        return person("hukou_here", period) * eligible * amount


class education(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "education a year"

    def formula(person, period, parameters):
        p, stage = parameters(period).education, person("school_stage", period)
        amount = select(
            [
                stage == Stage.kindergarten,
                stage == Stage.compulsory,
                stage == Stage.senior,
                stage == Stage.college,
            ],
            [p.kindergarten, p.compulsory, p.senior, p.college],
            0,
        )
        return person("in_hardship", period) * amount


class medical(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "medical a year"

    def formula(person, period, parameters):
        p, cost = parameters(period).medical, person("medical_cost", period)
        line = person.household("standard", period) * p.edge
        edge = person.household("income_per_member", period) < line
        who = person("in_hardship", period) + person("seriously_ill", period) * edge
        share = np.floor((cost - p.threshold) * p.share * 100 + 0.5) / 100
        return (cost > p.threshold) * person("insured", period) * who * min_(share, p.cap)


class care_hours(Variable):
    value_type, entity, definition_period, label = int, Person, MONTH, "hours of care a year"

    def formula(person, period, parameters):
        frail = person("self_care", period) == SelfCare.none
        at_home = np.logical_not(person("in_institution", period))
        who = frail * _aged(person, period, 60) * at_home * person("in_hardship", period)
        return who * parameters(period).care.hours


class weak_and_of_age(Variable):
    value_type, entity, definition_period, label = bool, Person, MONTH, "may be trained"

    def formula(person, period, parameters):
        age = _aged(person, period, 16) * np.logical_not(_aged(person, period, 60))
        weak = (person("disability_level", period) > 0) + person("in_hardship", period)
        return age * weak


class training(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "training"

    def formula(person, period, parameters):
        free = np.logical_not(person("employed", period))
        out = person("school_stage", period) == Stage.none
        few = person("trainings_this_year", period) < 3
        who = person("weak_and_of_age", period) * free * out * few
        return who * parameters(period).work.training


class startup(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "starting a business"

    def formula(person, period, parameters):
        who = person("started_business", period) * person("weak_and_of_age", period)
        return who * parameters(period).work.startup


class home_care(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "care at home a month"

    def formula(person, period, parameters):
        p, hours = parameters(period).care, person("home_care_hours", period)
        out = person("in_institution", period) + person("tekun_eligible", period)
        who = person("severely_disabled", period) * np.logical_not(out)
        return who * min_(hours, p.most) * p.rate


class insurance(Variable):
    value_type, entity, definition_period, label = bool, Person, MONTH, "premium paid"

    def formula(person, period, parameters):
        who = person("in_hardship", period) + person("severely_disabled", period)
        return person("insured", period) * who


class person_total(Variable):
    value_type, entity, definition_period, label = float, Person, MONTH, "a person in a year"

    def formula(person, period, parameters):
        monthly = sum(person(n, period) for n in ("tekun", "orphan", "meals", "home_care"))
        yearly = sum(person(n, period) for n in ("education", "medical", "training", "startup"))
        return monthly * 12 + yearly


class total(Variable):
    value_type, entity, definition_period, label = float, Household, MONTH, "all in a year"

    def formula(household, period, parameters):
        people = household.sum(household.members("person_total", period))
        return people + household("dibao", period) * 12 + household("relief", period)


def _inputs() -> list[Any]:
    rows: list[tuple[str, Any, dict[str, Any]]] = [
        *((n, Person, {"value_type": t}) for n, t in PERSON_INPUTS.items()),
        *((n, Household, {"value_type": t}) for n, t in HOUSEHOLD_INPUTS.items()),
        ("birth_date", Person, {"value_type": date}),
    ]
    for name, (choices, entity) in CHOICES.items():
        first = next(iter(choices))
        words = {"value_type": Enum, "possible_values": choices, "default_value": first}
        rows.append((name, entity, words))
    common = {"definition_period": MONTH, "label": "an input"}
    return [
        type(name, (Variable,), {"entity": entity, **words, **common})
        for name, entity, words in rows
    ]


def system() -> Any:
    """The dozen's tax and benefit system."""
    made = import_module(f"{CORE}.taxbenefitsystems").TaxBenefitSystem([Person, Household])
    made.parameters = import_module(f"{CORE}.parameters").ParameterNode("", data=PARAMETERS)
    written = [v for v in globals().values() if isinstance(v, type) and issubclass(v, Variable)]
    for variable in [*_inputs(), *(v for v in written if v is not Variable)]:
        made.add_variable(variable)
    return made
