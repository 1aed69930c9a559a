"""``so24 invoices``: the documents of RecMan, also with what the checks find and the gaps."""

from __future__ import annotations

import enum
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from so24.amounts import sum_by_currency
from so24.cli.commands import explain
from so24.cli.commands.receipts import tell_command
from so24.cli.terminal.asking import AsJson, read_period
from so24.cli.terminal.choosing import choose_departments
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    format_amount,
    print_json,
    print_table,
    remark,
)
from so24.errors import WrongUse
from so24.invoices.number_series import Gap, SeriesReport
from so24.invoices.overview import parse_search, read_overview
from so24.language.said import join_said, said_before, say, say_count
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.states import STATUS_WORDS
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.transfer_tables import OPEN, State
from so24.transfer.checks.finding import Finding, Severity
from so24.transfer.circumstances import causes_now, problem_kinds
from so24.transfer.receipt import by_number
from so24.transfer.review import read_all_findings, read_series

_SEVERITIES = {Severity.ERROR: say("error"), Severity.WARNING: say("warning")}


class Status(enum.StrEnum):
    """The states that documents can be filtered by; ``unsent`` is all that may still go.

    ``problem`` is what needs somebody now, as *Today* says.
    """

    UNSENT = "unsent"
    PROBLEM = "problem"
    LEFT_OUT = "left_out"
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
    """Add the command of this module."""
    app.command(
        help=explain(
            "invoices",
            say(
                "With --check, exit code 1 when a document has an error, or came otherwise "
                "than it was exported; warnings alone are well."
            ),
        )
    )(invoices)


