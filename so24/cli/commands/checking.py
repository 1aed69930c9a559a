"""What ``so24 invoices --check`` and ``--gaps`` print."""

from __future__ import annotations

from collections.abc import Sequence

from so24.cli.terminal.exits import NEEDS_A_PERSON, end_with
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import print_json, print_table, say
from so24.errors import WrongUse
from so24.invoices.number_series import SeriesReport
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceRow
from so24.transfer.checks.finding import Finding, Severity
from so24.transfer.review import read_all_findings, read_series


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
            (report.series, report.kind.value.replace("_", " "), report.write(report.first),
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
