"""What befalls a household: one form an act, and nobody writes over what they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_http_methods

from jiekun.offices.models import Division
from jiekun.registry import actions
from jiekun.registry.models import Household, Person, Relation

from . import words
from .door import PLACE, BadQuery, Desk, desk_page, moment, one_of, page
from .family import Member
from .household import Known, known
from .typed import day


@dataclass(frozen=True)
class Typed:
    """What an officer typed, read against the household it is about. Raises RefusedError."""

    at: Known
    given: QueryDict
    desk: Desk

    @property
    def home(self) -> Household:
        return self.at.household

    def text(self, name: str) -> str:
        return self.given.get(name, "").strip()[:200]

    def on(self) -> date:
        return day(self.given.get("on", ""), "日期")

    def seen(self) -> int:
        return _number(self.given.get("seen", ""))

    def member(self, name: str = "person") -> int:
        """One who lives here."""
        number = _number(self.given.get(name, "") or "0")
        if number not in {member.id for member in living(self.at)}:
            raise actions.RefusedError("请先选是哪位家人")
        return number

    def person(self) -> Person:
        return Person.objects.get(pk=self.member())

    def people(self) -> list[Person]:
        chosen = {_number(text) for text in self.given.getlist("people")}
        return list(Person.objects.filter(pk__in=chosen, memberships__household=self.home,
                                          memberships__until__isnull=True))  # fmt: skip

    def new_head(self) -> int | None:
        return self.member("new_head") if self.given.get("new_head") else None

    def leaving(self) -> dict[int, str]:
        """Who goes, and what they are to the new household's head."""
        chosen = {m.id: self.text(f"goes-{m.id}") for m in living(self.at)}
        if not any(chosen.values()):
            raise actions.RefusedError("请选谁分出去，以及在新户里与户主是什么关系")
        return {number: relation for number, relation in chosen.items() if relation}

    def community(self) -> Division:
        code = self.text("community")
        found = Division.objects.filter(pk=code, code__startswith=PLACE).first()
        if found is None:
            raise actions.RefusedError("请从列表里选社区")
        return found


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadQuery("表单里的编号不对，请回到家庭页重新打开。")
    return int(text)


def living(at: Known) -> list[Member]:
    """Who lives here now."""
    return [member for member in at.family if member.key in at.facts["people"]]


