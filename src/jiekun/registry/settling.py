"""Acts on disagreements: somebody decides whose word stands, and may lift that again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import get_current_timezone

from jiekun.law.facts import FACTS
from jiekun.offices.models import Officer

from .checks import RefusedError
from .conflicts import Said, words_on
from .models import Household, Person, Settlement
from .noting import note_act
from .recording import facts_of, put, subject_of
from .standing import standings
from .wide import to_json


class DecidedError(RefusedError):
    """Somebody else decided on the fact since the officer looked: `settlement`, if it stands."""

    def __init__(self, fact: str, settlement: Settlement | None) -> None:
        if settlement is None:
            said = "已经把原来的决定撤销"
        else:
            when = settlement.at.astimezone(get_current_timezone())
            said = f"{settlement.by.name} {when:%m-%d %H:%M} 已定以{settlement.source}为准"
            said += f"（{settlement.reason}）"
        super().__init__(f"您打开这一页之后，“{FACTS[fact].label}”{said}。请看过再定")
        self.settlement = settlement


@transaction.atomic
def settle_fact(
    *,
    subject: Person | Household,
    fact: str,
    source: str,
    reason: str,
    document: str = "",
    seen: int | None = None,
    by: Officer,
    at: datetime,
) -> Settlement:
    """Decide whose word on a fact stands. Raises RefusedError.

    From now on only that source changes the fact; what others say is kept, and shown, but does
    not write over it. A decision made before is replaced. `seen`: the number of the decision the
    officer was shown, 0 for none; where somebody has decided since, DecidedError.
    """
    label = _decidable(fact)
    if not reason.strip():
        raise RefusedError("请写明为什么以这个来源为准")
    facts_of(subject)
    if seen is not None:
        _refuse_unseen(subject, fact, seen)
    word = words_on(subject, fact).get(source)
    if word is None:
        raise RefusedError(f"“{source}”没有说过“{label}”，不能以它为准")
    _lift(subject, fact, at)
    _stand(subject, fact, word, decided=True)
    made = Settlement.objects.create(
        **subject_of(subject),
        fact=fact,
        source=source,
        reason=reason.strip(),
        document=document,
        by=by,
        at=at,
    )
    note_act("settle-fact", subject, by, at, {"fact": fact, "source": source, "id": made.pk})
    return made


def _decidable(fact: str) -> str:
    """The label of a fact on which an officer may decide whose word stands."""
    declared = FACTS.get(fact)
    if declared is None:
        raise RefusedError(f"没有叫“{fact}”的事实")
    if declared.judged_by:
        raise RefusedError(f"“{declared.label}”由{declared.judged_by}认定，不能在这里定")
    return declared.label


@transaction.atomic
def lift_settlement(*, settlement: Settlement, reason: str, by: Officer, at: datetime) -> None:
    """Take a decision back: the newest word counts again."""
    subject = settlement.person or settlement.household
    if subject is None or not reason.strip():
        raise RefusedError("请写明为什么撤销")
    facts_of(subject)
    if not _lift(subject, settlement.fact, at):
        raise RefusedError("这个决定已经撤销或被新的决定代替")
    words = words_on(subject, settlement.fact).values()
    newest = max(words, key=lambda one: (one.as_of, one.record or 0), default=None)
    if newest is not None:
        _stand(subject, settlement.fact, newest, decided=False)
    data = {"fact": settlement.fact, "id": settlement.pk, "reason": reason}
    note_act("lift-settlement", subject, by, at, data)


def _stand(subject: Person | Household, name: str, word: Said, *, decided: bool) -> None:
    """Let a word be today's; a department's is kept apart while somebody's decision rules."""
    facts = facts_of(subject)
    others = {k: v for k, v in (facts.displaced or {}).items() if k != name}
    if word.record is not None or word.merge is not None:
        rows = {facts.pk: facts}
        standings(type(subject), rows, {facts.pk: [name]})[facts.pk].displace(name, word.source)
    elif decided:
        kept = to_json(FACTS[name], word.value)
        facts.displaced = {**others, name: [word.source, word.as_of.isoformat(), kept]}
    else:
        facts.displaced = others or None
    put(facts, subject, name, word.value)
    facts.save(update_fields=[name, "displaced"])


def _refuse_unseen(subject: Person | Household, fact: str, seen: int) -> None:
    standing = Settlement.objects.filter(**subject_of(subject), fact=fact, lifted_at__isnull=True)
    now = standing.select_related("by").first()
    if (now.pk if now else 0) != seen:
        raise DecidedError(fact, now)


def _lift(subject: Person | Household, fact: str, at: datetime) -> int:
    standing = Settlement.objects.select_for_update().filter(
        **subject_of(subject), fact=fact, lifted_at__isnull=True
    )
    return standing.update(lifted_at=at)
