"""The second wall, asked directly: what the database shows and lets be done as jiekun_desk."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from jiekun.config.postgres import APP, DESK
from jiekun.exchange.models import Import, ImportFile, ImportRow
from jiekun.journal import actions as journal
from jiekun.journal.models import Entry
from jiekun.offices.models import SavedFilter
from jiekun.registry.models import (
    Attachment,
    Candidate,
    Consent,
    FactRecord,
    FormerName,
    HouseholdChange,
    HouseholdFacts,
    Identifier,
    Merge,
    Receipt,
    Recognition,
    Register,
    Registration,
    Settlement,
)
from jiekun.registry.scope import EVERYWHERE, seeing
from jiekun.screening.models import Change, FamilySummary, Finding, Run

from .conftest import HERE, THERE, household, person

ON = date(2024, 11, 1)
NEXT_DOOR, STREET, OTHER_STREET = "420106008003", "420106008", "420106012"

# Tables with personal or sensitive columns and no policy, each with the reason.
OPEN = {
    "offices.Officer": "who works where is told to everybody at work; residents are not in it",
    "offices.Post": "who works where, as above",
    "offices.Deputy": "who stands in for whom, as above",
    "offices.ParameterChoice": "numbers of the law, proposed and confirmed by officers",
    "offices.ReadingChoice": "readings of the law, proposed and confirmed by officers",
    "offices.Authenticator": "an officer's second factor, read before anybody has areas",
    "offices.RecoveryCode": "an officer's second factor, read before anybody has areas",
    "offices.CalendarYear": "working days, entered by officers",
    "journal.Seal": "numbers and digests of lines: what it seals is behind the wall",
}


def walled():
    """The tables that have the wall's policy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'desk'")
        return {name for (name,) in cursor.fetchall()}


def asked(sql, *given):
    with connection.cursor() as cursor:
        cursor.execute(sql, given or None)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture
def street(officers):
    return officers["jiedao"]


@pytest.fixture
def full(family, head, wife, street, at):
    """Something in every walled table, all of it about one family in one community."""
    home, sealed = {"household": family}, {"sealed": b"x", "digest": b"d" * 32, "tail": "000X"}
    held = {**home, "since": ON}
    HouseholdFacts.objects.create(**home)
    record = FactRecord.objects.create(
        person=head, fact="wage_income", source="本人", as_of=ON, recorded_at=at
    )
    Settlement.objects.create(**home, fact="rural", source="本人", reason="核过", at=at, by=street)
    Recognition.objects.create(**held, category="dibao", decided_by="区民政")
    Receipt.objects.create(**held, measure="dibao")
    HouseholdChange.objects.create(**home, version=2, kind="head", on=ON, at=at)
    Identifier.objects.create(person=head, kind="phone", source="本人", **sealed)
    FormerName.objects.create(person=head, name="何大平", pinyin="h", initials="h", until=ON)
    Consent.objects.create(person=head, scope="finances", ground="consent", paper="1", since=ON)
    Attachment.objects.create(
        person=head, record=record, kind="image/png", label="出院小结", size=1, digest="d",
        file="f", sealed=b"x", purpose="审核", at=at,
    )  # fmt: skip
    register = Register.objects.create(**sealed, address="外地")
    Registration.objects.create(person=head, register=register, relation="02", since=ON)
    Candidate.objects.create(
        one=head, other=wife, area_one=HERE, area_other=HERE, why={}, thousandths=1,
        fingerprint="f", found="entry", found_at=at,
    )  # fmt: skip
    Merge.objects.create(kept=head, gone=wife, on=ON, reason="同一人", at=at, by=street)
    run = Run.objects.create(on=ON, place="420106", law_digest="d", started_at=at)
    found = {**home, "run": run, "community_code": HERE, "street_code": STREET}
    Finding.objects.create(**found, measure="dibao", kind=1, received=False)
    FamilySummary.objects.create(**found, yearly_unreached_fen=1, n_unreached=1, n_ask=0)
    Change.objects.create(**found, measure="dibao")
    brought = Import.objects.create(
        by=street, at=at, areas=[HERE], filename="低保.xlsx", kind="xlsx", size=1, digest=b"d"
    )
    ImportFile.objects.create(of=brought, sealed=b"x")
    ImportRow.objects.create(of=brought, number=2, person=head, outcome="ready")
    SavedFilter.objects.create(officer=street, page="search", words="q=何", name="何家", made_at=at)
    with transaction.atomic():
        journal.write(act="view", by=street, at=at, subject=head, area=HERE)
    return family


def counts():
    """How many rows of every walled table are seen."""
    return {table: asked(f"SELECT count(*) FROM {table}")[0][0] for table in sorted(walled())}


def of_offices():
    """Lines about offices, which tell of no resident and are seen by all."""
    return Entry.objects.filter(subject_kind__startswith="offices.").count()


# -- what is covered


