"""``so24 dates``, ``exclude``, ``include``, ``release`` and ``answer``: what a person decides."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Annotated

import typer

from so24.cli.commands import explain
from so24.cli.commands.receipts import MOST_TOLD, tell_command
from so24.cli.terminal.asking import AsJson, ask_to_confirm_dates, read_date
from so24.cli.terminal.choosing import choose_departments, choose_documents
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    print_json,
    print_table,
    remark,
)
from so24.dates import format_date
from so24.errors import WrongUse
from so24.invoices import decisions
from so24.invoices.overview import list_proposed, read_overview
from so24.invoices.questions import answer_questions, answer_whose, take_back_whose
from so24.language.said import say, say_count
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import Asks, DocumentKind

dates = typer.Typer(help=explain("dates"), no_args_is_help=True, rich_markup_mode=None)

_ANSWERS = {
    Asks.DOCUMENT: {
        True: say("{count} of {number} were asked about: the same document."),
        False: say("{count} of {number} were asked about: another document."),
    },
    Asks.FIRM: {
        True: say("{count} of {number} were asked about: the same firm."),
        False: say("{count} of {number} were asked about: another firm."),
    },
}
_NO_DATE = say("No invoice date is assumed there.")
_BY_HAND = say("Left out by hand.")
_HOW_TO_ANSWER = say(
    "The same document: a look-alike is excluded, and another date comes with the next import. "
    "The same firm: it goes to its customer; another firm's is excluded. `so24 invoices --asked` "
    "lists what waits. --take-back forgets --same-firm of documents that are not in transfer or "
    "transferred; what was excluded is taken in again by `so24 include`. Exit code 1 where "
    "something was not asked about or answered, or waits for another answer."
)
Numbers = Annotated[
    list[str], typer.Argument(metavar=say("NUMBER..."), help=say("1001 or 10-1001."))
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(dates, name="dates")
    app.command(help=explain("answer", _HOW_TO_ANSWER))(answer)
    app.command(help=explain("exclude"))(exclude)
    app.command(help=explain("include"))(include)
    app.command(
        help=explain("release", say("Exit code 1 where one of them is not held for that."))
    )(release)


OfImport = Annotated[
    int | None, typer.Option("--import", metavar=say("ID"), help=say("Of this import only."))
]


@dates.command(
    "list", help=say("List the documents whose invoice date is only proposed, with that date.")
)
def list_dates(import_id: OfImport = None, as_json: AsJson = False) -> None:
    """Print what `confirm` would confirm."""
    with open_desk() as desk:
        rows = list_proposed(desk, import_id)
    if as_json:
        print_json(
            [
                {"number": _name(row), "customer": row.customer, "import": row.import_id,
                 "proposed_date": row.invoice_date}
                for row in rows
            ]
        )  # fmt: skip
    elif rows:
        print_table(
            (say("Number"), say("Customer"), say("Import"), say("Proposed date")),
            [(_name(row), row.customer, str(row.import_id), row.invoice_date) for row in rows],
        )
    else:
        remark(_NO_DATE)


@dates.command(
    "confirm",
    help=say(
        "Confirm the invoice dates that were only proposed, so that the documents may be exported."
    ),
)
def confirm_dates(
    import_id: OfImport = None,
    date: Annotated[str | None, typer.Option(help=say("The right date for all of them."))] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help=say("Those of more than one import, without a question."))
    ] = False,
) -> None:
    """Confirm the dates, all by one date where it is given."""
    right = read_date("--date", date)
    with open_desk() as desk:
        rows = list_proposed(desk, import_id)
        for row in rows:
            when = format_date(right or row.invoice_date)
            remark(say("{document}: {date}", document=_name(row), date=when))
        if len({row.import_id for row in rows}) > 1:
            ask_to_confirm_dates(yes)
        count = decisions.confirm_invoice_dates(desk, import_id, right)
    remark(
        say_count(
            "{number} invoice date is confirmed.", "{number} invoice dates are confirmed.", count
        )
        if count
        else _NO_DATE
    )


def _name(row: InvoiceRow) -> str:
    return f"{row.series}-{row.number}"


def exclude(
    numbers: Numbers,
    reason: Annotated[
        str,
        typer.Option(
            help=say(
                "Why; kept with the document. Without one it says that it was left out by hand."
            )
        ),
    ] = _BY_HAND,
) -> None:
    """Exclude the documents; ends with 1 where some are left as they are."""
    _set_excluded(numbers, reason, say("{count} of {number} are changed: left out of exports."))


def include(numbers: Numbers) -> None:
    """Take the documents in again; ends with 1 where some are left as they are."""
    _set_excluded(numbers, None, say("{count} of {number} are changed: taken in again."))


def release(
    numbers: Numbers,
    kind: Annotated[DocumentKind, typer.Option(help=say("What the documents are."))],
) -> None:
    """Release the documents as of this kind; ends with 1 where some were not held."""
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        count = decisions.release_held(desk, ids, kind)
    remark(
        say(
            "{count} of {number} were held and are released as {words}.",
            count=count,
            number=len(ids),
            words=kind.words,
        )
    )
    if count < len(ids):
        remark(
            say("The others are not held for their kind: so24 invoices --asked lists what waits.")
        )
        end_with(NEEDS_A_PERSON)


def answer(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar=say("[NUMBER]..."), help=say("1001 or 10-1001."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=say("All that wait for an answer to this question."))
    ] = False,
    department: Annotated[
        list[str] | None,
        typer.Option(help=say("With --all: only this department; may be repeated.")),
    ] = None,
    import_id: Annotated[
        int | None,
        typer.Option("--import", metavar=say("ID"), help=say("With --all: of this import only.")),
    ] = None,
    *,
    same: Annotated[
        bool | None,
        typer.Option(
            "--same/--another",
            help=say("The same document as the one that is here, or a document of its own."),
        ),
    ] = None,
    same_firm: Annotated[
        bool | None,
        typer.Option(
            "--same-firm/--another-firm",
            help=say("Whom it is made out to is its customer, or another firm."),
        ),
    ] = None,
    take_back: Annotated[
        bool,
        typer.Option("--take-back", help=say("Take back --same-firm, so that it is asked anew.")),
    ] = False,
) -> None:
    """Answer one of both questions about the documents, or take an answer back."""
    if take_back:
        if same is not None or same_firm is not None or everything or not numbers:
            raise WrongUse(say("--take-back stands alone, with the numbers of documents."))
        _take_back(numbers)
        return
    if (same is None) is (same_firm is None):
        raise WrongUse(
            say(
                "Say which question is answered: --same or --another of documents, --same-firm "
                "or --another-firm of whom they are made out to."
            )
        )
    filtered = bool(department) or import_id is not None
    if bool(numbers) == everything or (filtered and not everything):
        raise WrongUse(say("Give the numbers of documents, or --all, and not both."))
    with open_desk() as desk:
        rows = choose_documents(desk, numbers) if numbers else _asked(desk, department, import_id)
        about = (Asks.DOCUMENT, Asks.DATE) if same is not None else (Asks.FIRM,)
        ids = [row.id for row in rows if numbers or row.asks in about]
        if same is not None:
            count = answer_questions(desk, ids, same=same)
        else:
            count = answer_whose(desk, ids, same=bool(same_firm))
    answered = _ANSWERS[about[0]][bool(same if same is not None else same_firm)]
    remark(say(answered, count=count, number=len(ids)))
    others = [row for row in rows if row.asks not in about]
    for row in others[:MOST_TOLD]:
        remark(_tell_waiting(row))
    if len(others) > MOST_TOLD:
        remark(
            say(
                "{more} more: so24 invoices --asked lists what waits.",
                more=len(others) - MOST_TOLD,
            )
        )
    if count < len(rows):
        end_with(NEEDS_A_PERSON)


def _take_back(numbers: Sequence[str]) -> None:
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        count = take_back_whose(desk, ids)
    remark(
        say(
            "{count} of {number} are taken back: whose they are is asked anew where it is unclear.",
            count=count,
            number=len(ids),
        )
    )
    if count < len(ids):
        remark(say("The others are nobody's word, or in transfer or transferred already."))
        end_with(NEEDS_A_PERSON)


def _tell_waiting(row: InvoiceRow) -> str:
    name = f"{row.series}-{row.number}"
    if row.asks is not Asks.NOTHING:
        return say(
            "{document} waits for another answer ({command}): {question}",
            document=name,
            command=tell_command(row),
            question=row.question,
        )
    if row.held and not row.excluded:
        return say(
            "{document} waits for another answer ({command}): {held}",
            document=name,
            command=f"so24 release {shlex.quote(name)} --kind KIND",
            held=row.held,
        )
    return say("{document} waits for no answer.", document=name)


def _asked(desk: Desk, department: Sequence[str] | None, import_id: int | None) -> list[InvoiceRow]:
    departments = choose_departments(desk, department or ())
    wanted = InvoiceFilter(asked=True, department_ids=departments, import_id=import_id)
    return [row for row in read_overview(desk, wanted).rows if row.question]


def _set_excluded(numbers: Sequence[str], reason: str | None, changed: str) -> None:
    """Exclude the documents or take them in again; ``changed`` says of how many it is so."""
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        outcome = decisions.set_excluded(desk, ids, reason)
    remark(say(changed, count=outcome.changed, number=len(ids)))
    if outcome.left:
        remark(
            say("{left} left as they are: in transfer, or transferred already.", left=outcome.left)
        )
        end_with(NEEDS_A_PERSON)
