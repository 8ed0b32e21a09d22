"""Where a family stands with every measure, grouped by what a caseworker does next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from jiekun.kernel.decide import HOUSEHOLD, Decision, Missing, Outcome
from jiekun.kernel.language import Measure
from jiekun.registry.models import Receipt, Recognition
from jiekun.screening.claims import Claim, excluding, gain

from . import labels, words
from .bounds import Most
from .reasons import Reason, failing, reasons

_YEARLY = {"yuan/year": 1, "yuan/month": 12, "yuan": 1}
# How many of those not eligible are told with their reason on the page itself.
NEAREST = 5
UNPRICED = "金额还没定"


@dataclass(frozen=True)
class Gift:
    """One measure for one subject, as a line that opens to its reasons."""

    measure: Measure
    subject: str
    who: str
    amount: str
    yearly: str = ""
    reasons: tuple[Reason, ...] = ()
    arithmetic: str = ""
    missing: tuple[Missing, ...] = ()
    note: str = ""
    warning: str = ""
    advice: str = ""
    # The same measure of other people in the family.
    others: tuple[Gift, ...] = ()
    why: str = ""
    about: str = ""

    @property
    def unpriced(self) -> bool:
        return self.amount == UNPRICED or any(one.unpriced for one in self.others)


@dataclass
class Standing:
    """Everything the household page says about measures."""

    getting: list[Gift] = field(default_factory=list)
    unreached: list[Gift] = field(default_factory=list)
    possible: list[Gift] = field(default_factory=list)
    judged: list[Gift] = field(default_factory=list)
    unset: list[Gift] = field(default_factory=list)
    nearest: list[Gift] = field(default_factory=list)
    refused: list[Measure] = field(default_factory=list)
    automatic: list[Gift] = field(default_factory=list)
    # Fen a year.
    gain: int = 0
    more: int = 0
    having: int = 0
    to_ask: int = 0

    @property
    def unpriced(self) -> int:
        """How many entitlements are sure, but not their amount."""
        return sum(gift.unpriced for gift in self.unreached)

    @property
    def due(self) -> int:
        """How many measures are due and not reached, each counted once a person."""
        return sum(len(gift.others) or 1 for gift in self.unreached)

    @property
    def covered(self) -> list[tuple[Gift, str]]:
        """What covers people by itself: once a measure, with for how many."""
        names = [gift.measure.name for gift in self.automatic]
        first = {gift.measure.name: gift for gift in reversed(self.automatic)}
        return [
            (gift, gift.who if names.count(name) == 1 else f"{names.count(name)} 人")
            for name, gift in reversed(first.items())
        ]

    @property
    def others(self) -> list[Measure]:
        """Measures refused whose reason is not told on the page itself."""
        told = {gift.measure.name for gift in self.nearest}
        return [measure for measure in self.refused if measure.name not in told]


Held = Mapping[tuple[str, str], Receipt | Recognition]
Name = Callable[[str], str]
# A measure and subject to the addresses of its reasons and of the measure itself.
Links = Callable[[Measure, str], tuple[str, str]]


def held(receipts: Iterable[Receipt], recognitions: Iterable[Recognition]) -> Held:
    """What is had now, by measure and subject: a receipt, or a recognition where that is all."""
    found: dict[tuple[str, str], Receipt | Recognition] = {}
    awards: list[Receipt | Recognition] = [*recognitions, *receipts]
    for award in awards:
        name = award.category if isinstance(award, Recognition) else award.measure
        found[name, _subject(award)] = award
    return found


def _subject(award: Receipt | Recognition) -> str:
    return str(award.person_id) if award.person_id else HOUSEHOLD


class Sorter:
    """Sorts a decision's outcomes into a standing."""

    def __init__(self, decision: Decision, has: Held, name: Name, most: Most, links: Links) -> None:
        self.decision, self.has, self.name, self.most = decision, has, name, most
        self.links = links
        self.pairs = excluding(decision.program)
        self.missing = {m.key: m for m in decision.missing}
        self.found = Standing()
        self.sure: list[Claim] = []
        self.hoped: list[Claim] = []
        self.nos: dict[str, list[Outcome]] = {}

    def sort(self) -> Standing:
        for outcome in self.decision.outcomes:
            self._place(outcome)
        self._rest_of_what_is_had()
        self._nos()
        found = self.found
        found.gain = gain(self.sure, self.pairs)
        found.more = max(0, gain([*self.sure, *self.hoped], self.pairs) - found.gain)
        found.having = sum(c.yearly for c in self.sure if c.received)
        found.to_ask = sum(m.kind == "fact" for m in self.decision.missing)
        # What a family gets together comes first even where its amount is not settled yet.
        found.unreached = gathered(found.unreached)
        found.possible = gathered(found.possible)
        found.unreached.sort(
            key=lambda g: (not (g.unpriced and g.subject == HOUSEHOLD), -_claimed(self.sure, g))
        )
        found.possible.sort(key=lambda g: -_claimed(self.hoped, g))
        return found

    def _place(self, outcome: Outcome) -> None:
        if outcome.measure.universal:
            if outcome.status == "yes":
                self.found.automatic.append(self._gift(outcome))
        elif (award := self._award(outcome)) is not None:
            self._getting(outcome, award)
        elif outcome.status == "yes":
            self.found.unreached.append(self._gift(outcome, reasons(self.decision, outcome)))
            self._claim(self.sure, outcome, outcome.yearly)
        elif outcome.status == "ask":
            self._possible(outcome)
        elif outcome.status == "judge":
            self.found.judged.append(self._gift(outcome, reasons(self.decision, outcome)))
        elif outcome.status == "unset":
            self.found.unset.append(self._gift(outcome, reasons(self.decision, outcome)))
        else:
            self.nos.setdefault(outcome.measure.name, []).append(outcome)

    def _award(self, outcome: Outcome) -> Receipt | Recognition | None:
        """What shows that somebody has a measure; being recognised pays nobody anything."""
        award = self.has.get((outcome.measure.name, outcome.subject))
        if isinstance(award, Recognition) and outcome.measure.gives != "status":
            return None
        return award

    def _claim(self, claims: list[Claim], outcome: Outcome, yearly: Decimal | None) -> None:
        if yearly:
            person = None if outcome.subject == HOUSEHOLD else int(outcome.subject)
            claims.append(Claim(outcome.measure.name, person, int(yearly * 100)))

    def _getting(self, outcome: Outcome, award: Receipt | Recognition) -> None:
        lawful = None
        fen = award.amount_fen if isinstance(award, Receipt) else None
        unit = award.unit if isinstance(award, Receipt) else ""
        if fen is not None and outcome.amount is not None and int(outcome.amount * 100) != fen:
            lawful = words.amount(outcome.amount, outcome.unit)
        gift = self._had(outcome.measure, outcome.subject, award)
        instead = self._instead(outcome) if outcome.status == "no" else ""
        warning = "按现有事实已不符合，请人工复核，不会自动停发"
        self.found.getting.append(
            replace(
                gift,
                reasons=tuple(reasons(self.decision, outcome)),
                note=gift.note + (f" · 按现有事实应为 {lawful}" if lawful else ""),
                advice=f"可以改领{instead}；{instead}办下来以后，这一项停止" if instead else "",
                warning=warning if outcome.status == "no" and not instead else "",
                missing=self._waiting(outcome),
            )
        )
        person = None if outcome.subject == HOUSEHOLD else int(outcome.subject)
        yearly = (fen or 0) * _YEARLY.get(unit, 0)
        self.sure.append(Claim(outcome.measure.name, person, yearly, received=True))

    def _instead(self, outcome: Outcome) -> str:
        """What somebody may get in place of what they have."""
        for other in self.decision.outcomes:
            pair = (outcome.measure.name, other.measure.name)
            if other.status == "yes" and pair in self.pairs:
                return other.measure.short or other.measure.label
        return ""

    def _had(self, measure: Measure, subject: str, award: Receipt | Recognition) -> Gift:
        on = self.decision.program.on
        why, about = self.links(measure, subject)
        if isinstance(award, Recognition):
            shown, note = "已认定", f"{words.short_day(award.since, on)}认定"
        else:
            fen = award.amount_fen
            shown = "在享受" if fen is None else words.amount(Decimal(fen) / 100, award.unit)
            note = f"{words.short_day(award.since, on)}起"
        return Gift(measure, subject, self.name(subject), shown, note=note, why=why, about=about)

    def _rest_of_what_is_had(self) -> None:
        """What is received that this law says nothing of."""
        decided = {(o.measure.name, o.subject) for o in self.decision.outcomes}
        for (name, subject), award in self.has.items():
            if (name, subject) not in decided and isinstance(award, Receipt):
                self.found.getting.append(self._had(_other(name), subject, award))

    def _possible(self, outcome: Outcome) -> None:
        best = self.most.of(outcome)
        gift = self._gift(outcome, reasons(self.decision, outcome), most=best)
        self.found.possible.append(gift)
        if best is not None and outcome.unit in _YEARLY:
            self._claim(self.hoped, outcome, best * _YEARLY[outcome.unit])

    def _nos(self) -> None:
        """One line a measure: the subject who is nearest to it, nearest measures first."""
        best = [min(found, key=self._distance) for found in self.nos.values()]
        had = {gift.measure.name for gift in (*self.found.unreached, *self.found.getting)}
        best = sorted((o for o in best if o.measure.name not in had), key=lambda o: o.failing)
        for outcome in best[:NEAREST]:
            told = failing(self.decision, outcome)
            self.found.nearest.append(self._gift(outcome, told))
        self.found.refused = [outcome.measure for outcome in best]

    def _distance(self, outcome: Outcome) -> tuple[int, int]:
        """How many conditions fail; of two alike, the one more of whose others surely hold."""
        use = self.decision.program.measure(outcome.measure.name)
        person = -1 if outcome.subject == HOUSEHOLD else self.decision.keys.index(outcome.subject)
        held = sum(self.decision.raw(atom.node, person) is True for atom in use.atoms)
        return outcome.failing, -held

    def _waiting(self, outcome: Outcome) -> tuple[Missing, ...]:
        return tuple(self.missing[key] for key in outcome.missing if key in self.missing)

    def _gift(
        self, outcome: Outcome, told: Iterable[Reason] = (), most: Decimal | None = None
    ) -> Gift:
        arithmetic = ""
        if outcome.amount_step and outcome.status == "yes":
            arithmetic = words.arithmetic(self.decision.step(outcome.amount_step).text)
        shown = words.amount(outcome.amount, outcome.unit)
        if outcome.status != "yes" and most is not None:
            shown = f"最多 {words.amount(most, outcome.unit)}"
        elif outcome.status == "yes" and outcome.amount is None:
            shown = UNPRICED if outcome.amount_step else "可以享受"
        yearly = ""
        if outcome.yearly and outcome.unit == "yuan/month":
            yearly = f"一年 {words.yuan(int(outcome.yearly * 100))} 元"
        why, about = self.links(outcome.measure, outcome.subject)
        return Gift(
            measure=outcome.measure,
            subject=outcome.subject,
            who=self.name(outcome.subject),
            amount=shown,
            yearly=yearly,
            reasons=tuple(told),
            arithmetic=arithmetic if arithmetic not in ("", shown.split(" ")[0]) else "",
            missing=self._waiting(outcome),
            why=why,
            about=about,
        )


