"""``so24 worker``, ``watch``, ``sandbox`` and ``demo``: what runs behind the dashboard."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from so24.background import InboxKeeper
from so24.cli.commands import explain
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import NEEDS_A_PERSON, end_with, print_data, remark
from so24.cli.terminal.waiting import TAKE_PART_SECONDS, share_jobs
from so24.demo import holds_demo, load_demo_once
from so24.errors import ConfigurationError, WrongUse
from so24.language.said import say
from so24.log_lines import write_log_as
from so24.office.address import sandbox_folder
from so24.sandbox.serve import open_sandbox, run_sandbox
from so24.sandbox.wire.faults import parse_fault
from so24.settings import read_settings
from so24.sources.inbox.taking_in import Taken
from so24.sources.inbox.watch import Inbox

PORT = 8024


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    how_watched = say(
        "To done/ or refused/ in it, with a note beside each file. Files that lie there together "
        "come in together; EHF files are of the department that their subfolder names "
        "(department 10). A file that is being written is waited for. With --once, exit code 1 "
        "where anything was refused."
    )
    who_finds_it = say(
        "The installation of the same data folder finds it by itself; any other one is given the "
        "address in SO24_OFFICE_URL."
    )
    loaded_once = say("Does nothing where it is loaded already, as the dashboard does by itself.")
    app.command(help=explain("worker"))(worker)
    app.command(help=explain("watch", how_watched))(watch)
    app.command(help=explain("sandbox", who_finds_it))(sandbox)
    app.command(help=explain("demo", loaded_once))(demo)


def worker() -> None:
    """Take part in the jobs until it is interrupted."""
    with open_desk() as desk:
        if desk.installation.settings.worker == "off":
            raise WrongUse(say("SO24_WORKER is off here: this process may not run jobs."))
        write_log_as(desk.installation.settings.log)
        logging.getLogger("so24.heads").setLevel(logging.INFO)  # kept where the log is kept
        running: bool | None = None
        with share_jobs(desk, beside_others=True) as share:
            inbox = InboxKeeper(desk.installation, lambda: share.running).start()
            try:
                while True:
                    share.take_part()
                    if share.running is not running:
                        running = share.running
                        remark(
                            say("This process runs the jobs.")
                            if running
                            else say(
                                "Another process runs the jobs; this one takes over when it goes."
                            )
                        )
                    threading.Event().wait(TAKE_PART_SECONDS)
            except KeyboardInterrupt:
                remark(say("Stopped; what was under way is taken up by the next process."))
            finally:
                inbox.stop()


def watch(
    folder: Annotated[
        Path | None, typer.Argument(help=say("The folder; by default that of SO24_INBOX."))
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help=say("Take in what lies there and is written, then end."))
    ] = False,
) -> None:
    """Watch the folder; ends with 1 for ``--once`` where something was refused."""
    with open_desk() as desk:
        path = folder or desk.settings.inbox
        if path is None:
            raise WrongUse(say("Name a folder, or set SO24_INBOX."))
        refused: list[str] = []

        def tell(taken: Taken) -> None:
            remark(str(taken))
            refused.extend([taken.path] if taken.refused else [])

        inbox = Inbox(desk.installation, path, tell_taken=tell, tell_trouble=remark)
        try:
            _look_again_and_again(inbox, desk.settings.inbox_seconds, once)
        except KeyboardInterrupt:
            remark(say("Stopped; what is left is taken in by the next process."))
        finally:
            inbox.close()
    if once and refused:
        end_with(NEEDS_A_PERSON)


def _look_again_and_again(inbox: Inbox, seconds: float, once: bool) -> None:
    remark(say("Watching {path}.", path=inbox.folder.path))
    pause, looks = inbox.look(), 1
    if pause > seconds:
        remark(say("Another process watches this folder; this one takes over when it goes."))
    while not (once and (looks > 1 or not inbox.waiting)):
        threading.Event().wait(min(pause, seconds) if once else pause)
        pause = inbox.look()
        looks += 1


def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help=say("0 takes any free port."))] = PORT,
    latency_ms: Annotated[float, typer.Option(min=0, help=say("Delay of every answer."))] = 0,
    record: Annotated[
        Path | None, typer.Option(help=say("Write every exchange to this file, as JSON lines."))
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(help=say("kind[:Operation][,field=value]…, as lost_after:SaveInvoices.")),
    ] = None,
    next_invoice: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("CLIENT=NUMBER"),
            help=say("Set a company's invoice series to this number; may be repeated."),
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help=say("Where the books are; the installation's own by default.")),
    ] = None,
    in_memory: Annotated[
        bool, typer.Option("--in-memory", help=say("Fresh books that are forgotten at the end."))
    ] = False,
) -> None:
    """Serve the sandbox until it is interrupted."""
    if folder is not None and in_memory:
        raise WrongUse(say("Books in memory are in no folder: give --folder or --in-memory."))
    series = _read_series(next_invoice or ())
    try:
        if in_memory:
            run_sandbox(
                port=port, latency_ms=latency_ms, record=record, faults=fault or (),
                series=series, announce=print_data,
            )  # fmt: skip
        else:
            _serve_folder(folder, port, latency_ms, record, fault or [], series)
    except OSError as error:
        raise ConfigurationError(
            say(
                "The sandbox cannot use {path}: {why}.",
                path=error.filename,
                why=error.strerror,
            )
        ) from None


def demo() -> None:
    """Load the demo."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        if not load_demo_once(desk.installation):
            if holds_demo(desk.installation):
                remark(say("The demo is loaded already; nothing is changed."))
                return
            raise WrongUse(
                say(
                    "The demo is for an empty installation, and this one is in use. Set "
                    "SO24_DATA_DIR to a new folder."
                )
            )
    remark(say("The demo is loaded. See `so24 invoices`, then `so24 export --all --wait`."))


def _read_series(pairs: Iterable[str]) -> dict[int, int]:
    series = {}
    for pair in pairs:
        client, _, number = pair.partition("=")
        if not all(each.isascii() and each.isdecimal() for each in (client, number)):
            raise WrongUse(
                say(
                    "--next-invoice takes a client and a number such as 10000001=1001, not "
                    "“{pair}”.",
                    pair=pair,
                )
            )
        series[int(client)] = int(number)
    return series


def _serve_folder(
    folder: Path | None,
    port: int,
    latency_ms: float,
    record: Path | None,
    faults: list[str],
    series: Mapping[int, int],
) -> None:
    armed = [parse_fault(text) for text in faults]
    where = folder or sandbox_folder(read_settings())
    handle = open_sandbox(where, port=port, latency_ms=latency_ms, record=record)
    try:
        if handle.server is None:
            raise WrongUse(
                say(
                    "Another process serves this sandbox at {address}. Stop it first, or use "
                    "--folder or --in-memory for another one.",
                    address=handle.address,
                )
            )
        handle.server.faults.arm(*armed)
        handle.server.set_series(series)
        print_data(handle.address)
        _wait_for_ctrl_c()
    finally:
        handle.close()


def _wait_for_ctrl_c() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
