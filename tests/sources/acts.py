"""What tests of the intake do over and over: import rows, look at a document, send it."""

from __future__ import annotations

from typing import Any

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import ImportReport
from so24.sources.intake import import_files
from so24.store.documents.documents import Document, load_documents
from so24.store.documents.intake import invoices_by_number
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer, create_run
from tests.sources.report_files import as_report

Counts = tuple[int, int, int, int]
DATED = {"Invoice date": "20.11.2026"}


def bring(installation: Installation, actor: Actor, *rows: dict[str, Any]) -> ImportReport:
    """Import a report of these rows."""
    (report,) = import_files(Desk(installation, actor), [("x.xlsx", as_report(*rows))])
    return report


def counts(report: ImportReport) -> Counts:
    """Added, updated, unchanged, flagged."""
    return report.added, report.updated, report.unchanged, report.flagged


def stored(installation: Installation, number: str = "1001") -> Document:
    """The one document with this number."""
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", [number])
        (row,) = [row for rows in found.values() for row in rows]
        assert row.id is not None
        (document,) = load_documents(session, [row.id])
    return document


def send(installation: Installation, document: Document, state: State) -> None:
    """Give the document a transfer in this state."""
    with installation.db.writing() as session:
        create_run(session, "fia", [NewTransfer(document.invoice_id, state)])
