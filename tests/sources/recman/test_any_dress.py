"""However a number is dressed, and wherever it comes from, there is never a second document."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from so24.errors import UnreadableFile, WrongUse
from so24.identifiers import read_number_ways
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.sources.recman.fetch import fetch_documents
from so24.store.documents.documents import load_documents
from so24.store.documents.overview import InvoiceFilter, list_invoices
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import RecManCalls
from so24.store.tables.transfer_tables import State
from tests.sources.acts import DATED, send
from tests.sources.dresses import DRESSES
from tests.sources.ehf.bills import Item, Sample
from tests.sources.recman.papers import companies, invoice, scopes
from tests.sources.recman.standin import StandIn
from tests.sources.report_files import NUMBER, as_csv, as_grid, as_report, line

NUMBERS = count(2001)
COLUMNS = ("number", "customer", "department")


class Sources:
    """One invoice of 1 250,00, by each of the ways that it may come."""

    def __init__(self, installation: Installation, finance: Actor, recman: StandIn) -> None:
        self.installation = installation
        self.desk = Desk(installation, finance)
        self.recman = recman

    def xlsx(self, number: str, customer: str, department: str) -> None:
        content = as_report(self._row(number, customer, department))
        import_files(self.desk, [("x.xlsx", content)])

    def csv(self, number: str, customer: str, department: str) -> None:
        grid = as_grid([self._row(number, customer, department)])
        import_files(self.desk, [("x.csv", as_csv(grid, ";", "utf-8-sig"))])

    def ehf(self, number: str, customer: str, department: str) -> None:
        items = [Item(quantity="1", price="1000")]
        sample = Sample(number=number, customer=customer, items=items)
        files = [("a.xml", sample.content)]
        import_files(self.desk, files, department=department, new_department=True)

    def api(self, number: str, customer: str, department: str) -> None:
        with self.installation.db.writing() as session:
            session.execute(sa.delete(RecManCalls))  # RecMan allows 200 calls a day
        known = companies()
        known["71"] |= {"companyNumber": customer}
        self.recman.scopes |= scopes(invoice(number, invoiceDate="2026-11-20"))
        self.recman.scopes["company"] = known
        self.recman.scopes["department"]["3"]["number"] = department
        fetch_documents(self.desk)

    @staticmethod
    def _row(number: str, customer: str, department: str) -> dict[str, object]:
        amounts = {"Quantity": Decimal(1), "Price": Decimal(1000), "Sum excl. VAT": Decimal(1000)}
        numbers = {NUMBER: number, "Customer no.": customer, "Department no.": department}
        return line({**DATED, **amounts, **numbers})

    def like(self, number: str) -> list[Invoice]:
        """The documents that people may take for the one of this number in the series 10."""
        with self.installation.db.reading() as session:
            ids = [row.id for row in list_invoices(session, InvoiceFilter())]
            rows = [each.invoice for each in load_documents(session, ids)]
        plain = read_number_ways(number, "10")
        return [row for row in rows if plain & read_number_ways(row.number, "10", row.series)]


Bring = Callable[[Sources, str, str, str], None]
WAYS: dict[str, Bring] = {
    "xlsx": Sources.xlsx, "csv": Sources.csv, "ehf": Sources.ehf, "api": Sources.api,
}  # fmt: skip


@pytest.fixture
def sources(ready: Installation, finance: Actor, recman: StandIn) -> Sources:
    return Sources(ready, finance, recman)


@pytest.mark.slow
@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    first=st.sampled_from(list(WAYS)),
    second=st.sampled_from(list(WAYS)),
    dress=st.sampled_from(list(DRESSES)),
    column=st.sampled_from(COLUMNS),
    sent=st.booleans(),
    renumbered=st.booleans(),
)
@example("xlsx", "xlsx", "a direction", "number", True, True)
@example("xlsx", "ehf", "a zero", "number", True, True)
@example("ehf", "api", "a blank", "number", False, True)
@example("api", "csv", "a sign", "department", True, False)
@example("csv", "ehf", "our reference", "number", True, False)
@example("xlsx", "api", "its series", "number", True, True)
@example("api", "xlsx", "a word", "number", False, False)
def test_a_document_that_comes_again_in_another_dress_is_never_a_second_one_without_a_word(
    sources: Sources,
    first: str,
    second: str,
    dress: str,
    column: str,
    sent: bool,
    renumbered: bool,
) -> None:
    """``renumbered``: meanwhile its department has another number in RecMan."""
    plain = {"number": str(next(NUMBERS)), "customer": "5001", "department": "10"}
    WAYS[first](sources, *plain.values())
    (stored,) = sources.like(plain["number"])
    assert not stored.questions
    if sent:
        with sources.installation.db.reading() as session:
            (document,) = load_documents(session, [stored.row_id])
        send(sources.installation, document, State.TRANSFERRED)
    again = plain | ({"department": "11"} if renumbered else {})
    again[column] = DRESSES[dress](again[column])
    with suppress(UnreadableFile, WrongUse):
        WAYS[second](sources, *again.values())
    found = sources.like(plain["number"])
    free = [row for row in found if not row.excluded and not row.questions]
    assert len(free) <= 1, (plain, again)
    assert not sent or stored.row_id in {row.row_id for row in found if not row.excluded}
