"""The household page: what is due, why, what to ask, what if, and writing an answer down."""

import pytest

from jiekun.journal.models import Entry
from jiekun.kernel.language import Measure
from jiekun.registry.models import FactRecord, HouseholdFacts, PersonFacts
from jiekun.sites.desk.standing import UNPRICED, Gift, Standing, gathered


@pytest.fixture
def page(see, village):
    return see(f"/households/{village.home.pk}/")


def field(village, fact):
    return f"{fact}@{village.grandmother.pk}"


def answer(street, village, **words):
    given = {"source": "本人", "as_of": "2024-11-01", **words}
    return street.post(f"/households/{village.home.pk}/record/", given, follow=True)


def try_out(street, village, status=200, **words):
    tried = street.post(f"/households/{village.home.pk}/what-if/", words)
    assert tried.status_code == status
    return tried.content.decode()


def test_the_death_is_told_first(page):
    assert "原户主 10 月 8 日去世" in page


def test_what_may_be_done_stands_in_one_row_at_the_top(page):
    row = page.partition('class="deeds"')[2].partition('class="cols"')[0]
    for deed in ("变动", "认定", "材料", "说法不一", "看全名和电话", "打印", "谁看过"):
        assert deed in row, deed
        assert page.count(f">{deed}</a>") + page.count(f">{deed}</summary>") == 1, deed


def test_the_family_is_drawn_with_whom_it_lost(page):
    assert 'class="gone"' in page
    assert "婆婆 周** 78" in page


def test_what_depends_on_an_answer_is_possible_and_not_refused(page):
    assert "可能享受，还差事实" in page
    assert "缺：零工收入" in page


def test_the_question_says_who_and_what_it_settles(page):
    assert "婆婆 周**：每月打零工挣多少？" in page
    assert "能定下：低保" in page


def test_what_finding_out_could_bring_is_said(page):
    assert "最多 3,760 元/月" in page


def test_a_recognition_shows_as_what_they_have(page):
    assert "已认定" in page
    assert "低保边缘" in page


def test_an_answer_is_kept_and_the_page_says_what_follows(street, village):
    done = answer(street, village, **{field(village, "odd_job_income"): "600"}).content.decode()
    assert "已记下 1 项" in done
    assert "3,160 元/月" in done
    assert "940 × 4 − 600" in done


def test_an_answer_is_kept_with_its_source_and_journaled(street, village):
    answer(street, village, **{field(village, "odd_job_income"): "600"})
    record = FactRecord.objects.get(fact="odd_job_income")
    assert (record.value, record.source, record.recorded_by.username) == (
        "600.00",
        "本人",
        "jiedao",
    )
    assert Entry.objects.filter(act="record-facts", officer_name="陈静").count() == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [("很多", "应填数字"), ("-5", "不能小于"), ("1e99", "不能大于"), ("0.001", "最小到分")],
)
def test_an_answer_that_cannot_be_is_refused_plainly(given, told, street, village):
    said = answer(street, village, **{field(village, "odd_job_income"): given}).content.decode()
    assert told in said
    assert not FactRecord.objects.exists()


def test_an_answer_from_nobody_knows_where_is_refused(street, village):
    words = {field(village, "odd_job_income"): "600", "source": "隔壁老王"}
    assert answer(street, village, **words).status_code == 400


def test_an_answer_for_a_day_to_come_is_refused(street, village):
    words = {field(village, "odd_job_income"): "600", "as_of": "2024-12-01"}
    assert "还没有到" in answer(street, village, **words).content.decode()


def test_a_fact_of_somebody_elses_is_refused(street, village):
    stranger = village.other.memberships.get().person_id
    assert answer(street, village, **{f"odd_job_income@{stranger}": "1"}).status_code == 400


def test_no_answer_writes_nothing(street, village):
    said = answer(street, village, **{field(village, "odd_job_income"): ""}).content.decode()
    assert "什么也没有记下" in said


def test_what_if_shows_the_change_and_saves_nothing(street, village):
    said = try_out(street, village, **{field(village, "odd_job_income"): "600"})
    assert "还缺事实 → <b>3,160 元/月</b>" in said
    assert PersonFacts.objects.get(person=village.grandmother).odd_job_income is None


def test_what_if_under_the_draft_says_so(street, village):
    assert "模拟 W24 已施行" in try_out(street, village, under="W24")