def gathered(gifts: Sequence[Gift]) -> list[Gift]:
    """One line a measure: what several of the family get alike is told once."""
    groups: dict[str, list[Gift]] = {}
    for gift in gifts:
        groups.setdefault(gift.measure.name, []).append(gift)
    return [found[0] if len(found) == 1 else _together(found) for found in groups.values()]


def _together(gifts: list[Gift]) -> Gift:
    amounts = {gift.amount for gift in gifts}
    shown = gifts[0].amount if len(amounts) == 1 else "各人不同"
    figures = bool(gifts[0].arithmetic) or any(c.isdigit() for c in shown)
    priced = figures and shown != UNPRICED
    return replace(
        gifts[0],
        who=f"{len(gifts)} 人：{'、'.join(gift.who for gift in gifts)}",
        amount=f"每人 {shown}" if len(amounts) == 1 and priced else shown,
        yearly="",
        arithmetic="",
        others=tuple(gifts),
    )


def _claimed(claims: list[Claim], gift: Gift) -> int:
    return sum(c.yearly for c in claims if c.measure == gift.measure.name and not c.received)


def _other(name: str) -> Measure:
    """A measure received that the law of the day does not give here."""
    return Measure(
        name=name,
        label=labels.known(name),
        to="household",
        gives="money",
        office="",
        eligible="",
        about="",
    )
