"""``so24 dates``, ``exclude``, ``include``, ``release`` and ``invoices``, also with its checks."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import typer

from so24.cli.terminal.asking import AsJson, read_date, read_period
from so24.cli.terminal.choosing import choose_departments, choose_documents
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    format_amount,
    print_json,
    print_table,
    say,
)
from so24.errors import WrongUse
from so24.invoices import decisions
from so24.invoices.number_series import SeriesReport
from so24.invoices.overview import parse_search, read_overview
from so24.invoices.questions import answer_questions
from so24.people.desk import Desk
from so24.reasons import STATUS_WORDS
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import OPEN, State
from so24.transfer.checks.finding import Finding, Severity
from so24.transfer.receipt import by_number
from so24.transfer.review import read_all_findings, read_series

dates = typer.Typer(help="Assumed invoice dates.", no_args_is_help=True, rich_markup_mode=None)

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help="1001 or 10-1001.")]


class Status(enum.StrEnum):
    """The states that documents can be filtered by; ``unsent`` is all that may still go."""

    UNSENT = "unsent"
    IN_TRANSFER = "in_transfer"
    TRANSFERRED = "transferred"
    EXISTS = "exists"
    LOGIN = "login"
    BLOCKED = "blocked"
    REFUSED = "refused"
    DIFFERS = "differs"
    NOT_SENT = "not_sent"
    CANCELLED = "cancelled"


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(dates, name="dates")
    for command in (answer, exclude, include, release, invoices):
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
    say(f"{count} invoice dates are confirmed." if count else "No invoice date is assumed there.")


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
    """Say what documents are that are held because their report does not tell."""
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        count = decisions.release_held(desk, ids, kind)
    say(f"{count} of {len(ids)} were held and are released as {kind.words}.")


def answer(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NUMBER]...", help="1001 or 10-1001.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait for an answer.")] = False,
    department: Annotated[
        list[str] | None, typer.Option(help="With --all: only this department; may be repeated.")
    ] = None,
    import_id: Annotated[
        int | None, typer.Option("--import", metavar="ID", help="With --all: of this import only.")
    ] = None,
    *,
    same: Annotated[
        bool,
        typer.Option(
            "--same/--another",
            help="The same document as the one that is here, or a document of its own.",
        ),
    ],
) -> None:
    """Say of documents that look like another one, or came again with another date, what they are.

    The same: a look-alike is excluded, and another date comes with the next import. `so24 invoices
    --asked` lists what waits.
    """
    filtered = bool(department) or import_id is not None
    if bool(numbers) == everything or (filtered and not everything):
        raise WrongUse("Give the numbers of documents, or --all, and not both.")
    with open_desk() as desk:
        rows = choose_documents(desk, numbers) if numbers else _asked(desk, department, import_id)
        ids = [row.id for row in rows]
        count = answer_questions(desk, ids, same=same)
    say(f"{count} of {len(ids)} were asked about: {'the same' if same else 'another'} document.")


def _asked(desk: Desk, department: Sequence[str] | None, import_id: int | None) -> list[InvoiceRow]:
    departments = choose_departments(desk, department or ())
    wanted = InvoiceFilter(asked=True, department_ids=departments, import_id=import_id)
    return [row for row in read_overview(desk, wanted).rows if row.question]


def invoices(
    department: Annotated[
        list[str] | None, typer.Option(help="Only this department; may be repeated.")
    ] = None,
    date_from: Annotated[str | None, typer.Option("--from", help="First invoice date.")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="Last invoice date.")] = None,
    status: Annotated[list[Status] | None, typer.Option(help="Only in this state.")] = None,
    search: Annotated[str, typer.Option(help="Text, or codes: @name=, @companyNo=, @no=.")] = "",
    asked: Annotated[
        bool,
        typer.Option("--asked", help="Only what waits for an answer (so24 answer or release)."),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="List what is wrong or doubtful in those not yet sent, and all else that an "
            "export of them would be blocked for.",
        ),
    ] = False,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="List gaps and doubled numbers of all number series.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the documents of RecMan with their standing, by number.

    With --check, exit code 1 when a document has an error; warnings alone are well.
    """
    if gaps:
        filtered = department or date_from or date_to or status or search or asked or check
        show_series(as_json, filtered=bool(filtered))
        return
    first, last = read_period(date_from, date_to)
    found = parse_search(search)
    with open_desk() as desk:
        wanted = InvoiceFilter(
            department_ids=choose_departments(desk, department or ()),
            date_from=first,
            date_to=last,
            states=_states(status or ()),
            unsent=Status.UNSENT in (status or ()),
            asked=asked,
            text=found.text,
            name=found.name,
            company_number=found.company_number,
            number=found.number,
        )
        rows = sorted(read_overview(desk, wanted).rows, key=by_number)
        if check:
            show_findings(desk, rows, as_json)
        elif as_json:
            print_json([_record(row) for row in rows])
        else:
            _show_invoices(rows)


