"""Photographs, papers and grounds: what is kept, what is refused, who looked."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from jiekun.journal.queries import about
from jiekun.registry import actions, contents, keys, queries
from jiekun.registry.models import Attachment, Person

SINCE = date(2024, 10, 1)
ON = date(2024, 11, 1)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(form="JPEG", size=(8, 6), **how):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form, **how)
    return out.getvalue()


def with_place():
    exif = Image.Exif()
    exif[0x010F] = "PHONE-MAKER"
    exif[0x0112] = 6
    return picture(exif=exif)


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.txt", "0" * 100)
    return out.getvalue()


def huge_png(side=20_000):
    """A picture of four hundred million points in a few hundred bytes."""
    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"

    def chunk(kind, data):
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
def folder(settings, tmp_path, ring):
    settings.PAPERS = tmp_path / "papers"
    return settings.PAPERS


@pytest.fixture
def keep(folder, officers, at, head):
    def keep(content=None, filename="a.jpg", subject=None, **more):
        given = {"label": "出院小结", "purpose": "办理医疗救助", **more}
        return actions.keep_attachment(
            subject=subject or head, content=picture() if content is None else content,
            filename=filename, by=officers["jiedao"], at=at, **given,
        )  # fmt: skip

    return keep


def look(attachment, officers, at, purpose="受理审核"):
    return actions.look_at_attachment(
        attachment=attachment, purpose=purpose, by=officers["jiedao"], at=at
    )


@pytest.mark.parametrize(
    ("content", "name"), [(picture(), "a.JPG"), (picture("PNG"), "b.png"), (PDF, "c.pdf")]
)
def test_a_paper_is_kept_sealed_and_shown_again(keep, officers, at, folder, content, name):
    kept = keep(content, name)
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o077 == 0
    sealed = file.read_bytes()
    assert keys.sm3(sealed).hex() == file.parent.name + file.name
    assert not any(begins in sealed for begins in (b"\xff\xd8\xff\xe0", b"%PDF", b"PNG"))
    content = look(kept, officers, at)
    assert keys.sm3(content).hex() == kept.digest
    assert contents.examined(content, name)[0] == kept.kind


def test_looking_is_journaled_with_its_purpose(keep, officers, at, head):
    look(keep(), officers, at)
    assert about(head).get(act="look-at-attachment").purpose == "受理审核"
    assert about(head).get(act="keep-attachment").purpose == "办理医疗救助"


def test_where_and_with_what_a_photo_was_taken_is_not_kept(keep, officers, at):
    content = look(keep(with_place()), officers, at)
    assert b"PHONE-MAKER" not in content
    shown = Image.open(io.BytesIO(content))
    assert not shown.getexif()
    assert shown.size == (6, 8), "turned upright as the camera said"


def test_the_same_paper_is_kept_once(keep, family):
    assert keep() == keep()
    assert keep(subject=family) != keep()
    assert queries.attachments_of(family).count() == 2


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.jpg", "空的"),
        (picture(), "a.pdf", "对不上"),
        (PDF, "a.jpg", "对不上"),
        (picture(), "a", "对不上"),
        (zipped(), "a.jpg", "压缩包"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "a.heic", "HEIC"),
        (b"MZ" + b"\0" * 99, "a.jpg", "认不出"),
        (b"<svg onload=alert(1)>", "a.png", "认不出"),
        (picture() + zipped(), "a.jpg", "藏着一个压缩包"),
        (PDF + zipped() + b"%%EOF", "a.pdf", "藏着|不完整"),
        (picture()[:200], "a.jpg", "打不开"),
        (picture("PNG")[:45], "a.png", "打不开"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "打不开"),
        (huge_png(), "a.png", "图片太大|像素多得不正常"),
        (huge_png(9_000), "a.png", "图片太大：9000×9000"),
        (PDF[:40], "a.pdf", "不完整"),
        (PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"), "a.pdf", "密码"),
        (PDF.replace(b"/Root", b"/OpenAction<</S/JavaScript>>/Root"), "a.pdf", "程序"),
        (b"\xff\xd8\xff" + b"\0" * (20 * 2**20), "a.jpg", "最多 20 MB"),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_plain_words(keep, content, name, why):
    with pytest.raises(actions.RefusedError, match=why):
        keep(content, name)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("missing", ["label", "purpose"])
def test_a_paper_says_what_it_is_and_why_it_is_kept(keep, missing):
    with pytest.raises(actions.RefusedError, match="请写明"):
        keep(**{missing: " "})


def test_a_paper_proves_a_fact_of_the_same_person_only(keep, head, officers, at):
    record = actions.record_fact(
        subject=head, fact="employed", value=False, source="本人", as_of=SINCE,
        by=officers["jiedao"], at=at,
    )  # fmt: skip
    assert keep(record=record).record == record
    with pytest.raises(actions.RefusedError, match="不是这个人"):
        keep(record=record, subject=Person.objects.get(name="吴芳"))


def test_a_paper_is_not_shown_without_a_purpose(keep, officers, at):
    with pytest.raises(actions.RefusedError, match="用途"):
        look(keep(), officers, at, "")


def test_an_altered_or_lost_file_is_never_shown(keep, officers, at, folder):
    kept = keep()
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    altered = bytearray(file.read_bytes())
    altered[30] ^= 1
    file.write_bytes(bytes(altered))
    with pytest.raises(keys.SealError, match="改过"):
        look(kept, officers, at)
    file.unlink()
    with pytest.raises(keys.SealError, match="不见了"):
        look(kept, officers, at)


def test_a_paper_turned_to_another_person_does_not_open(keep, officers, at, family):
    kept = keep()
    Attachment.objects.filter(pk=kept.pk).update(person=Person.objects.get(name="吴芳"))
    kept.refresh_from_db()
    with pytest.raises(keys.SealError):
        look(kept, officers, at)


def test_papers_open_after_a_change_of_keys_and_files_stay_as_they_are(keep, officers, at, folder):
    kept = keep()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert actions.rotate_keys(by=None, at=at) == 1
    kept.refresh_from_db()
    assert look(kept, officers, at)
    assert {path: path.read_bytes() for path in before} == before
    assert Path(folder).exists()


@pytest.fixture
def ground(officers, at, head):
    def ground(person=None, **given):
        fine = {"scope": "finances", "ground": "consent", "paper": "授权2024-17", "since": SINCE}
        return actions.note_ground(
            person=person or head, **{**fine, **given}, by=officers["jiedao"], at=at
        )

    return ground


def test_without_a_ground_nobody_verifies(head, ground):
    assert queries.may_verify(head, ON) is None
    noted = ground()
    assert queries.may_verify(head, ON) == noted
    assert queries.may_verify(head, date(2024, 9, 30)) is None
    assert queries.may_verify(head, ON, scope="charity") is None


def test_a_statute_is_a_ground_too(head, ground):
    noted = ground(ground="statute", clause="L649-58", paper="")
    assert queries.may_verify(head, ON) == noted


def test_consent_may_be_withdrawn(head, ground, at):
    noted = ground()
    actions.withdraw_ground(consent=noted, on=ON, reason="本人撤回", by=None, at=at)
    assert queries.may_verify(head, ON) is None
    assert queries.may_verify(head, date(2024, 10, 31)) == noted
    with pytest.raises(actions.RefusedError, match="不再有效"):
        actions.withdraw_ground(consent=noted, on=ON, reason="本人撤回", by=None, at=at)


def test_a_childs_paper_is_signed_by_a_guardian(ground, head, family):
    child = Person.objects.get(name="何小宁")
    with pytest.raises(actions.RefusedError, match="监护人签"):
        ground(child)
    with pytest.raises(actions.RefusedError, match="另一位成年人"):
        ground(child, ground="guardian", signed_by=child)
    noted = ground(child, ground="guardian", signed_by=head)
    assert queries.may_verify(child, ON) == noted


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"paper": " "}, "授权书"),
        ({"ground": "guardian"}, "哪位监护人"),
        ({"ground": "statute", "clause": ""}, "没有“”这一条"),
        ({"ground": "statute", "clause": "L649-999"}, "没有“L649-999”这一条"),
        ({"ground": "because"}, "列表"),
        ({"scope": "everything"}, "列表"),
        ({"since": date(2024, 11, 2)}, "起止日期"),
        ({"until": SINCE}, "起止日期"),
    ],
)
def test_a_ground_without_its_proof_is_refused(ground, given, why):
    with pytest.raises(actions.RefusedError, match=why):
        ground(**given)
