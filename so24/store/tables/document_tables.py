"""Tables of what came in: customers, products, invoices and credit notes with lines, imports."""

from __future__ import annotations

import datetime as dt
import enum
import json
import shlex
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from so24.language.said import say, unpack
from so24.store.tables.ground import (
    Fine,
    Money,
    SaidWords,
    Stored,
    enum_column,
    folded_column,
    likeness_column,
    now,
    searched_column,
)

QUESTION_LENGTH = 500  # of the English words; the columns hold what they were made of as well


# what a search asks of a document, and what its list is summed, filtered and put in order by
SEARCHED = ("number_folded", "kid", "total", "customer_id", "department_id", "currency",
            "invoice_date", "kind", "excluded", "purged_at")  # fmt: skip


class DocumentKind(enum.StrEnum):
    """What a document is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return say("credit note") if self is DocumentKind.CREDIT_NOTE else say("invoice")


class Asks(enum.StrEnum):
    """What is asked of a person about a document; each has its own answers."""

    NOTHING = ""
    DOCUMENT = "document"  # whether it is one that is here already
    DATE = "date"  # whether one that came again with another date is this one
    FIRM = "firm"
    LIST = "list"

    def command(self, document: str, customer: str) -> str:
        """The commands by which it is answered of a document, to be typed as they stand."""
        document, customer = shlex.quote(document), shlex.quote(customer)
        same = say(
            "so24 answer {document} --same or so24 answer {document} --another", document=document
        )
        return {
            Asks.NOTHING: "",
            Asks.DOCUMENT: same,
            Asks.DATE: same,
            Asks.FIRM: say(
                "so24 answer {document} --same-firm or so24 answer {document} --another-firm",
                document=document,
            ),
            Asks.LIST: say(
                "so24 customers answer {customer} --right or "
                "so24 customers answer {customer} --wrong",
                customer=customer,
            ),
        }[self]


NO_DOUBTS = "{}"  # what nearly every customer has


class Customer(Stored, table=True):
    """A customer as RecMan knows it; RecMan is the master.

    ``known_as`` is the name that it was first known by, or that its organization number or a person
    has confirmed since: no row of names leads away from it, each sharing a word with the last one.
    ``question`` is asked where a list states another party under its number, which is kept in
    ``stated_name`` and ``stated_number``, also when a person has said that it is wrong.
    ``doubts`` are the lists' cells that could not be read or are doubtful, as JSON.
    """

    __tablename__ = "customer"
    __table_args__ = (sa.UniqueConstraint("tenant", "number"),)

    tenant: str = Field(max_length=64)
    number: str = Field(max_length=40)
    name: str = Field(default="", max_length=200)
    name_folded: str = searched_column("name")
    known_as: str = Field(default="", max_length=200)
    organization_number: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=250)
    postal_code: str = Field(default="", max_length=16)
    city: str = Field(default="", max_length=100)
    country: str = Field(default="", max_length=2)
    invoice_email: str = Field(default="", max_length=250)
    credit_days: int | None = None
    completed: bool = False
    question: str = Field(default="", sa_type=SaidWords)
    stated_name: str = Field(default="", max_length=200)
    stated_number: str = Field(default="", max_length=20)
    doubts: str = NO_DOUBTS

    def read_doubts(self) -> dict[str, str]:
        """Sentences that name a list's cell, by the field that it is of; of a whole row by ""."""
        doubts: dict[str, str] = json.loads(self.doubts) if self.doubts != NO_DOUBTS else {}
        return {field: unpack(doubt) for field, doubt in doubts.items()}


class Product(Stored, table=True):
    """A product number seen on a line, with the name it was last seen with."""

    __tablename__ = "product"
    __table_args__ = (sa.UniqueConstraint("tenant", "number"),)

    tenant: str = Field(max_length=64)
    number: str = Field(max_length=100)
    name: str = Field(default="", max_length=300)


class Import(Stored, table=True):
    """One file that was read, with what became of it.

    ``report`` has the refused rows as JSON, ``remarks`` the warnings and sellers. ``remarks`` is
    None until the import has come to its end.
    """

    __tablename__ = "import_run"

    at: dt.datetime = Field(default_factory=now)
    actor: str = Field(max_length=96)
    filename: str = Field(max_length=255)
    content_hash: str = Field(max_length=64)
    kind: str = Field(max_length=64)
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    flagged: int = 0
    refused: int = 0
    report: str = "[]"
    remarks: str | None = None


