"""Whatever an order, a new customer or a new product is made of is seen, under a name of its own.

Every column is changed in turn. One that is added later is either seen, or has to be entered
below as one that nothing is made of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from so24.keys.change import change_key
from so24.keys.key_fields import KeyField, KeyFields
from so24.keys.key_settings import FIELDS, OFFICE_DEPARTMENTS, TAX_CODES
from so24.office.values import CurrencyRate, Employee, Project
from so24.people.desk import Desk
from so24.store.documents.documents import load_documents
from so24.store.tables.document_tables import Customer, DocumentKind, Import, Invoice, InvoiceLine
from so24.store.tables.key_tables import Department, Key, OfficeDepartment
from so24.transfer.order.key_fields import KeyLists
from so24.transfer.order.mapping import CreditTarget, map_customer, map_order, map_product
from so24.transfer.preview.confirmation import ShownPreview, list_differences
from so24.transfer.preview.document_details import WRITTEN
from so24.transfer.preview.preview import preview_run
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, World

# what nothing is made of: a change of these must not refuse what a person has confirmed
UNSEEN: Mapping[type[Any], frozenset[str]] = {
    Invoice: frozenset(
        {
            "tenant",
            "order_reference",
            "due_stated",
            "excluded_reason",
            "fingerprint",
            "pending_fingerprint",
            "import_id",
            "created_at",
            "updated_at",
            "number_folded",
            "number_likeness",
            "redated_apart",
            "buyer_name",
            "buyer_number",
            "owner_name",
            "owner_number",
            "change",
            "purged_at",
            "same_order",
            "credited_entered_at",
        }
    ),
    InvoiceLine: frozenset({"vat", "line_date"}),
    Customer: frozenset(
        {"tenant", "completed", "name_folded", "known_as", "stated_name", "stated_number", "doubts"}
    ),
}
# only a credit note has something to do with these
CREDITED = frozenset({"credited_number", "credited_office_id"})
CHANGED: Mapping[str, Any] = {
    "kind": DocumentKind.CREDIT_NOTE,
    "currency": "EUR",
    "country": "SE",
    "organization_number": "923609016",
    "kid": "2345676",
    "vat_category": "E",
    "stated_vat": Decimal(1),
    "stated_total": Decimal(1),
    "doubts": '{"city": "Row 2 of customers.xlsx: City is longer than 100 characters."}',
}


class Papers:
    """A document with every field filled, by a key that carries everything."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.department = world.add_department()
        self.other_department = world.add_department("20")
        self.key = world.add_key([self.department])
        self.id, *_ = world.add_invoices(self.department, 3, customers=1)
        world.add_invoices(self.other_department, 2, first=3001, customers=2)
        change_key(Desk(world.installation, ADMIN), self.key, FIELDS.to(list(KeyField)))
        change_key(
            Desk(world.installation, ADMIN), self.key, OFFICE_DEPARTMENTS.to({self.department: 2})
        )
        change_key(Desk(world.installation, ADMIN), self.key, TAX_CODES.to({"25": 3}))
        with world.installation.db.writing() as session:
            invoice = session.get_one(Invoice, self.id)
            invoice.our_reference, invoice.your_reference = "Kari Nordmann", "Per Olsen"
            invoice.project_number, invoice.project_name = "101", "Harbour"
            invoice.note, invoice.delivery_date = "Thank you", dt.date(2026, 10, 31)
            for number, at in enumerate((1, 2)):
                report = Import(actor="ada", filename=f"{at}", content_hash=f"{number}", kind="x")
                session.add(report)
            session.flush()
            invoice.import_id = 1

    def see(self) -> ShownPreview:
        """What a preview shows now."""
        return preview_run(Desk(self.world.installation, ADMIN), [self.id]).shown

    def made(self) -> tuple[object, ...]:
        """What the document becomes in a company that has all that it may refer to."""
        with self.world.installation.db.reading() as session:
            [document] = load_documents(session, [self.id])
        key_lists = KeyLists(
            KeyFields(frozenset(KeyField), ((Decimal(25), 3),)),
            {self.department: 2, self.other_department: 3},
            (Project(101, "Harbour"), Project(102, "changed Hospital")),
            (Employee(11, "Kari Nordmann"), Employee(12, "changed")),
            (CurrencyRate("EUR", Decimal("11.75"), 1),),
        )
        products = {line.product_number: 7 + line.position for line in document.lines}
        return (
            map_order(document, 1, products, key_lists, CreditTarget(1, 2)),
            map_customer(document.customer),
            [map_product(line.product_number, line.product_name, 1) for line in document.lines],
        )

    @contextmanager
    def changed(self, table: type[Any], name: str) -> Iterator[None]:
        """Another value in this column of the document, until the block ends."""
        with self.world.installation.db.writing() as session:
            row = self._row(session, table)
            row_id, before = row.id, getattr(row, name)
            setattr(row, name, self._other(name, before))
        yield
        with self.world.installation.db.writing() as session:
            setattr(session.get_one(table, row_id), name, before)

    def _row(self, session: Any, table: type[Any]) -> Any:
        invoice = session.get_one(Invoice, self.id)
        if table is Customer:
            return session.get_one(Customer, invoice.customer_id)
        if table is InvoiceLine:
            line = select(InvoiceLine).where(InvoiceLine.invoice_id == self.id)
            return session.exec(line.order_by(col(InvoiceLine.position))).first()
        return invoice

    def _other(self, name: str, value: Any) -> Any:
        if name in CHANGED:
            return CHANGED[name]
        match value:
            case bool():
                return not value
            case dt.datetime() | dt.date():
                return value + dt.timedelta(days=-1)
            case Decimal() | int():
                return {"department_id": self.other_department, "position": 9}.get(name, value + 1)
            case None:
                moment = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
                others = {
                    **dict.fromkeys(("credited_office_id", "same_order"), 10002),
                    **dict.fromkeys(("purged_at", "credited_entered_at"), moment),
                    "vat": Decimal(1),
                }
                return others.get(name, DATE)
        return "changed"