def _leave(typed: Typed) -> None:
    actions.leave_household(
        household=typed.home, person=typed.person(), on=typed.on(), reason=typed.text("reason"),
        new_head=typed.new_head(), seen=typed.seen(), by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _away(typed: Typed) -> None:
    actions.move_away(
        household=typed.home, people=typed.people(), to=typed.text("to"), on=typed.on(),
        reason=typed.text("reason"), new_head=typed.new_head(), seen=typed.seen(),
        by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _death(typed: Typed) -> None:
    actions.report_death(
        person=typed.person(), died_on=typed.on(), source=typed.text("source"),
        new_head=typed.new_head(), seen=typed.seen(), by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _head(typed: Typed) -> None:
    actions.change_head(
        household=typed.home, person=typed.person(), on=typed.on(), reason=typed.text("reason"),
        seen=typed.seen(), by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _relation(typed: Typed) -> None:
    actions.change_relation(
        household=typed.home, person=typed.person(), relation=typed.text("relation"),
        on=typed.on(), reason=typed.text("reason"), seen=typed.seen(), by=typed.desk.officer,
        at=moment(),
    )  # fmt: skip


def _contact(typed: Typed) -> None:
    actions.change_contact(
        household=typed.home, phone=typed.text("phone") or typed.home.phone,
        grid=typed.text("grid"), seen=typed.seen(), by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _move(typed: Typed) -> None:
    actions.move_household(
        household=typed.home, community=typed.community(), address=typed.text("address"),
        grid=typed.text("grid"), on=typed.on(), reason=typed.text("reason"), seen=typed.seen(),
        by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _split(typed: Typed) -> None:
    actions.split_household(
        household=typed.home, leaving=typed.leaving(), community=typed.community(),
        address=typed.text("address"), grid=typed.text("grid"), phone=typed.text("phone"),
        on=typed.on(), reason=typed.text("reason"), new_head=typed.new_head(), seen=typed.seen(),
        by=typed.desk.officer, at=moment(),
    )  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One act: what it is called, what it asks for, what it does."""

    title: str
    told: str
    asks: frozenset[str]
    run: Callable[[Typed], None]


def _change(title: str, told: str, asks: str, run: Callable[[Typed], None]) -> Change:
    return Change(title, told, frozenset(asks.split()), run)


CHANGES = {
    "death": _change("去世", "人留在册上，连同日期；不再参加测算。", "person on source new_head",
                     _death),
    "leave": _change("离开这一户", "不再与家人同住，去哪里还不清楚。",
                     "person on reason new_head", _leave),
    "away": _change("迁出本区", "人留在册上；回来时再办加入家庭。",
                    "people to on reason new_head", _away),
    "split": _change("分户", "几个人搬出去另立一户；原户知道的事实不带到新户。",
                     "leaving community address grid phone on reason new_head", _split),
    "move": _change("全户搬家", "在本区内搬；搬到别的街道，就由那边来管。",
                    "community address grid on reason", _move),
    "head": _change("换户主", "别人与户主的关系跟着改，改完请核对。", "person on reason", _head),
    "relation": _change("改与户主的关系", "登记错了或者要写得更准。",
                        "person relation on reason", _relation),
    "contact": _change("改电话、网格", "电话不改就不用填。", "phone grid", _contact),
}  # fmt: skip


@desk_page("act")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The form of one act on a household; sent, the act itself."""
    at = known(desk, pk)
    if not desk.may_record_in(at.household.community_id):
        raise PermissionDenied
    name = one_of(request, "act", {key: each.title for key, each in CHANGES.items()}) or "death"
    if request.method == "GET":
        return _form(request, desk, at, name)
    try:
        CHANGES[name].run(Typed(at, request.POST, desk))
    except actions.StaleError as stale:
        return _form(request, desk, at, name, str(stale), stale.version)
    except actions.RefusedError as refused:
        return _form(request, desk, at, name, str(refused), _number(request.POST.get("seen", "")))
    messages.success(request, f"已办：{CHANGES[name].title}。经过里留着原来的样子。")
    # Whoever moved to another street is that street's now.
    there = desk.families().filter(pk=pk).exists()
    return HttpResponseRedirect(desk.url("household", pk) if there else desk.url("front"))


def _form(
    request: HttpRequest, desk: Desk, at: Known, name: str, problem: str = "", seen: int = 0
) -> HttpResponse:
    """One act's form; what was typed stays in it."""
    chosen, home = CHANGES[name], at.household
    typed: Mapping[str, object] = request.POST.dict() if problem else {"grid": home.grid}
    family = living(at)
    return page(
        request,
        "desk/change.html",
        status=409 if problem else 200,
        household=home,
        changes=[(key, each.title) for key, each in CHANGES.items()],
        chosen=name,
        change=chosen,
        problem=_masked(problem, home),
        seen=seen if problem else home.version,
        typed=typed,
        ticked=request.POST.getlist("people") if problem else [],
        family=family,
        going=[(member, typed.get(f"goes-{member.id}", "")) for member in family],
        relations=Relation.choices,
        communities=_communities() if "community" in chosen.asks else (),
        phone=words.mask_phone(home.phone),
    )


def _masked(problem: str, home: Household) -> str:
    """What is wrong, with the family's names behind the mask as everywhere."""
    if problem:
        people = Person.objects.filter(memberships__household=home)
        for name in people.values_list("name", flat=True).distinct():
            problem = problem.replace(name, words.mask_name(name))
    return problem


def _communities() -> list[Division]:
    """Communities there are today, by street."""
    there = Division.objects.filter(
        code__startswith=PLACE, kind=Division.Kind.COMMUNITY, until__isnull=True
    )
    return list(there.select_related("parent"))
