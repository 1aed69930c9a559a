"""Documents land by sets: as many statements for few as for many, and none for what is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import CHUNK, import_files
from so24.store.documents.documents import load_documents
from so24.store.documents.intake import invoices_by_number
from so24.store.tables.document_tables import DocumentKind
from tests.sources.acts import bring, counts, stored
from tests.sources.report_files import NUMBER, as_csv, as_grid, line

WRITING = ("INSERT", "UPDATE", "DELETE")


def rows(documents: int) -> list[dict[str, Any]]:
    """A report of so many documents of two lines, of two customers."""
    return [
        line({"Customer no.": f"500{number % 2}", "Article": f"Vakt {each}"}, number=f"{number}")
        for number in range(2_000, 2_000 + documents)
        for each in range(2)
    ]


@contextmanager
def statements(installation: Installation) -> Iterator[Counter[str]]:
    """How often each kind of statement was sent."""
    sent: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent[statement.split()[0]] += 1

    with installation.db.reading() as session:
        engine = session.connection().engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


def bring_counting(
    installation: Installation, actor: Actor, report: list[dict[str, Any]]
) -> tuple[tuple[int, int, int, int], Counter[str]]:
    with statements(installation) as sent:
        content = as_csv(as_grid(report), ";", "utf-8")
        (came,) = import_files(Desk(installation, actor), [("x.csv", content)])
    return counts(came), sent


@pytest.mark.both
def test_hundreds_of_documents_take_the_statements_of_a_few(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, *rows(2))
    few, for_few = bring_counting(installation, finance, rows(12))
    many, for_many = bring_counting(installation, finance, rows(312))
    assert (few, many) == ((10, 0, 2, 0), (300, 0, 12, 0))
    assert for_many == for_few
    again, for_again = bring_counting(installation, finance, rows(312))
    assert again == (0, 0, 312, 0)
    assert [for_again[kind] for kind in WRITING] == [3, 1, 0]  # the import, its file, its trail


def test_what_lands_by_sets_is_what_the_report_has(
    installation: Installation, finance: Actor
) -> None:
    report = rows(CHUNK + 3)
    bring(installation, finance, *report)
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", {row[NUMBER] for row in report})
        ids = [row.row_id for each in found.values() for row in each]
        documents = load_documents(session, ids)
    assert len(documents) == CHUNK + 3
    for document in documents:
        assert [each.position for each in document.lines] == [1, 2]
        assert [each.text for each in document.lines] == ["Vakt 0", "Vakt 1"]
        last = int(document.invoice.number) % 2
        assert document.customer.number == f"500{last}"
        assert document.invoice.number_likeness == document.invoice.number_folded
        assert document.invoice.created_at.tzinfo is not None


def test_documents_that_resemble_each_other_meet_within_one_import(
    installation: Installation, finance: Actor
) -> None:
    report = bring(installation, finance, line(number="0701"), line(number="701"), line())
    assert (counts(report), report.asked) == ((3, 0, 0, 0), 1)
    questions = [stored(installation, number).invoice.resembles for number in ("0701", "701")]
    assert [bool(each) for each in questions] == [False, True]


def test_a_credit_note_and_a_named_invoice_that_land_by_sets_hear_of_their_report(
    installation: Installation, finance: Actor
) -> None:
    def credit(number: str) -> dict[str, Any]:
        return {"Credit note no.": number, "Invoice no.": "1001", "Customer no.": "5001",
                "Credit note date": "25.11.2026", "Sum credit note": "-100"}  # fmt: skip

    bring(installation, finance, credit("9001"), credit("9002"))
    minus = {"Quantity": "-7.5", "Sum excl. VAT": "-3093.75"}
    bring(installation, finance, line(minus, number="9001"), line(number="9002"), line())
    note, named = stored(installation, "9001").invoice, stored(installation, "9002").invoice
    assert (note.kind, note.credited_number) == (DocumentKind.CREDIT_NOTE, "1001")
    assert str(note.invoice_date) == "2026-11-25"
    assert "names it as a credit note of invoice 1001" in named.held
    assert stored(installation, "1001").invoice.held == ""
