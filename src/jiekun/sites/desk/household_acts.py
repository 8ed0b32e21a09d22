"""The acts on a household an officer may do at the desk: what each asks for, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict

from jiekun.offices.models import Division
from jiekun.registry import actions
from jiekun.registry.models import Household, Membership, Person
from jiekun.registry.scope import whole_registry
from jiekun.registry.welcoming import Newcomer, known_already, read_newcomer

from . import typed as forms
from .door import PLACE, BadQuery, Desk, moment
from .family import Member
from .household import Known, known_of


class MaybeKnownError(actions.RefusedError):
    """People in the registry may be the one to be entered: the officer says which, or none."""

    def __init__(self, people: Sequence[Person]) -> None:
        super().__init__("册上已有的人可能就是他，请在下面选一个")
        self.people = people


def number(text: str) -> int:
    """A number a form carries for the machine. Raises BadQuery."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadQuery("表单里的编号不对，请回到家庭页重新打开。")
    return int(text)


def living(at: Known) -> list[Member]:
    """Who lives here now."""
    return [member for member in at.family if member.key in at.facts["people"]]


def other_household(desk: Desk, text: str) -> Known:
    """Another household by the number on its page. Raises RefusedError where one may see none."""
    plain = text.strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= 18
    found = desk.families().filter(pk=int(plain)).first() if is_number else None
    if found is None:
        told = f"您的辖区里没有户号是“{plain[:20]}”的家庭；户号写在那一户的页面上方"
        raise actions.RefusedError(told)
    _may_change(desk, found)
    return known_of(desk, found)


def _may_change(desk: Desk, home: Household) -> None:
    """Whoever sees a household need not be the one to record there."""
    if not desk.may_record_in(home.community_id):
        told = f"户号 {home.pk} 的家庭您能看、不能改，请联系管那个社区的人来办"
        raise actions.RefusedError(told)


def community_of(code: str) -> Division:
    """A community of the district that a form names. Raises RefusedError."""
    found = Division.objects.filter(pk=code, code__startswith=PLACE).first()
    if found is None:
        raise actions.RefusedError("请从列表里选社区")
    return found


def newcomer(given: QueryDict, desk: Desk) -> Newcomer:
    """Somebody new, as typed. Raises RefusedError, in words for the screen."""
    born = given.get("birth_date", "").strip()
    return read_newcomer(
        Newcomer(
            name=given.get("name", ""),
            sex=given.get("sex", ""),
            birth_date=forms.day(born, "出生日期") if born else None,
            number=given.get("number", ""),
            shown=forms.line(given, "shown"),
        ),
        desk.on,
    )


def chosen_person(one: Newcomer, given: QueryDict) -> Person | None:
    """Whom the officer means: one in the registry, or None for somebody new.

    Raises MaybeKnownError until the officer was shown all who are alike and has said which.
    """
    people, same = known_already(one), given.get("same", "")
    if not people or (same == "new" and {one.pk for one in people} <= _shown(given)):
        return None
    found = next((person for person in people if str(person.pk) == same), None)
    if found is None:
        raise MaybeKnownError(people)
    return found


def _shown(given: QueryDict) -> set[int]:
    """The numbers of the people alike the form was sent with."""
    return {number(text) for text in given.getlist("alike")}


def told_apart(one: Newcomer, given: QueryDict) -> list[int]:
    """Whom the officer was shown and said it is not, by number."""
    shown = _shown(given)
    return [person.pk for person in known_already(one) if person.pk in shown]


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
        return forms.line(self.given, name)

    def on(self) -> date:
        return forms.day(self.given.get("on", ""), "日期")

    def seen(self) -> int:
        return number(self.given.get("seen", ""))

    def seen_at(self) -> datetime:
        return forms.shown_at(self.given)

    def member(self, name: str = "person") -> int:
        """One who lives here."""
        found = number(self.given.get(name, "") or "0")
        if found not in {member.id for member in living(self.at)}:
            raise actions.RefusedError("请先选是哪位家人")
        return found

    def person(self) -> Person:
        return Person.objects.get(pk=self.member())

    def people(self) -> list[Person]:
        chosen = {number(text) for text in self.given.getlist("people")}
        return list(Person.objects.filter(pk__in=chosen, memberships__household=self.home,
                                          memberships__until__isnull=True))  # fmt: skip

    def new_head(self) -> int | None:
        return self.member("new_head") if self.given.get("new_head") else None

    def leaving(self) -> dict[int, str]:
        """Who goes, and what they are to the new household's head."""
        chosen = {m.id: self.given.get(f"goes-{m.id}", "") for m in living(self.at)}
        if not any(chosen.values()):
            raise actions.RefusedError("请选谁分出去，以及在新户里与户主是什么关系")
        return {person: relation for person, relation in chosen.items() if relation}

    def community(self) -> Division:
        return community_of(self.given.get("community", ""))

    @cached_property
    def other(self) -> Known:
        """The other household of an act on two, which this officer must be able to see too."""
        return other_household(self.desk, self.given.get("home", ""))

    def seen_other(self) -> int:
        return number(self.given.get("seen_other", ""))

    def coming(self) -> dict[int, str]:
        """Everybody of the other household, and what each is to this one's head."""
        return {m.id: self.given.get(f"comes-{m.id}", "") for m in living(self.other)}