DATE = dt.date(2026, 11, 1)


@pytest.fixture
def papers(world: World) -> Papers:
    return Papers(world)


@pytest.mark.parametrize("table", UNSEEN, ids=lambda table: table.__name__)
def test_every_column_that_something_is_made_of_is_seen_and_no_other(
    papers: Papers, table: type[Any]
) -> None:
    shown, made = papers.see(), papers.made()
    passed_over = {"id", "invoice_id"} | (CREDITED if table is Invoice else set())
    for name in table.model_fields.keys() - passed_over:
        with papers.changed(table, name):
            now = papers.see()
            told = {each.what for each in list_differences(shown, now)}
            if name in UNSEEN[table]:
                assert papers.made() == made, f"{name} is made something of"
                assert now.fingerprint == shown.fingerprint, f"{name} refuses for nothing: {told}"
            else:
                assert now.fingerprint != shown.fingerprint, f"{name} is not seen"
                assert told - {WRITTEN}, f"{name} has no name that people know"
    assert papers.see() == shown


def test_what_a_credit_note_credits_is_seen(papers: Papers) -> None:
    world, invoice = papers.world, papers.id
    with world.installation.db.writing() as session:
        session.exec(select(Key)).one().credit_notes = True
    papers.id = note = add_credit_note(world, invoice)
    for name, words in (
        ("credited_number", "Credits: invoice 1002, here 10-1002"),
        ("credited_office_id", "Credits: invoice 10002 in 24SevenOffice"),
    ):
        shown = preview_run(Desk(world.installation, ADMIN), [invoice, invoice + 1, note]).shown
        with world.installation.db.writing() as session:
            row = session.get_one(Invoice, note)
            setattr(row, name, "1002" if name == "credited_number" else 10002)
        now = preview_run(Desk(world.installation, ADMIN), [invoice, invoice + 1, note]).shown
        [told] = list_differences(shown, now)
        assert f"{told.what}: {told.now}" == words


def test_the_department_there_and_the_category_are_seen_by_their_ids(papers: Papers) -> None:
    for table, name, what in (
        (OfficeDepartment, "office_id", "Department in 24SevenOffice"),
        (Key, "category_id", "Rules"),
    ):
        shown = papers.see()
        with papers.world.installation.db.writing() as session:
            row = session.exec(select(table)).one()
            setattr(row, name, getattr(row, name) + 1)
        assert what in {each.what for each in list_differences(shown, papers.see())}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("categories", '{"15": [2, "Food"]}', "for 15 % Food (2)"),
        ("default_product", "900", "default product 900"),
    ],
)
def test_what_the_key_has_chosen_of_products_is_seen(
    papers: Papers, name: str, value: str, words: str
) -> None:
    shown = papers.see()
    with papers.world.installation.db.writing() as session:
        setattr(session.exec(select(Key)).one(), name, value)
    [told] = list_differences(shown, papers.see())
    assert (told.what, words in told.was, words in told.now) == ("Rules", False, True)


def test_what_the_key_does_not_carry_may_change(papers: Papers) -> None:
    change_key(Desk(papers.world.installation, ADMIN), papers.key, FIELDS.to([]))
    shown = papers.see()
    for name in ("our_reference", "your_reference", "note", "kid", "project_number"):
        with papers.changed(Invoice, name):
            assert papers.see() == shown


def test_departments_of_ours_are_named_by_their_documents_alone(papers: Papers) -> None:
    shown = papers.see()
    with papers.world.installation.db.writing() as session:
        session.get_one(Department, papers.department).name = "Another name"
    assert papers.see() == shown
