import os
import subprocess
from pathlib import Path

import psutil
import psycopg
import pytest

from jiekun.config import postgres
from jiekun.config.postgres import APP, DESK, OWNER, Cluster


@pytest.fixture
def make(short_folder):
    made = []

    def start(folder="db"):
        made.append(Cluster(short_folder / folder, shared_buffers="16MB"))
        made[-1].start()
        return made[-1]

    yield start
    for cluster in made:
        cluster.stop()


def answers(cluster):
    with cluster.connect() as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def postmaster(cluster):
    return psutil.Process(int((cluster.data / "postmaster.pid").read_text().split()[0]))


def test_a_path_too_long_for_a_socket_gets_a_short_one(make):
    cluster = make("x" * 120)
    assert len(str(cluster.sockets)) < 80
    assert answers(cluster)


def test_nobody_else_may_reach_the_socket(make):
    assert make().sockets.stat().st_mode & 0o077 == 0


def test_stopping_leaves_no_server(make):
    cluster = make()
    server = postmaster(cluster)
    cluster.stop()
    assert not server.is_running()


def test_a_server_left_by_a_killed_run_is_taken_over(make):
    orphan = postmaster(make())
    assert answers(make())
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_a_pidfile_naming_another_program_does_no_harm(make):
    cluster = make()
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n")
        assert answers(make())
        assert stranger.poll() is None
        stranger.kill()


def test_a_data_folder_never_finished_is_made_anew(make):
    cluster = make()
    cluster.stop()
    (cluster.home / "pgdata.new").mkdir()
    (cluster.data / "PG_VERSION").unlink()
    assert answers(make())


def test_a_data_folder_of_another_version_is_made_anew(make):
    cluster = make()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("16\n")
    assert answers(make())


def test_the_running_role_owns_nothing_and_makes_no_tables(make):
    cluster = make()
    with cluster.connect() as admin:
        admin.execute(f"CREATE DATABASE house OWNER {OWNER}")
    with psycopg.connect(cluster.url("house", OWNER)) as owner:
        owner.execute("CREATE TABLE room (name text)")
    with psycopg.connect(cluster.url("house", APP)) as app:
        app.execute("INSERT INTO room VALUES ('kernel')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE attic (name text)")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_root_lets_the_server_run_as_a_user_of_its_own(make):
    assert postmaster(make()).username() == postgres.SYSTEM_USER


def test_the_way_to_the_files_is_opened_no_wider_than_needed(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    postgres._open_the_way(Path(inner))
    assert inner.parent.stat().st_mode & 0o777 == 0o701


ROLES = """
    SELECT rolname::text, rolcanlogin, rolbypassrls, rolsuper, rolcreaterole FROM pg_roles
    WHERE rolname LIKE 'jiekun%' ORDER BY 1"""
MEMBERS = """
    SELECT roleid::regrole::text, member::regrole::text, inherit_option, set_option, admin_option
    FROM pg_auth_members WHERE member::regrole::text LIKE 'jiekun%' ORDER BY 1, 2"""
DEFAULTS = """
    SELECT defaclobjtype, x.grantee::regrole::text, x.privilege_type
    FROM pg_default_acl, aclexplode(defaclacl) x ORDER BY 1, 2, 3"""


def test_the_roles_made_by_hand_are_the_ones_the_demo_makes(make):
    page = Path(__file__).parents[2] / "docs" / "production.md"
    orders = page.read_text().partition("```sql\n")[2].partition("```")[0]
    with make().connect("template1") as connection:

        def stand():
            return [connection.execute(query).fetchall() for query in (ROLES, MEMBERS, DEFAULTS)]

        made = stand()
        assert all(made)
        for role in (OWNER, APP, DESK):
            connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
        connection.execute(orders)
        assert stand() == made
