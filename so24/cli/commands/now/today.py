"""``so24 today``: what needs whom now, as the page *Today* says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from so24.cli.commands import explain
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    format_amount,
    print_json,
    print_line,
    print_table,
)
from so24.dates import format_date
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.ledger.memory import PastResult
from so24.ledger.sentences import tell_earlier, tell_reading
from so24.people.desk import Desk
from so24.today.piles import Pile, PileName
from so24.today.sentences import (
    PILE_TITLES,
    PROBLEMS,
    tell_beginning,
    tell_import,
    tell_jobs,
    tell_next_retry,
    tell_run,
    tell_unpaid,
    title_of,
)
from so24.today.today import Today, read_today
from so24.transfer.schedules.records import record_schedule
from so24.transfer.schedules.sentences import (
    tell_last_time,
    tell_next_time,
    tell_setting,
    tell_trouble,
    title_of_schedule,
)


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(help=explain("today"))(today)


Strict = Annotated[
    bool, typer.Option("--strict", help=say("Exit code 1 where somebody is needed."))
]


def today(strict: Strict = False, as_json: AsJson = False) -> None:
    """Print what needs whom; ends with 1 for ``--strict`` where somebody is needed."""
    with open_desk() as desk:
        found = read_today(desk)
        if as_json:
            print_json(_as_record(found))
        else:
            _show(desk, found)
    if strict and needs_somebody(found):
        end_with(NEEDS_A_PERSON)


def needs_somebody(found: Today) -> bool:
    """Whether there is a problem, or a key, department or schedule that does not do its work."""
    problems = any(found.piles.of(name).count for name in PROBLEMS)
    held = any(tell_trouble(each) for each in found.schedules)
    return problems or held or bool(found.keys or found.departments)


def _show(desk: Desk, found: Today) -> None:
    for sentence in tell_beginning(found, desk.actor):
        print_line(sentence)
    rows = [
        (tell(PILE_TITLES[name]) if number == 0 else "", tell(title_of(reason)), *_cells(pile))
        for name in PROBLEMS
        for number, (reason, pile) in enumerate(found.piles.causes_of(name))
    ]
    if rows:
        print_table(
            (say("Who"), say("What"), say("Documents"), say("Sum incl. VAT"), say("Oldest")), rows
        )
    else:
        print_line(say("No open problem."))
    for name in (PileName.UNSENT, PileName.SENDABLE, PileName.APPROVAL, PileName.CHANGED):
        pile = found.piles.of(name)
        if pile.count:
            print_line(
                say("{pile}: {documents}.", pile=PILE_TITLES[name], documents=_describe(pile))
            )
    later = found.piles.of(PileName.LATER)
    if later.count:
        print_line(
            say(
                "{pile}: {documents}, {when}.",
                pile=PILE_TITLES[PileName.LATER],
                documents=_describe(later),
                when=tell_next_retry(found),
            )
        )
    for sentence in _tell_the_rest(found):
        print_line(sentence)


def _tell_the_rest(found: Today) -> Iterator[str]:
    for run in found.runs:
        yield say(
            "Run {run} of {name}: {standing}.",
            run=run.run_id,
            name=run.started_by,
            standing=tell_run(found, run),
        )
    for key in found.keys:
        yield join_said([say("Key “{name}” cannot send.", name=key.name), key.words])
    for department in found.departments:
        yield say(
            "Department {department}: {why}; {waiting}.",
            department=department.label,
            why=title_of(department.reason),
            waiting=_describe(department.waiting)
            if department.waiting.count
            else say("nothing waits"),
        )
    for schedule in found.schedules:
        told = tell_setting(schedule), tell_last_time(schedule), tell_next_time(schedule)
        title = title_of_schedule(schedule)
        yield say("{schedule}: {words}", schedule=title, words=join_said(told))
    yield tell_import(found.last_import)
    for reading in found.readings:
        yield tell_reading(reading)
    if found.unpaid.readings:
        yield tell_unpaid(found.unpaid)
    yield from filter(None, map(tell_earlier, found.apart))
    yield tell_jobs(found)


def _cells(pile: Pile) -> tuple[int, str, str]:
    return pile.count, _sums(pile), format_date(pile.oldest)


def _describe(pile: Pile) -> str:
    return say_count(
        "{number} document, {sums}, the oldest of {date}",
        "{number} documents, {sums}, the oldest of {date}",
        pile.count,
        sums=_sums(pile),
        date=format_date(pile.oldest),
    )


def _sums(pile: Pile) -> str:
    return ", ".join(format_amount(pile.sums[each], each) for each in sorted(pile.sums))


def _as_record(found: Today) -> dict[str, object]:
    piles = found.piles
    return {
        "at": found.at,
        "beginning": found.beginning,
        "problems": [
            {"who": name, "reason": reason, "what": title_of(reason), **_record_of(pile)}
            for name in PROBLEMS
            for reason, pile in piles.causes_of(name)
        ],
        "not_transferred": _record_of(piles.of(PileName.UNSENT)),
        "can_be_sent": _record_of(piles.of(PileName.SENDABLE)),
        "waits_for_approval": _record_of(piles.of(PileName.APPROVAL)),
        "changed_after_export": _record_of(piles.of(PileName.CHANGED)),
        "tried_again": {**_record_of(piles.of(PileName.LATER)), "next_at": found.next_retry},
        "runs": [
            {
                "run": run.run_id,
                "started_at": run.started_at,
                "started_by": run.started_by,
                "documents": run.progress.documents,
                "done": run.progress.done,
                "waiting": run.waiting,
            }
            for run in found.runs
        ],
        "keys": found.keys,
        "schedules": [record_schedule(each) for each in found.schedules],
        "departments": [
            {"department": each.label, "reason": each.reason, **_record_of(each.waiting)}
            for each in found.departments
        ],
        "last_import": found.last_import,
        "readings": [_record_of_reading(each) for each in found.readings],
        "payments": {
            "not_paid": _record_of(found.unpaid.unpaid),
            "overdue": _record_of(found.unpaid.overdue),
            "not_read": _record_of(found.unpaid.unread),
            "as_of": found.unpaid.as_of,
        },
        "jobs_run": found.jobs_run,
    }


def _record_of_reading(past: PastResult) -> dict[str, object]:
    told = ("client_id", "company", "witness", "date_from", "date_to", "read_at", "read_by",
            "orders", "differences")  # fmt: skip
    record: dict[str, object] = {name: getattr(past.result, name) for name in told}
    change = past.change
    for name in ("new", "gone", "same"):
        record[name] = len(getattr(change, name)) if change else None
    return record


def _record_of(pile: Pile) -> dict[str, object]:
    return {"documents": pile.count, "sums": pile.sums, "oldest": pile.oldest}