def _join(typed: Typed) -> None:
    one = newcomer(typed.given, typed.desk)
    person = chosen_person(one, typed.given)
    common: dict[str, Any] = {
        "relation": typed.text("relation"),
        "on": typed.on(),
        "reason": typed.text("reason"),
        "by": typed.desk.officer,
        "at": moment(),
    }
    if person is None:
        apart = told_apart(one, typed.given)
        actions.take_in(
            household=typed.home, newcomer=one, seen=typed.seen(), unlike=apart, **common
        )
        return
    with whole_registry("whether who comes still lives in another area"):
        stay = Membership.objects.filter(person=person, until__isnull=True).first()
    if stay is None:
        actions.join_household(household=typed.home, person=person, seen=typed.seen(), **common)
        return
    there = typed.desk.families().filter(pk=stay.household_id).first()
    if there is None:
        raise actions.RefusedError("这个人现在住在您辖区以外，请先联系那边办离开，再来办加入")
    _may_change(typed.desk, there)
    actions.move_member(
        person=person, household=there, to=typed.home, seen_to=typed.seen(), **common
    )


def _transfer(typed: Typed) -> None:
    actions.move_member(
        person=typed.person(), household=typed.home, to=typed.other.household,
        relation=typed.text("relation"), on=typed.on(), reason=typed.text("reason"),
        new_head=typed.new_head(), seen=typed.seen(), seen_to=typed.seen_other(),
        by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _merge(typed: Typed) -> None:
    actions.merge_households(
        household=typed.home, other=typed.other.household, relations=typed.coming(),
        on=typed.on(), reason=typed.text("reason"), seen=typed.seen(),
        seen_other=typed.seen_other(), by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _rename(typed: Typed) -> None:
    actions.rename_person(
        person=typed.person(), name=typed.given.get("name", ""), on=typed.on(),
        document=typed.text("document"), seen_at=typed.seen_at(), by=typed.desk.officer,
        at=moment(),
    )  # fmt: skip


def _register(typed: Typed) -> None:
    actions.enter_register(
        person=typed.person(), number=typed.text("number"), relation=typed.text("relation"),
        address=typed.text("address"), on=typed.on(), seen_at=typed.seen_at(),
        by=typed.desk.officer, at=moment(),
    )  # fmt: skip


def _unregister(typed: Typed) -> None:
    actions.leave_register(
        person=typed.person(), on=typed.on(), reason=typed.text("reason"),
        seen_at=typed.seen_at(), by=typed.desk.officer, at=moment(),
    )  # fmt: skip


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


def _split(typed: Typed) -> Household:
    return actions.split_household(
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
    # Gives back the household it made, if it made one.
    run: Callable[[Typed], Household | None]


def _change(title: str, told: str, asks: str, run: Callable[[Typed], Household | None]) -> Change:
    return Change(title, told, frozenset(asks.split()), run)


CHANGES = {
    "join": _change("加入家庭", "出生、嫁娶、搬来、回来；册上已有的人会先认出来，不会登记两遍。",
                    "newcomer relation on reason", _join),
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
    "transfer": _change("转到另一户", "一个人从这一户转到本辖区的另一户，当天接上。",
                        "other person relation on reason new_head", _transfer),
    "merge": _change("并户", "另一户的人全部并到这一户；那一户留着，不再有人。",
                     "other coming on reason", _merge),
    "rename": _change("改名", "旧名留作曾用名，以后按旧名也查得到。", "person name on document",
                      _rename),
    "register": _change("落户", "户口落在哪本户口簿上，与实际住在哪一户分开记；原来那本当天结束。",
                        "person register_number relation address on", _register),
    "unregister": _change("户口迁出", "户口从现在的户口簿上迁走或注销；人还住在这里。",
                          "person on reason", _unregister),
    "contact": _change("改电话、网格", "电话不改就不用填。", "phone grid", _contact),
}  # fmt: skip
