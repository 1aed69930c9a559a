"""Details whose time is over: found, and blanked; what exactly-once rests on stays.

Of a document stay its kind, series, number, dates, amounts, currency, the hashes of what it said,
its orders and transfers. The history is not touched: its sentences are within its hashes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.language.said import say
from so24.store.database.dialects import among
from so24.store.evidence.sent_orders import forget_sent
from so24.store.tables.document_tables import Customer, Import, Invoice, InvoiceLine
from so24.store.tables.ground import now
from so24.store.tables.original_tables import DocumentImport, ImportOriginal, OriginalFile
from so24.store.tables.transfer_tables import OPEN, CustomerLink, Transfer

PURGED = "purged"
PURGED_DOCUMENT = say("Its details are purged, for the time that the law asks for is over.")
# what is put in the place of each detail; all other columns stay
BLANK_DOCUMENT: Mapping[str, Any] = {
    "our_reference": "",
    "your_reference": "",
    "order_reference": "",
    "kid": "",
    "note": "",
    "project_number": "",
    "project_name": "",
    "held": "",
    "resembles": "",
    "redated": "",
    "whose": "",
    "buyer_name": "",
    "buyer_number": "",
    "owner_name": "",
    "owner_number": "",
    "change": "",
    "excluded": True,
    "excluded_reason": PURGED_DOCUMENT,
}
BLANK_LINE: Mapping[str, Any] = {"product_name": "", "text": ""}
BLANK_TRANSFER: Mapping[str, Any] = {"card": ""}
BLANK_CUSTOMER: Mapping[str, Any] = {
    "name": "",
    "name_folded": "",
    "known_as": "",
    "organization_number": "",
    "address": "",
    "postal_code": "",
    "city": "",
    "country": "",
    "invoice_email": "",
    "credit_days": None,
    "completed": False,
    "question": "",
    "stated_name": "",
    "stated_number": "",
    "doubts": "{}",
}
BLANK_IMPORT: Mapping[str, Any] = {
    "filename": PURGED,
    "report": "[]",
    "remarks": '{"warnings": [], "sellers": []}',
}


@dataclass(frozen=True)
class KeepingLimits:
    """Until when details are wanted: documents dated, brought and sent before ``day`` have none.

    ``moment`` is when that day begins, ``refused`` is the moment for imports that brought nothing;
    both are aware.
    """

    day: dt.date
    moment: dt.datetime
    refused: dt.datetime


@dataclass(frozen=True)
class OldDetails:
    """Ids of documents, customers and imports whose details are not wanted any more."""

    documents: tuple[int, ...] = ()
    customers: tuple[int, ...] = ()
    imports: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.customers or self.imports)


def find_old_details(session: Session, limits: KeepingLimits) -> OldDetails:
    """What is over by these limits, and has details still.

    A document that is in transfer, or is looked for there, waits; so does a customer of whom there
    is any document that is not over. One of whom no document came has no time.
    """
    return OldDetails(
        _ids(session, Invoice, _old_documents(limits)),
        _ids(session, Customer, _old_customers(limits)),
        _ids(session, Import, _old_imports(limits)),
    )


def purge_details(session: Session, old: OldDetails) -> None:
    """Blank the details of what was found in this very transaction."""
    _blank(session, Invoice, Invoice.id, old.documents, {**BLANK_DOCUMENT, "purged_at": now()})
    _blank(session, InvoiceLine, InvoiceLine.invoice_id, old.documents, BLANK_LINE)
    _blank(session, Transfer, Transfer.invoice_id, old.documents, BLANK_TRANSFER)
    forget_sent(session, old.documents)
    forget_customers(session, old.customers)
    _blank(session, Import, Import.id, old.imports, BLANK_IMPORT)
    # nothing of an import is blanked before its files are purged
    _blank(session, ImportOriginal, ImportOriginal.import_id, old.imports, {"name": PURGED})
    _blank(session, DocumentImport, DocumentImport.import_id, old.imports, {"place": PURGED})


def forget_customers(session: Session, customer_ids: Iterable[int]) -> None:
    """Blank these customers but for their numbers, and drop the links to their cards."""
    ids = tuple(customer_ids)
    _blank(session, Customer, Customer.id, ids, BLANK_CUSTOMER)
    session.execute(sa.delete(CustomerLink).where(among(CustomerLink.customer_id, ids)))


def count_full_documents(session: Session, customer_id: int) -> int:
    """How many documents of a customer have their details."""
    count = sa.select(sa.func.count(col(Invoice.id)))
    mine = count.where(col(Invoice.customer_id) == customer_id, col(Invoice.purged_at).is_(None))
    return int(session.execute(mine).scalar_one())


def _blank(
    session: Session, table: Any, key: Any, ids: Iterable[int], values: Mapping[str, Any]
) -> None:
    session.execute(sa.update(table).where(among(key, ids)).values(**values))


def _ids(session: Session, table: Any, condition: sa.ColumnElement[bool]) -> tuple[int, ...]:
    return tuple(session.scalars(sa.select(table.id).where(condition).order_by(table.id)))


def _old_documents(limits: KeepingLimits) -> sa.ColumnElement[bool]:
    return col(Invoice.purged_at).is_(None) & _is_over(limits)


def _is_over(limits: KeepingLimits) -> sa.ColumnElement[bool]:
    needed = sa.or_(
        col(Transfer.created_at) >= limits.moment,
        col(Transfer.state).in_(OPEN),
        col(Transfer.look_again_at).is_not(None),
    )
    return sa.and_(
        col(Invoice.invoice_date) < limits.day,
        col(Invoice.created_at) < limits.moment,
        ~sa.exists().where(col(Transfer.invoice_id) == col(Invoice.id), needed),
    )


def _old_customers(limits: KeepingLimits) -> sa.ColumnElement[bool]:
    mine = col(Invoice.customer_id) == col(Customer.id)
    wanted = col(Invoice.purged_at).is_(None) & ~_is_over(limits)
    return sa.and_(
        _has_details(Customer, BLANK_CUSTOMER),
        sa.exists().where(mine),
        ~sa.exists().where(mine, wanted),
    )


def _old_imports(limits: KeepingLimits) -> sa.ColumnElement[bool]:
    counts = (Import.added, Import.updated, Import.unchanged, Import.flagged)
    nothing = sum(map(col, counts), sa.literal(0)) == 0
    brought = sa.or_(
        col(Invoice.import_id) == col(Import.id),
        sa.exists().where(
            col(DocumentImport.import_id) == col(Import.id),
            col(DocumentImport.invoice_id) == col(Invoice.id),
        ),
    )
    later = sa.exists().where(brought, col(Invoice.invoice_date) >= limits.day)
    kept = sa.exists().where(
        col(ImportOriginal.import_id) == col(Import.id),
        col(OriginalFile.id) == col(ImportOriginal.original_id),
        col(OriginalFile.purged_at).is_(None),
    )
    return sa.and_(
        col(Import.remarks).is_not(None),
        _has_details(Import, BLANK_IMPORT),
        sa.or_(
            sa.and_(col(Import.at) < limits.moment, ~later),
            sa.and_(nothing, col(Import.at) < limits.refused),
        ),
        ~kept,
    )


def _has_details(table: Any, blank: Mapping[str, Any]) -> sa.ColumnElement[bool]:
    columns = sa.inspect(table).columns
    return sa.or_(*(columns[name].is_distinct_from(value) for name, value in blank.items()))
