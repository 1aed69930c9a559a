"""The lines of a pack: documents, orders sent and shown, events, anchors; plain, as JSON (pure)."""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from so24.office.values import Order
from so24.states import State
from so24.store.documents.documents import Document
from so24.store.evidence.chains import Head
from so24.store.evidence.sent_orders import SentText
from so24.store.tables.transfer_tables import DayHead, HistoryAnchor, Transfer
from so24.transfer.order.mapping import reference_of

Record = dict[str, Any]


def write_line(record: Mapping[str, Any]) -> bytes:
    """A record as a line of JSON: amounts as text, times as ISO text in UTC."""
    return (json.dumps(record, ensure_ascii=False, default=_plain) + "\n").encode()


def describe_document(
    document: Document,
    transfers: Sequence[Transfer],
    originals: Sequence[str],
    known_by_hash: Iterable[str],
    rows: Mapping[str, str],
) -> Record:
    """A document as it was read and as it stands, with what it is proved by.

    ``known_by_hash``: of the orders that were sent of it, those whose text is not kept.
    ``rows`` are its rows of the readable pages, by language.
    """
    invoice = document.invoice
    booked = booked_transfer(transfers)
    return {
        "id": invoice.row_id,
        "kind": invoice.kind,
        "series": invoice.series,
        "number": invoice.number,
        "reference": reference_of(invoice),
        "department": document.department.label,
        "customer": {
            "number": document.customer.number,
            "name": document.customer.name,
            "organization_number": document.customer.organization_number,
        },
        "invoice_date": invoice.invoice_date,
        "due_date": invoice.due_date,
        "currency": invoice.currency,
        "net": invoice.net,
        "vat": invoice.vat,
        "total": invoice.total,
        "kid": invoice.kid,
        "credited_number": invoice.credited_number,
        "credits": invoice.credited_office_id,
        "lines": [line._asdict() for line in document.lines],
        "state": transfers[-1].state.public_name if booked is None else booked.state.public_name,
        "booked": None if booked is None else _describe_booking(booked),
        "originals": list(originals),
        "purged_at": invoice.purged_at,
        "known_by_hash": sorted(known_by_hash),
        "rows": rows,
    }


def describe_unsent(document: Document, rows: Mapping[str, str]) -> Record:
    """A document of the month that is in no company, as far as the readable pages name it."""
    invoice = document.invoice
    names = ("kind", "series", "number", "invoice_date", "currency", "total")
    return {**{name: getattr(invoice, name) for name in names}, "rows": rows}


def booked_transfer(transfers: Iterable[Transfer]) -> Transfer | None:
    """The transfer by which a document is booked, or waits for approval there."""
    return next((each for each in transfers if each.state is State.TRANSFERRED), None)


def _describe_booking(transfer: Transfer) -> Record:
    return {
        "run": transfer.run_id,
        "order_id": transfer.order_id,
        "office_invoice_id": transfer.office_invoice_id,
        "total": transfer.office_total,
        "customer_card": transfer.card,
        "payload_hash": transfer.payload_hash,
        "words": str(transfer.words),
    }


def describe_sent(sent: SentText) -> Record:
    """An order as it went out: the text that its hash in the history is made of."""
    return {
        "document": sent.invoice_id,
        "payload_hash": sent.payload_hash,
        "at": sent.at,
        "told": sent.told,
    }


def describe_shown(order: Order) -> Record:
    """An order as 24SevenOffice shows it."""
    told = {name: value for name, value in vars(order).items() if name != "rows"}
    return {**told, "due_date": order.due_date}


def describe_anchor(anchor: HistoryAnchor, digest: str, heads: Sequence[Head] | None) -> Record:
    """An anchor with the digest of its section, and the section where the pack needs it."""
    return {
        "id": anchor.id,
        "at": anchor.at,
        "chains": anchor.chains,
        "events": anchor.events,
        "hash": anchor.hash,
        "hash_before": anchor.hash_before,
        "digest": digest,
        "heads": heads,
    }


def describe_head(head: DayHead) -> Record:
    """A day's head; its seal is made with a key that the pack does not have."""
    names = ("day", "at", "anchor_hash", "audit_events", "audit_hash", "hash_before", "hash")
    return {**{name: getattr(head, name) for name in names}, "seal": head.seal}


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no place in a pack")