def test_what_if_says_what_is_wrong_beside_the_field(street, village):
    said = try_out(street, village, 422, **{field(village, "odd_job_income"): "多"})
    assert "应填数字" in said


def test_what_if_refuses_a_fact_there_is_not(street, village):
    try_out(street, village, 400, **{field(village, "odd_job")[:-1] + "9": "1"})


def test_what_if_refuses_a_law_there_is_not(street, village):
    try_out(street, village, 400, under="W99")


def test_every_number_leads_home_to_facts_with_source_and_clause(see, village):
    page = see(f"/households/{village.home.pk}/why/dibao/")
    assert "城市低保标准" in page
    assert "940 元/月" in page
    assert "MF57-" in page
    assert "可问本人" in page


def test_a_measure_there_is_not_has_no_reasons(see, village):
    see(f"/households/{village.home.pk}/why/nothing/", 404)


def test_what_is_had_without_right_is_for_a_person_to_review(see, village):
    page = see(f"/households/{village.paid.pk}/")
    assert "请人工复核，不会自动停发" in page
    assert "500 元/月" in page


def test_the_dead_keep_their_page(see, village):
    assert "2024-10-08 去世" in see(f"/people/{village.father.pk}/")


def test_a_persons_page_says_what_nobody_knows(see, village):
    page = see(f"/people/{village.grandmother.pk}/")
    assert "还不知道：零工收入" in page


def test_facts_can_be_corrected_a_group_at_a_time(see, village):
    page = see(f"/people/{village.grandmother.pk}/", edit="income")
    assert f'name="{field(village, "odd_job_income")}"' in page


def test_what_only_an_office_may_judge_is_not_in_the_form(see, village):
    page = see(f"/people/{village.grandmother.pk}/", edit="work")
    assert "符合残疾人创业补贴条件" not in page
    assert f'name="{field(village, "self_employed")}"' in page


def test_what_only_an_office_may_judge_may_be_tried_but_not_written_down(street, village):
    assert "改为是" in try_out(street, village, spending_surge="yes")
    assert "由街道认定" in answer(street, village, spending_surge="yes").content.decode()
    assert not FactRecord.objects.exists()


def test_conflicting_sources_stand_side_by_side(street, village, see):
    name = field(village, "wage_income")
    answer(street, village, **{name: "100"})
    answer(street, village, **{name: "300", "source": "人社"})
    assert "另有说法——本人 2024-11-01：100 元/月" in see(f"/people/{village.grandmother.pk}/")


def gift(who, amount):
    measure = Measure(
        name="m", label="补助", to="person", gives="money", office="", eligible="", about=""
    )
    return Gift(measure, who, who, amount)


def test_what_several_get_alike_is_told_once():
    (line,) = gathered([gift("甲", "100 元/月"), gift("乙", "100 元/月")])
    assert (line.who, line.amount) == ("2 人：甲、乙", "每人 100 元/月")


def test_what_several_get_differently_is_told_apart_inside():
    (line,) = gathered([gift("甲", "100 元/月"), gift("乙", "50 元/月")])
    assert line.amount == "各人不同"
    assert [other.amount for other in line.others] == ["100 元/月", "50 元/月"]


def test_what_several_get_at_no_known_price_counts_as_such():
    (line,) = gathered([gift(who, UNPRICED) for who in ("甲", "乙")])
    assert (line.amount, Standing(unreached=[line]).unpriced) == (UNPRICED, 1)
    (apart,) = gathered([gift("甲", UNPRICED), gift("乙", "50 元/月")])
    assert Standing(unreached=[apart]).unpriced == 1


def test_of_a_family_nobody_asked_nothing_is_said_to_have_reached_it(street, village):
    for facts in (PersonFacts, HouseholdFacts):
        known = [f.name for f in facts._meta.fields if f.null and not f.is_relation]
        facts.objects.filter(household=village.paid).update(**dict.fromkeys(known))
    page = street.get(f"/households/{village.paid.pk}/").content.decode()
    assert "都到位了" not in page
    assert "项要弄清" in page


def test_a_draft_drawn_up_does_not_change_what_is_in_force(see, village):
    assert "定额临时救助" not in see(f"/households/{village.home.pk}/")
    assert "定额临时救助" in see(f"/households/{village.home.pk}/", law="W24")
