"""Numbers kept sealed: claimed, found, shown, ended; keys changed; names changed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from stdnum.cn import ric

from jiekun.journal.queries import about
from jiekun.registry import actions, keys, queries
from jiekun.registry.models import Identifier, Person
from jiekun.registry.seals import SEALED

LAST_WEEK = date(2024, 10, 25)


def number_of(person, sequence=1):
    stem = f"420106{person.birth_date:%Y%m%d}{sequence:03d}"
    return stem + ric.calc_check_digit(stem + "0")


@pytest.fixture
def claim(ring, officers, at):
    def claim(person, number=None, kind="resident_id", source="本人"):
        return actions.claim_identifier(
            person=person, kind=kind, number=number or number_of(person), source=source,
            by=officers["jiedao"], at=at,
        )  # fmt: skip

    return claim


def reveal(identifier, officers, at, purpose="核对身份"):
    return actions.reveal_identifier(
        identifier=identifier, purpose=purpose, by=officers["jiedao"], at=at
    )


def test_a_claimed_number_can_be_shown_again_and_is_not_in_the_row(claim, head, officers, at):
    kept = claim(head)
    row = Identifier.objects.values_list().get(pk=kept.pk)
    assert number_of(head) not in str([bytes(v) if isinstance(v, memoryview) else v for v in row])
    assert reveal(kept, officers, at) == number_of(head)
    head.refresh_from_db()
    assert head.id_tail == number_of(head)[-4:]


def test_showing_a_number_is_journaled_with_its_purpose(claim, head, officers, at):
    reveal(claim(head), officers, at)
    entry = about(head).get(act="reveal-identifier")
    assert (entry.purpose, entry.area) == ("核对身份", "420106008002")


def test_a_number_is_not_shown_for_another_roles_purpose(claim, head, officers, at):
    with pytest.raises(actions.RefusedError, match="岗位"):
        reveal(claim(head), officers, at, purpose="审批复核")


def test_a_number_is_not_shown_without_a_purpose(claim, head, officers, at):
    with pytest.raises(actions.RefusedError, match="用途"):
        reveal(claim(head), officers, at, " ")


def test_the_number_is_not_in_the_journal(claim, head):
    claim(head)
    entry = about(head).get(act="claim-identifier")
    assert number_of(head)[-4:] not in json.dumps(entry.data)


def test_said_twice_it_is_kept_once(claim, head):
    assert claim(head) == claim(head, " " + number_of(head).lower())


def test_a_person_is_found_by_the_whole_number(claim, head):
    claim(head)
    assert queries.holder_of("resident_id", number_of(head)) == head
    assert queries.holder_of("bank_card", number_of(head)) is None


def test_anothers_number_is_refused_and_says_whose(claim, head):
    claim(head)
    twin = Person.objects.create(
        name="何安",
        pinyin="hean",
        initials="ha",
        sex="male",
        birth_date=head.birth_date,
        id_tail="",
    )
    with pytest.raises(actions.TakenError, match="另一人名下") as refused:
        claim(twin, number_of(head))
    assert refused.value.person_id == head.pk


def test_the_database_keeps_a_number_to_one_person(claim, head, family):
    kept = claim(head)
    with pytest.raises(IntegrityError, match="identifier_of_one_person"), transaction.atomic():
        Identifier.objects.create(
            person=Person.objects.get(name="吴芳"), kind="resident_id", digest=kept.digest,
            sealed=kept.sealed, tail="", source="",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "why"),
    [("420106198105010011", "校验位|不一样"), ("11010519491231002X", "出生日期和登记的不一样")],
)
def test_a_number_of_another_birthday_is_refused(claim, head, number, why):
    with pytest.raises(actions.RefusedError, match=why) as refused:
        claim(head, number)
    # Behind the mask the birthday is hidden: no number that is tried out tells it.
    assert "1980" not in str(refused.value)


def test_a_number_of_the_other_sex_is_refused(claim, head):
    with pytest.raises(actions.RefusedError, match="性别和登记的不一样"):
        claim(head, number_of(head, 2))


def test_a_second_number_waits_for_the_end_of_the_first(claim, head, officers, at):
    first = claim(head)
    with pytest.raises(actions.RefusedError, match="先注明旧号哪天停用"):
        claim(head, number_of(head, 3))
    actions.end_identifier(
        identifier=first, until=LAST_WEEK, reason="重号改号", by=officers["jiedao"], at=at
    )
    claim(head, number_of(head, 3))
    assert queries.holder_of("resident_id", number_of(head)) is None


def test_an_ended_number_leaves_no_end_to_show(claim, head, officers, at):
    actions.end_identifier(identifier=claim(head), until=LAST_WEEK, reason="错录", by=None, at=at)
    head.refresh_from_db()
    assert head.id_tail == ""


@pytest.mark.parametrize(("until", "reason"), [(date(2024, 11, 2), "错录"), (LAST_WEEK, " ")])
def test_a_number_ends_on_a_day_that_came_for_a_reason(claim, head, at, until, reason):
    kept = claim(head)
    with pytest.raises(actions.RefusedError):
        actions.end_identifier(identifier=kept, until=until, reason=reason, by=None, at=at)


def test_a_family_may_share_a_telephone(claim, head, family):
    wife = Person.objects.get(name="吴芳")
    claim(head, "13800002210", "phone")
    claim(wife, "138 0000 2210", "phone")
    assert Identifier.objects.filter(kind="phone").count() == 2


def test_a_disability_card_of_another_identity_is_refused(claim, head):
    claim(head)
    with pytest.raises(actions.RefusedError, match="不一致"):
        claim(head, number_of(head, 3) + "42", "disability_card")
    assert (
        claim(head, number_of(head) + "42", "disability_card").tail == number_of(head)[-2:] + "42"
    )


def test_a_number_needs_a_source(claim, head):
    with pytest.raises(actions.RefusedError, match="谁出示"):
        claim(head, source=" ")


def test_a_seal_copied_to_another_person_does_not_open(claim, head, officers, at):
    kept = claim(head)
    Identifier.objects.filter(pk=kept.pk).update(person=Person.objects.get(name="吴芳"))
    kept.refresh_from_db()
    with pytest.raises(keys.SealError, match="不是这个人的"):
        reveal(kept, officers, at)


@pytest.mark.parametrize("place", [4, 20, -1])
def test_an_altered_seal_does_not_open(claim, head, officers, at, place):
    kept = claim(head)
    altered = bytearray(kept.sealed)
    altered[place] ^= 1
    kept.sealed = bytes(altered)
    with pytest.raises(keys.SealError, match="改过"):
        reveal(kept, officers, at)


def test_a_cut_seal_does_not_open(ring):
    with pytest.raises(keys.SealError, match="不完整"):
        keys.ring().unseal(b"1234", "x")


def test_a_ring_without_the_key_says_which_is_missing(claim, head, officers, at, ring):
    kept = claim(head)
    ring.unlink()
    keys.make()
    with pytest.raises(keys.SealError, match=bytes(kept.sealed[:4]).hex()):
        reveal(kept, officers, at)


def test_without_a_ring_nothing_is_sealed(claim, head, ring):
    ring.unlink()
    with pytest.raises(keys.KeyRingError, match="jiekun keys new"):
        claim(head)


def test_a_ring_others_can_read_is_refused(ring):
    assert ring.stat().st_mode & 0o777 == 0o600
    ring.chmod(0o644)
    with pytest.raises(keys.KeyRingError, match="chmod 600"):
        keys.ring()


@pytest.mark.parametrize("spoilt", ["{", "[]", '{"sealing": {"00000000": "00"}}'])
def test_a_spoilt_ring_is_refused(ring, spoilt):
    ring.write_text(spoilt)
    with pytest.raises(keys.KeyRingError, match="备份"):
        keys.ring()


def test_a_ring_is_never_made_over_another(ring):
    before = ring.read_text()
    assert keys.make() is False
    assert ring.read_text() == before


def test_after_new_keys_everything_opens_and_is_found(claim, head, officers, at):
    kept = claim(head)
    before = keys.ring().current
    assert actions.rotate_keys(by=officers["qu"], at=at) == 1
    kept.refresh_from_db()
    assert keys.ring().current != before
    assert bytes(kept.sealed)[:4] == keys.ring().current
    assert reveal(kept, officers, at) == number_of(head)
    assert queries.holder_of("resident_id", number_of(head)) == head


def test_changing_keys_goes_on_where_it_stopped(claim, family, officers, at, monkeypatch):
    for person in Person.objects.all():
        claim(person, "13800002210", "phone")
    monkeypatch.setitem(SEALED, Identifier, 1)

    def stop(done, total):
        assert total == 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.rotate_keys(by=None, at=at, progress=stop)
    current = keys.ring().current
    assert actions.rotate_keys(by=None, at=at) == 2
    assert keys.ring().current == current
    assert {bytes(i.sealed)[:4] for i in Identifier.objects.all()} == {current}


def test_a_new_name_keeps_the_old_one_findable(head, family, officers, at):
    actions.rename_person(
        person=head, name="何 平安", on=LAST_WEEK, document="公安变更", by=officers["jiedao"], at=at
    )
    head.refresh_from_db()
    assert (head.name, head.pinyin, head.initials) == ("何平安", "hepingan", "hpa")
    assert list(head.former_names.values_list("name", "until")) == [("何平", LAST_WEEK)]


def test_a_heads_new_surname_is_the_households(head, family, at):
    actions.rename_person(person=head, name="欧阳平", on=LAST_WEEK, by=None, at=at)
    family.refresh_from_db()
    assert family.name == "欧阳家"


@pytest.mark.parametrize(
    ("name", "on", "why"),
    [
        ("何平", LAST_WEEK, "现在就叫"),
        ("何安", date(2024, 11, 2), "之间"),
        ("<b>", LAST_WEEK, "不能有"),
    ],
)
def test_a_name_that_is_none_is_refused(head, at, name, on, why):
    with pytest.raises(actions.RefusedError, match=why):
        actions.rename_person(person=head, name=name, on=on, by=None, at=at)
