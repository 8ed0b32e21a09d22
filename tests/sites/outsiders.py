"""A family whose every word is unmistakable, and everybody who must not see one of them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import xlsxwriter
from django.contrib.auth.hashers import make_password
from PIL import Image
from stdnum.cn import ric

from jiekun.exchange import actions as exchange
from jiekun.exchange.models import Import
from jiekun.offices import actions as offices
from jiekun.offices.models import Department, Division, Officer, Role
from jiekun.registry import actions as registry
from jiekun.registry import keys, pairing
from jiekun.registry.alike import alike
from jiekun.registry.models import Attachment, Household, Membership, Person
from jiekun.screening import actions as screening
from jiekun.screening import trying
from jiekun.screening.models import Change, FamilySummary, Run, Simulation

from .conftest import AT, BEFORE, DISTRICT, HERE, OTHER_STREET, STREET, THERE, TODAY

# Nobody else bears the surname, lives in the lane or gets the sum: one sign of them is a leak.
SURNAME, LANE, PHONE, SUM = "逄", "螺蛳巷", "15971234488", 123_457
TOMORROW = TODAY + timedelta(days=1)
NEXT_DOOR, MERGED = "420106008001", "420106008003"
REFORM = "label: 低保标准提高 5%\nchanges:\n  - parameter: dibao_standard_urban\n    by: +5%\n"


@dataclass
class World:
    """The family, what is about it, and who is outside."""

    home: Household
    people: list[Person]
    number: str
    attachment: Attachment
    of: Import
    runs: list[int]
    reform: Simulation
    changes: list[int]
    post: int
    saved: int
    # Officers by what keeps them out.
    outsiders: dict[str, str] = field(default_factory=dict)

    @property
    def told(self) -> tuple[str, ...]:
        """Words of which each gives the family away; a link to it tells that it is there."""
        people = tuple(f"/people/{one.pk}/" for one in self.people)
        subject = (f'household%3A{self.home.pk}"', *(f'person%3A{p.pk}"' for p in self.people))
        return (
            *(SURNAME, LANE, PHONE, f"****{PHONE[-4:]}", self.number, "1,234.57", "1234.57"),
            *(f"/households/{self.home.pk}/", *people, *subject),
        )


def make_world(village: Any) -> World:
    """Tell everything of the family that can be told; the caller gives keys and folders."""
    people = _named(village.home)
    keys.make()
    her, jiedao = village.grandmother, Officer.objects.get(username="jiedao")
    number = _number(her.birth_date)
    registry.claim_identifier(
        person=her, kind="resident_id", number=number, source="本人", by=None, at=AT
    )
    for source, value in (("本人", 654321), ("人社", 765432)):
        registry.record_fact(
            subject=her, fact="wage_income", value=value // 100, source=source, as_of=BEFORE,
            note=f"{LANE}口摆摊", by=jiedao, at=AT,
        )  # fmt: skip
    registry.begin_receipt(
        household=village.home, measure="dibao", amount_fen=SUM, unit="yuan/month",
        since=date(2023, 9, 1), by=None, at=AT,
    )  # fmt: skip
    attachment = registry.keep_attachment(
        subject=her, content=_picture(), filename="a.png", label=f"{LANE}出院小结",
        purpose="办理医疗救助", by=jiedao, at=AT,
    )  # fmt: skip
    pairing.note_pairs(pairs=[alike(people[1].pk, her.pk)], found="nightly", by=None, at=AT)
    registry.look_unmasked(subject=village.home, purpose="入户走访", by=jiedao, at=AT)
    changes = list(Change.objects.filter(household=village.home).values_list("pk", flat=True))
    assert FamilySummary.objects.filter(household=village.home).exists()
    post = jiedao.posts.get().pk
    world = World(
        village.home, people, number, attachment, _import(jiedao, people[0].name, number),
        [], _reform(), changes, post, _saved(jiedao),
    )  # fmt: skip
    world.runs = list(Run.objects.values_list("pk", flat=True))
    world.outsiders = _outsiders()
    return world


def _saved(by: Officer) -> int:
    """A list somebody inside kept."""
    words = f"community={HERE}"
    return offices.save_filter(page="unreached", words=words, name="常看", by=by, at=AT).pk


def _named(home: Household) -> list[Person]:
    """The family under its own surname, in its own lane, with its own telephone."""
    Household.objects.filter(pk=home.pk).update(
        name=f"{SURNAME}家", address=f"{LANE}98号7单元", phone=PHONE
    )
    home.refresh_from_db()
    stays = Membership.objects.filter(household=home).select_related("person").order_by("person")
    people = [stay.person for stay in stays]
    for one, given in zip(people, ("志强", "丽萍", "雨桐", "浩然", "桂英"), strict=True):
        one.name, one.pinyin, one.initials = f"{SURNAME}{given}", "pangjia", "pj"
        one.save()
    return people


def _number(born: date) -> str:
    stem = f"420106{born:%Y%m%d}732"
    return stem + str(ric.calc_check_digit(stem + "0"))


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, "PNG")
    return out.getvalue()


def _import(by: Officer, name: str, number: str) -> Import:
    """A ledger that names the family, checked."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(f"{LANE}台账")
        page.write_row(0, 0, ["姓名", "身份证号", "零工收入"])
        page.write_row(1, 0, [name, number, "1234.57"])
        page.write_row(2, 0, [f"{SURNAME}某某", "4.2E+17", "1234.57"])
    of = exchange.upload(content=out.getvalue(), filename=f"{LANE}.xlsx", by=by, at=AT)
    exchange.ask_to_check(
        of=of, sheet=of.sheets[0], header=1, layout="people",
        columns={0: "name", 1: "id_number", 2: "fact:odd_job_income"}, source="社区走访",
        as_of=BEFORE, by=by, at=AT,
    )  # fmt: skip
    exchange.work_off(of=of, at=AT)
    return of