def _set_excluded(numbers: Sequence[str], reason: str | None, words: str) -> None:
    with open_desk() as desk:
        ids = [row.id for row in choose_documents(desk, numbers)]
        outcome = decisions.set_excluded(desk, ids, reason)
    say(f"{outcome.changed} of {len(ids)} are changed: {words}.")
    if outcome.left:
        say(f"{outcome.left} left as they are: in transfer, or transferred already.")
        end_with(NEEDS_A_PERSON)


def _states(wanted: Sequence[Status]) -> frozenset[State]:
    states: set[State] = set()
    for status in wanted:
        if status is Status.IN_TRANSFER:
            states.update(OPEN)
        elif status is not Status.UNSENT:
            states.add(State(status.value))
    return frozenset(states)


def _show_invoices(rows: Sequence[InvoiceRow]) -> None:
    print_table(
        ("Number", "Kind", "Date", "Department", "Customer", "Total", "", "State", "Remark"),
        [
            (f"{row.series}-{row.number}", row.kind.words, row.invoice_date,
             row.department, row.customer, row.total, row.currency,
             STATUS_WORDS[row.state] if row.state else "", _remark(row))
            for row in rows
        ],
    )  # fmt: skip
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.total
    amounts = ", ".join(format_amount(amount, currency) for currency, amount in sums.items())
    say(f"{len(rows)} documents" + (f", {amounts}." if amounts else "."))


def _remark(row: InvoiceRow) -> str:
    remarks = (
        row.reason.card.title,
        f"excluded: {row.excluded_reason}" if row.excluded else "",
        f"held: {row.held}" if row.held else "",
        f"held: {row.question}" if row.question else "",
        "date assumed" if row.date_assumed else "",
        "changed after export" if row.changed_after_export else "",
    )
    return "; ".join(remark for remark in remarks if remark)


def _record(row: InvoiceRow) -> dict[str, object]:
    """One object of ``--json``; ``state`` is None where the document was never sent."""
    record: dict[str, object] = {name: getattr(row, name) for name in row.__dataclass_fields__}
    if row.state is not None:
        record["state"] = row.state.public_name
    return record


def show_findings(desk: Desk, rows: Sequence[InvoiceRow], as_json: bool) -> None:
    """List every finding of the documents that may still be sent; ends with 1 on an error."""
    found = read_all_findings(desk, [row.id for row in rows])
    listed = [(row, finding) for row in rows for finding in found.get(row.id, ())]
    if as_json:
        print_json([_finding_record(row, finding) for row, finding in listed])
    else:
        print_table(
            ("Number", "Customer", "", "Field", "Finding"),
            [
                (f"{row.series}-{row.number}", row.customer, finding.severity.value, finding.field,
                 f"{finding.sentence} {finding.card.remedy} ({finding.card.who})")
                for row, finding in listed
            ],
        )  # fmt: skip
    errors = {row.id for row, finding in listed if finding.severity is Severity.ERROR}
    doubtful = {row.id for row, _ in listed} - errors
    say(
        f"{len(found)} documents checked: {len(errors)} with errors, {len(doubtful)} with warnings "
        f"only. {len(rows) - len(found)} are sent or excluded."
    )
    if errors:
        end_with(NEEDS_A_PERSON)


def show_series(as_json: bool, *, filtered: bool) -> None:
    """List every number series; raises :class:`WrongUse` where a filter is given with it."""
    if filtered:
        raise WrongUse("--gaps is about whole number series: give it without any other option.")
    with open_desk() as desk:
        reports = read_series(desk)
    if as_json:
        print_json([_series_record(report) for report in reports])
        return
    print_table(
        ("Series", "Kind", "First", "Last", "Documents", "Missing", "Twice", "Which are missing"),
        [
            (report.series, report.kind.words, report.write(report.first),
             report.write(report.last), report.documents, report.missing,
             " ".join("/".join(each) for each in report.doubled), report.describe_gaps(20))
            for report in reports
        ],
    )  # fmt: skip
    say(f"{sum(report.missing for report in reports)} numbers are missing.")


def _finding_record(row: InvoiceRow, finding: Finding) -> dict[str, object]:
    return {
        "number": row.number,
        "series": row.series,
        "kind": row.kind,
        "department": row.department,
        "customer": row.customer,
        "severity": finding.severity,
        "check": finding.reason,
        "field": finding.field,
        "finding": finding.sentence,
        "remedy": finding.card.remedy,
        "who": finding.card.who,
    }


def _series_record(report: SeriesReport) -> dict[str, object]:
    return {
        "series": report.series,
        "kind": report.kind,
        "first": report.write(report.first),
        "last": report.write(report.last),
        "documents": report.documents,
        "missing": report.missing,
        "gaps": [
            {"first": report.write(gap.first), "last": report.write(gap.last)}
            for gap in report.gaps
        ],
        "doubled": report.doubled,
    }
