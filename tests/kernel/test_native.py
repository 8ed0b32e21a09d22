"""Native code takes whole columns of any layout, and refuses what it must not read."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiekun.kernel.arrays import Batch, Bits, Column
from jiekun.kernel.native import Engine, native

from .laws import DISTRICT, MEASURE, ON, examples, write_law

RULES = """
@rule(cites="N1-1", label="够")
def enough(people: People, line: Decimal) -> bool:
    return sum(p.wage for p in people) < line * len(people) and any(p.ill for p in people)

@rule(cites="N1-1", label="给")
def gives(rent: Decimal, rooms: int) -> Decimal:
    return round_half_up(rent / rooms)
"""
LINE = "line: {label: 线, unit: yuan/month, values: [{from: 2018-01-01, value: 50, source: x}]}"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    text = RULES + MEASURE.format(to="household", eligible="enough", amount="gives")
    files = {"country/aid/measure.py": text, "country/aid/parameters.yaml": LINE}
    law = write_law(tmp_path_factory.mktemp("law"), files)
    return law.program(on=ON, place=DISTRICT)


def batch(sizes, ill=None, wage=None, rent=None, rooms=None):
    people, homes = int(np.sum(sizes)), len(sizes)
    return Batch(
        np.array(sizes, np.int64),
        {
            "ill": Column(np.ones(people, bool)) if ill is None else ill,
            "wage": Column(np.zeros(people, np.int64)) if wage is None else wage,
        },
        {
            "rent": Column(np.full(homes, 10_000)) if rent is None else rent,
            "rooms": Column(np.full(homes, 3, np.int16)) if rooms is None else rooms,
        },
    )


def test_totals_rows_and_counts_say_the_same(program):
    found = native(program).run(batch([1, 2, 3]))
    assert found.counts.tolist() == [[0, 3, 0, 0, 0]]
    assert found.sums == [3 * 3_333]
    assert found.rows.subject.tolist() == [0, 1, 2]
    assert found.rows.amount.tolist() == [3_333] * 3


def test_without_rows_totals_are_the_same(program):
    unknown = Column(np.zeros(3, np.int16), np.array([True, False, True]))
    given = batch([1, 2, 3], rooms=unknown)
    whole, bare = native(program).run(given), native(program).run(given, rows=False)
    assert (bare.counts == whole.counts).all()
    assert (bare.sums, bare.waiting, len(bare.rows.home)) == (whole.sums, whole.waiting, 0)


def test_an_unknown_amount_is_no_sum_and_names_what_it_waits_for(program):
    found = native(program).run(
        batch([1, 1], rooms=Column(np.array([3, 3], np.int16), np.array([True, False])))
    )
    assert found.sums == [3_333]
    assert found.rows.amount_known.tolist() == [True, False]
    assert [found.waits[wait] for wait in found.rows.waits] == [(), ("rooms",)]
    assert found.waiting == {"rooms": 1}


def test_nobody_at_all_is_answered(program):
    found = native(program).run(batch([]))
    assert (found.households, found.people, found.counts.sum()) == (0, 0, 0)


def test_a_household_of_two_thousand_is_answered(program):
    found = native(program).run(batch([1, 2_000, 1]))
    assert found.counts.tolist() == [[0, 3, 0, 0, 0]]


def test_sums_pass_64_bits_without_a_loss(program):
    rent = Column(np.full(9, 2**62 - 1, np.int64))
    found = native(program).run(batch([1] * 9, rent=rent, rooms=Column(np.ones(9, np.int8))))
    assert found.sums == [9 * (2**62 - 1)]


@examples(200)
@given(
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=4, max_size=4),
    rooms=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=4, max_size=4),
)
def test_numbers_no_fact_may_have_never_stop_the_machine(program, numbers, rooms):
    wage, shared = np.array(numbers, np.int64), np.array(rooms, np.int64)
    given = batch([1, 3], wage=Column(wage), rent=Column(wage[:2]), rooms=Column(shared[:2]))
    native(program).run(given, near=True)


@examples(300)
@given(data=st.data())
def test_any_layout_of_the_same_facts_is_answered_alike(program, data):
    flags = data.draw(st.lists(st.booleans(), min_size=6, max_size=6))
    known = data.draw(st.none() | st.lists(st.booleans(), min_size=6, max_size=6))
    plain = Column(np.array(flags), None if known is None else np.array(known))

    def bits(values):
        offset = data.draw(st.integers(0, 17))
        packed = np.packbits([True] * offset + list(values), bitorder="little")
        return Bits(packed, offset, len(values))

    packed = Column(bits(flags), None if known is None else bits(known))
    width = data.draw(st.sampled_from([np.int8, np.int16, np.int32, np.int64]))
    wide = Column(np.array(flags).astype(width), plain.known)
    answers = [
        native(program).run(batch([2, 3, 1], ill=column)) for column in (plain, packed, wide)
    ]
    told = [
        (a.counts.tolist(), a.sums, a.rows.home.tolist(), [a.waits[w] for w in a.rows.waits])
        for a in answers
    ]
    assert told[0] == told[1] == told[2]


BAD = {
    "too short": {"wage": Column(np.zeros(2, np.int64))},
    "too long": {"wage": Column(np.zeros(4, np.int64))},
    "two rows": {"wage": Column(np.zeros((3, 1), np.int64))},
    "doubles": {"wage": Column(np.zeros(3))},
    "unsigned": {"wage": Column(np.zeros(3, np.uint64))},
    "objects": {"wage": Column(np.array([1, 2, None]))},
    "a list": {"wage": Column([0, 0, 0])},
    "known too short": {"wage": Column(np.zeros(3, np.int64), np.ones(2, bool))},
    "known by numbers": {"wage": Column(np.zeros(3, np.int64), np.ones(3, np.int64))},
    "bits past their end": {"ill": Column(Bits(np.zeros(1, np.uint8), 6, 3))},
    "bits before their start": {"ill": Column(Bits(np.zeros(1, np.uint8), -1, 3))},
    "bits of another count": {"ill": Column(Bits(np.zeros(1, np.uint8), 0, 2))},
    "bits in words": {"ill": Column(Bits(np.zeros(1, np.int64), 0, 3))},
    "an index without a code": {"wage": Column(np.array([0, 1, 2], np.int8), codes=np.zeros(2))},
    "an index below nothing": {"wage": Column(np.array([0, -1, 0]), codes=np.zeros(2, int))},
    "codes of truths": {"ill": Column(np.ones(3, bool), codes=np.zeros(2, int))},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_a_column_native_code_must_not_read_is_refused_by_name(program, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        native(program).run(batch([1, 2], **wrong))


@pytest.mark.parametrize(
    "sizes", [[0, 3], [-1, 4], [2_001], [1.5, 1.5], [[1, 2]], [2**62, 2**62]], ids=str
)
def test_sizes_that_make_no_household_are_refused(program, sizes):
    given = batch([1, 2])
    with pytest.raises(ValueError, match=r"household|sizes"):
        native(program).run(Batch(np.array(sizes), given.people, given.household))


def test_sizes_that_do_not_add_up_to_the_people_are_refused(program):
    given = batch([1, 2])
    with pytest.raises(ValueError, match=r"ill|wage"):
        native(program).run(Batch(np.array([1, 3]), given.people, given.household))


@examples(200)
@given(
    index=st.lists(st.integers(-128, 127), min_size=3, max_size=3),
    known=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_an_index_where_nothing_is_known_may_be_anything(program, index, known):
    codes = np.array([5, 6])
    column = Column(np.array(index, np.int8), np.array(known), codes)
    bad = any(sure and not 0 <= i < 2 for i, sure in zip(index, known, strict=True))
    if bad:
        with pytest.raises(ValueError, match="wage"):
            native(program).run(batch([1, 2], wage=column))
    else:
        assert native(program).run(batch([1, 2], wage=column)).people == 3


def test_columns_complete_in_one_batch_and_not_in_the_next_share_their_code(program):
    engine = Engine(program)
    for known in (None, [True, False, True], None, [False, True, True], None):
        flags = None if known is None else np.array(known)
        engine.run(batch([1, 2], wage=Column(np.zeros(3, np.int64), flags)))
    assert len(engine._made) == 2


def test_threads_share_an_engine(program):
    rng = np.random.default_rng(3)
    batches = [
        batch(rng.integers(1, 9, 300), rooms=Column(rng.integers(0, 4, 300), rng.random(300) < 0.9))
        for _ in range(16)
    ]
    engine = native(program)
    alone = [engine.run(one) for one in batches]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(engine.run, batches * 4))
    for one, other in zip(alone * 4, together, strict=True):
        assert one.sums == other.sums
        assert (one.rows.amount == other.rows.amount).all()


def test_kept_values_are_exact_fractions(program):
    node = program.steps["gives"].node
    kept = native(program).run(batch([1]), keep=(node,)).kept[node]
    assert Fraction(int(kept.top[0]), int(kept.den[0])) == 3_333
