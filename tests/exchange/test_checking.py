"""A ledger is checked row by row against itself and the registry before anything is written."""

import io
from datetime import date

import pytest
import xlsxwriter

from jiekun.exchange import actions, queries
from jiekun.exchange.models import ImportRow, Mapping
from jiekun.registry import actions as registry
from jiekun.registry.models import FactRecord, Receipt, Recognition

from .conftest import AT, DIBAO, PEOPLE, TODAY, bring, finish, number, problems, settle, xlsx

pytestmark = pytest.mark.django_db


def he(village, **changed):
    row = {"name": "何平", "id": village.he.number, "since": "2024年3月", "amount": "1,500.50",
           "paper": "武民救〔2024〕7号", "wage": ""}  # fmt: skip
    return list({**row, **changed}.values())


def test_a_good_row_is_ready_and_nothing_is_written(village):
    of = bring(village, DIBAO, [he(village)])
    row = of.rows.get()
    assert (of.state, of.done, of.total) == ("checked", 1, 1)
    assert (row.number, row.outcome, row.person) == (2, "ready", village.he.person)
    assert row.says == {
        "since": "2024-03-01", "amount": "1500.50", "document": "武民救〔2024〕7号", "facts": {}
    }  # fmt: skip
    assert not Recognition.objects.exists()
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"id": 420106198005010010}, "无法还原"),
        ({"id": "4.20106E+17"}, "无法还原"),
        ({"id": "420106198005010018"}, "校验位不对"),
        ({"id": ""}, "没有填"),
        ({"name": "何萍"}, "姓名与登记的不一致"),
        ({"name": ""}, "没有填"),
        ({"name": "何\u202e平"}, "颠倒文字"),
        ({"since": "哪天"}, "看不出是哪一天"),
        ({"since": "2034-01-01"}, "还没有到"),
        ({"amount": "很多"}, "不是金额"),
        ({"amount": 0}, "金额是 0"),
        ({"wage": "-5"}, "金额"),
    ],
)
def test_what_is_wrong_is_said_in_its_row_and_column(village, changed, told):
    of = bring(village, DIBAO, [he(village, **changed)])
    assert told in problems(of)[2]
    places = ("name", "id", "since", "amount", "paper", "wage")
    assert places.index(next(iter(changed))) in dict(of.rows.get().problems)


def test_somebody_of_another_area_is_as_unknown_as_somebody_nowhere(village):
    rows = [he(village, name="远方", id=village.far.number),
            he(village, name="无名", id=number(date(1990, 1, 1), 7))]  # fmt: skip
    told = problems(bring(village, DIBAO, rows))
    assert told[2] == told[3]
    assert "没有这个号码" in told[2]


def test_the_district_finds_both(village):
    rows = [he(village), he(village, name="远方", id=village.far.number)]
    assert problems(bring(village, DIBAO, rows, by=village.officers["qu"])) == {}


def test_the_dead_are_not_given_anything(village):
    registry.report_death(person=village.he.person, died_on=TODAY, source="公安", by=None, at=AT)
    assert "没有这个号码" in problems(bring(village, DIBAO, [he(village)]))[2]


def test_one_person_twice_in_a_file_is_said_with_the_first_row(village):
    told = problems(bring(village, DIBAO, [he(village), he(village)]))
    assert told.keys() == {3}
    assert "与第 2 行是同一个人" in told[3]


def test_two_of_one_household_in_a_ledger_of_households_are_said(village):
    wu = village.wu
    registry.move_member(person=wu.person, household=wu.home, to=village.he.home, relation="12",
                         on=TODAY, by=None, at=AT)  # fmt: skip
    rows = [he(village), he(village, name="吴芳", id=wu.number)]
    assert "与第 2 行是同一户" in problems(bring(village, DIBAO, rows))[3]


def test_who_is_registered_as_such_already_is_said(village):
    registry.recognise(household=village.he.home, category="dibao", since=date(2023, 1, 1),
                       decided_by="区民政", by=None, at=AT)  # fmt: skip
    assert "登记里已认定（2023-01-01 起）" in problems(bring(village, DIBAO, [he(village)]))[2]


def test_hidden_rows_are_not_imported_behind_anybodys_back(village, monkeypatch):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("台账")
        for at, row in enumerate((list(DIBAO), he(village))):
            page.write_row(at, 0, row)
        page.set_row(1, None, None, {"hidden": True})
    of = bring(village, DIBAO, [], content=buffer.getvalue())
    assert "隐藏" in problems(of)[2]


def test_totals_headings_again_and_footers_are_no_people(village):
    rows = [he(village), ["合计", "", "", "1500", "", ""], list(DIBAO), ["制表人：甲"]]
    of = bring(village, DIBAO, rows)
    assert of.total == 1
    assert of.skipped == {"totals": 1, "headings": 1, "foot": 1}


def test_a_row_that_says_nothing_is_told(village):
    of = bring(village, PEOPLE, [["何平", village.he.number, "", ""]], layout="people")
    assert "没有写要记的事实" in problems(of)[2]


def test_numbers_are_nowhere_in_the_database_in_the_clear(village):
    of = bring(village, DIBAO, [he(village)])
    row = ImportRow.objects.filter(of=of).values().get()
    assert village.he.number not in str(row)
    assert village.he.number.encode() not in bytes(of.file.sealed)