def test_every_table_with_personal_columns_is_walled_or_says_why_not(db):
    open_ones = {
        model._meta.label
        for model in apps.get_models()
        if {"personal", "sensitive"} & set(getattr(model, "privacy", {}).values())
        and model._meta.db_table not in walled()
    }
    assert open_ones == set(OPEN)


def test_the_desk_may_do_what_the_application_may_and_no_more(db):
    rights = """
        SELECT c.relname, a.attname, p, has_column_privilege(%s, c.oid, a.attnum, p)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0,
            unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS p
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
        UNION ALL
        SELECT c.relname, '', p, has_table_privilege(%s, c.oid, p)
        FROM pg_class c, unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AS p
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
    """
    desk, app = set(asked(rights, DESK, DESK)), set(asked(rights, APP, APP))
    assert len(desk) > 1_000
    assert desk == app
    assert asked("SELECT has_table_privilege(%s, 'journal_entry', 'UPDATE')", DESK) == [(False,)]


# -- what is seen


def test_nothing_set_is_nothing_seen(full):
    assert min(counts().values()) > 0
    with transaction.atomic():
        asked(f"SET LOCAL ROLE {DESK}")
        seen = counts()
        asked(f"SET LOCAL ROLE {APP}")
    assert seen.pop("journal_entry") == of_offices()
    assert set(seen.values()) == {0}


def test_an_officer_of_the_area_sees_all_of_it(full, street):
    whole = counts()
    for areas in ((HERE,), (STREET,), (NEXT_DOOR, STREET), ("420106",), (EVERYWHERE,)):
        with seeing(areas, posts=areas, officer=street.pk):
            assert counts() == whole, areas


@pytest.mark.parametrize("areas", [(), (NEXT_DOOR,), (OTHER_STREET,), (NEXT_DOOR, THERE)])
def test_another_area_sees_none_of_it(full, officers, areas):
    with seeing(areas, posts=areas, officer=officers["jiaoyu"].pk):
        seen = counts()
    assert seen.pop("journal_entry") == of_offices()
    assert set(seen.values()) == {0}


def test_lines_about_somebody_come_with_them(full, head, officers, at):
    with transaction.atomic():
        journal.write(act="view", by=officers["qu"], at=at, subject=head, area=THERE)
        journal.write(act="view", by=officers["qu"], at=at, subject=("registry.list", "x"))
    with seeing((HERE,)):
        assert Entry.objects.filter(act="view", officer_id=officers["qu"].pk).count() == 1
    with seeing((), officer=officers["qu"].pk):
        assert Entry.objects.filter(act="view").count() == 2


# -- what is refused

