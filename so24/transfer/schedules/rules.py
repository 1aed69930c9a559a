"""What may go by itself, how much of it, and what stops a schedule (pure).

Only what would go without any question goes: no finding of a check, no doubt of the look into
24SevenOffice, and no order there that it would go on by. It goes for the first time only: whatever
was tried before is a person's, so that no document fails night after night.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.amounts import format_amount
from so24.language.said import join_said, say, say_count
from so24.reasons import Reason
from so24.states import State
from so24.store.alerts.standing import NO_PROBLEM
from so24.store.transfers.runs import NewTransfer
from so24.transfer.checks.finding import Finding
from so24.transfer.preview.forecast import Forecast, Outcome
from so24.transfer.problems import OF_THE_KEY

CURRENCY = "NOK"
REPEATS = 3  # documents of a run that ended for one reason: the next run would end so, too
_GOES = frozenset({Outcome.SENT, Outcome.FOR_APPROVAL})


@dataclass(frozen=True)
class Bounds:
    """How much goes unasked at one time: so many documents, of so much NOK together."""

    documents: int
    amount: Decimal


@dataclass(frozen=True)
class EndedDocument:
    """How a document of the last run stands; ``goes_on``: so24 tries it again by itself."""

    state: State
    reason: Reason = Reason.NONE
    goes_on: bool = False

    @property
    def is_bad(self) -> bool:
        """Whether it has ended so that a person has to see to it."""
        return not self.goes_on and self.state not in NO_PROBLEM


@dataclass(frozen=True)
class ScheduleFacts:
    """What decides whether a schedule may do anything now; texts are whole sentences, or empty.

    ``setter`` says why who has set it may not any more, ``connection`` why its key, or RecMan, is
    not used. Of its last run since it was set ``ended`` are the documents, and ``stopped_by`` is
    who has stopped it.
    """

    activated: bool
    setter: str = ""
    connection: str = ""
    ended: tuple[EndedDocument, ...] = ()
    stopped_by: str = ""


def judge_plan(
    planned: NewTransfer, key_id: int, currency: str, findings: Sequence[Finding]
) -> str:
    """Why a document is left for people by what the store says of it; empty where it may go."""
    if planned.state is not State.QUEUED or planned.key_id != key_id:
        return join_said((planned.reason.card.sentence, planned.words))
    if findings:
        return join_said(each.sentence for each in findings)
    if currency != CURRENCY:
        return say(
            "It is in {currency}, and the schedule's bound is in {ours}.",
            currency=currency,
            ours=CURRENCY,
        )
    return ""


def judge_forecast(forecast: Forecast) -> str:
    """Why it is left by what a look into 24SevenOffice has found; empty where it may go."""
    if forecast.outcome in _GOES and forecast.planned is None:
        return forecast.doubt
    return forecast.sentence


def judge_amount(totals: Collection[Decimal], bounds: Bounds) -> str:
    """Why these are too much to go unasked; empty where they are not.

    Credit notes count as what they are worth, and are not taken off.
    """
    amount = sum(map(abs, totals), Decimal(0))
    if len(totals) <= bounds.documents and amount <= bounds.amount:
        return ""
    return say_count(
        "{number} document of {amount} would have gone; unasked go at most {most} documents of "
        "{most_amount} together. Nothing was sent: Finance looks at them and sends them, or a "
        "System Administrator raises the bound.",
        "{number} documents of {amount} would have gone; unasked go at most {most} documents of "
        "{most_amount} together. Nothing was sent: Finance looks at them and sends them, or a "
        "System Administrator raises the bound.",
        len(totals),
        amount=format_amount(amount, CURRENCY),
        most=bounds.documents,
        most_amount=format_amount(bounds.amount, CURRENCY),
    )


def find_hold(facts: ScheduleFacts) -> str:
    """Why a schedule does nothing until somebody sees to it; empty where it may."""
    if facts.setter:
        return facts.setter
    if not facts.activated:
        return say(
            "24SevenOffice is not activated. A System Administrator activates it in the "
            "Marketplace."
        )
    return facts.connection or _judge_last_run(facts)


def _judge_last_run(facts: ScheduleFacts) -> str:
    """Whether the last run ended so that the next one would, too.

    That is where somebody has stopped it, where nothing of it came through, and where a reason is
    the key's or has hit several documents.
    """
    if facts.stopped_by:
        return join_said(
            (say("{who} has stopped its last run.", who=facts.stopped_by), _HOW_TO_GO_ON)
        )
    bad = [each for each in facts.ended if each.is_bad]
    counts = Counter(each.reason for each in bad)
    nothing_came = bool(bad) and len(bad) == len(facts.ended)
    often = any(count >= REPEATS for count in counts.values())
    if not (nothing_came or often or counts.keys() & OF_THE_KEY):
        return ""
    told = say_count(
        "{number} document of its last run was not transferred, and the next run could end so, "
        "too.",
        "{number} documents of its last run were not transferred, and the next run could end so, "
        "too.",
        len(bad),
    )
    return join_said((told, _HOW_TO_GO_ON))


_HOW_TO_GO_ON = say(
    "A System Administrator looks at the receipt, and saves the schedule again under Credentials "
    "when it shall go on."
)
