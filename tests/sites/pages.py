"""Every page of the desk with something on it, as every role is answered: from the URL map."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image
from stdnum.cn import ric

from jiekun.exchange import actions as exchange
from jiekun.offices import actions as offices
from jiekun.offices.actions import DEMO_OFFICERS
from jiekun.offices.models import Officer
from jiekun.registry import actions as registry
from jiekun.registry import keys, pairing
from jiekun.registry.alike import alike
from jiekun.registry.models import Person
from jiekun.screening import actions as screening
from jiekun.screening import trying
from jiekun.screening.models import Change, Run
from jiekun.sites.desk.household_acts import CHANGES
from jiekun.sites.desk.urls import urlpatterns

from .conftest import AT, DISTRICT, HERE, STREET, TODAY, settle

# One of each role: both departments of the demo are answered alike.
ROLES = tuple(name for name in DEMO_OFFICERS if name != "canlian")
# Typeset anew each time: slow, and no page.
TYPESET = {"handbook-file", "leaflet-file", "reform-report"}
LEDGER = "姓名,身份证号,零工收入,备注\n周桂英,{0},350,\n无名氏,4.2E+17,,问过\n"
REFORM = "label: 低保标准提高 {0}\nchanges:\n  - parameter: dibao_standard_urban\n    by: +{0}\n"


@dataclass(frozen=True)
class Answer:
    """What one role was answered at one address."""

    name: str
    who: str
    address: str
    status: int
    html: str
    queries: int
    # Whether a form was sent, and something done before the page was shown.
    sent: bool

    def __str__(self) -> str:
        return f"{self.name} {self.address} ({self.who})"


def furnish(village):
    """Let every kind of page have something to show; the key ring must be the test's own."""
    keys.make()
    qu = Officer.objects.get(username="qu")
    asked = {"by": qu, "at": AT}
    number = _number(village.grandmother.birth_date)
    about_people(village, number, asked)
    village.value = offices.propose_value(
        name="dibao_standard_urban", place=DISTRICT, since=date(2025, 1, 1), until=None,
        value=Decimal(1100), unit="yuan/month", source="区文", cites="", **asked,
    )  # fmt: skip
    village.reading = offices.propose_reading(
        topic="low_income_scope", place=DISTRICT, option="recognised_only",
        since=date(2025, 1, 1), source="局务会", **asked,
    )  # fmt: skip
    run = screening.start_run(on=TODAY, place=DISTRICT, snapshot=True, **asked)
    screening.run_chunks(run=run, at=AT)
    village.first_reform, village.reform = (_tried(by, asked) for by in ("5%", "20%"))
    village.ledgers = bring(LEDGER.format(number), asked)
    village.pair = twice_entered(asked)


def _tried(by, asked):
    made = trying.ask(text=REFORM.format(by), file="x", place=DISTRICT, on=TODAY, **asked)
    return trying.work_out(simulation=made, at=AT)


def about_people(village, number, asked):
    """What may be known of one person beside her facts."""
    who = village.grandmother
    registry.claim_identifier(person=who, kind="resident_id", number=number, source="本人", **asked)
    registry.rename_person(person=who, name="周桂珍", on=TODAY, document="更名证明", **asked)
    for value, source in ((100, "本人"), (300, "人社")):
        registry.record_fact(subject=who, fact="wage_income", value=value, source=source,
                             as_of=date(2024, 10, 20), **asked)  # fmt: skip
    registry.keep_attachment(subject=who, content=_photograph(), filename="存折.png",
                             label="存折", purpose="核对收入", **asked)  # fmt: skip
    registry.note_ground(person=who, scope="finances", ground="consent", since=TODAY,
                         paper="授权书", **asked)  # fmt: skip


def twice_entered(asked):
    """The daughter again, her name a little otherwise."""
    born = {"sex": "female", "birth_date": date(2008, 5, 20)}
    settle("陈", [("陈雨彤", "02", born)])
    two = (Person.objects.get(name=name).pk for name in ("陈雨桐", "陈雨彤"))
    (pair,) = pairing.note_pairs(pairs=[alike(*two)], found="nightly", **asked)
    return pair


def bring(text, asked):
    """A ledger uploaded, its columns told and not checked yet; and one that is checked."""
    waiting = exchange.upload(content=text.encode(), filename="九月.csv", **asked)
    of = exchange.upload(content=text.encode(), filename="十月.csv", **asked)
    columns = {0: "name", 1: "id_number", 2: "fact:odd_job_income"}
    exchange.ask_to_check(of=of, sheet=of.sheets[0], header=1, layout="people", columns=columns,
                          source="社区走访", as_of=date(2024, 10, 31), **asked)  # fmt: skip
    exchange.work_off(of=of, at=AT)
    return waiting, of