def invoices(
    department: Annotated[
        list[str] | None, typer.Option(help=say("Only this department; may be repeated."))
    ] = None,
    date_from: Annotated[
        str | None, typer.Option("--from", help=say("First invoice date."))
    ] = None,
    date_to: Annotated[str | None, typer.Option("--to", help=say("Last invoice date."))] = None,
    status: Annotated[list[Status] | None, typer.Option(help=say("Only in this state."))] = None,
    search: Annotated[
        str, typer.Option(help=say("Text, or codes: @name=, @companyNo=, @no=."))
    ] = "",
    asked: Annotated[
        bool,
        typer.Option(
            "--asked",
            help=say(
                "Only what waits for an answer, with the command for it; `so24 dates list` has "
                "proposed invoice dates."
            ),
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help=say(
                "List what is wrong or doubtful in those not yet sent, all else that an export "
                "of them would be blocked for, and what came otherwise than it was exported."
            ),
        ),
    ] = False,
    gaps: Annotated[
        bool,
        typer.Option("--gaps", help=say("List gaps and doubled numbers of all number series.")),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the documents, what the checks find in them, or the number series."""
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
            left_out=Status.LEFT_OUT in (status or ()),
            problems=Status.PROBLEM in (status or ()),
            asked=asked,
            text=found.text,
            name=found.name,
            company_number=found.company_number,
            number=found.number,
        )
        if wanted.problems:
            wanted = replace(wanted, standing=problem_kinds(desk))
        rows = sorted(read_overview(desk, wanted).rows, key=by_number)
        if check:
            show_findings(desk, rows, as_json)
        elif as_json:
            print_json([_record(row) for row in rows])
        else:
            _show_invoices(desk, rows)


def _states(wanted: Sequence[Status]) -> frozenset[State]:
    states: set[State] = set()
    for status in wanted:
        if status is Status.IN_TRANSFER:
            states.update(OPEN)
        elif status not in (Status.UNSENT, Status.PROBLEM, Status.LEFT_OUT):
            states.add(State(status.value))
    return frozenset(states)


def _show_invoices(desk: Desk, rows: Sequence[InvoiceRow]) -> None:
    failed = [row.id for row in rows if not row.excluded and row.state and row.state.is_failed]
    causes = causes_now(desk, failed)
    print_table(
        (say("Number"), say("Kind"), say("Date"), say("Department"), say("Customer"),
         say("Total"), "", say("State"), say("Remark")),
        [
            (f"{row.series}-{row.number}", tell(row.kind.words), row.invoice_date,
             row.department, row.customer, row.total, row.currency,
             tell(STATUS_WORDS[row.state]) if row.state else "",
             _remark(row, causes.get(row.id)))
            for row in rows
        ],
    )  # fmt: skip
    sums = sum_by_currency((row.currency, row.total) for row in rows)
    amounts = ", ".join(format_amount(amount, currency) for currency, amount in sums.items())
    if amounts:
        remark(
            say_count(
                "{number} documents, {amounts}.",
                "{number} documents, {amounts}.",
                len(rows),
                amounts=amounts,
            )
        )
    else:
        remark(say_count("{number} document.", "{number} documents.", len(rows)))


def _remark(row: InvoiceRow, cause: Reason | None) -> str:
    """Why it has not gone, as far as that still is so, and what else there is to know."""
    failed = row.state is not None and row.state.is_failed
    own = row.reason.card.title if not failed else (cause.card.title if cause else "")
    remarks = (
        say("can be sent now") if cause is Reason.NONE else own,
        say("excluded: {reason}", reason=said_before(row.excluded_reason)) if row.excluded else "",
        say(
            "held: {why} ({command})",
            why=row.held,
            command=f"so24 release {shlex.quote(f'{row.series}-{row.number}')} --kind KIND",
        )
        if row.held
        else "",
        say("held: {why} ({command})", why=row.question, command=tell_command(row))
        if row.question
        else "",
        say("date to confirm") if row.date_assumed else "",
        say("changed after export: {change}", change=row.change)
        if row.changed_after_export
        else "",
    )
    return join_said(remarks, "; ")


def _record(row: InvoiceRow) -> dict[str, object]:
    """One object of ``--json``; ``state`` is None where the document was never sent."""
    record: dict[str, object] = {name: getattr(row, name) for name in row.__dataclass_fields__}
    if row.state is not None:
        record["state"] = row.state.public_name
    return record


def show_findings(desk: Desk, rows: Sequence[InvoiceRow], as_json: bool) -> None:
    """List every finding of the documents that may still be sent; ends with 1 on an error."""
    found = read_all_findings(desk, [row.id for row in rows])
    changed = {
        row.id: (Finding(Reason.CHANGED_AFTER_EXPORT, row.change),)
        for row in rows
        if row.changed_after_export and row.id not in found
    }
    listed = [(row, finding) for row in rows for finding in (changed | found).get(row.id, ())]
    if as_json:
        print_json([_finding_record(row, finding) for row, finding in listed])
    else:
        print_table(
            (say("Number"), say("Customer"), "", say("Field"), say("Finding")),
            [
                (f"{row.series}-{row.number}", row.customer, tell(_SEVERITIES[finding.severity]),
                 tell(finding.field), _tell_finding(finding))
                for row, finding in listed
            ],
        )  # fmt: skip
    errors = {row.id for row, finding in listed if finding.severity is Severity.ERROR}
    errors -= changed.keys()
    doubtful = {row.id for row, _ in listed} - errors - changed.keys()
    remark(_tell_checked(len(found), len(errors), len(doubtful), len(rows), len(changed)))
    if errors or changed:
        end_with(NEEDS_A_PERSON)


def _tell_finding(finding: Finding) -> str:
    who = say("({who})", who=finding.card.who)
    return join_said([finding.sentence, finding.card.remedy, who])


def _tell_checked(checked: int, errors: int, doubtful: int, rows: int, changed: int) -> str:
    found = say_count(
        "{number} document checked: {errors} with errors, {doubtful} with warnings only.",
        "{number} documents checked: {errors} with errors, {doubtful} with warnings only.",
        checked,
        errors=errors,
        doubtful=doubtful,
    )
    left = rows - checked
    beside = (
        say(
            "{left} are sent or excluded, {changed} of them changed after that.",
            left=left,
            changed=changed,
        )
        if changed
        else say("{left} are sent or excluded.", left=left)
    )
    return join_said([found, beside])


def show_series(as_json: bool, *, filtered: bool) -> None:
    """List every number series; raises :class:`WrongUse` where a filter is given with it."""
    if filtered:
        raise WrongUse(
            say("--gaps is about whole number series: give it without any other option.")
        )
    with open_desk() as desk:
        reports = read_series(desk)
    if as_json:
        print_json([_series_record(report) for report in reports])
        return
    print_table(
        (
            say("Series"), say("Kind"), say("First"), say("Last"), say("Documents"),
            say("Missing"), say("Twice"), say("Which are missing"), say("Leaps"),
        ),
        [
            (report.series, tell(report.kind.words), report.write(report.first),
             report.write(report.last), report.documents, report.missing,
             " ".join("/".join(each) for each in report.doubled), report.describe_gaps(20),
             report.describe_leaps(20))
            for report in reports
        ],
    )  # fmt: skip
    leaps = sum(len(report.leaps) for report in reports)
    missing = sum(report.missing for report in reports)
    beside = (
        say_count("{number} leap not counted.", "{number} leaps not counted.", leaps)
        if leaps
        else ""
    )
    remark(
        join_said(
            [
                say_count("{number} number is missing.", "{number} numbers are missing.", missing),
                beside,
            ]
        )
    )


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
        "gaps": _ends_of(report, report.gaps),
        "leaps": _ends_of(report, report.leaps),
        "doubled": report.doubled,
    }


def _ends_of(report: SeriesReport, gaps: Sequence[Gap]) -> list[dict[str, str]]:
    return [{"first": report.write(gap.first), "last": report.write(gap.last)} for gap in gaps]
