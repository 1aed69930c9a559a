"""What people decide about documents: dates, exclusion, kind; never behind an export's back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.invoices.decisions import (
    Exclusion,
    confirm_invoice_dates,
    release_held,
    set_excluded,
)
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import State
from tests.sources.acts import bring, counts, send, stored
from tests.sources.ehf.bills import Item, Sample
from tests.sources.report_files import as_report, customer, line

INVOICE, CREDIT_NOTE = DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE


@pytest.mark.both
def test_accepting_the_proposed_dates_of_an_import_keeps_them_and_sets_due_dates(
    installation: Installation, finance: Actor
) -> None:
    import_files(Desk(installation, finance), [("c", as_report(customer()))])
    report = bring(installation, finance, line(), line(number="1002"))
    other = bring(installation, finance, line(number="1003"))
    assert confirm_invoice_dates(Desk(installation, finance), report.import_id, None) == 2
    row = stored(installation).invoice
    assert (row.date_assumed, row.invoice_date) == (False, dt.date(2026, 11, 18))
    assert row.due_date == dt.date(2026, 12, 2)
    assert stored(installation, "1003").invoice.date_assumed
    assert confirm_invoice_dates(Desk(installation, finance), other.import_id, None) == 1


def test_a_date_given_for_all_of_them_survives_the_next_import(
    installation: Installation, finance: Actor
) -> None:
    import_files(Desk(installation, finance), [("c", as_report(customer()))])
    report = bring(installation, finance, line())
    day = dt.date(2026, 11, 30)
    assert confirm_invoice_dates(Desk(installation, finance), report.import_id, day) == 1
    assert counts(bring(installation, finance, line())) == (0, 0, 1, 0)
    assert counts(bring(installation, finance, line({"Article": "Uke 48"}))) == (0, 1, 0, 0)
    row = stored(installation).invoice
    assert (row.invoice_date, row.due_date) == (day, dt.date(2026, 12, 14))
    assert not row.date_assumed


def test_the_date_of_an_exported_document_cannot_be_changed(
    installation: Installation, finance: Actor
) -> None:
    report = bring(installation, finance, line(), line(number="1002"))
    send(installation, stored(installation), State.EXISTS)
    with pytest.raises(WrongUse, match="24SevenOffice has invoice 1001 of series 10"):
        confirm_invoice_dates(Desk(installation, finance), report.import_id, None)
    assert stored(installation, "1002").invoice.date_assumed


def test_a_document_is_excluded_with_a_reason_and_taken_in_again(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line())
    chosen = [stored(installation).invoice_id]
    assert set_excluded(Desk(installation, finance), chosen, " sent  by hand ") == Exclusion(1, 0)
    row = stored(installation).invoice
    assert (row.excluded, row.excluded_reason) == (True, "sent by hand")
    assert set_excluded(Desk(installation, finance), chosen, None) == Exclusion(1, 0)
    assert set_excluded(Desk(installation, finance), chosen, None) == Exclusion(0, 0)
    row = stored(installation).invoice
    assert (row.excluded, row.excluded_reason) == (False, "")
    with installation.db.reading() as session:
        actions = [event.action for event in latest_events(session)]
    assert actions[:2] == ["document taken in again", "document excluded"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_an_exclusion_needs_a_reason(
    installation: Installation, finance: Actor, reason: str
) -> None:
    with pytest.raises(WrongUse, match="Give a reason"):
        set_excluded(Desk(installation, finance), [1], reason)


@pytest.mark.both
@pytest.mark.parametrize("state", [State.DRAFTED, State.TRANSFERRED])
def test_a_document_in_transfer_or_transferred_is_left_when_others_are_excluded(
    installation: Installation, finance: Actor, state: State
) -> None:
    bring(installation, finance, line(), line(number="1002"))
    send(installation, stored(installation), state)
    both = [stored(installation, number).invoice_id for number in ("1001", "1002")]
    assert set_excluded(Desk(installation, finance), both, "late") == Exclusion(1, 1)
    assert not stored(installation).invoice.excluded
    assert stored(installation, "1002").invoice.excluded


def test_a_person_says_what_a_held_document_is(installation: Installation, finance: Actor) -> None:
    unclear = line({"Sum excl. VAT": 0})
    import_files(Desk(installation, finance), [("x", as_report(unclear, sheet="S"))])
    chosen = [stored(installation).invoice_id]
    assert release_held(Desk(installation, finance), chosen, DocumentKind.CREDIT_NOTE) == 1
    row = stored(installation).invoice
    assert (row.kind, row.held) == (DocumentKind.CREDIT_NOTE, "")
    (again,) = import_files(Desk(installation, finance), [("x", as_report(unclear, sheet="S"))])
    assert counts(again) == (0, 0, 1, 0)
    assert release_held(Desk(installation, finance), chosen, DocumentKind.INVOICE) == 0


def test_a_held_document_cannot_become_one_that_exists_already(
    installation: Installation, finance: Actor
) -> None:
    unclear = line({"Sum excl. VAT": 0})
    import_files(Desk(installation, finance), [("x", as_report(unclear, sheet="S"))])
    held = stored(installation).invoice_id
    import_files(Desk(installation, finance), [("y", as_report(line(), sheet="Credit notes"))])
    with pytest.raises(WrongUse, match="exists already: credit note 1001"):
        release_held(Desk(installation, finance), [held], DocumentKind.CREDIT_NOTE)
    assert release_held(Desk(installation, finance), [held], DocumentKind.INVOICE) == 1


def test_a_credit_note_that_charges_becomes_an_invoice_of_the_opposite_sign(
    installation: Installation, finance: Actor
) -> None:
    charging = Sample(number="9001", credit_note=True, items=[Item(quantity="-1", price="1000")])
    files = [("a.xml", charging.content)]
    import_files(Desk(installation, finance), files, department="10", new_department=True)
    held = stored(installation, "9001")
    assert (held.invoice.kind, held.invoice.total) == (CREDIT_NOTE, Decimal("-1250.00"))
    release_held(Desk(installation, finance), [held.invoice_id], INVOICE)
    invoice = stored(installation, "9001")
    assert (invoice.invoice.net, invoice.invoice.total) == (Decimal("1000.00"), Decimal("1250.00"))
    assert [(row.quantity, row.net) for row in invoice.lines] == [(Decimal(1), Decimal("1000.00"))]


def test_a_negative_sum_is_never_released_as_an_invoice(
    installation: Installation, finance: Actor
) -> None:
    crediting = line({"Sum excl. VAT": "-3093.75", "Quantity": "-7.5"})
    import_files(Desk(installation, finance), [("x", as_report(crediting, sheet="Invoices"))])
    held = [stored(installation).invoice_id]
    with pytest.raises(WrongUse, match=r"A negative sum credits: .* invoice 1001 of series 10"):
        release_held(Desk(installation, finance), held, INVOICE)
    assert release_held(Desk(installation, finance), held, CREDIT_NOTE) == 1


def test_who_may_only_look_decides_nothing(installation: Installation, analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        confirm_invoice_dates(Desk(installation, analyst), None, None)
    with pytest.raises(NotAllowed):
        set_excluded(Desk(installation, analyst), [1], "no")
    with pytest.raises(NotAllowed):
        release_held(Desk(installation, analyst), [1], DocumentKind.INVOICE)
