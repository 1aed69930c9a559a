"""``so24 payments``: reads which of the transferred invoices are paid, and says what is not."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Annotated

import typer

from so24.cli.commands import explain
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    print_json,
    print_line,
    print_table,
    remark,
)
from so24.cli.terminal.waiting import POLL_SECONDS, share_jobs
from so24.language.said import say
from so24.language.telling import tell
from so24.ledger.payments.schedule import (
    companies_with_invoices,
    list_readings,
    read_payments_now,
    sum_unpaid,
)
from so24.ledger.payments.words import NO_PARTS, tell_payment_reading
from so24.people.desk import Desk
from so24.store.payments.stated import PaymentSum
from so24.store.tables.payment_tables import PaymentReading
from so24.today.unpaid import pile_payments


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    ends = say("Exit code 1 where a company could not be read, or not in time.")
    app.command(help=explain("payments", NO_PARTS, ends))(payments)


Known = Annotated[
    bool, typer.Option("--known", help=say("Ask nothing: say what the last reading has found."))
]
Timeout = Annotated[
    float | None, typer.Option(min=0, help=say("Seconds to wait at most; exit code 1 after that."))
]


def payments(known: Known = False, timeout: Timeout = None, as_json: AsJson = False) -> None:
    """Read, unless only what is known is asked for, and print it."""
    with open_desk() as desk:
        done = known or _read(desk, timeout)
        readings, sums = list_readings(desk), sum_unpaid(desk)
        booked = companies_with_invoices(desk)
    if as_json:
        print_json(_as_record(readings, sums))
    else:
        show_payments(readings, sums, booked)
    if not done:
        remark(say("It goes on in the process that runs the jobs."))
    if not done or any(each.failure for each in readings):
        end_with(NEEDS_A_PERSON)


def _read(desk: Desk, timeout: float | None) -> bool:
    """Ask for a reading and wait until it has ended; False where it has not in time."""
    from so24.transfer.jobs.worker import payments_enqueuer  # loads the engine

    read_payments_now(desk, payments_enqueuer(desk.installation))
    began = time.monotonic()
    with share_jobs(desk) as share:
        while any(each.wanted_by for each in list_readings(desk)):
            if timeout is not None and time.monotonic() - began >= timeout:
                return False
            share.take_part()
            time.sleep(POLL_SECONDS)
    return True


def show_payments(
    readings: Sequence[PaymentReading], sums: Sequence[PaymentSum], booked: Collection[int]
) -> None:
    """Print the sums, where those that are overdue are among those not paid, as everywhere."""
    found = pile_payments(sums, readings, booked)
    piles = (
        (say("not paid"), found.unpaid),
        (say("of these overdue"), found.overdue),
        (say("not read yet"), found.unread),
    )
    if sums:
        print_table(
            (say("Payment"), say("Documents"), say("Sum incl. VAT")),
            [(tell(words), pile.count, pile.amounts) for words, pile in piles if pile.count],
        )
    else:
        print_line(say("Nothing is known to be unpaid."))
    for reading in readings:
        remark(tell_payment_reading(reading, is_empty=reading.client_id not in booked))


def _as_record(readings: Sequence[PaymentReading], sums: Sequence[PaymentSum]) -> dict[str, object]:
    told = ("client_id", "company", "read_at", "whole_at", "begun_at", "next_at", "failure")
    return {
        "not_known_to_be_paid": sums,
        "readings": [{name: getattr(each, name) for name in told} for each in readings],
    }
