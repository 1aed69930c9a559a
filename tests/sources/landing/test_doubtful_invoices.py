"""What the Credit notes report names as a credit note does not go as an invoice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from so24.errors import WrongUse
from so24.installation import Installation
from so24.invoices.decisions import release_held
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import ImportReport
from so24.sources.intake import import_files
from so24.store.documents.intake import invoices_by_number
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.transfer_tables import State
from tests.sources.acts import counts, send, stored
from tests.sources.report_files import as_grid, as_report, as_workbook, customer, line
from tests.sources.reports.test_credit_notes import credit

UNSIGNED = line(number="9001")
LINES = ("lines.xlsx", as_report(line(), UNSIGNED, sheet="Sheet1"))
CREDITS = ("credits.xlsx", as_report(credit(), sheet="Sheet2"))
CUSTOMERS = ("customers.xlsx", as_report(customer(), sheet="Customers"))
INVOICE, CREDIT_NOTE = DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE


def bring(installation: Installation, actor: Actor, *files: tuple[str, bytes]) -> ImportReport:
    """Import the files together; the report of the last one."""
    return import_files(Desk(installation, actor), files)[-1]


def doubtful(installation: Installation) -> Invoice:
    return stored(installation, "9001").invoice


def of_number(installation: Installation, number: str) -> list[Invoice]:
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", [number])
        return [row for rows in found.values() for row in rows]


@pytest.mark.parametrize("files", list(permutations([LINES, CREDITS, CUSTOMERS])))
@pytest.mark.parametrize("together", [True, False])
def test_an_invoice_that_the_report_calls_a_credit_note_is_held_in_any_order(
    installation: Installation,
    finance: Actor,
    files: tuple[tuple[str, bytes], ...],
    together: bool,
) -> None:
    for part in [files] if together else [(file,) for file in files]:
        bring(installation, finance, *part)
    row = doubtful(installation)
    assert (row.kind, row.total) == (INVOICE, Decimal("3867.19"))
    assert "names it as a credit note of invoice 1001" in row.held
    assert "the same amount but for the sign" in row.held
    assert not stored(installation).invoice.held


def test_one_workbook_with_both_is_held_too(installation: Installation, finance: Actor) -> None:
    sheets = {"Sheet1": as_grid([line(), UNSIGNED]), "Sheet2": as_grid([credit()])}
    bring(installation, finance, ("all.xlsx", as_workbook(sheets)))
    assert doubtful(installation).held


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"Sum credit note": Decimal("12.50")},
            "1001 with \u221212,50. Its lines came as an invoice",
        ),
        ({"Sum credit note": ""}, "invoice 1001. Its lines came as an invoice"),
        ({"Credit note no.": "09001", "Sum credit note": 1}, "names it as a credit note"),
    ],
)
def test_partial_evidence_holds_as_well(
    installation: Installation, finance: Actor, changes: Mapping[str, Any], words: str
) -> None:
    bring(installation, finance, LINES, ("c.xlsx", as_report(credit(changes), sheet="S")))
    held = doubtful(installation).held
    assert words in held
    assert "same amount" not in held


def test_another_customers_number_is_not_meant(installation: Installation, finance: Actor) -> None:
    other = as_report(credit({"Customer no.": "5002"}), sheet="S")
    bring(installation, finance, LINES, ("c.xlsx", other))
    assert not doubtful(installation).held


def test_released_as_a_credit_note_it_is_turned_linked_and_known_again(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, LINES, CREDITS)
    release_held(Desk(installation, finance), [doubtful(installation).id or 0], CREDIT_NOTE)
    row = doubtful(installation)
    assert (row.kind, row.total, row.credited_number) == (CREDIT_NOTE, Decimal("-3867.19"), "1001")
    assert counts(bring(installation, finance, LINES)) == (0, 0, 2, 0)
    assert [each.kind for each in of_number(installation, "9001")] == [CREDIT_NOTE]


def test_released_as_an_invoice_it_is_held_again_only_by_something_new(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, LINES, CREDITS)
    release_held(Desk(installation, finance), [doubtful(installation).id or 0], INVOICE)
    for file in (LINES, CREDITS):
        bring(installation, finance, file)
    assert not doubtful(installation).held
    other = ("c.xlsx", as_report(credit({"Sum credit note": 1}), sheet="S"))
    bring(installation, finance, other)
    assert doubtful(installation).held


def test_the_same_lines_again_do_not_lift_the_hold(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, LINES, CREDITS)
    bring(installation, finance, LINES)
    assert doubtful(installation).held


def test_a_sheet_that_states_the_kind_decides_it(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, LINES, CREDITS)
    bring(installation, finance, ("n.xlsx", as_report(UNSIGNED, sheet="Credit notes")))
    row = doubtful(installation)
    assert (row.kind, row.held, row.total) == (CREDIT_NOTE, "", Decimal("-3867.19"))
    assert row.credited_number == "1001"


def test_one_that_was_sent_as_an_invoice_is_flagged_and_stays_one(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, LINES)
    send(installation, stored(installation, "9001"), State.TRANSFERRED)
    assert bring(installation, finance, CREDITS).flagged == 1
    for file in (LINES, CREDITS):
        bring(installation, finance, file)
    row = doubtful(installation)
    assert row.changed_after_export
    assert "It was sent as an invoice" in row.held
    with pytest.raises(WrongUse, match="24SevenOffice has invoice 9001"):
        release_held(Desk(installation, finance), [row.id or 0], CREDIT_NOTE)
    release_held(Desk(installation, finance), [row.id or 0], INVOICE)
    row = doubtful(installation)
    assert (row.held, row.changed_after_export, row.kind) == ("", False, INVOICE)


def test_the_credit_note_itself_still_comes_in_beside_one_that_was_sent(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, LINES)
    send(installation, stored(installation, "9001"), State.TRANSFERRED)
    bring(installation, finance, CREDITS)
    bring(installation, finance, ("n.xlsx", as_report(UNSIGNED, sheet="Credit notes")))
    rows = {row.kind: row for row in of_number(installation, "9001")}
    assert rows[INVOICE].changed_after_export
    assert (rows[CREDIT_NOTE].credited_number, rows[CREDIT_NOTE].held) == ("1001", "")
