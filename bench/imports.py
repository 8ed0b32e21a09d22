"""A ledger of many rows: uploaded, checked, applied, taken back. `python -m bench.imports [rows]`.

In a database of its own that is gone afterwards, with one registered person a row. Every row is
checked, applied (a recognition, a receipt and a fact each) and undone.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.journal import _timed

AT = datetime(2024, 11, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY, SINCE = date(2024, 11, 1), date(2010, 1, 1)
COMMUNITY = "420106008002"
HEADINGS = (
    "序号",
    "姓名",
    "身份证号",
    "起发月",
    "月金额",
    "工资收入",
    "文号",
    "住址",
    "电话",
    "备注",
)
COLUMNS = {
    1: "name",
    2: "id_number",
    3: "since",
    4: "amount",
    5: "fact:wage_income",
    6: "document",
}


def main() -> None:
    from jiekun.config.postgres import APP, OWNER, Cluster

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="jk-") as name:
        os.environ["JIEKUN_STATE"] = name
        cluster = Cluster(Path(name))
        cluster.start()
        try:
            with cluster.connect() as admin:
                admin.execute(f"CREATE DATABASE bench OWNER {OWNER}")
            os.environ["DATABASE_URL"] = cluster.url("bench", OWNER)
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiekun.config.settings")
            import django

            django.setup()
            from django.core.management import call_command
            from django.db import connection

            call_command("migrate", verbosity=0)
            connection.close()
            connection.settings_dict["USER"] = APP
            print(json.dumps(measure(rows), ensure_ascii=False))  # noqa: T201
            connection.close()
        finally:
            cluster.stop()


def measure(rows: int) -> dict[str, Any]:
    """Seconds by the wall clock, and of this process's own time, for each step."""
    from jiekun.exchange import actions
    from jiekun.exchange.models import Import
    from jiekun.offices import actions as offices
    from jiekun.registry import keys

    keys.make()
    offices.seed_wuchang(at=AT)
    offices.seed_departments(at=AT)
    by = {officer.username: officer for officer in offices.seed_demo_officers(at=AT)}["jiedao"]
    content = _ledger(_people(rows))
    found: dict[str, Any] = {"rows": rows, "bytes": len(content)}

    def step(name: str, work: Callable[[], object]) -> None:
        found[name] = _timed(work)

    step("upload", lambda: actions.upload(content=content, filename="a.xlsx", by=by, at=AT))
    of = Import.objects.get()
    chosen: dict[str, Any] = {"sheet": "Sheet1", "header": 1, "layout": "dibao"}
    chosen |= {"columns": COLUMNS, "source": "街道", "as_of": TODAY}
    step("choose", lambda: actions.ask_to_check(of=of, **chosen, by=by, at=AT))
    step("check", lambda: actions.work_off(of=of, at=AT))
    found["ready"] = of.rows.filter(outcome="ready").count()
    step("ask", lambda: actions.ask_to_apply(of=of, rows="", by=by, at=AT))
    step("apply", lambda: actions.work_off(of=of, at=AT))
    found["applied"] = of.rows.filter(outcome="applied").count()
    of.refresh_from_db()
    actions.ask_to_undo(of=of, reason="量时间", by=by, at=AT)
    step("undo", lambda: actions.work_off(of=of, at=AT))
    found["undone"] = of.rows.filter(outcome="undone").count()
    return found


def _people(count: int) -> list[str]:
    """Register people living alone, and give back their numbers."""
    from stdnum.cn import ric

    from jiekun.registry import keys
    from jiekun.registry.models import Household, Identifier, Membership, Person, PersonFacts

    ring, numbers = keys.ring(), []
    for n in range(count):
        born = date.fromordinal(date(1950, 1, 1).toordinal() + n % 20_000)
        text = f"{420_101 + n // 20_000}{born:%Y%m%d}001"
        numbers.append(text + str(ric.calc_check_digit(text + "0")))
    people = Person.objects.bulk_create(
        [
            Person(name="何平", pinyin="heping", initials="hp", sex="male", id_tail=number[-4:],
                   birth_date=date(int(number[6:10]), int(number[10:12]), int(number[12:14])))
            for number in numbers
        ],
        batch_size=5_000,
    )  # fmt: skip
    homes = Household.objects.bulk_create(
        [
            Household(name="何家", community_id=COMMUNITY, street_code=COMMUNITY[:9],
                      address="复兴路1号", created_on=SINCE)
            for _ in people
        ],
        batch_size=5_000,
    )  # fmt: skip
    both = list(zip(people, homes, strict=True))
    stays = [Membership(person=p, household=h, relation="02", since=SINCE) for p, h in both]
    Membership.objects.bulk_create(stays, batch_size=5_000)
    PersonFacts.objects.bulk_create(
        [PersonFacts(person=p, household=h) for p, h in both], batch_size=500
    )
    claims = []
    for person, number in zip(people, numbers, strict=True):
        claim = Identifier(person=person, kind="resident_id", tail=number[-4:], source="公安")
        claim.digest = ring.digest("resident_id", number)
        claim.sealed = ring.seal(number.encode(), claim.bound)
        claims.append(claim)
    Identifier.objects.bulk_create(claims, batch_size=5_000)
    return numbers


def _ledger(numbers: list[str]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for n, number in enumerate(numbers, 1):
            row = (n, "何平", number, "2024年3月", 650.5, 1200, f"{n}号", "复兴路1号", "", "")
            page.write_row(n, 0, row)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
