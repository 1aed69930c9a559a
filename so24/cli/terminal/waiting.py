"""Waiting for documents in transfer, and running the jobs meanwhile where nobody else does."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from so24.cli.terminal.opening import reach_office
from so24.cli.terminal.printing import NEEDS_A_PERSON, clear_line, remark, show_line
from so24.language.said import join_said, say
from so24.people.desk import Desk
from so24.store.database.engine import OUTAGES
from so24.transfer.export_many import count_waiting
from so24.transfer.jobs.who_runs_jobs import jobs_are_run
from so24.transfer.runs import open_transfers

if TYPE_CHECKING:
    from so24.sandbox.serve import SandboxHandle

POLL_SECONDS = 0.1
TAKE_PART_SECONDS = 1.0


class JobShare:
    """This process's part in the work: runs jobs and serves the sandbox where nobody else does."""

    def __init__(self, desk: Desk, sandbox: SandboxHandle | None, *, beside_others: bool) -> None:
        from so24.transfer.jobs.worker import JobWorker  # loads the engine: only where one waits

        self._desk = desk
        self._installation = desk.installation
        self._beside_others = beside_others
        self._sandbox = sandbox
        self._allowed = desk.installation.settings.worker == "auto"
        self._worker = JobWorker(desk.installation)
        self._next = 0.0

    @property
    def looks(self) -> int:
        """Later looks that this process has to take before it leaves; others' are theirs."""
        return _count_looks(self._desk) if self.running else 0

    @property
    def running(self) -> bool:
        """Whether this process runs the jobs."""
        return self._worker.running

    def take_part(self) -> None:
        """Take over what nobody does any more; looks once a second, however often it is called."""
        if time.monotonic() < self._next:
            return
        if self._sandbox is not None:
            self._sandbox.keep()
        if self._allowed and (self._beside_others or not jobs_are_run(self._installation)):
            self._worker.start()
        self._next = time.monotonic() + TAKE_PART_SECONDS

    def leave(self) -> None:
        """Stop at once; what was under way is taken up by the next process."""
        self._worker.stop()


@contextmanager
def share_jobs(desk: Desk, *, beside_others: bool = False) -> Iterator[JobShare]:
    """Have the office within reach and take part in the work until the end of the ``with``.

    ``beside_others``: on PostgreSQL run jobs though other processes do, as a worker should.
    """
    with reach_office(desk.installation.settings) as sandbox:
        share = JobShare(desk, sandbox, beside_others=beside_others)
        try:
            yield share
        finally:
            share.leave()


def wait_for(desk: Desk, invoice_ids: Sequence[int], timeout: float | None) -> bool:
    """Wait until none of these documents is in transfer, in whichever run; False on a time-out.

    Those that go on only after a person has mended their key are not waited for. Looks at what
    earlier runs have left that are due are taken, where this process runs the jobs: an
    installation may have no other process that does.

    A database that goes away meanwhile is waited for. Ends the command with code 1 and a sentence
    on Ctrl-C, and where the time is up while the database is away.
    """
    total = open_transfers(desk.installation, invoice_ids)
    if not total and (jobs_are_run(desk.installation) or not _count_looks(desk)):
        return True
    try:
        with share_jobs(desk) as share:
            return _stay(desk, share, invoice_ids, total, timeout)
    except OUTAGES:
        clear_line()
        remark(
            say(
                "The database does not answer. The run goes on when it does: `so24 receipt "
                "--latest`."
            )
        )
        raise typer.Exit(NEEDS_A_PERSON) from None
    except KeyboardInterrupt:
        remark(join_said(["\n", say("Stopped waiting."), " ", describe_future(desk)], ""))
        raise typer.Exit(NEEDS_A_PERSON) from None
    finally:
        clear_line()


def _stay(
    desk: Desk, share: JobShare, invoice_ids: Sequence[int], total: int, timeout: float | None
) -> bool:
    """Take part until nothing is open; raises one of ``OUTAGES`` where the time is up in one."""
    database, began = desk.installation.db, time.monotonic()
    while True:
        late = timeout is not None and time.monotonic() - began >= timeout
        try:
            if not late:
                share.take_part()
            left = open_transfers(desk.installation, invoice_ids)
            moving = left - (count_waiting(desk.installation, invoice_ids) if left else 0)
            database.outage.end()
            show_line(
                say(
                    "⟳ {done} of {total} done, {seconds} s",
                    done=total - left,
                    total=total,
                    seconds=f"{time.monotonic() - began:.0f}",
                )
            )
            if late or not (moving or share.looks):
                return not moving
        except OUTAGES as error:
            if late or database.embedded:
                raise
            database.outage.begin(error)
        time.sleep(POLL_SECONDS)


def _count_looks(desk: Desk) -> int:
    from so24.transfer.jobs.housekeeping import (
        count_looks,
    )  # loads the engine: only where one waits

    return count_looks(desk.installation)


def describe_future(desk: Desk) -> str:
    """What becomes of work under way that this command does not wait for."""
    try:
        if jobs_are_run(desk.installation):
            return say("The run goes on in the process that runs the jobs.")
    except OUTAGES:
        return say("The database does not answer; the run goes on when it does.")
    return say(
        "The run is taken up by the dashboard, by `so24 worker`, "
        "or by the next `so24 export --all --wait`."
    )
