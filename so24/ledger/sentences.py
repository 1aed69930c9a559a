"""What reconciliations have said, in sentences: of one, of its difference, of what still stands."""

from __future__ import annotations

from so24.amounts import format_count
from so24.dates import format_date, format_moment
from so24.language.said import join_said, say, say_count
from so24.ledger.agreement import tell_agreement
from so24.ledger.memory import PastResult, StillApart
from so24.store.ledger.results import KeptResult
from so24.store.tables.ledger_tables import Witness


def tell_reading(past: PastResult) -> str:
    """Of which company, when, by whom, for which days and with what end; and what has changed."""
    result = past.result
    told = {
        "company": result.company,
        "when": format_moment(result.read_at),
        "who": result.read_by,
        "days": tell_days(result),
        "found": tell_agreement(result.orders, result.orders - result.differences),
    }
    if result.witness is Witness.SAFT:
        words = say(
            "{company} compared with its SAF-T export {when} by {who} for {days}: {found}.", **told
        )
    else:
        words = say(
            "{company} reconciled {when} by {who} for {days}: {found}; drafts are not counted.",
            **told,
        )
    return join_said([words, tell_change(past)])


def tell_change(past: PastResult) -> str:
    """The difference of a result to the one before; empty where neither has any."""
    change = past.change
    if change is None or not (change.new or change.gone or change.same):
        return ""
    counts = {
        "when": format_moment(change.before.read_at),
        "new": format_count(len(change.new)),
        "gone": format_count(len(change.gone)),
        "same": format_count(len(change.same)),
    }
    if (change.first, change.last) == (past.result.date_from, past.result.date_to):
        return say("Differences since {when}: {new} new, {gone} gone, {same} as before.", **counts)
    return say(
        "Differences since {when}, on the days {first} to {last}: {new} new, {gone} gone, {same} "
        "as before.",
        first=format_date(change.first),
        last=format_date(change.last),
        **counts,
    )


def tell_apart(standing: StillApart) -> str:
    """How much of a company does not agree by a witness, as it was last looked at."""
    days = {"first": format_date(standing.first), "last": format_date(standing.last)}
    if standing.witness is Witness.SAFT:
        return say_count(
            "{number} line of {company} does not agree with its SAF-T export, of the days {first} "
            "to {last}.",
            "{number} lines of {company} do not agree with its SAF-T export, of the days {first} "
            "to {last}.",
            standing.count,
            company=standing.company,
            **days,
        )
    return say_count(
        "{number} line of {company} does not agree with so24, of the days {first} to {last}.",
        "{number} lines of {company} do not agree with so24, of the days {first} to {last}.",
        standing.count,
        company=standing.company,
        **days,
    )


def tell_earlier(standing: StillApart) -> str:
    """How much did not agree on days that the newest result does not have; empty where nothing."""
    if not standing.earlier:
        return ""
    return say_count(
        "{company}: {number} line of other days did not agree when those were last reconciled. "
        "Reconcile them again.",
        "{company}: {number} lines of other days did not agree when those were last reconciled. "
        "Reconcile them again.",
        standing.earlier,
        company=standing.company,
    )


def tell_days(result: KeptResult) -> str:
    """The first and the last day of a result's period."""
    return f"{format_date(result.date_from)}–{format_date(result.date_to)}"
