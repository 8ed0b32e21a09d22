"""How one decision reads in a terminal: what there is, what may be, what not, what to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.console import Console
from rich.markup import escape

from jiekun.kernel.decide import HOUSEHOLD, Decision, Missing, Outcome
from jiekun.kernel.household_file import FiledHousehold
from jiekun.kernel.values import plain
from jiekun.kernel.words import unit_words

MARKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]？[/]"}
# Past these a reader stops reading; --all shows the rest.
NAMED_AT_MOST = 4
ASKED_AT_MOST = 10

Card = tuple[str, tuple[str, ...]]


class Telling:
    """One household's decision, printed section by section."""

    def __init__(self, console: Console, household: FiledHousehold, decision: Decision) -> None:
        self.console = console
        self.names = household.names
        self.decision = decision
        self.everything = False
        self.waiting = {missing.key: missing for missing in decision.missing}
        self.order = {missing.key: rank for rank, missing in enumerate(decision.missing)}

    def tell(self, *, everything: bool = False) -> None:
        """Prints all of it; `everything` leaves nothing out."""
        self.everything = everything
        groups: dict[str, list[Outcome]] = {}
        for outcome in self.decision.outcomes:
            groups.setdefault(outcome.status, []).append(outcome)
        asks = sorted(groups.get("ask", []), key=lambda outcome: len(outcome.missing))
        refused = sorted(groups.get("no", []), key=lambda outcome: outcome.failing)
        self._section("能得到", groups.get("yes", []), self._given)
        self._section("可能得到，先问清", asks, self._waits)
        self._section("要由人来认定", groups.get("judge", []), self._waits)
        self._section("参数还没有设定，算不出", groups.get("unset", []), self._waits)
        self._section("不能得到（差得最少的在前）", refused, self._fails)
        self._questions()

    def _section(
        self, title: str, outcomes: list[Outcome], tell: Callable[[Outcome], Card]
    ) -> None:
        """A heading, and one card for all the people of whom the same is said."""
        cards: dict[Card, list[str]] = {}
        for outcome in outcomes:
            cards.setdefault(tell(outcome), []).append(self._who(outcome.subject))
        if cards:
            self.console.print(f"\n[bold]{title}[/]")
        for (head, lines), who in cards.items():
            label, _, amount = head.partition("\t")
            self._print(f"[bold]{label}[/]　{escape('、'.join(who))}{amount}", 2)
            for line in lines:
                self._print(line, 6)

    def _print(self, text: str, indent: int) -> None:
        self.console.print(" " * indent + text, soft_wrap=True)

    def _who(self, subject: str) -> str:
        return "全家" if subject == HOUSEHOLD else self.names.get(subject, subject)

    def _label(self, name: str) -> str:
        uses = self.decision.program.measures
        return next((use.measure.label for use in uses if use.measure.name == name), name)

    # -- cards

    def _given(self, outcome: Outcome) -> Card:
        head, lines = escape(outcome.measure.label) + "\t", []
        if outcome.amount is not None:
            head += f"　[green bold]{plain(outcome.amount)} {unit_words(outcome.unit)}[/]"
            if outcome.yearly is not None and outcome.yearly != outcome.amount:
                head += f"（一年 {plain(outcome.yearly)} 元）"
        elif outcome.amount_step:
            head += "　[yellow]金额还算不出[/]"
        if outcome.amount is not None and outcome.amount_step:
            step = self.decision.step(outcome.amount_step)
            lines.append(f"= {escape(step.text)}　[dim]{', '.join(step.cites)}[/]")
        lines += self._conditions(outcome)
        if outcome.missing:
            lines.append(self._needs(outcome))
        if outcome.measure.stops_with:
            others = "、".join(self._label(name) for name in outcome.measure.stops_with)
            lines.append(f"[dim]不能与{escape(others)}同时享受[/]")
        return head, tuple(lines)

    def _waits(self, outcome: Outcome) -> Card:
        few = self.everything or len(outcome.missing) <= NAMED_AT_MOST
        lines = [*(self._conditions(outcome, None) if few else ()), self._needs(outcome)]
        return escape(outcome.measure.label), tuple(lines)

    def _fails(self, outcome: Outcome) -> Card:
        return escape(outcome.measure.label), tuple(self._conditions(outcome, False))

    def _conditions(self, outcome: Outcome, *only: bool | None) -> Iterable[str]:
        for condition in self.decision.conditions(outcome):
            if only and condition.holds not in only:
                continue
            gap = f"，差 {plain(condition.gap)}" if condition.gap else ""
            cites = f"[dim]{', '.join(condition.cites)}[/]"
            yield f"{MARKS[condition.holds]} {escape(condition.text + gap)}　{cites}"

    def _needs(self, outcome: Outcome) -> str:
        """What an outcome waits for, most useful first, one word a fact."""
        people: dict[str, list[str]] = {}
        for key in sorted(outcome.missing, key=lambda key: self.order[key]):
            missing = self.waiting[key]
            who = people.setdefault(missing.label, [])
            if missing.subject not in (HOUSEHOLD, outcome.subject):
                who.append(self._who(missing.subject))
        told = [label + (f"（{'、'.join(who)}）" if who else "") for label, who in people.items()]
        if not self.everything and len(told) > NAMED_AT_MOST:
            told = [*told[:NAMED_AT_MOST], f"等 {len(told)} 项"]
        return f"[yellow]还缺[/] {escape('、'.join(told))}"

    # -- what to ask next

    def _questions(self) -> None:
        asked: dict[tuple[str, str], list[Missing]] = {}
        for missing in self.decision.missing:
            if missing.kind != "parameter":
                asked.setdefault((missing.name, missing.ask), []).append(missing)
        if not asked:
            return
        self.console.print("\n[bold]接下来问什么[/]（最有用的在前）")
        shown = list(asked.values())[: None if self.everything else ASKED_AT_MOST]
        for number, same in enumerate(shown, 1):
            self._print(f"{number}. {self._question(same)}", 2)
        if len(asked) > len(shown):
            self.console.print(f"  [dim]还有 {len(asked) - len(shown)} 件，用 --all 全部列出[/]")

    def _question(self, same: list[Missing]) -> str:
        first = same[0]
        who = "、".join(self._who(m.subject) for m in same if m.subject != HOUSEHOLD)
        measures = dict.fromkeys(name for missing in same for name in missing.measures)
        labels = [self._label(name) for name in measures]
        if not self.everything and len(labels) > NAMED_AT_MOST:
            labels = [*labels[:NAMED_AT_MOST], f"等 {len(measures)} 项"]
        verb = "认定" if first.kind == "judgment" else "能答"
        told = f"{who + '：' if who else ''}{first.question or first.label}　{first.ask}{verb}"
        return f"{escape(told)}　[dim]决定{escape('、'.join(labels))}（{first.name}）[/]"