def samples(village) -> dict[str, list[dict[str, object]]]:
    """What fills the addresses that begin so: things with data on every page about them."""
    of = {
        "households/": [village.home, village.paid],
        "people/": [village.grandmother, village.father],
        "imports/": village.ledgers,
        "officers/": [Officer.objects.get(username="jiedao")],
        "changes/": [Change.objects.filter(household=village.home).latest("pk")],
        "runs/": [Run.objects.filter(simulate=[]).latest("pk")],
        "reforms/": [village.reform],
        "duplicates/": [village.pair],
        "parameters/choices/": [village.value],
        "readings/choices/": [village.reading],
    }
    found = {
        head: [{"pk": one.pk, "measure": "dibao"} for one in some] for head, some in of.items()
    }
    for head, name in (("measures/", "dibao"), ("handbook/", "dibao"), ("law/", "W24"),
                       ("parameters/", "dibao_standard_urban")):  # fmt: skip
        found[head] = [{"name": name}]
    found["places/"] = [{"code": code} for code in (DISTRICT, STREET, HERE)]
    return found


# Lists whose rows show only under a filter, and pages that look different with one.
FILTERED = {
    "search": ["q=陈", "q=无此人"],
    "unreached": ["list=ask"],
    "findings": ["kind=review", "kind=ask", "kind=unreached"],
    "import": ["layout=people"],
    "handbook": ["q=无此项"],
    "person": ["edit=wage_income"],
    "change": [f"act={act}" for act in CHANGES],
    "reform-compare": ["a={0.reform.pk}&b={0.first_reform.pk}"],
    "journal": ["act=record-facts"],
    "coverage": ["state=partly"],
}


def addresses(village) -> Iterator[tuple[str, str]]:
    """Each address of the desk with every sample, and of the first sample every filter."""
    filled = samples(village)
    for pattern in urlpatterns:
        name, route, words = pattern.name, str(pattern.pattern), pattern.pattern.converters
        if name in TYPESET:
            continue
        heads = [head for head in filled if route.startswith(head)]
        # Without a sample there is nothing to show, which the test then says.
        given = filled[max(heads, key=len)] if heads and words else [{}]
        for number, one in enumerate(given):
            address = reverse(f"desk:{name}", kwargs={word: one.get(word, 0) for word in words})
            yield name, address
            if number:
                continue
            for asked in FILTERED.get(name, ()):
                yield name, f"{address}?{asked.format(village)}"


def signed_in(who: str) -> Client:
    """A browser this officer has just signed in with."""
    client = Client()
    client.force_login(Officer.objects.get(username=who))
    now, session = time.time(), client.session
    session.update({"began": now, "seen": now})
    session.save()
    return client


def answers(village) -> Iterator[Answer]:
    """What every role is answered everywhere; the district officer under the draft too, and
    whoever has not signed in."""
    for name, address in addresses(village):
        if name.startswith("sign-in"):
            yield _ask(Client(), name, "", address)
    for who in ROLES:
        client = signed_in(who)
        for name, address in addresses(village):
            yield _ask(client, name, who, address)
            if who == "qu" and "?" not in address:
                yield _ask(client, name, who, f"{address}?law=W24")
    yield from _sent(village)


def _sent(village) -> Iterator[Answer]:
    """Pages that come only after a form: what is shown once, and what could not be taken."""
    client = signed_in("jiedao")
    forms = {
        f"/households/{village.home.pk}/record/": {"rural": "maybe", "source": ""},
        f"/people/{village.grandmother.pk}/numbers/": {"act": "claim", "kind": "passport"},
    }
    for thing in (f"/households/{village.home.pk}", f"/people/{village.grandmother.pk}"):
        for act in ("unmasked", "print"):
            forms[f"{thing}/{act}/"] = {"purpose": "入户走访"}
    for address, form in forms.items():
        yield _ask(client, resolve(address).url_name, "jiedao", address, form)
    wrong = {"username": "jiedao", "password": "wrong"}
    yield _ask(Client(), "sign-in", "", "/sign-in/", wrong)


def _ask(client: Client, name, who, address, form=None) -> Answer:
    asked = count()

    def counted(execute, *words):
        next(asked)
        return execute(*words)

    with connection.execute_wrapper(counted):
        answer = client.get(address) if form is None else client.post(address, form)
    is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    html = answer.content.decode() if is_page else ""
    whole = html if "<html" in html else ""
    return Answer(name, who, address, answer.status_code, whole, next(asked), form is not None)


def _number(born: date) -> str:
    text = f"420106{born:%Y%m%d}002"
    return text + str(ric.calc_check_digit(text + "0"))


def _photograph() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()
