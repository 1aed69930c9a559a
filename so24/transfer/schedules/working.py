"""What is claimed is done: fetched from RecMan, or sent by the preview and the confirmation.

An export is what a person would do at that time: the preview, the checks, the look into
24SevenOffice; what any of them says something of is left for people, and the rest is sent by a run
that is bound to what the last preview has shown. The run and the end of the occasion are committed
together, so that whoever is killed on the way begins anew, and whoever comes second starts nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from so24.amounts import format_amount
from so24.crashpoints import reach
from so24.dates import format_moment
from so24.errors import So24Error, WrongUse
from so24.installation import Installation
from so24.keys.routing import route, scopes_of
from so24.language.said import join_said, say, say_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.import_reports import ImportReport
from so24.sources.recman.fetch import fetch_documents
from so24.store.documents.overview import InvoiceFilter, InvoiceRow, list_invoices
from so24.store.keys.keys import all_departments, living_keys, served_departments
from so24.store.schedules.occasions import (
    begin_attempt,
    due_occasions,
    end_occasion,
    note_trouble,
)
from so24.store.tables.ground import now
from so24.store.tables.schedule_tables import Occasion, OccasionEnd, Schedule, ScheduleKind
from so24.store.transfers.transfers import LaneName
from so24.transfer.preview.confirmation import Confirmation
from so24.transfer.preview.preview import Preview, look_up, preview_run
from so24.transfer.review import read_all_findings
from so24.transfer.runs import Enqueue, start_run
from so24.transfer.schedules.rules import CURRENCY, Bounds, judge_amount, judge_forecast, judge_plan
from so24.transfer.schedules.standing import name_schedule, schedule_actor, why_held
from so24.transfer.schedules.times import is_too_late

TRY_AGAIN = dt.timedelta(minutes=10)  # after trouble, and where the process that was at it is gone
MOST_FETCHES = 3  # attempts, for each costs calls of the day

Left = dict[int, str]


@dataclass(frozen=True)
class _Task:
    """One open occasion of a schedule, and what is needed to do it."""

    installation: Installation
    schedule: Schedule
    occasion: Occasion
    name: str

    @property
    def desk(self) -> Desk:
        actor = schedule_actor(self.name, self.schedule.set_by)
        return Desk(self.installation, actor)

    def end(
        self, ending: OccasionEnd, words: str, left: Left | None = None, *, others: int = 0
    ) -> None:
        """Note what became of it; nothing where somebody has noted that before."""
        with self.installation.db.lane_writing() as session:
            end_occasion(
                session, self.occasion.row_id, ending, words, now(), left=left, left_count=others
            )


@dataclass(frozen=True)
class _Judged:
    """What would go, as the last preview has shown it, and what is left for people."""

    ids: tuple[int, ...]
    preview: Preview | None
    left: Left

    @property
    def totals(self) -> list[Decimal]:
        return [self.preview.rows[each].total for each in self.ids] if self.preview else []


def work_due_occasions(installation: Installation, enqueue: Enqueue) -> int:
    """Do what is open and due, the oldest first, a fetch before the exports of its time; how many.

    ``enqueue`` hands a lane of a run to the engine.
    """
    with installation.db.reading() as session:
        found = due_occasions(session, now())
        rows = [(session.get_one(Schedule, each.schedule_id), each) for each in found]
        tasks = [
            _Task(installation, schedule, occasion, name_schedule(session, schedule))
            for schedule, occasion in rows
        ]
    tasks.sort(key=lambda each: (each.occasion.moment, each.schedule.kind is ScheduleKind.EXPORT))
    return sum(_work(each, enqueue) for each in tasks)


def _work(task: _Task, enqueue: Enqueue) -> bool:
    moment, db = now(), task.installation.db
    with db.lane_writing() as session:
        if not begin_attempt(session, task.occasion.row_id, moment, moment + TRY_AGAIN):
            return False
        held = why_held(task.installation, session, task.schedule)
    reach("schedule begun", task.schedule.key_id)
    if is_too_late(task.occasion.moment, moment):
        task.end(*_tell_late(task.occasion))
    elif held or not task.schedule.active:
        task.end(OccasionEnd.HELD, held or say("It was turned off."))
    elif _is_fetch(task) and task.occasion.attempts >= MOST_FETCHES:
        task.end(OccasionEnd.FAILED, say("so24 was stopped in the middle of each attempt."))
    else:
        _try_to_do(task, enqueue)
    reach("schedule ended", task.schedule.key_id)
    return True


def _tell_late(occasion: Occasion) -> tuple[OccasionEnd, str]:
    when = format_moment(occasion.moment)
    if not occasion.attempts:
        return OccasionEnd.MISSED, say(
            "Nothing was done at {when}: so24 did not run then, nor within six hours after it.",
            when=when,
        )
    words = say("What was due at {when} was given up after six hours.", when=when)
    return OccasionEnd.FAILED, join_said((words, occasion.words))


def _try_to_do(task: _Task, enqueue: Enqueue) -> None:
    try:
        if _is_fetch(task):
            _fetch(task)
        else:
            _export(task, enqueue)
    except So24Error as trouble:
        _bear(task, trouble.words)


def _bear(task: _Task, words: str) -> None:
    """Try again later, unless it is no use: the schedule is held now, or the calls are spent."""
    with task.installation.db.lane_writing() as session:
        held = why_held(task.installation, session, task.schedule)
        note_trouble(session, task.occasion.row_id, words)
    if held:
        task.end(OccasionEnd.HELD, held)
    elif _is_fetch(task) and task.occasion.attempts + 1 >= MOST_FETCHES:
        task.end(OccasionEnd.FAILED, words)


def _is_fetch(task: _Task) -> bool:
    return task.schedule.kind is ScheduleKind.FETCH


def _fetch(task: _Task) -> None:
    report = fetch_documents(task.desk)
    reach("schedule fetched", None)
    asked = report.rows_refused + report.fields_unread + report.asked
    task.end(OccasionEnd.FETCHED, _tell_fetch(report), others=asked)


def _tell_fetch(report: ImportReport) -> str:
    refused = report.rows_refused or report.fields_unread
    if not (report.added or report.updated or refused or report.flagged):
        return say("RecMan had nothing new.")
    told = [
        say("{count} {what}", count=count, what=what)
        for count, what in report.tell_counts()
        if count
    ]
    return say("Fetched from RecMan: {counts}.", counts=join_said(told, ", "))


def _export(task: _Task, enqueue: Enqueue) -> None:
    schedule = task.schedule
    waiting = _read_waiting(task.desk, schedule.key_id or 0)
    if not waiting:
        task.end(OccasionEnd.QUIET, say("There was nothing to send."))
        return
    judged = _judge(task.desk, schedule.key_id or 0, waiting)
    reach("schedule judged", schedule.key_id)
    bounds = Bounds(schedule.most_documents, schedule.most_amount)
    if judged.preview is None:
        words = say("Nothing was sent: all that waits is left for people.")
        task.end(OccasionEnd.LEFT, words, judged.left)
    elif too_much := judge_amount(judged.totals, bounds):
        over = dict.fromkeys(judged.ids, say("It is more than the schedule sends unasked."))
        task.end(OccasionEnd.OVER, too_much, judged.left | over)
    else:
        _start(task, judged, judged.preview, enqueue)


def _start(task: _Task, judged: _Judged, preview: Preview, enqueue: Enqueue) -> None:
    """Start the run, in whose transaction the occasion ends."""
    sum_told = format_amount(sum(judged.totals, Decimal(0)), CURRENCY)
    words = say_count(
        "A run was started with {number} document of {amount}.",
        "A run was started with {number} documents of {amount}.",
        len(judged.ids),
        amount=sum_told,
    )

    def enqueue_and_end(session: Session, lane: LaneName) -> None:
        _refuse_changed(task, session)
        if not end_occasion(
            session,
            task.occasion.row_id,
            OccasionEnd.STARTED,
            words,
            now(),
            documents=len(judged.ids),
            left=judged.left,
            run_id=lane.run_id,
        ):
            raise WrongUse(say("This time of the schedule was done by another process."))
        enqueue(session, lane)
        reach("schedule starting", lane.key_id)

    confirmed = Confirmation.of(preview.shown)
    start_run(task.desk, judged.ids, enqueue_and_end, expected=confirmed)
    reach("schedule started", task.schedule.key_id)


def _refuse_changed(task: _Task, session: Session) -> None:
    """Raise :class:`WrongUse` where somebody has changed or stopped the schedule meanwhile."""
    current = session.get_one(Schedule, task.schedule.row_id, populate_existing=True)
    changed = current.set_at != task.schedule.set_at or not current.active
    if changed or why_held(task.installation, session, current):
        raise WrongUse(say("The schedule was changed or stopped meanwhile."))


def _read_waiting(desk: Desk, key_id: int) -> list[InvoiceRow]:
    """The documents of the key's departments that nobody has tried to send yet."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        scopes = scopes_of(living_keys(session), served_departments(session))
        routed = {each.row_id: route(each.row_id, scopes) for each in all_departments(session)}
        ours = frozenset(each for each, to in routed.items() if to and to.key_id == key_id)
        rows = (
            list_invoices(session, InvoiceFilter(unsent=True, department_ids=ours)) if ours else []
        )
    return [row for row in rows if row.state is None]


