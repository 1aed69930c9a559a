"""What every reader yields: documents with lines and customers, and the rows that it refused.

A document's fingerprint covers its content; by it the store sees that a document has changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from typing import NamedTuple

from so24.language.said import say
from so24.sources.documents.spool import OnDisk
from so24.store.tables.document_tables import DocumentKind

LONGEST_DEPARTMENT_NUMBER = 32  # of a department, as the store keeps it

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
EHF = "EHF"  # the kind of an import of EHF files
DEPARTMENT, CUSTOMER = "department", "customer"  # what a source may leave unstated


@dataclass(frozen=True)
class RefusedRow:
    """A row that did not come in; ``column`` is its heading, or empty where it is the whole row.

    ``came_in``: only this cell was left out, or is in doubt, and the row came in.
    """

    sheet: str
    row: int
    column: str
    reason: str
    came_in: bool = False


def tell_cell(cell: RefusedRow, where: str) -> str:
    """The sentence that says of a cell of a file or sheet what is the matter with it."""
    values = {"row": cell.row, "where": where, "reason": cell.reason}
    if not cell.column:
        return say("Row {row} of {where}: {reason}.", **values)
    return say("Row {row} of {where}: {column} {reason}.", column=cell.column, **values)


class SourceLine(NamedTuple):
    """One line as the source states it; ``vat`` and ``total`` only if it has those columns.

    ``vat_category`` is the letter of UNCL5305 (S, Z, E, AE, …), empty where the source has none.
    """

    row: int
    product_number: str
    product_name: str
    text: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    vat_rate: Decimal
    vat: Decimal | None = None
    total: Decimal | None = None
    line_date: dt.date | None = None
    vat_category: str = ""


@dataclass(frozen=True)
class Particulars:
    """What only some sources state of a document; empty or None where this one does not.

    ``kid`` is the payment id printed on it, ``your_reference`` the customer's reference or contact,
    ``order_reference`` the customer's order number, ``note`` the free text, ``credited_number`` the
    number of the invoice that a credit note credits. ``vat`` and ``total`` are the document's own.
    """

    due_date: dt.date | None = None
    delivery_date: dt.date | None = None
    kid: str = ""
    your_reference: str = ""
    order_reference: str = ""
    note: str = ""
    credited_number: str = ""
    vat: Decimal | None = None
    total: Decimal | None = None


NOTHING_MORE = Particulars()


@dataclass(frozen=True)
class SourceDocument:
    """One invoice or credit note; ``invoice_date`` only if the source states it.

    Amounts are signed as they count for the seller: those of a credit note are negative in total,
    by negative quantities, whichever sign the source writes (:mod:`so24.sources.documents.totals`).
    ``held`` is the sentence that asks a person what this document is; ``kind`` is then a guess.
    ``unstated`` names what is not the source's own word: ``DEPARTMENT`` where it was chosen at the
    import, ``CUSTOMER`` where the number was found or made from the organization number.
    ``buyer_number`` is the organization number of whom it is made out to, where the source has it.
    """

    sheet: str
    kind: DocumentKind
    held: str
    number: str
    department_number: str
    department_name: str
    customer_number: str
    customer_name: str
    currency: str
    invoice_date: dt.date | None
    our_reference: str
    project_number: str
    project_name: str
    lines: tuple[SourceLine, ...]
    particulars: Particulars = NOTHING_MORE
    unstated: frozenset[str] = frozenset()
    buyer_number: str = ""

    @property
    def net(self) -> Decimal:
        """The sum of its lines."""
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def latest_line_date(self) -> dt.date | None:
        """The newest date of its lines, which may be a day of work and not the document's."""
        return max((line.line_date for line in self.lines if line.line_date), default=None)


class Parties(NamedTuple):
    """The department and the customer of a document, as its source states them."""

    department_number: str
    department_name: str
    customer_number: str
    customer_name: str


class DocumentsOnDisk(OnDisk[SourceDocument]):
    """The documents of a large file: each is read anew whenever it is asked for."""

    @abstractmethod
    def parties(self) -> Iterator[Parties]:
        """Of each document, without reading it."""


def parties_of(documents: Sequence[SourceDocument]) -> Iterator[Parties]:
    """The parties of each of these documents."""
    if isinstance(documents, DocumentsOnDisk):
        return documents.parties()
    return (
        Parties(
            each.department_number, each.department_name, each.customer_number, each.customer_name
        )
        for each in documents
    )


