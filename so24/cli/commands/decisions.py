"""``so24 dates``, ``exclude``, ``include``, ``release`` and ``answer``: what a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from so24.cli.commands.receipts import MOST_TOLD, tell_command
from so24.cli.terminal.asking import read_date
from so24.cli.terminal.choosing import choose_departments, choose_documents
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import NEEDS_A_PERSON, end_with, remark
from so24.errors import WrongUse
from so24.invoices import decisions
from so24.invoices.overview import read_overview
from so24.invoices.questions import answer_questions, answer_whose, take_back_whose
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind

dates = typer.Typer(help="Assumed invoice dates.", no_args_is_help=True, rich_markup_mode=None)

_ANSWERS = {
    Asks.DOCUMENT: {True: "the same document", False: "another document"},
    Asks.FIRM: {True: "the same firm", False: "another firm"},
}
Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help="1001 or 10-1001.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(dates, name="dates")
    for command in (answer, exclude, include, release):
        app.command()(command)


@dates.command("confirm")
def confirm_dates(
    import_id: Annotated[
        int | None, typer.Option("--import", metavar="ID", help="Of this import only.")
    ] = None,
    date: Annotated[str | None, typer.Option(help="The right date for all of them.")] = None,
) -> None:
    """Confirm the invoice dates that were only assumed, so that the documents may be exported."""
    right = read_date("--date", date)
    with open_desk() as desk:
        count = decisions.confirm_invoice_dates(desk, import_id, right)
    remark(
        f"{count} invoice dates are confirmed." if count else "No invoice date is assumed there."
    )


def exclude(
    numbers: Numbers,
    reason: Annotated[str, typer.Option(help="Why; kept with the document.")] = "Left out by hand.",
) -> None:
    """Leave documents out of all exports; exit code 1 where some are sent or being sent."""
    _set_excluded(numbers, reason, "left out of exports")


def include(numbers: Numbers) -> None:
    """Take documents in again that were left out of exports."""
    _set_excluded(numbers, None, "taken in again")


def release(
    numbers: Numbers,
    kind: Annotated[DocumentKind, typer.Option(help="What the documents are.")],
) -> None:
    """Say what documents are that are held because their report does not tell.

    Exit code 1 where one of them is not held for that.
    """
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        count = decisions.release_held(desk, ids, kind)
    remark(f"{count} of {len(ids)} were held and are released as {kind.words}.")
    if count < len(ids):
        remark("The others are not held for their kind: so24 invoices --asked lists what waits.")
        end_with(NEEDS_A_PERSON)


def answer(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NUMBER]...", help="1001 or 10-1001.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All that wait for an answer to this question.")
    ] = False,
    department: Annotated[
        list[str] | None, typer.Option(help="With --all: only this department; may be repeated.")
    ] = None,
    import_id: Annotated[
        int | None, typer.Option("--import", metavar="ID", help="With --all: of this import only.")
    ] = None,
    *,
    same: Annotated[
        bool | None,
        typer.Option(
            "--same/--another",
            help="The same document as the one that is here, or a document of its own.",
        ),
    ] = None,
    same_firm: Annotated[
        bool | None,
        typer.Option(
            "--same-firm/--another-firm",
            help="Whom it is made out to is its customer, or another firm.",
        ),
    ] = None,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Take back --same-firm, so that it is asked anew.")
    ] = False,
) -> None:
    """Answer what is asked about documents: whether it is the same one, or whether it is the firm.

    The same document: a look-alike is excluded, and another date comes with the next import. The
    same firm: it goes to its customer; another firm's is excluded. `so24 invoices --asked` lists
    what waits. --take-back forgets --same-firm of documents that are not in transfer or
    transferred; what was excluded is taken in again by `so24 include`. Exit code 1 where something
    was not asked about or answered, or waits for another answer.
    """
    if take_back:
        if same is not None or same_firm is not None or everything or not numbers:
            raise WrongUse("--take-back stands alone, with the numbers of documents.")
        _take_back(numbers)
        return
    if (same is None) is (same_firm is None):
        raise WrongUse(
            "Say which question is answered: --same or --another of documents, --same-firm or "
            "--another-firm of whom they are made out to."
        )
    filtered = bool(department) or import_id is not None
    if bool(numbers) == everything or (filtered and not everything):
        raise WrongUse("Give the numbers of documents, or --all, and not both.")
    with open_desk() as desk:
        rows = choose_documents(desk, numbers) if numbers else _asked(desk, department, import_id)
        about = Asks.DOCUMENT if same is not None else Asks.FIRM
        ids = [row.id for row in rows if numbers or row.asks is about]
        if same is not None:
            count = answer_questions(desk, ids, same=same)
        else:
            count = answer_whose(desk, ids, same=bool(same_firm))
    said = _ANSWERS[about][bool(same if same is not None else same_firm)]
    remark(f"{count} of {len(ids)} were asked about: {said}.")
    others = [row for row in rows if row.asks is not about]
    for row in others[:MOST_TOLD]:
        remark(f"{row.series}-{row.number} {_tell_waiting(row)}")
    if len(others) > MOST_TOLD:
        remark(f"{len(others) - MOST_TOLD} more: so24 invoices --asked lists what waits.")
    if count < len(rows):
        end_with(NEEDS_A_PERSON)


def _take_back(numbers: Sequence[str]) -> None:
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        count = take_back_whose(desk, ids)
    remark(
        f"{count} of {len(ids)} are taken back: whose they are is asked anew where it is unclear."
    )
    if count < len(ids):
        remark("The others are nobody's word, or in transfer or transferred already.")
        end_with(NEEDS_A_PERSON)


def _tell_waiting(row: InvoiceRow) -> str:
    if row.asks is not Asks.NOTHING:
        return f"waits for another answer ({tell_command(row)}): {row.question}"
    if row.held and not row.excluded:
        name = f"{row.series}-{row.number}"
        return f"waits for another answer (so24 release {name} --kind KIND): {row.held}"
    return "waits for no answer."


def _asked(desk: Desk, department: Sequence[str] | None, import_id: int | None) -> list[InvoiceRow]:
    departments = choose_departments(desk, department or ())
    wanted = InvoiceFilter(asked=True, department_ids=departments, import_id=import_id)
    return [row for row in read_overview(desk, wanted).rows if row.question]


def _set_excluded(numbers: Sequence[str], reason: str | None, words: str) -> None:
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        outcome = decisions.set_excluded(desk, ids, reason)
    remark(f"{outcome.changed} of {len(ids)} are changed: {words}.")
    if outcome.left:
        remark(f"{outcome.left} left as they are: in transfer, or transferred already.")
        end_with(NEEDS_A_PERSON)
