"""What befalls a household: one form an act, and nobody writes over what they have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from jiekun.offices.models import Division
from jiekun.registry import actions
from jiekun.registry.models import Household, Membership, Person, Relation
from jiekun.registry.scope import whole_registry

from .door import PLACE, Desk, desk_page, moment, one_of, page
from .household import Known, known
from .household_acts import (
    CHANGES,
    MaybeKnownError,
    Typed,
    chosen_person,
    community_of,
    living,
    newcomer,
    other_household,
    told_apart,
)
from .typed import day, line


@desk_page("act", "home")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The form of one act on a household; sent, the act itself."""
    at = known(desk, pk)
    if not desk.may_record_in(at.household.community_id):
        raise PermissionDenied
    name = one_of(request, "act", {key: each.title for key, each in CHANGES.items()}) or "join"
    form = _Form(request, desk, at, name)
    if request.method == "GET":
        return form.shown()
    try:
        made = CHANGES[name].run(Typed(at, request.POST, desk))
    except actions.StaleError as stale:
        return form.again(stale, stale=stale)
    except actions.UnseenError as unseen:
        return form.again(unseen, seen_at=moment().isoformat())
    except MaybeKnownError as maybe:
        return form.again(maybe, people=maybe.people)
    except actions.RefusedError as refused:
        return form.again(refused)
    messages.success(request, _told(desk, name, made))
    # Whoever moved to another street is that street's now.
    there = desk.families().filter(pk=pk).exists()
    return HttpResponseRedirect(desk.url("household", pk) if there else desk.url("front"))


def _told(desk: Desk, name: str, made: Household | None) -> str:
    """What was done, with the way to the household it made."""
    told = f"已办：{CHANGES[name].title}。经过里留着原来的样子。"
    if made is None:
        return told
    if not desk.reaches(made.community_id):
        return f"{told}新户的户号是 {made.pk}，归那边管，您看不到。"
    link = '{}新户：<a href="{}">{}（户号 {}）</a>。'
    return format_html(link, told, desk.url("household", made.pk), made.name, made.pk)


@dataclass(frozen=True)
class Likely:
    """Somebody in the registry who may be the one being entered, behind the mask."""

    pk: int
    told: str
    # Lives where this officer sees nobody: only the office there lets them go.
    elsewhere: bool


def likely(people: Sequence[Person], desk: Desk) -> list[Likely]:
    """Who is in the registry already, told as far as this officer may see them."""
    stays = Membership.objects.filter(person__in=people, until__isnull=True)
    with whole_registry("whether who is known already lives in another area"):
        lives = {stay.person_id: stay.household_id for stay in stays}
    mine = dict(desk.families().filter(pk__in=lives.values()).values_list("pk", "name"))
    found = []
    for one in people:
        home = lives.get(one.pk)
        if home in mine:
            where = f"现在住在{mine[home]}（户号 {home}）"
        elif home is not None:
            where = "现在住在您的辖区以外"
        else:
            left = one.moved_away_on
            where = f"{left} 迁出本区" if left else "现在不在任何一户"
        who = desk.masks.name(one.name)
        told = f"{who}，{one.get_sex_display()}，{desk.masks.born(one.birth_date)} 生，{where}"
        found.append(Likely(one.pk, told, home is not None and home not in mine))
    return found


