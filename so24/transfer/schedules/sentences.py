"""What is told of schedules, on screen, on the command line and in alerts."""

from __future__ import annotations

from so24.amounts import format_amount
from so24.dates import format_moment
from so24.language.said import join_said, say, say_count
from so24.store.tables.schedule_tables import OccasionEnd, ScheduleKind
from so24.transfer.schedules.rules import CURRENCY
from so24.transfer.schedules.standing import ScheduleView

OFF = say("It is off.")


def title_of_schedule(view: ScheduleView) -> str:
    """What is done, in a few words."""
    if view.kind is ScheduleKind.FETCH:
        return say("Fetch from RecMan")
    return say("Export by key “{key}”", key=view.name)


def tell_setting(view: ScheduleView) -> str:
    """When it is done, how much of it goes unasked, and whose wish it is."""
    parts = [say("{times}, set by {who}.", times=str(view.times), who=view.set_by)]
    if view.kind is ScheduleKind.EXPORT:
        parts.append(
            say(
                "Unasked go at most {documents} documents of {amount} at one time.",
                documents=view.most_documents,
                amount=format_amount(view.most_amount, CURRENCY),
            )
        )
    return join_said(parts if view.active else [OFF, *parts])


def tell_next_time(view: ScheduleView) -> str:
    """When it is due next, or why nothing will be done then."""
    if view.next_at is None:
        return OFF
    if view.held:
        return say("Nothing is done: {why}", why=view.held)
    return say("Next at {when}.", when=format_moment(view.next_at))


def tell_last_time(view: ScheduleView) -> str:
    """What became of it the last time."""
    last = view.last
    if last is None:
        return say("It was not due yet.")
    when = format_moment(last.moment)
    if last.ending is None:
        told = [say("{when}: under way.", when=when), last.words]
    elif last.ending is OccasionEnd.QUIET and view.quiet > 1:
        told = [
            say(
                "{when}: there was nothing to send, {times} times now.", when=when, times=view.quiet
            )
        ]
    else:
        told = [say("{when}: {words}", when=when, words=last.words)]
    return join_said([*told, _tell_left(view)])


def tell_trouble(view: ScheduleView) -> str:
    """Why somebody has to see to it; empty where nobody has."""
    if not view.active:
        return ""
    title = title_of_schedule(view)
    if view.held:
        return say("{schedule}: nothing is done. {why}", schedule=title, why=view.held)
    if view.last is not None and view.last.needs_a_person:
        return say("{schedule}: {words}", schedule=title, words=view.last.words)
    return ""


def _tell_left(view: ScheduleView) -> str:
    if view.last is None or not view.last.left:
        return ""
    if view.kind is ScheduleKind.FETCH:
        return say_count(
            "{number} row needs somebody: the report of the import says why.",
            "{number} rows need somebody: the report of the import says why.",
            view.last.left,
        )
    return say_count(
        "{number} document was left for people.",
        "{number} documents were left for people.",
        view.last.left,
    )