class Invoice(Stored, table=True):
    """A document of RecMan: an invoice or, by its kind, a credit note.

    Identity: tenant, kind, number series, number. Amounts are in ``currency``; ``net``, ``vat``
    and ``total`` are ours by the rule of :mod:`so24.sources.documents.totals`, the stated ones the
    source's.
    ``due_stated``: the due date is the source's own and not reckoned from the customer's credit
    days. ``other_orders``: 24SevenOffice order ids that a person declared to be other documents;
    ``same_order``: the one that a person declared to be this very document, which is excluded then.
    ``resembles`` asks whether it is the same document as another one, ``redated`` whether one of
    its number with another date is, ``whose`` whether it is its customer's; they are empty where
    nothing is asked. ``redated_apart``: a person has said that the one with the other date, which
    ``pending_fingerprint`` knows, is another document.
    ``buyer_name`` and ``buyer_number`` are whom it is made out to, as its source states it.
    ``owner_name`` and ``owner_number`` are the firm that it surely is of: its customer as that was
    when it came in under this very name, or under none, or when a person said that both are one.
    ``change`` says what its source has stated otherwise since it was exported.
    ``purged_at``: its time was over, and its details are gone; it is known for good, never sent.
    A credit note names the invoice that it credits by ``credited_number``, or by the number that
    24SevenOffice gave it, which a person has entered, in ``credited_office_id``, at the moment
    ``credited_entered_at``; its amounts are negative, whatever sign its source gives them, once it
    is certain that it is one.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        sa.UniqueConstraint("tenant", "kind", "series", "number"),
        sa.Index("ix_invoice_likeness", "number_likeness"),
        sa.Index("ix_invoice_list", "invoice_date", "id"),
        sa.Index("ix_invoice_search", *SEARCHED),
        sa.Index("ix_invoice_sums", "currency", "total"),
        sa.Index("ix_invoice_credited", "credited_office_id"),
        sa.Index("ix_invoice_same_order", "same_order"),
        sa.Index("ix_invoice_alike", "customer_id", "kind", "currency", "total", "invoice_date"),
    )

    tenant: str = Field(max_length=64)
    kind: DocumentKind = Field(sa_type=enum_column(DocumentKind))
    series: str = Field(max_length=20)
    number: str = Field(max_length=40)
    number_folded: str = folded_column("number")
    number_likeness: str = likeness_column("series", "number")
    department_id: int = Field(foreign_key="department.id", index=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    invoice_date: dt.date
    date_assumed: bool = False
    due_date: dt.date | None = None
    due_stated: bool = False
    delivery_date: dt.date | None = None
    currency: str = Field(max_length=3)
    net: Decimal = Field(sa_type=Money)
    vat: Decimal = Field(sa_type=Money)
    total: Decimal = Field(sa_type=Money)
    stated_vat: Decimal | None = Field(default=None, sa_type=Money)
    stated_total: Decimal | None = Field(default=None, sa_type=Money)
    our_reference: str = Field(default="", max_length=200)
    your_reference: str = Field(default="", max_length=200)
    order_reference: str = Field(default="", max_length=200)
    kid: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=2000)
    credited_number: str = Field(default="", max_length=40)
    credited_office_id: int | None = None
    credited_entered_at: dt.datetime | None = None
    project_number: str = Field(default="", max_length=40)
    project_name: str = Field(default="", max_length=200)
    held: str = Field(default="", sa_type=SaidWords)
    resembles: str = Field(default="", sa_type=SaidWords)
    redated: str = Field(default="", sa_type=SaidWords)
    redated_apart: bool = False
    whose: str = Field(default="", sa_type=SaidWords)
    buyer_name: str = Field(default="", max_length=200)
    buyer_number: str = Field(default="", max_length=20)
    owner_name: str = Field(default="", max_length=200)
    owner_number: str = Field(default="", max_length=20)
    fingerprint: str = Field(max_length=64)
    changed_after_export: bool = False
    change: str = Field(default="", sa_type=SaidWords)
    pending_fingerprint: str = Field(default="", max_length=64)
    excluded: bool = False
    excluded_reason: str = Field(default="", sa_type=SaidWords)
    other_orders: str = Field(default="", max_length=400)
    same_order: int | None = None
    import_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)
    purged_at: dt.datetime | None = None
    created_at: dt.datetime = Field(default_factory=now)
    updated_at: dt.datetime = Field(default_factory=now)

    @property
    def full_name(self) -> str:
        """Kind, series and number: ``credit note 10-9001``."""
        name = f"{self.series}-{self.number}"
        if self.kind is DocumentKind.CREDIT_NOTE:
            return say("credit note {document}", document=name)
        return say("invoice {document}", document=name)

    @property
    def questions(self) -> tuple[str, ...]:
        """What is asked of a person about it, the first to be answered first.

        Nothing is of a document that is left out of exports.
        """
        if self.excluded:
            return ()
        return tuple(filter(None, (self.resembles, self.redated, self.whose)))

    @property
    def asks(self) -> Asks:
        """What the first of its questions is about."""
        if not self.questions:
            return Asks.NOTHING
        if self.resembles:
            return Asks.DOCUMENT
        return Asks.DATE if self.redated else Asks.FIRM


class CreditStatement(Stored, table=True):
    """What RecMan's *Credit notes* report states of a credit note, whether that is here or not.

    The report knows no department, so a credit note is known by its number and its customer's.
    ``total`` is negative. ``disputed`` are the invoices that it names where it names several;
    ``credited_number`` is empty then.
    """

    __tablename__ = "credit_statement"
    __table_args__ = (sa.UniqueConstraint("tenant", "number", "customer_number"),)

    tenant: str = Field(max_length=64)
    number: str = Field(max_length=40)
    customer_number: str = Field(max_length=40)
    credited_number: str = Field(max_length=40)
    credit_date: dt.date | None = None
    total: Decimal | None = Field(default=None, sa_type=Money)
    currency: str = Field(default="", max_length=3)
    disputed: str = Field(default="", max_length=200)


class InvoiceLine(Stored, table=True):
    """One line of a document; ``net`` is the source's ``Sum excl. VAT``."""

    __tablename__ = "invoice_line"
    __table_args__ = (sa.UniqueConstraint("invoice_id", "position"),)

    invoice_id: int = Field(foreign_key="invoice.id")
    position: int
    product_number: str = Field(default="", max_length=100)
    product_name: str = Field(default="", max_length=300)
    text: str = Field(default="", max_length=300)
    quantity: Decimal = Field(sa_type=Fine)
    unit_price: Decimal = Field(sa_type=Fine)
    net: Decimal = Field(sa_type=Money)
    vat_rate: Decimal = Field(sa_type=Fine)
    vat: Decimal | None = Field(default=None, sa_type=Money)
    vat_category: str = Field(default="", max_length=2)
    line_date: dt.date | None = None
