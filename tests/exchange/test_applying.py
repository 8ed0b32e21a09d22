"""Checked rows are written through the registry, and a whole import can be taken back."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from jiekun.exchange import actions, applying, queries, undoing
from jiekun.exchange.models import Import, ImportFile, ImportRow
from jiekun.journal.models import Entry
from jiekun.registry import actions as registry
from jiekun.registry.merging import merge
from jiekun.registry.models import FactRecord, PersonFacts, Receipt, Recognition

from .conftest import AT, DIBAO, PEOPLE, TODAY, bring, finish, settle

pytestmark = pytest.mark.django_db


def ledger(village, **chosen):
    return bring(
        village, DIBAO,
        [["何平", village.he.number, "2024-03", "1500.5", "7号", ""],
         ["吴芳", village.wu.number, "2024-03", "800", "8号", "1200"]], **chosen,
    )  # fmt: skip


def people(village, wage="1200"):
    rows = [["何平", village.he.number, wage, "2"], ["吴芳", village.wu.number, "900", ""]]
    return bring(village, PEOPLE, rows, layout="people")


def applied(village, of, rows=""):
    return finish(actions.ask_to_apply(of=of, rows=rows, by=village.street, at=AT))


def undone(village, of):
    return finish(actions.ask_to_undo(of=of, reason="传错了表", by=village.street, at=AT))


def wage(one):
    fen = PersonFacts.objects.get(person=one.person).wage_income
    return None if fen is None else fen / 100


def outcomes(of):
    return dict(of.rows.values_list("number", "outcome"))


def test_rows_become_recognitions_receipts_and_facts(village):
    of = applied(village, ledger(village))
    assert (of.state, of.done) == ("applied", 2)
    held = Recognition.objects.get(household=village.he.home)
    assert (held.category, held.person, held.since) == ("dibao", None, date(2024, 3, 1))
    assert (held.decided_by, held.document_number) == ("街道台账", "7号")
    paid = Receipt.objects.get(household=village.he.home)
    assert (paid.measure, paid.amount_fen, paid.unit) == ("dibao", 150_050, "yuan/month")
    record = FactRecord.objects.get()
    assert (record.person, record.source, record.as_of) == (village.wu.person, "街道台账", TODAY)
    assert record.note == f"第 {of.pk} 次导入第 3 行"
    assert wage(village.wu) == 1200


def test_a_persons_ledger_speaks_of_the_person(village):
    rows = [["何平", village.he.number, "2024-03", "120"]]
    columns = dict(list(DIBAO.items())[:4])
    of = applied(village, bring(village, columns, rows, layout="disability_care"))
    assert of.state == "applied"
    assert Receipt.objects.get().person == village.he.person
    assert not Recognition.objects.exists()


def test_every_act_is_in_the_journal_under_who_asked(village):
    of = applied(village, ledger(village))
    lines = Entry.objects.filter(officer_id=village.street.pk).order_by("id")
    assert {"import-upload", "import-apply", "recognise", "begin-receipt", "record-facts",
            "import-applied"} <= set(lines.values_list("act", flat=True))  # fmt: skip
    assert lines.get(act="import-applied").data == {"applied": 2}
    assert lines.get(act="import-apply").subject_id == str(of.pk)


def test_only_chosen_rows_are_applied(village):
    of = applied(village, ledger(village), "3-9")
    assert outcomes(of) == {2: "left_out", 3: "applied"}
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [("x", "看不懂行号"), ("9-3", "前大后小"), ("99", "没有可以导入的行"), ("1," * 300, "最多写")],
)
def test_a_choice_that_makes_no_sense_is_refused_and_leaves_no_row_out(village, rows, told):
    of = ledger(village)
    with pytest.raises(actions.RefusedError, match=told):
        actions.ask_to_apply(of=of, rows=rows, by=village.street, at=AT)
    assert set(outcomes(of).values()) == {"ready"}


def test_rows_with_problems_stay_out(village):
    of = applied(village, people(village, wage="x"))
    assert outcomes(of) == {2: "refused", 3: "applied"}


def test_what_changed_since_the_check_fails_alone(village):
    of = ledger(village)
    registry.recognise(household=village.he.home, category="dibao", since=TODAY,
                       decided_by="区民政", by=None, at=AT)  # fmt: skip
    registry.report_death(person=village.wu.person, died_on=TODAY, source="公安", by=None, at=AT)
    of = applied(village, of)
    assert outcomes(of) == {2: "failed", 3: "failed"}
    assert "别人已经登记" in of.rows.get(number=2).told
    assert "已不在本辖区" in of.rows.get(number=3).told
    assert not Receipt.objects.exists()


def test_a_killed_worker_goes_on_and_applies_no_row_twice(village, monkeypatch):
    monkeypatch.setattr(actions, "ROWS_A_BATCH", 1)
    of, plain, calls = ledger(village), applying.apply, []

    def killed(*args, **kwargs):
        calls.append(args)
        plain(*args, **kwargs)
        if len(calls) == 2:
            raise KeyboardInterrupt

    actions.ask_to_apply(of=of, by=village.street, at=AT)
    monkeypatch.setattr(applying, "apply", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.work_off(of=of, at=AT)
    assert (of.rows.filter(outcome="applied").count(), Receipt.objects.count()) == (1, 1)
    of = finish(actions.ask_to_resume(of=of, by=village.street, at=AT))
    assert (of.state, of.done, Receipt.objects.count()) == ("applied", 2, 2)


def test_working_off_twice_does_nothing_twice(village):
    of = finish(applied(village, ledger(village)))
    assert (of.state, Receipt.objects.count()) == ("applied", 2)


def test_undoing_ends_awards_on_the_day_they_began(village):
    of = undone(village, applied(village, ledger(village)))
    assert of.state == "undone"
    assert set(outcomes(of).values()) == {"undone"}
    for model in (Recognition, Receipt):
        assert all(one.until == one.since for one in model.objects.all())
    assert wage(village.wu) is None


def test_after_undoing_the_same_ledger_may_come_again(village):
    undone(village, applied(village, ledger(village)))
    again = applied(village, ledger(village))
    assert set(outcomes(again).values()) == {"applied"}


def test_undoing_says_again_what_stood_before(village):
    registry.record_fact(subject=village.he.person, fact="wage_income", value=3000, source="本人",
                         as_of=date(2024, 9, 1), by=None, at=AT)  # fmt: skip
    of = applied(village, people(village))
    assert (wage(village.he), wage(village.wu)) == (1200, 900)
    undone(village, of)
    assert (wage(village.he), wage(village.wu)) == (3000, None)
    last = FactRecord.objects.filter(person=village.he.person, fact="wage_income").last()
    assert (last.source, last.value) == (undoing.UNDOING, "3000.00")


def test_undoing_a_word_that_never_stood_changes_nothing(village):
    registry.record_fact(subject=village.he.person, fact="wage_income", value=3000, source="本人",
                         as_of=TODAY, by=None, at=AT)  # fmt: skip
    of = bring(village, PEOPLE, [["何平", village.he.number, "1200", ""]], layout="people",
               as_of=date(2024, 1, 1))  # fmt: skip
    of = applied(village, of)
    assert wage(village.he) == 3000
    undone(village, of)
    assert wage(village.he) == 3000


def test_a_row_somebody_changed_since_is_kept_and_said(village):
    of = applied(village, people(village))
    registry.record_fact(subject=village.he.person, fact="wage_income", value=1500, source="入户",
                         as_of=TODAY, by=village.officers["shequ"], at=AT)  # fmt: skip
    of = undone(village, of)
    assert outcomes(of) == {2: "kept", 3: "undone"}
    told = of.rows.get(number=2).told
    assert village.officers["shequ"].name in told
    assert "工资收入" in told
    assert wage(village.he) == 1500


def test_a_row_of_somebody_merged_since_is_kept_and_says_where(village):
    of = applied(village, people(village))
    merge(kept=village.far.person, gone=village.he.person, reason="见了本人", by=village.street,
          at=AT)  # fmt: skip
    said = FactRecord.objects.count()
    of = undone(village, of)
    assert outcomes(of) == {2: "kept", 3: "undone"}
    assert f"已与 {village.far.person.pk} 号合并" in of.rows.get(number=2).told
    # Only of the other row is anything said: that its word is withdrawn.
    assert not FactRecord.objects.filter(person=village.he.person).exists()
    assert FactRecord.objects.count() == said + 1


def test_a_fact_somebody_settled_since_is_kept(village):
    of = applied(village, people(village))
    registry.settle_fact(subject=village.he.person, fact="wage_income", source="街道台账",
                         reason="看过工资条", by=village.street, at=AT)  # fmt: skip
    assert outcomes(undone(village, of)) == {2: "kept", 3: "undone"}


def test_an_award_somebody_ended_since_is_kept(village):
    of = applied(village, ledger(village))
    registry.end_award(award=Receipt.objects.get(household=village.he.home), until=TODAY,
                       reason="收入变了", by=None, at=AT)  # fmt: skip
    of = undone(village, of)
    assert outcomes(of) == {2: "kept", 3: "undone"}
    # All of the row or nothing: its recognition stands too.
    assert Recognition.objects.get(household=village.he.home).until is None


def test_the_same_file_is_not_applied_twice(village):
    from .conftest import xlsx

    content = xlsx([list(DIBAO), ["何平", village.he.number, "2024-03", "5", "", ""]])
    applied(village, bring(village, DIBAO, [], content=content))
    with pytest.raises(actions.RefusedError, match="已经导入过"):
        bring(village, DIBAO, [], content=content)


def test_discarding_leaves_nothing_of_the_file(village):
    of = actions.discard(of=ledger(village), by=village.street, at=AT)
    assert of.state == "discarded"
    assert not ImportRow.objects.exists()
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize("act", ["apply", "undo", "resume", "check", "discard"])
@pytest.mark.parametrize("who", ["jiedao2", "shenji", "jiaoyu", "quzhang"])
def test_nobody_acts_on_an_import_of_another_area_or_without_a_post_for_it(village, act, who):
    of = ledger(village)
    of.state = {"undo": "applied", "resume": "applying"}.get(act, "checked")
    of.save()
    officer, extra = village.officers[who], {}
    if act == "check":
        extra = {"sheet": "台账", "header": 1, "layout": "dibao", "columns": {}, "source": "x",
                 "as_of": TODAY}  # fmt: skip
    if act == "undo":
        extra = {"reason": "x"}
    do = actions.discard if act == "discard" else getattr(actions, f"ask_to_{act}")
    with pytest.raises(actions.RefusedError, match="本辖区"):
        do(of=of, by=officer, at=AT, **extra)
    assert not queries.visible_to(officer, TODAY).exists()


def test_the_district_sees_what_its_streets_bring(village):
    of = ledger(village)
    assert list(queries.visible_to(village.officers["qu"], TODAY)) == [of]
    assert list(queries.visible_to(village.street, TODAY)) == [of]


@pytest.mark.parametrize("state", Import.State.values)
def test_an_act_is_refused_in_every_state_it_does_not_belong_to(village, state):
    of = ledger(village)
    of.state = state
    of.save()
    for act, states in {"apply": {"checked"}, "undo": {"applied"},
                        "resume": {"checking", "applying", "undoing"}}.items():  # fmt: skip
        extra = {"reason": "x"} if act == "undo" else {}
        do = getattr(actions, f"ask_to_{act}")
        if state not in states:
            with pytest.raises(actions.RefusedError, match="不能"):
                do(of=of, by=village.street, at=AT, **extra)


def test_the_rows_to_mend_come_back_as_they_were_with_what_is_wrong(village):
    of = people(village, wage="=HYPERLINK(1)")
    content = actions.take_marked(of=of, by=village.street, at=AT)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    headings, row = sheet.to_python()
    assert headings == [*PEOPLE, "原行号", "结果", "要改的地方"]
    assert row[:6] == ["何平", village.he.number, "=HYPERLINK(1)", "2", "2", "要改"]
    assert "“工资收入”" in row[6]
    assert Entry.objects.get(act="import-take-marked").data == {"rows": 1}


def test_a_text_that_looks_like_a_formula_goes_out_as_text(village):
    import zipfile

    of = people(village, wage="=1+1")
    content = actions.take_marked(of=of, by=village.street, at=AT)
    book = zipfile.ZipFile(io.BytesIO(content))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_the_mended_rows_can_be_imported_as_they_are(village):
    of = people(village, wage="x")
    content = actions.take_marked(of=of, by=village.street, at=AT)
    mended = actions.upload(content=content, filename="改.xlsx", by=village.street, at=AT)
    assert mended.sheets == ["要改的行", "说明"]
    columns = {0: "name", 1: "id_number", 3: "fact:disability_level"}
    of = bring(village, {}, [], content=content, layout="people", sheet="要改的行", columns=columns)
    assert outcomes(applied(village, of)) == {2: "applied"}


def test_nobody_else_takes_the_rows_to_mend(village):
    of = people(village, wage="x")
    with pytest.raises(actions.RefusedError, match="不在您的辖区"):
        actions.take_marked(of=of, by=village.officers["jiedao2"], at=AT)


def test_a_moved_person_is_written_where_they_now_live_if_that_is_in_the_area(village):
    of = people(village)
    other = settle("何林", date(1970, 1, 1), 5)
    registry.move_member(person=village.he.person, household=village.he.home, to=other.home,
                         relation="73", on=TODAY, by=None, at=AT)  # fmt: skip
    assert outcomes(applied(village, of)) == {2: "applied", 3: "applied"}


def test_of_many_rows_those_that_cannot_be_written_fail_alone(village, monkeypatch):
    people = [settle(f"何{c}", date(1990, 1, n + 1), 1) for n, c in enumerate("甲乙丙丁戊己庚")]
    rows = [[p.person.name, p.number, "2024-03", "500", "", "900"] for p in people]
    of, taken = bring(village, DIBAO, rows), {people[1].home.pk, people[5].home.pk}
    # Somebody is quicker than the import, after it has looked.
    monkeypatch.setattr(applying, "_held", lambda *_: set())
    for one in (people[1], people[5]):
        registry.begin_receipt(household=one.home, measure="dibao", amount_fen=1, since=TODAY,
                               by=None, at=AT)  # fmt: skip
    of = applied(village, of)
    failed = {row.number for row in of.rows.filter(outcome="failed", told=applying.HELD)}
    assert failed == {3, 7}
    assert of.rows.filter(outcome="applied").count() == 5
    # All of a row or nothing of it.
    assert not Recognition.objects.filter(household__in=taken).exists()
    assert not FactRecord.objects.filter(person__facts__household__in=taken).exists()
    assert FactRecord.objects.count() == 5


def test_a_person_applied_to_finds_each_line_in_their_own_history(village):
    applied(village, ledger(village))
    acts = Entry.objects.filter(subject_kind="registry.household", subject_id=village.he.home.pk)
    assert {"recognise", "begin-receipt"} <= set(acts.values_list("act", flat=True))
    told = Entry.objects.get(act="record-facts", subject_id=village.wu.person.pk)
    assert (told.officer_id, told.area) == (village.street.pk, "420106008002")


def test_many_rows_are_applied_and_undone_in_few_queries(village, django_assert_max_num_queries):
    people = [settle(f"何{c}", date(1990, 1, n + 1), 1) for n, c in enumerate("甲乙丙丁戊己庚辛")]
    rows = [[p.person.name, p.number, "2024-03", "500", "", "900"] for p in people]
    of = actions.ask_to_apply(of=bring(village, DIBAO, rows), by=village.street, at=AT)
    with django_assert_max_num_queries(60):
        actions.work_off(of=of, at=AT)
    of = actions.ask_to_undo(of=of, reason="错", by=village.street, at=AT)
    with django_assert_max_num_queries(70):
        actions.work_off(of=of, at=AT)
    assert set(outcomes(of).values()) == {"undone"}