def _judge(desk: Desk, key_id: int, waiting: Sequence[InvoiceRow]) -> _Judged:
    """Leave out what anything is said of, until nothing is said of what remains.

    It is looked at anew each time, for what goes can depend on what else goes.
    """
    left: Left = {}
    currencies = {row.id: row.currency for row in waiting}
    going = [row.id for row in waiting]
    while going:
        preview = preview_run(desk, going)
        why = _judge_by_store(desk, key_id, preview, currencies) or _judge_by_look(desk, preview)
        if not why:
            return _Judged(tuple(going), preview, left)
        left |= why
        going = [each for each in going if each not in why]
    return _Judged((), None, left)


def _judge_by_store(desk: Desk, key_id: int, preview: Preview, currencies: dict[int, str]) -> Left:
    planned = {each.invoice_id: each for each in preview.plan.transfers}
    findings = read_all_findings(desk, list(planned))
    told = {
        each: judge_plan(new, key_id, currencies[each], findings.get(each, ()))
        for each, new in planned.items()
    }
    return {each: words for each, words in told.items() if words}


def _judge_by_look(desk: Desk, preview: Preview) -> Left:
    """By a look at each lane; raises :class:`WrongUse` where that was not to be had."""
    told: Left = {}
    for lane in preview.lanes:
        looked = look_up(desk, lane)
        if looked.problem:
            raise WrongUse(looked.problem)
        told |= {each.invoice_id: judge_forecast(each) for each in looked.forecasts}
    return {each: words for each, words in told.items() if words}
