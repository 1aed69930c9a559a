"""Rows that are only read say what the watched ones say."""

from __future__ import annotations

import pytest

from so24.store.documents.documents import documents_by_ids, load_documents
from so24.store.tables.document_tables import Invoice
from tests.transfer.world import World

pytestmark = pytest.mark.both


def test_a_row_for_reading_has_every_column_and_word_of_the_row(world: World) -> None:
    [invoice_id] = world.add_invoices(world.add_department(), 1)
    with world.installation.db.reading() as session:
        [document] = load_documents(session, [invoice_id])
        row = documents_by_ids(session, [invoice_id])[invoice_id]
        columns = Invoice.__table__.c.keys()  # type: ignore[attr-defined] # SQLModel hides it
        for name in (*columns, "row_id", "full_name", "questions", "asks"):
            assert getattr(document.invoice, name) == getattr(row, name), name
        assert document.customer.read_doubts() == {}


def test_to_change_a_row_for_reading_changes_nothing(world: World) -> None:
    [invoice_id] = world.add_invoices(world.add_department(), 1)
    with world.installation.db.writing() as session:
        [document] = load_documents(session, [invoice_id])
        document.invoice.kid = "602244"
    with world.installation.db.reading() as session:
        assert session.get_one(Invoice, invoice_id).kid == ""
