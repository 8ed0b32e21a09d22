"""What officers keep for themselves: how pages look, and lists narrowed as they need them."""

import pytest

from jiekun.journal.models import Entry
from jiekun.offices import actions
from jiekun.offices.actions import RefusedError
from jiekun.offices.models import SavedFilter

WORDS = "measure=dibao&street=420106008"


@pytest.fixture
def save(officers, at):
    def run(name="八铺街低保", by="jiedao", page="unreached", words=WORDS):
        return actions.save_filter(page=page, words=words, name=name, by=officers[by], at=at)

    return run


def test_looks_are_kept_and_journaled(officers, at):
    actions.choose_looks(
        scheme="dark", type_percent=150, shortcuts=False, by=officers["jiedao"], at=at
    )
    officers["jiedao"].refresh_from_db()
    kept = officers["jiedao"]
    assert (kept.scheme, kept.type_percent, kept.shortcuts) == ("dark", 150, False)
    assert Entry.objects.filter(act="choose-looks", officer_id=kept.pk).count() == 1


@pytest.mark.parametrize("wrong", [{"scheme": "pink"}, {"type_percent": 400}])
def test_looks_there_are_none_of_are_refused(wrong, officers, at):
    given = {"scheme": "auto", "type_percent": 100, "shortcuts": True, **wrong}
    with pytest.raises(RefusedError, match="可以选"):
        actions.choose_looks(**given, by=officers["jiedao"], at=at)


def test_a_list_is_kept_under_its_name(save, officers):
    made = save("  八铺街   低保 ")
    assert (made.name, made.words) == ("八铺街 低保", WORDS)
    assert list(officers["jiedao"].saved_filters.all()) == [made]


def test_the_journal_does_not_say_what_was_looked_for(save):
    made = save(words="officer=陈志强", page="journal")
    line = Entry.objects.get(act="save-filter", subject_id=str(made.pk))
    assert line.data == {"page": "journal"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "起个名字"), ("   ", "起个名字"), ("长" * 41, "最多 40"), ("低保\u202e", "看不见"),
     ("低\u200b保", "看不见")],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused(name, said, save):
    with pytest.raises(RefusedError, match=said):
        save(name)


def test_a_name_is_taken_once_a_list_and_officer(save):
    save()
    with pytest.raises(RefusedError, match="已经有"):
        save()
    assert save(page="findings").name == save(by="jiedao2").name


def test_too_many_and_too_long_are_refused(save):
    for number in range(actions.MOST_SAVED):
        save(f"第 {number} 个")
    with pytest.raises(RefusedError, match="最多存"):
        save()
    with pytest.raises(RefusedError, match="太长"):
        save(words="x" * 1001, page="findings")


def test_a_saved_list_is_renamed_and_removed(save, officers, at):
    made = save()
    actions.rename_filter(saved=made, name="常看", by=officers["jiedao"], at=at)
    assert SavedFilter.objects.get().name == "常看"
    actions.remove_filter(saved=made, by=officers["jiedao"], at=at)
    assert not SavedFilter.objects.exists()


def test_nobody_touches_anothers(save, officers, at):
    made = save()
    for act in (
        lambda by: actions.rename_filter(saved=made, name="我的", by=by, at=at),
        lambda by: actions.remove_filter(saved=made, by=by, at=at),
    ):
        with pytest.raises(RefusedError, match="没有这个"):
            act(officers["jiedao2"])
    assert SavedFilter.objects.get().name == made.name