@dataclass(frozen=True)
class _Form:
    """One act's form about one household; what was typed stays in it."""

    request: HttpRequest
    desk: Desk
    at: Known
    name: str

    def shown(self) -> HttpResponse:
        """The form as it is opened; for an act on two households, the other one is asked first."""
        home, problem = self.at.household, ""
        other, asked = None, self.request.GET.get("home", "")
        if asked:
            try:
                other = other_household(self.desk, asked)
            except actions.RefusedError as refused:
                problem = str(refused)
        typed = {"grid": home.grid, "home": asked}
        if self.name == "split":
            # Most who leave a family stay nearby.
            typed["community"] = home.community_id
        seen = {"seen": home.version, "seen_at": moment().isoformat()}
        if other is not None:
            seen["seen_other"] = other.household.version
        return self._page(typed, seen, other, problem=problem)

    def again(
        self,
        refused: actions.RefusedError,
        *,
        stale: actions.StaleError | None = None,
        seen_at: str = "",
        people: Sequence[Person] = (),
    ) -> HttpResponse:
        """The form with what was typed, and what is wrong or what others did meanwhile."""
        typed = self.request.POST.dict()
        other = None
        if typed.get("home"):
            with suppress(actions.RefusedError):
                other = other_household(self.desk, str(typed["home"]))
        seen: dict[str, object] = {n: typed.get(n, "") for n in ("seen", "seen_at", "seen_other")}
        if stale is not None:
            own = stale.household == self.at.household.pk
            seen["seen" if own else "seen_other"] = stale.version
        if seen_at:
            seen["seen_at"] = seen_at
        homes = [one.household for one in (self.at, other) if one is not None]
        problem = _masked(self.desk, str(refused), homes)
        return self._page(typed, seen, other, problem=problem, people=people, status=409)

    def _page(
        self,
        typed: Mapping[str, object],
        seen: Mapping[str, object],
        other: Known | None,
        *,
        problem: str = "",
        people: Sequence[Person] = (),
        status: int = 200,
    ) -> HttpResponse:
        chosen, home = CHANGES[self.name], self.at.household
        family = living(self.at)
        # Everybody may head a household; who it is says the household of another act.
        coming = [] if other is None else living(other)
        return page(
            self.request,
            "desk/change.html",
            status=status,
            household=home,
            changes=[(key, each.title) for key, each in CHANGES.items()],
            chosen=self.name,
            change=chosen,
            problem=problem,
            typed=typed,
            **seen,
            ticked=self.request.POST.getlist("people"),
            family=family,
            going=[(one, typed.get(f"goes-{one.id}", "")) for one in family],
            other=other,
            other_address=self.desk.masks.address(other.household.address) if other else "",
            coming=[(one, typed.get(f"comes-{one.id}", "")) for one in coming],
            people=likely(people, self.desk),
            relations=Relation.choices,
            streets=by_street(self.desk, communities()) if "community" in chosen.asks else (),
            phone=self.desk.masks.phone(home.phone),
        )


def _masked(desk: Desk, problem: str, homes: Sequence[Household]) -> str:
    """What is wrong, with the families' names behind the mask as everywhere."""
    people = Person.objects.filter(memberships__household__in=homes)
    return desk.masks.within(problem, *people.values_list("name", flat=True).distinct())


def communities() -> list[Division]:
    """Communities there are today, by street."""
    there = Division.objects.filter(
        code__startswith=PLACE, kind=Division.Kind.COMMUNITY, until__isnull=True
    )
    return list(there.select_related("parent"))


def by_street(desk: Desk, there: Sequence[Division]) -> list[tuple[str, list[Division]]]:
    """Communities to choose from: the officer's own first, the others told as somebody else's."""
    groups: dict[str, list[Division]] = {}
    for one in sorted(there, key=lambda one: not desk.reaches(one.code)):
        street = one.parent.name if one.parent else ""
        outside = "" if desk.reaches(one.code) else "（不在您的辖区）"
        groups.setdefault(f"{street}{outside}", []).append(one)
    return list(groups.items())


# -- a household there was not


@desk_page()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Register a household: its head first, then the others join it one by one."""
    there = [one for one in communities() if desk.may_record_in(one.code)]
    if not there:
        raise PermissionDenied
    problem, people = "", []
    if request.method == "POST":
        try:
            made = _found(request.POST, desk)
        except MaybeKnownError as maybe:
            problem, people = str(maybe), likely(maybe.people, desk)
        except actions.RefusedError as refused:
            problem = str(refused)
        else:
            messages.success(
                request, f"已立户，户号 {made.pk}。还有别的家人，在“变动”里办加入家庭。"
            )
            return HttpResponseRedirect(desk.url("household", made.pk))
    return page(
        request,
        "desk/new_household.html",
        status=409 if problem else 200,
        problem=problem,
        people=people,
        typed=request.POST.dict(),
        streets=by_street(desk, there),
    )


def _found(given: QueryDict, desk: Desk) -> Household:
    """Found the household that was typed. Raises RefusedError."""
    one = newcomer(given, desk)
    community = community_of(given.get("community", ""))
    if not desk.may_record_in(community.code):
        raise actions.RefusedError(f"{community.name} 不在您的辖区，请从列表里选社区")
    person = chosen_person(one, given)
    if person is not None and person.memberships.filter(until__isnull=True).exists():
        told = "这个人现在住在别的一户，请在那一户办“分户”，或者先办离开"
        raise actions.RefusedError(told)
    return actions.found_household(
        head=person or one,
        community=community,
        address=line(given, "address"),
        grid=line(given, "grid"),
        phone=line(given, "phone"),
        on=day(given.get("on", ""), "日期"),
        reason=line(given, "reason"),
        unlike=told_apart(one, given) if person is None else (),
        by=desk.officer,
        at=moment(),
    )
