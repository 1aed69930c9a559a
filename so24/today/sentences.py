"""What *Today* says, on screen and on the command line: one sentence for each fact."""

from __future__ import annotations

from collections.abc import Iterator

from so24.amounts import format_count
from so24.dates import format_moment, format_soon
from so24.language.said import join_said, say, say_count
from so24.people.roles import Actor, Permission
from so24.reasons import ACCOUNTANT, ADMIN, FINANCE, NOBODY, WAIT, Reason
from so24.sources.import_reports import PastImport
from so24.today.piles import PileName
from so24.today.today import Today
from so24.today.unpaid import Unpaid
from so24.transfer.progress import RunUnderWay

PROBLEMS = (PileName.FINANCE, PileName.ADMINISTRATOR, PileName.ACCOUNTANT, PileName.WAIT)
PILE_TITLES = {
    PileName.FINANCE: FINANCE,
    PileName.ADMINISTRATOR: ADMIN,
    PileName.ACCOUNTANT: ACCOUNTANT,
    PileName.WAIT: WAIT,
    PileName.UNSENT: say("Not transferred"),
    PileName.APPROVAL: say("Transferred, waits for approval in 24SevenOffice"),
    PileName.CHANGED: say("Transferred, and changed in RecMan since"),
    PileName.LATER: say("Not sent, and tried again by itself"),
    PileName.SENDABLE: say("Can be sent now, by a press"),
}

HOW_TO_SEND = say(
    "They were tried or stopped before, and nothing is in their way now as far as so24 knows. "
    "Finance sends them, by Retry on the receipt of their run or in the Invoice overview: they do "
    "not go by themselves."
)


def advise(name: PileName, reason: Reason) -> str:
    """What to do about the documents that lie in a pile for this reason, and who does it."""
    if name is PileName.LATER:
        return say("Wait; the receipt says when, and can stop that. ({who})", who=NOBODY)
    return say("{remedy} ({who})", remedy=reason.card.remedy, who=reason.card.who)


def tell_next_retry(found: Today) -> str:
    """When so24 tries again next what was not sent; empty where nothing is planned."""
    if found.next_retry is None:
        return ""
    when = format_soon(found.next_retry, found.at)
    if found.next_retry <= found.at:
        return say("due since {when}", when=when)
    return say("the next at {when}", when=when)


def tell_stuck(found: Today) -> str:
    """What cannot send, each cause once: the keys with what goes by them, and where one is missing.

    Empty where all can.
    """
    parts = []
    if found.keys:
        by_them = len(found.departments) - len(found.keyless)
        keys = say_count("{number} key", "{number} keys", len(found.keys))
        departments = say_count("{number} department", "{number} departments", by_them)
        parts.append(
            say("{keys}, by which {departments} would go", keys=keys, departments=departments)
            if by_them
            else keys
        )
    if found.keyless:
        parts.append(
            say_count(
                "{number} department without a key",
                "{number} departments without a key",
                len(found.keyless),
            )
        )
    return join_said(parts, "; ")


def title_of(reason: Reason) -> str:
    """What happened, of this reason, in a few words."""
    return reason.card.title


def tell_beginning(found: Today, actor: Actor) -> Iterator[str]:
    """What is to be done first in a new installation, by whoever looks; nothing where all is there.

    Each sentence says who does it, unless it is the reader.
    """
    beginning = found.beginning
    admin = actor.may(Permission.MANAGE_KEYS)
    if not beginning.activated:
        yield (
            say("Activate 24SevenOffice in the Marketplace: nothing is sent before.")
            if actor.may(Permission.ACTIVATE)
            else say(
                "24SevenOffice is not activated: a System Administrator does that in the "
                "Marketplace."
            )
        )
    if not beginning.has_key:
        yield (
            say("Add a key under Credentials, with the departments that go by it.")
            if admin
            else say(
                "There is no key to 24SevenOffice: a System Administrator adds one under "
                "Credentials."
            )
        )
    if not beginning.has_documents:
        yield (
            say("Import RecMan's reports in the Invoice overview.")
            if actor.may(Permission.IMPORT)
            else say(
                "Nothing is imported: Finance imports RecMan's reports in the Invoice overview."
            )
        )


def tell_import(last: PastImport | None) -> str:
    """When something was imported last, and what came in."""
    if last is None:
        return say("Nothing has been imported yet.")
    parts = [say_count("{number} added", "{number} added", last.added)]
    if last.updated:
        parts.append(say_count("{number} changed", "{number} changed", last.updated))
    if last.refused:
        parts.append(say_count("{number} refused", "{number} refused", last.refused))
    return say(
        "{file}, imported {when} by {who}: {counts}.",
        file=last.filename,
        when=format_moment(last.at),
        who=last.actor,
        counts=join_said(parts, ", ") if last.finished else say("not finished"),
    )


def tell_unpaid(unpaid: Unpaid) -> str:
    """What is not paid as far as it was read, and as of when."""
    if not unpaid.is_known:
        return tell_as_of(unpaid)
    if not unpaid.unpaid.count:
        nothing = say(
            "No invoice is unpaid; not read: {unread}.", unread=format_count(unpaid.unread.count)
        )
        return join_said([nothing, tell_as_of(unpaid)])
    counts = say_count(
        "{number} invoice is not paid ({amounts}); overdue: {overdue}, not read: {unread}.",
        "{number} invoices are not paid ({amounts}); overdue: {overdue}, not read: {unread}.",
        unpaid.unpaid.count,
        amounts=unpaid.unpaid.amounts,
        overdue=format_count(unpaid.overdue.count),
        unread=format_count(unpaid.unread.count),
    )
    return join_said([counts, tell_as_of(unpaid)])


def tell_as_of(unpaid: Unpaid) -> str:
    """As of when it is known what is paid."""
    if not unpaid.any_booked:
        return say("No invoices are transferred yet.")
    if not unpaid.is_known:
        return say("Payments have not been read from 24SevenOffice yet.")
    if unpaid.as_of is None:
        return say("As 24SevenOffice stated it; not every company has been read yet.")
    return say(
        "As 24SevenOffice stated it at {moment} or later.", moment=format_moment(unpaid.as_of)
    )


def tell_run(found: Today, run: RunUnderWay) -> str:
    """How far a run is, without a full stop; no time is left to tell while nothing goes on."""
    if found.jobs_run:
        return run.describe(found.at)
    return say(
        "{done} of {documents} done, and nothing runs the jobs now",
        done=run.progress.done,
        documents=run.progress.documents,
    )


def tell_jobs(found: Today) -> str:
    """Whether the jobs are run, and what to do where they are not."""
    if found.jobs_run:
        return say("The jobs are run.")
    if found.runs:
        return say(
            "No process runs the jobs, and work waits: a System Administrator starts the dashboard "
            "or a worker."
        )
    return say("No process runs the jobs: what is sent now waits until one is started.")