@dataclass(frozen=True)
class SourceCustomer:
    """A customer of the list; ``given`` names the fields that the list has a value for.

    ``fills_only``: it comes from a document, and changes nothing that is known already.
    ``doubts`` are the cells that could not be read, or are doubtful, by field.
    """

    number: str
    name: str
    organization_number: str
    address: str
    postal_code: str
    city: str
    country: str
    invoice_email: str
    credit_days: int | None
    given: frozenset[str]
    fills_only: bool = False
    doubts: Mapping[str, RefusedRow] = field(default_factory=dict)


@dataclass(frozen=True)
class CustomerList:
    """The customers of a list, and what is to be told of its rows.

    ``shut_out`` are customer numbers whose rows were refused, with the first refusal of each;
    ``refused`` is all that could not be read, ``remarks`` keep nothing out.
    """

    customers: tuple[SourceCustomer, ...]
    shut_out: Mapping[str, RefusedRow]
    refused: tuple[RefusedRow, ...]
    remarks: tuple[RefusedRow, ...]


@dataclass(frozen=True)
class SourceCredit:
    """A row of the *Credit notes* report: which invoice a credit note credits.

    ``total`` is the credit note's sum, with or without VAT: the report does not say which.
    ``disputed`` are the invoices that rows name where they name several: ``credited_number`` is
    empty then.
    """

    sheet: str
    row: int
    number: str
    customer_number: str
    credited_number: str
    credit_date: dt.date | None
    total: Decimal | None
    currency: str
    disputed: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """All that one file holds; ``warnings`` are sentences that keep nothing out.

    ``shut_out`` are the customer numbers whose rows were refused, with the first refusal of each.
    ``sellers`` names who issued its documents, where they state it and it was checked; else a
    warning names them. ``came_in`` names the files that it was read from, as they were given.
    """

    filename: str
    content_hash: str
    documents: Sequence[SourceDocument]
    customers: tuple[SourceCustomer, ...]
    refused: tuple[RefusedRow, ...]
    kind: str
    credits: tuple[SourceCredit, ...] = ()
    warnings: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    shut_out: Mapping[str, RefusedRow] = field(default_factory=dict)
    came_in: tuple[str, ...] = ()


@dataclass
class Counts:
    """What became of the documents, customers and credit links of one file so far.

    ``questions`` are about documents that came in, and are held until a person has answered, or
    about customers; ``changes`` are what was stated otherwise of documents already exported.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    flagged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    @property
    def sums(self) -> tuple[int, int, int]:
        """How many were added, updated, and unchanged so far."""
        return self.added, self.updated, self.unchanged

    def since(self, before: tuple[int, int, int]) -> tuple[int, int, int]:
        """How many of each there have been since these ``sums``."""
        added, updated, unchanged = before
        return self.added - added, self.updated - updated, self.unchanged - unchanged

    def add_known(self, changed: bool) -> None:
        """Count one that was here already."""
        self.updated += changed
        self.unchanged += not changed


def fingerprint(document: SourceDocument, department: str = "") -> str:
    """A hash of all that the source states about the document but its identity.

    The order of the lines does not count, nor do a person's decisions (kind, invoice date), the
    department, whose number may become known later, whom it is made out to, and a customer number
    that is not the source's own word. Documents that landed before that was so have
    ``department`` in theirs.
    """
    content = [
        department,
        "" if CUSTOMER in document.unstated else document.customer_number,
        document.currency,
        str(document.invoice_date or ""),
        document.our_reference,
        document.project_number,
        document.project_name,
        sorted(map(_line, document.lines)),
    ]
    stated = document.particulars
    # sources that state none came before those that do
    if stated is not NOTHING_MORE and stated != NOTHING_MORE:
        content.append([_plain(value) for value in astuple(stated)])
    return hashlib.sha256(_as_json(content).encode()).hexdigest()


def _line(line: SourceLine) -> list[str]:
    # every amount has its full scale here, so equal amounts have equal texts
    _, product, name, text, quantity, price, net, rate, vat, total, day, category = line
    values = [
        product, name, text, str(quantity), str(price), str(net), str(rate),
        "" if vat is None else str(vat), "" if total is None else str(total),
        "" if day is None else day.isoformat(),
    ]  # fmt: skip
    return [*values, category] if category else values


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def has_no_number(number: str, name: str) -> bool:
    """Whether a department has come in by its name only, which then is its number."""
    return number == shorten(name, LONGEST_DEPARTMENT_NUMBER)


def shorten(text: str, longest: int) -> str:
    """The text, or its beginning with a checksum: names that begin alike stay apart."""
    if len(text) <= longest:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{text[: longest - 7]}-{digest}"
