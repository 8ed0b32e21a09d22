"""The key ring's commands: made once, shown without its keys, changed without losing a seal."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from jiekun.config.cli import app
from jiekun.registry import keys
from jiekun.registry.models import Identifier, Person


def run(word):
    told = CliRunner().invoke(app, ["keys", word])
    return told.exit_code, told.output


@pytest.fixture
def sealed(ring, db):
    """Three people's numbers under the ring as it is."""
    made = []
    for number in ("one", "two", "three"):
        person = Person.objects.create(name="何平", birth_date="1980-05-01", sex="male")
        kept = Identifier(person=person, kind="bank_card", tail="0000", source="本人")
        kept.digest = keys.ring().digest("bank_card", number)
        kept.sealed = keys.ring().seal(number.encode(), kept.bound)
        kept.save()
        made.append(kept)
    return made


def opened():
    return [keys.ring().unseal(k.sealed, k.bound) for k in Identifier.objects.order_by("pk")]


def test_new_makes_a_ring_for_its_owner_only_and_never_another(settings, tmp_path):
    settings.KEY_FILE = tmp_path / "state" / "keys.json"
    assert run("new")[0] == 0
    made = settings.KEY_FILE.read_bytes()
    assert settings.KEY_FILE.stat().st_mode & 0o077 == 0
    code, told = run("new")
    assert (code, "没有改动" in told) == (0, True)
    assert settings.KEY_FILE.read_bytes() == made


def test_status_tells_how_many_keys_and_shows_none(ring, sealed):
    code, told = run("status")
    assert code == 0
    assert "共 1 把" in told
    assert "旧密钥下：0 条" in told
    kept = json.loads(ring.read_text())
    assert not [key for key in (*kept["sealing"].values(), kept["digesting"]) if key in told]


def test_rotate_seals_everything_anew_and_loses_nothing(ring, sealed):
    before = keys.ring()
    code, told = run("rotate")
    assert (code, "3 条" in told) == (0, True)
    after = keys.ring()
    assert after.current != before.current
    assert {bytes(k.sealed)[: keys.ID] for k in Identifier.objects.all()} == {after.current}
    assert opened() == [b"one", b"two", b"three"]
    assert "共 2 把" in run("status")[1]


def test_a_rotation_that_was_stopped_goes_on_with_the_key_it_made(ring, sealed):
    made = keys.add_key()
    assert "旧密钥下：3 条" in run("status")[1]
    assert run("rotate")[0] == 0
    assert keys.ring().current == made.current
    assert "旧密钥下：0 条" in run("status")[1]


@pytest.mark.parametrize("word", ["status", "rotate"])
def test_without_a_ring_the_commands_say_what_to_do(settings, tmp_path, word):
    settings.KEY_FILE = tmp_path / "nowhere.json"
    code, told = run(word)
    assert code == 2
    assert "jiekun keys new" in told
    assert not settings.KEY_FILE.exists()


def test_a_ring_others_can_read_is_not_used(ring):
    ring.chmod(0o644)
    code, told = run("status")
    assert (code, "chmod 600" in told) == (2, True)


def test_a_seal_no_key_opens_stops_the_rotation_and_nothing_is_lost(ring, sealed):
    lost = sealed[1]
    Identifier.objects.filter(pk=lost.pk).update(sealed=b"none" + bytes(lost.sealed)[keys.ID :])
    code, told = run("rotate")
    assert (code, "没有编号" in told) == (2, True)
    assert keys.ring().unseal(Identifier.objects.get(pk=sealed[0].pk).sealed, sealed[0].bound)
