"""Working days across holidays and make-up days; an unknown year is unknown."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiekun.journal.models import Entry
from jiekun.offices import actions, queries
from jiekun.offices.actions import RefusedError
from jiekun.offices.calendar import Calendar, UnknownYear
from jiekun.offices.models import CalendarDay, CalendarYear, Division

NATIONAL = Calendar({})
DAYS = st.dates(date(2004, 1, 1), date(2025, 12, 31))
DISTRICT = "420106"
NEW_YEAR = [date(2027, 1, 1)]
MAY = [date(2027, 5, d) for d in range(1, 6)]
AUTUMN = [date(2027, 10, d) for d in range(1, 8)]
MAKE_UP = [date(2027, 9, 26), date(2027, 10, 9)]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-10-01", False), ("2024-10-07", False), ("2024-10-08", True),
        ("2024-09-29", True), ("2024-10-12", True), ("2024-10-13", False),
        ("2020-01-31", False), ("2024-02-18", True),
    ],
)  # fmt: skip
def test_the_national_calendar_has_holidays_and_make_up_days(day, works):
    assert NATIONAL.is_working(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "many", "end"),
    [
        # Over the National Day of 2024: seven days off, two Saturdays and Sundays worked.
        ("2024-09-30", 1, "2024-10-08"),
        ("2024-09-27", 3, "2024-10-08"),
        ("2024-09-20", 30, "2024-11-06"),
        ("2024-11-01", 0, "2024-11-01"),
        ("2024-11-02", 1, "2024-11-04"),
        ("2024-12-31", 1, "2025-01-02"),
    ],
)
def test_a_period_begins_the_day_after(start, many, end):
    assert NATIONAL.add(date.fromisoformat(start), many) == date.fromisoformat(end)


@settings(deadline=None)
@given(DAYS, st.integers(1, 200))
def test_adding_and_counting_agree(day, many):
    end = NATIONAL.add(day, many)
    assert NATIONAL.is_working(end)
    assert NATIONAL.between(day, end) == many
    assert NATIONAL.between(end, day) == -many


@settings(deadline=None)
@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_adding_twice_is_adding_the_sum(day, first, second):
    assert NATIONAL.add(NATIONAL.add(day, first), second) == NATIONAL.add(day, first + second)


@settings(deadline=None)
@given(st.lists(DAYS, min_size=3, max_size=3))
def test_counts_over_two_stretches_add_up(days):
    first, middle, last = sorted(days)
    whole = NATIONAL.between(first, last)
    assert NATIONAL.between(first, middle) + NATIONAL.between(middle, last) == whole
    assert 0 <= whole <= (last - first).days


@settings(deadline=None)
@given(DAYS)
def test_every_day_but_the_marked_ones_goes_by_its_weekday(day):
    empty = Calendar({day.year: {}})
    assert empty.is_working(day) == (day.weekday() < 5)


@pytest.mark.parametrize("year", [2003, 2027])
def test_a_year_nobody_entered_is_unknown_and_never_guessed(year):
    with pytest.raises(UnknownYear, match=f"{year} 年"):
        NATIONAL.is_working(date(year, 3, 3))
    assert not NATIONAL.knows(year)


def test_a_period_that_runs_into_an_unknown_year_is_unknown():
    with pytest.raises(UnknownYear, match="2027"):
        NATIONAL.add(date(2026, 12, 31), 1)
    with pytest.raises(UnknownYear):
        NATIONAL.between(date(2026, 12, 1), date(2027, 1, 5))
    with pytest.raises(ValueError, match="-1"):
        NATIONAL.add(date(2024, 1, 1), -1)


@pytest.fixture
def enter(officers, at):
    def run(by="qu", place=DISTRICT, **more):
        words = {"year": 2027, "off": [*NEW_YEAR, *MAY, *AUTUMN], "working": MAKE_UP,
                 "document": "国办发明电〔2026〕x 号", **more}  # fmt: skip
        place = Division.objects.get(code=place)
        return actions.enter_year(place=place, by=officers[by], at=at, **words)

    return run


def test_a_year_entered_is_known_in_its_place_and_below(enter):
    enter()
    for place in (DISTRICT, "420106008", "420106008002"):
        assert queries.add_working_days(date(2026, 12, 31), 1, place) == date(2027, 1, 4)
        assert queries.working_days_between(date(2027, 9, 30), date(2027, 10, 9), place) == 2
    with pytest.raises(UnknownYear):
        queries.add_working_days(date(2026, 12, 31), 1, "420111")


def test_a_street_may_differ_from_its_district(enter):
    enter()
    CalendarYear.objects.filter(year=2027).update(place="420106008")
    enter(working=[])
    assert queries.calendar_of("420106008002").is_working(date(2027, 10, 9))
    assert not queries.calendar_of("420106011").is_working(date(2027, 10, 9))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"by": "quzhang"}, "区民政经办"),
        ({"by": "jiedao"}, "区民政经办"),
        ({"document": " "}, "依据"),
        ({"year": 1990}, "年份"),
        ({"working": [date(2026, 10, 10)]}, "不在 2027 年里"),
        ({"working": [date(2027, 10, 3)]}, "既写成放假又写成上班"),
        ({"working": [date(2027, 10, 11)]}, "本来就上班"),
        ({"off": [*NEW_YEAR, *AUTUMN]}, "没有 2027-05-01"),
    ],
)
def test_a_list_that_cannot_be_a_whole_year_is_refused(enter, words, told):
    with pytest.raises(RefusedError, match=told):
        enter(**words)
    assert not CalendarYear.objects.exists()


def test_a_year_is_changed_with_a_reason_and_what_it_was_is_kept(enter):
    enter()
    with pytest.raises(RefusedError, match="原因"):
        enter(working=[])
    enter(working=[], why="通知改了")
    assert not CalendarDay.objects.filter(working=True).exists()
    entry = Entry.objects.filter(act="enter-year").latest("id")
    assert entry.data["was"]["2027-10-09"] is True
    assert entry.data["why"] == "通知改了"


def test_nothing_but_days_that_differ_from_their_weekday_is_kept(enter):
    enter()
    days = {row.day: row.working for row in CalendarDay.objects.all()}
    assert all((day.weekday() >= 5) == works for day, works in days.items())
    assert timedelta(0) < max(days) - min(days)