HIDDEN = (
    "SELECT name FROM registry_person WHERE name = '何平'",
    "SELECT 1 FROM registry_person WHERE id = {head}",
    "SELECT name FROM registry_person WHERE name ^@ '何'",
    "SELECT address FROM registry_household WHERE id = {home} FOR UPDATE",
    "SELECT 1 FROM registry_membership WHERE person_id = {head}",
    "SELECT p.name FROM registry_identifier i JOIN registry_person p ON p.id = i.person_id",
    (
        "SELECT (SELECT name FROM registry_person WHERE id = {head}) WHERE EXISTS"
        " (SELECT FROM registry_person WHERE id = {head})"
    ),
    "SELECT 1 FROM screening_finding WHERE household_id = {home}",
    "SELECT 1 FROM journal_entry WHERE subject_kind = 'registry.person'",
    "SELECT 1 FROM exchange_importrow WHERE person_id = {head}",
    "SELECT 1 FROM offices_savedfilter WHERE words LIKE 'q=_'",
    "SELECT 1 WHERE (SELECT count(*) FROM registry_person) > 0",
    "SELECT 1 FROM registry_person TABLESAMPLE SYSTEM (100)",
    # Errors that tell of a row by stumbling over it.
    "SELECT 1 FROM registry_person WHERE 1 / (id - {head}) > 0",
    "SELECT 1 FROM registry_person WHERE name::int > 0",
    "SELECT 1 FROM registry_householdfacts WHERE (1 / (household_id - {home})) IS NOT NULL",
    "UPDATE registry_person SET name = '别人'",
    "UPDATE registry_household SET community_id = '420106012001' WHERE id = {home}",
    "UPDATE registry_identifier SET person_id = 1 WHERE person_id = {head}",
    "DELETE FROM registry_membership",
    "DELETE FROM exchange_import",
    "DELETE FROM registry_recognition WHERE household_id = {home}",
    "WITH gone AS (DELETE FROM registry_receipt RETURNING *) SELECT * FROM gone",
    (
        "MERGE INTO registry_personfacts f USING (SELECT {head}::bigint AS id) s"
        " ON f.person_id = s.id WHEN MATCHED THEN DELETE"
    ),
)
# Against rows that are there: the policy's own word.
FORBIDDEN = (
    (
        "INSERT INTO registry_membership (person_id, household_id, relation, since)"
        " VALUES ({head}, {home}, '97', '2024-11-01')"
    ),
    (
        "INSERT INTO registry_factrecord (person_id, fact, source, as_of, recorded_at, note,"
        " evidence) VALUES ({head}, 'rural', 'x', '2024-11-01', now(), '', '')"
    ),
    (
        "INSERT INTO registry_household (name, community_id, street_code, grid, address, phone,"
        " created_on) VALUES ('何家', '420106008002', '420106008', '', 'x', '', '2024-11-01')"
    ),
    (
        "INSERT INTO registry_person (id, name, pinyin, initials, sex, birth_date, id_tail)"
        " VALUES ({head}, 'x', 'x', 'x', 'male', '2000-01-01', '')"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING name"
    ),
    "UPDATE registry_household SET community_id = '420106008002' WHERE id = {theirs}",
    (
        "INSERT INTO screening_finding (run_id, household_id, measure, kind, received, unit,"
        " missing, condition, community_code, street_code) VALUES (1, {home}, 'dibao', 1, false,"
        " '', '{{}}', '', '420106008002', '420106008')"
    ),
)
# In the application's own session, with other rights or by another way than a row.
DENIED = (
    "COPY registry_person (name) FROM STDIN",
    "TRUNCATE registry_person CASCADE",
    "DELETE FROM journal_entry",
    "UPDATE journal_entry SET area = '420106012'",
    "UPDATE registry_factrecord SET source = 'x'",
    "ALTER TABLE registry_person DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE registry_person DISABLE TRIGGER ALL",
    "DROP POLICY desk ON registry_person",
    "CREATE POLICY all_of_it ON registry_person USING (true)",
    "ALTER ROLE jiekun_desk BYPASSRLS",
    "SET LOCAL row_security = off; SELECT * FROM registry_person",
    "SET LOCAL session_replication_role = replica",
    "SELECT person_area_follows(ARRAY[1]::bigint[])",
    "SET LOCAL ROLE jiekun_owner",
    "SET LOCAL ROLE postgres",
    "SET SESSION AUTHORIZATION jiekun_owner",
    "GRANT jiekun_owner TO jiekun_desk",
    "COPY (SELECT * FROM registry_person) TO PROGRAM 'cat'",
    "COPY (SELECT * FROM registry_person) TO '/tmp/people'",
    "SELECT pg_read_file('/etc/passwd')",
    "CREATE TRIGGER t AFTER INSERT ON registry_person EXECUTE FUNCTION household_moves()",
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
)


@pytest.fixture
def attempt(full, head, officers):
    """An order given from another street: its rows, or how many it changed."""

    def attempt(order, **known):
        text = order.format(home=full.pk, head=head.pk, **known)
        with seeing((OTHER_STREET,), posts=(OTHER_STREET,), officer=officers["jiaoyu"].pk):
            return asked(text)

    return attempt


@pytest.mark.parametrize("order", HIDDEN)
def test_another_street_finds_and_changes_nothing(order, attempt):
    assert attempt(order) in ([], 0)


@pytest.mark.parametrize("order", FORBIDDEN)
def test_another_street_writes_nothing_here(order, attempt):
    theirs = household(THERE, (person("远方", "yuan fang", date(1980, 1, 1)), "02"))
    with pytest.raises(DatabaseError, match="row-level security"):
        attempt(order, theirs=theirs.pk)


def test_a_copy_holds_no_more_than_is_seen(full):
    household(THERE, (person("远方", "yuan fang", date(1980, 1, 1)), "02"))
    order = "COPY (SELECT name FROM registry_person) TO STDOUT"
    with seeing((OTHER_STREET,)), connection.cursor() as cursor, cursor.copy(order) as copy:
        assert b"".join(copy).decode() == "远方\n"


def test_a_cheap_function_is_not_shown_what_is_hidden(attempt):
    heard = []
    connection.ensure_connection()
    connection.connection.add_notice_handler(lambda said: heard.append(said.message_primary))
    attempt("""
        CREATE FUNCTION pg_temp.tell(text) RETURNS boolean COST 0.0000001 LANGUAGE plpgsql AS
            $$ BEGIN RAISE NOTICE 'heard %', $1; RETURN true; END $$;
        SELECT name FROM registry_person WHERE pg_temp.tell(name);
    """)
    assert [said for said in heard if said.startswith("heard")] == []


@pytest.fixture
def session(transactional_db, cluster):
    """A session of the application's as it is outside tests."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(cluster.url(name, APP), autocommit=True) as made:
        yield made


@pytest.mark.parametrize("order", DENIED)
def test_no_right_leads_around_the_wall(order, session):
    with session.transaction(force_rollback=True):
        session.execute(f"SET LOCAL ROLE {DESK}")
        with pytest.raises(psycopg.Error) as refused:
            session.execute(order)
    assert refused.value.sqlstate in ("42501", "0A000", "42601"), refused.value