def _reform() -> Simulation:
    run = screening.start_run(on=TODAY, place=DISTRICT, snapshot=True, by=None, at=AT)
    screening.run_chunks(run=run, at=AT)
    qu = Officer.objects.get(username="qu")
    asked = trying.ask(text=REFORM, file="x", place=DISTRICT, on=TODAY, by=qu, at=AT)
    return trying.work_out(simulation=asked, at=AT)


# Where each role's post lies for it to be another place than the family's; those that see no
# residents whatever their area hold their post over the whole district.
ELSEWHERE = {
    Role.COMMUNITY_WORKER: THERE, Role.GRID_WORKER: THERE, Role.STREET_OFFICER: OTHER_STREET,
    Role.STREET_LEADER: OTHER_STREET, Role.DISTRICT_OFFICER: OTHER_STREET,
    Role.DISTRICT_LEADER: OTHER_STREET, Role.AUDITOR: OTHER_STREET,
    Role.DEPARTMENT_OFFICER: DISTRICT, Role.FINANCE: DISTRICT, Role.SYSTEM_ADMIN: DISTRICT,
    Role.SECURITY_ADMIN: DISTRICT, Role.AUDIT_ADMIN: DISTRICT,
}  # fmt: skip


def _outsiders() -> dict[str, str]:
    """Officers from outside by what keeps them out: username by description."""
    found = {}
    password = make_password(None)

    def hire(told: str, *posts: tuple[Role, str, date, date | None]) -> Officer:
        made = offices.hire(
            username=f"out{len(found)}", name=f"外{len(found)}", password_hash=password,
            department=Department.objects.get(slug="street"), by=None, at=AT,
        )  # fmt: skip
        for role, code, since, until in posts:
            area = Division.objects.get(code=code)
            offices.appoint(
                officer=made, role=role, area=area, since=since, until=until, by=None, at=AT
            )
        found[told] = made.username
        return made

    for role, area in ELSEWHERE.items():
        hire(f"{role.value} elsewhere", (role, area, BEFORE, None))
    hire("community worker next door", (Role.COMMUNITY_WORKER, NEXT_DOOR, BEFORE, None))
    hire("no post")
    hire("post ended today", (Role.DISTRICT_OFFICER, DISTRICT, BEFORE, TODAY))
    hire("post begins tomorrow", (Role.DISTRICT_OFFICER, DISTRICT, TOMORROW, None))
    _deputies(hire)
    _merged(hire)
    return found


def _deputies(hire: Any) -> None:
    jiedao = Officer.objects.get(username="jiedao")
    for told, since, until in (
        ("deputy from tomorrow", TOMORROW, TOMORROW + timedelta(days=9)),
        ("deputy until today", BEFORE, TODAY),
    ):
        offices.deputise(
            post=jiedao.posts.get(), officer=hire(told), since=since, until=until, why="休假",
            by=jiedao, at=AT,
        )  # fmt: skip
    other = Officer.objects.get(username="elsewhere")
    offices.deputise(
        post=other.posts.get(), officer=hire("deputy elsewhere"), since=BEFORE, until=TOMORROW,
        why="休假", by=other, at=AT,
    )  # fmt: skip


def _merged(hire: Any) -> None:
    """The worker of a community that went into another, of this street and of another."""
    qu = Officer.objects.get(username="qu")
    for code, into in ((MERGED, NEXT_DOOR), ("420106011004", THERE)):
        hire(f"worker of {code} merged", (Role.COMMUNITY_WORKER, code, BEFORE, None))
        offices.merge_divisions(
            into=Division.objects.get(code=into), divisions=[Division.objects.get(code=code)],
            on=TODAY, document="武昌民政〔2024〕9 号", by=qu, at=AT,
        )  # fmt: skip


INSIDERS = {"shequ": HERE, "jiedao": STREET, "qu": DISTRICT}