def test_a_number_in_the_wrong_column_is_not_quoted_whole(village):
    told = problems(bring(village, DIBAO, [he(village, amount=village.he.number)]))[2]
    assert village.he.number not in told
    assert f"…{village.he.number[-4:]}" in told


def test_columns_are_remembered_for_the_office(village):
    bring(village, DIBAO, [he(village)])
    assert Mapping.objects.get().columns["起发月"] == "since"
    assert queries.remembered(village.street, "dibao", TODAY)["工资收入"] == "fact:wage_income"
    assert queries.remembered(village.officers["jiedao2"], "dibao", TODAY) == {}


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"columns": {0: "name"}}, "还没有说哪一列是：身份证号"),
        ({"columns": {0: "name", 1: "name"}}, "不止一列"),
        ({"columns": {0: "secret"}}, "没有“secret”"),
        ({"layout": "gold"}, "哪一种台账"),
        ({"sheet": "别的"}, "没有“别的”"),
        ({"source": " "}, "哪里来的"),
        ({"header": 99}, "不能当表头"),
        ({"as_of": date(2024, 11, 2)}, "还没有到"),
    ],
)
def test_what_was_chosen_badly_is_refused(village, chosen, told):
    with pytest.raises(actions.RefusedError, match=told):
        bring(village, DIBAO, [he(village)], **chosen)


def test_what_only_an_office_may_judge_is_no_column(village):
    columns = {0: "name", 1: "id_number", 2: "fact:rigid_deduction"}
    with pytest.raises(actions.RefusedError, match="没有“fact:rigid_deduction”"):
        bring(village, PEOPLE, [["何平", village.he.number, "5", ""]], layout="people",
              columns=columns)  # fmt: skip


def test_a_check_that_was_killed_begins_anew(village, monkeypatch):
    monkeypatch.setattr("jiekun.exchange.checking.ROWS_A_BATCH", 1)
    rows = [he(village), he(village, name="吴芳", id=village.wu.number)]
    of = bring(village, DIBAO, rows)
    of.state, of.done = "checking", 1
    of.save()
    of.rows.filter(number=3).delete()
    actions.work_off(of=of, at=AT)
    of.refresh_from_db()
    assert (of.state, of.done, of.rows.count()) == ("checked", 2, 2)


def test_facts_are_checked_as_the_registry_would(village):
    rows = [["何平", village.he.number, "1,200.50", "二级"], ["吴芳", village.wu.number, "x", "9"]]
    of = bring(village, PEOPLE, rows, layout="people")
    assert of.rows.get(number=2).says["facts"] == {"wage_income": "1200.50", "disability_level": 2}
    assert len(of.rows.get(number=3).problems) == 2
    assert not FactRecord.objects.exists()


def test_an_unreadable_file_goes_back_with_the_reason(village, monkeypatch):
    of = bring(village, DIBAO, [he(village)])
    of.state, of.sheet = "checking", "gone"
    of.save()
    actions.work_off(of=of, at=AT)
    of.refresh_from_db()
    assert of.state == "uploaded"
    assert "没有“gone”" in of.problem


def test_many_rows_are_looked_up_in_few_queries(village, django_assert_max_num_queries):
    people = [settle(f"何{c}", date(1990, 1, n + 1), 1) for n, c in enumerate("甲乙丙丁戊己庚辛")]
    rows = [he(village, name=p.person.name, id=p.number) for p in people]
    of = bring(village, DIBAO, rows)
    of.state = "checking"
    of.save()
    with django_assert_max_num_queries(25):
        actions.work_off(of=of, at=AT)
    assert of.rows.filter(outcome="ready").count() == 8


def test_the_same_sheet_twice_over_is_offered_by_name(village):
    of = actions.upload(content=xlsx([["a"]], [["b"]]), filename="a.xlsx", by=village.street, at=AT)
    assert of.sheets == ["台账", "台账1"]


def test_a_table_that_is_only_its_headings_is_refused_before_anybody_waits(village):
    with pytest.raises(actions.RefusedError, match="只有表头"):
        bring(village, DIBAO, [])


def test_a_day_kept_as_a_bare_number_counts_from_where_its_workbook_counts(village):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": True}) as book:
        page = book.add_worksheet("台账")
        page.write_row(0, 0, list(DIBAO))
        page.write_row(1, 0, he(village))
        # Without a format for days.
        page.write_datetime(1, 2, date(2024, 3, 5))
    of = bring(village, DIBAO, [], content=buffer.getvalue())
    assert of.rows.get().says["since"] == "2024-03-05"


def test_two_officers_of_one_office_do_not_work_on_one_import_at_once(village):
    of = bring(village, DIBAO, [he(village)])
    other = village.officers["qu"]
    actions.ask_to_apply(of=of, by=village.street, at=AT)
    for act in (actions.ask_to_apply, actions.discard):
        with pytest.raises(actions.RefusedError, match="现在是“正在导入”"):
            act(of=of, by=other, at=AT)
    of = finish(of)
    assert (of.state, of.asked_by) == ("applied", village.street)


def test_a_file_stays_readable_when_keys_are_changed(village):
    of = bring(village, DIBAO, [he(village)])
    before = bytes(of.file.sealed)
    registry.rotate_keys(by=None, at=AT)
    of.file.refresh_from_db()
    assert bytes(of.file.sealed)[:4] != before[:4]
    assert queries.table_of(of, "台账").rows[0][1] == list(DIBAO)
