"""Who was entered twice is found, by the same likeness the registry speaks of."""

from __future__ import annotations

import random
from datetime import date, datetime

import pyarrow as pa
import pytest
from django.db import transaction

from jiekun.demo.district import District
from jiekun.demo.doubles import KINDS, plant
from jiekun.demo.linking import people_table, score
from jiekun.demo.make import make
from jiekun.demo.scale import Scale
from jiekun.registry import actions, pairing
from jiekun.registry.likeness import Identity, compare, thousandths
from jiekun.registry.models import Candidate, Person
from jiekun.screening import linkage
from jiekun.screening.duplicates import search


@pytest.fixture(scope="module")
def district() -> District:
    return make(Scale.parse("1:100"), lambda _stage, _done: None)


def some(rng: random.Random) -> Identity:
    """Somebody out of a small world, where many are alike."""
    name = "".join(rng.choice("何平萍宁") for _ in range(rng.choice((2, 3))))
    home = rng.choice((None, 1, 2, 3))
    return Identity(
        name=name,
        pinyin="".join({"何": "he", "宁": "ning"}.get(letter, "ping") for letter in name),
        sex=rng.choice(("male", "female")),
        birth_date=date(rng.choice((1980, 1981)), rng.choice((1, 2, 3)), rng.choice((1, 2, 3))),
        former=tuple(rng.choices(("何平", "何宁"), k=rng.choice((0, 0, 1)))),
        number=rng.choice(("", "", "a", "b")),
        household=home,
        community=rng.choice(("420106008002", "420106008003", "420106012001")) if home else "",
        address=rng.choice(("复兴路1号", "复兴路2号")) if home else "",
        phone=rng.choice(("", "138")) if home else "",
    )


def table(people: list[Identity]) -> pa.Table:
    rows = [
        {
            "unique_id": number, "name": one.name, "pinyin": one.pinyin,
            "former": list(one.former), "sex": one.sex, "birth_date": one.birth_date,
            "number": one.number, "household": one.household, "community": one.community,
            "address": one.address, "phone": one.phone, "proven": False,
        }
        for number, one in enumerate(people, start=1)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, linkage.COLUMNS)


def test_the_nightly_run_and_the_counter_weigh_alike():
    rng = random.Random(20241101)
    people = [some(rng) for _ in range(120)]
    found = linkage.find(table(people), threshold=1e-9)
    assert len(found) > 300
    for pair in found:
        levels = compare(people[pair.one - 1], people[pair.other - 1])
        assert pair.levels == levels
        assert abs(thousandths(levels, len(people)) - 1000 * pair.probability) <= 1


def test_people_with_numbers_are_not_held_against_each_other():
    rng = random.Random(7)
    people = table([some(rng) for _ in range(60)])
    proven = people.set_column(
        people.schema.get_field_index("proven"), "proven", pa.array([True] * 60)
    )
    assert linkage.find(proven, threshold=1e-9) == []


def test_planted_double_entries_are_found_and_strangers_left_alone(district):
    planted = plant(district, seed=2)
    found = linkage.find(people_table(district, planted), threshold=0.1)
    result = score(district, planted, [(pair.one, pair.other) for pair in found])
    exact = {s.kind: s for s in result.doubles}
    for kind in ("no_number", "old_number", "moved"):
        words = KINDS[kind][0]
        assert exact[words].found == exact[words].planted > 0
    assert result.recall > 0.7
    assert result.strangers <= 2


def test_a_seed_plants_the_same_and_another_seed_others(district):
    one, again, other = (plant(district, seed) for seed in (1, 1, 2))
    assert one == again
    assert {made.of for made in one.extras} != {made.of for made in other.extras}


@pytest.mark.django_db(transaction=True)
def test_a_search_that_is_begun_again_proposes_nothing_twice(at: datetime):
    for name in ("何平安", "何平安"):
        actions.register_person(name=name, sex="male", birth_date=date(1980, 5, 1), by=None, at=at)
    first, second = search(by=None, at=at), search(by=None, at=at)
    assert (first.likely, first.fresh, second.likely, second.fresh) == (1, 1, 1, 0)
    pair = Candidate.objects.get()
    assert pair.why == {"name": "same", "birth": "same", "sex": "same"}
    with transaction.atomic():
        again = pairing.note_pairs(
            pairs=[pairing.Alike(pair.one_id, pair.other_id, {}, 1, pair.fingerprint)],
            found="entry", by=None, at=at,
        )  # fmt: skip
    assert again == []
    assert Person.objects.count() == 2
