import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiekun.screening import queries
from jiekun.screening.models import Finding, Kind
from jiekun.screening.queries import Filters, UnknownFilter, filters

from .conftest import DISTRICT, EVERYWHERE, HOME, OTHER_STREET, STREET

pytestmark = pytest.mark.django_db
NOWHERE = frozenset()
HERE = frozenset({STREET})


def names(rows):
    return [row.name for row in rows.select_related("household")]


def parse(areas=EVERYWHERE, *, run, **params):
    return filters(params, run=run, areas=areas)


def test_the_worklist_has_one_row_a_family_the_most_first(run):
    assert names(queries.unreached(run, EVERYWHERE)) == ["甲", "癸"]


def test_the_list_to_ask_leaves_out_who_is_paid(run):
    assert names(queries.families(run, EVERYWHERE, which="ask")) == ["丙"]


def test_an_officer_of_one_street_sees_that_street_only(run):
    assert names(queries.unreached(run, HERE)) == ["甲"]


def test_no_areas_means_nobody(run):
    assert names(queries.unreached(run, NOWHERE)) == []
    assert queries.totals(run, NOWHERE)["people"] == 0


@pytest.mark.parametrize(
    "read",
    [
        lambda run: queries.by_measure(run, HERE)["dibao"]["unreached"] == 1,
        lambda run: queries.by_street(run, HERE).keys() == {STREET},
        lambda run: queries.by_street(run, HERE, measure="dibao").keys() == {STREET},
        lambda run: queries.totals(run, HERE)["people"] == 12,
        lambda run: queries.counted(queries.unreached(run, HERE)).families == 1,
        lambda run: queries.findings(run, HERE, kind=Kind.UNREACHED, measure="dibao").count() == 1,
        lambda run: queries.changes(run, HERE).count() == 0,
        lambda run: queries.change_counts(run, HERE) == {},
    ],
)
def test_no_count_reaches_past_the_areas(run, read):
    assert read(run)


def test_a_household_elsewhere_is_not_found(run, village):
    assert queries.family(run, HERE, village["elsewhere"].pk) == []
    assert queries.family_summary(run, HERE, village["elsewhere"].pk) is None
    assert queries.family(run, EVERYWHERE, village["elsewhere"].pk) != []


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"stret": STREET}, "street"),
        ({"street": "420106999"}, "420106999"),
        ({"street": HOME}, HOME),
        ({"community": "x"}, "x"),
        ({"measure": "dibaoo"}, "dibao"),
        ({"least": "many"}, "many"),
        ({"least": "-1"}, "-1"),
        ({"least": "NaN"}, "NaN"),
        ({"sort": "id"}, "-yearly"),
        ({"street": ""}, "街道"),
    ],
)
def test_an_unknown_filter_is_an_error_never_everybody(run, params, told):
    with pytest.raises(UnknownFilter, match=told):
        parse(run=run, **params)


def test_a_street_outside_the_areas_is_as_unknown_as_none(run):
    with pytest.raises(UnknownFilter) as there:
        parse(HERE, run=run, street=OTHER_STREET)
    with pytest.raises(UnknownFilter) as nowhere:
        parse(HERE, run=run, street="420106999")
    assert str(there.value).replace(OTHER_STREET, "420106999") == str(nowhere.value)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"street": OTHER_STREET}, ["癸"]),
        ({"community": HOME}, ["甲"]),
        ({"measure": "dibao"}, ["甲", "癸"]),
        ({"measure": "orphan"}, []),
        ({"least": "20000"}, ["甲"]),
        ({"sort": "yearly"}, ["癸", "甲"]),
    ],
)
def test_filters_narrow_the_list(run, chosen, found):
    # Orphans are nobody here, but the law knows them.
    run.totals["measures"].setdefault("orphan", {})
    assert names(queries.unreached(run, EVERYWHERE, parse(run=run, **chosen))) == found


def test_count_and_sum_follow_the_filter(run):
    rows = queries.unreached(run, EVERYWHERE, Filters(street=STREET))
    assert (queries.counted(rows).families, queries.counted(rows).yearly_fen) == (1, 2_256_000)


def test_a_page_of_the_worklist_is_one_query(run):
    with CaptureQueriesContext(
        connection,
    ) as told:
        list(queries.unreached(run, EVERYWHERE).select_related("household")[:50])
    assert len(told) == 1


def test_the_latest_run_is_of_the_same_law(run, next_year):
    assert queries.latest_run(DISTRICT) == next_year
    assert queries.latest_run(DISTRICT, ["W24"]) is None
    assert queries.latest_run("500116") is None


def test_an_unknown_list_or_direction_is_an_error(run):
    with pytest.raises(UnknownFilter, match="unreached"):
        queries.families(run, EVERYWHERE, which="everybody")
    with pytest.raises(UnknownFilter, match="out"):
        queries.changes(run, EVERYWHERE, direction="sideways")


def test_whom_something_unknown_leaves_open_is_counted_by_people_and_homes(run):
    found = queries.waiting(run, EVERYWHERE, {"wage_income", "rigid_deduction"})
    open_for = queries.findings(run, EVERYWHERE, kind=Kind.JUDGE).values("household").distinct()
    assert found["rigid_deduction"].homes == open_for.count() == 1
    assert found["wage_income"].homes >= 1


def test_whom_something_leaves_open_stops_at_the_area(run):
    assert queries.waiting(run, NOWHERE, {"wage_income"}) == {}


def test_only_what_is_asked_for_is_counted(run):
    assert queries.waiting(run, EVERYWHERE, {"rigid_deduction"}).keys() == {"rigid_deduction"}


def test_counting_who_waits_reads_no_findings(run):
    with CaptureQueriesContext(connection) as told:
        queries.waiting(run, EVERYWHERE, {"wage_income"})
    assert [Finding._meta.db_table in query["sql"] for query in told] == [False]


def test_whom_a_leaf_holds_up_is_counted_as_the_findings_have_it(run):
    leaves = {
        name for missing in run.findings.values_list("missing", flat=True) for name in missing
    }
    for name, found in queries.waiting(run, HERE, leaves).items():
        rows = run.findings.filter(missing__contains=[name], street_code=STREET)
        homes = set(rows.filter(person=None).values_list("household", flat=True))
        people = set(rows.exclude(person=None).values_list("person", flat=True))
        assert (found.people, found.homes) == (len(people), len(homes))
