"""How people stand to a head, and to the next one."""

from __future__ import annotations

from itertools import product

import pytest

from jiekun.registry.relations import Relation, fits, turned

R = Relation


def test_every_relation_belongs_to_a_kind_that_is_one_too():
    assert all(relation.group.group is relation.group for relation in Relation)


@pytest.mark.parametrize(
    ("person", "sex", "new_head", "head_sex", "becomes"),
    [
        (R.SON, "male", R.SPOUSE, "female", R.SON),
        (R.DAUGHTER_IN_LAW, "female", R.WIFE, "female", R.DAUGHTER_IN_LAW),
        (R.MOTHER, "female", R.SPOUSE, "female", R.HUSBANDS_MOTHER),
        (R.FATHER, "male", R.SPOUSE, "male", R.WIFES_FATHER),
        (R.WIFES_MOTHER, "female", R.SPOUSE, "female", R.MOTHER),
        (R.HEAD, "male", R.SPOUSE, "female", R.SPOUSE),
        (R.SPOUSE, "female", R.FIRST_SON, "male", R.MOTHER),
        (R.HEAD, "male", R.DAUGHTER, "female", R.FATHER),
        (R.SECOND_SON, "male", R.FIRST_SON, "male", R.SIBLING),
        (R.FATHER, "male", R.SON, "male", R.GRANDPARENT),
        (R.GRANDCHILD, "male", R.SON, "male", R.RELATIVE),
        (R.SPOUSE, "female", R.FATHER, "male", R.DAUGHTER_IN_LAW),
        (R.DAUGHTER, "female", R.FATHER, "male", R.GRANDCHILD),
        (R.MOTHER, "female", R.FATHER, "male", R.SPOUSE),
        (R.SIBLING, "female", R.SIBLING, "male", R.SIBLING),
        (R.MOTHER, "female", R.SIBLING, "male", R.MOTHER),
        (R.HEAD, "female", R.GRANDCHILD, "male", R.GRANDPARENT),
        (R.SON, "male", R.SON_IN_LAW, "male", R.RELATIVE),
        (R.OTHER, "male", R.SPOUSE, "female", R.OTHER),
        (R.SON, "male", R.OTHER, "female", R.OTHER),
    ],
)
def test_from_a_new_head_people_stand_as_the_old_relations_tell(
    person, sex, new_head, head_sex, becomes
):
    assert turned(person, new_head, sex=sex, head_sex=head_sex) == becomes


SEXES = ("male", "female")


def test_nobody_but_the_chosen_ever_becomes_head_or_of_another_sex():
    for person, new_head, sex, head_sex in product(Relation, Relation, SEXES, SEXES):
        if fits(person, sex) and fits(new_head, head_sex) and new_head != Relation.HEAD:
            told = turned(person, new_head, sex=sex, head_sex=head_sex)
            assert told != Relation.HEAD
            assert fits(told, sex)


def test_a_woman_is_nobodys_son():
    assert not fits(Relation.SON, "female")
    assert not fits(Relation.DAUGHTER_IN_LAW, "male")
    assert fits(Relation.PARENT, "female")
