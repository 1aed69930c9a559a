"""Makes an evidence pack: one ZIP of a company and a month, written piece by piece."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from so24.amounts import format_amount
from so24.errors import So24Error
from so24.evidence.archive import Archive
from so24.evidence.made import PACK_MADE
from so24.evidence.month import Company, Month, read_orders
from so24.evidence.records import (
    Record,
    booked_transfer,
    describe_anchor,
    describe_document,
    describe_head,
    describe_sent,
    describe_shown,
    describe_unsent,
    write_line,
)
from so24.evidence.summary import Page, SummaryRow, begin_page, end_page, tell_rows
from so24.language.reader import LANGUAGES
from so24.language.said import join_said, say, say_count
from so24.office.values import Order
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.originals.finding import read_original
from so24.store.documents.documents import Document, load_documents
from so24.store.evidence import chains
from so24.store.evidence.chains import Head
from so24.store.evidence.sent_orders import sent_texts
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import Transfer
from so24.transfer.lane.batches import in_chunks

FORM = 2  # of the pack; the verifier in it knows this one
MANIFEST = "manifest.json"
VERIFIER = Path(__file__).with_name("verify.py")
_AT_ONCE = 500  # documents in memory
_NO_SECTION: tuple[str, list[Head] | None] = (chains.digest_heads(()), [])

Tell = Callable[[int, int], None]


@dataclass
class PackSum:
    """What of one currency is in a pack; ``shown`` is what 24SevenOffice shows of it."""

    documents: int = 0
    booked: int = 0
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    shown: Decimal = Decimal(0)
    orders_shown: int = 0


@dataclass(frozen=True)
class PackReport:
    """What a pack holds; ``seal`` is the SHA-256 of its manifest, which names every other file.

    ``unread`` says why 24SevenOffice's own orders are not in it; empty where they are. ``unsent``
    names the documents of the month that are in no company.
    """

    company: Company
    month: Month
    seal: str
    documents: int
    files: int
    sums: dict[str, PackSum]
    unsent: tuple[str, ...]
    unread: str = ""


@dataclass
class _Collected:
    """What is gathered while the documents go by."""

    sums: dict[str, PackSum] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    anchors: set[int] = field(default_factory=set)
    originals: set[str] = field(default_factory=set)


def make_pack(
    desk: Desk, company: Company, month: Month, to: BinaryIO, tell: Tell = lambda _d, _a: None
) -> PackReport:
    """Write the evidence pack of a company's documents of a month; returns what it holds.

    The orders are read from 24SevenOffice where a usable key reaches the company; that they could
    not be read is told in the pack. ``tell`` is told how many documents of how many are done.
    Raises :class:`NotAllowed`, and :class:`ConfigurationError` where an original is damaged.
    """
    with desk.reading(Permission.GET_EVIDENCE) as session:
        ids = chains.documents_of_company(session, company.client_id, month.first, month.last)
        unsent = chains.unsent_documents(session, month.first, month.last)
        orders = chains.booked_orders(session, ids)
    shown, unread = _read_shown(desk, company, orders)
    pack, found = Archive(to), _Collected()
    pack.add_lines("documents", _write_documents(desk, ids, shown, found, tell))
    pack.add_lines("unsent", _write_unsent(desk, unsent, found))
    pack.add_lines("orders_sent", _write_sent(desk, ids))
    pack.add_lines("orders_shown", (write_line(describe_shown(each)) for each in shown.values()))
    pack.add_lines("events", _write_events(desk, ids, found))
    pack.add_lines("anchors", _write_anchors(desk, found.anchors))
    pack.add_lines("day_heads", _write_heads(desk))
    _add_originals(desk, pack, found.originals)
    names = tuple(found.unsent)
    report = PackReport(company, month, "", len(ids), 0, found.sums, names, unread)
    pages = {language: begin_page(report, language) for language in LANGUAGES}
    for language, page in pages.items():
        rows = (each[language] for each in found.rows)
        pack.add(f"summary.{language}.html", [end_page(page, report, rows)])
    pack.add("verify.py", [VERIFIER.read_bytes()])
    return _seal(desk, pack, report, pages)


def _seal(desk: Desk, pack: Archive, report: PackReport, pages: dict[str, Page]) -> PackReport:
    """Write the manifest, whose hash is the seal, and put that into the audit trail."""
    told = {**_describe(desk, pack, report), "pages": pages}
    manifest = json.dumps(told, ensure_ascii=False, indent=1).encode()
    seal = hashlib.sha256(manifest).hexdigest()
    pack.add(MANIFEST, [manifest])
    pack.close()
    subject = f"{report.company.label}, {report.month}"
    count = say_count("{number} document", "{number} documents", report.documents)
    totals = (format_amount(each.total, key) for key, each in sorted(report.sums.items()))
    detail = (say("seal {seal}", seal=seal), count, *totals)
    desk.note(PACK_MADE, subject, join_said(detail, by="; "))
    return PackReport(**{**vars(report), "seal": seal, "files": len(pack.files)})


def _describe(desk: Desk, pack: Archive, report: PackReport) -> Record:
    return {
        "form": FORM,
        "made_by": desk.actor.name,
        "made_at": now().isoformat(),
        "so24": version("so24"),
        "company": report.company.label,
        "month": str(report.month),
        **pack.lines,
        "orders_unread": report.unread,
        "sums": {
            currency: {
                name: format(value, "f") if isinstance(value, Decimal) else value
                for name, value in vars(each).items()
            }
            for currency, each in sorted(report.sums.items())
        },
        "files": pack.files,
    }


def _read_shown(desk: Desk, company: Company, order_ids: list[int]) -> tuple[dict[int, Order], str]:
    """The orders as 24SevenOffice shows them, by id, and why they could not be read."""
    if company.key_id is None and order_ids:
        return {}, say("No usable key reaches the company.")
    try:
        orders = read_orders(desk, company, order_ids)
    except So24Error as error:
        return {}, str(error)
    return {each.order_id: each for each in orders}, ""


def _write_documents(
    desk: Desk, ids: list[int], shown: dict[int, Order], found: _Collected, tell: Tell
) -> Iterator[bytes]:
    done = 0
    for some in in_chunks(ids, _AT_ONCE):
        with desk.reading(Permission.GET_EVIDENCE) as session:
            documents = load_documents(session, some)
            transfers: dict[int, list[Transfer]] = {}
            for each in chains.transfers_of(session, some):
                transfers.setdefault(each.invoice_id, []).append(each)
            originals = chains.originals_of(session, some)
            hashes = chains.hashes_sent(session, some)
            kept_texts = {
                (each.invoice_id, each.payload_hash) for each in sent_texts(session, some)
            }
        for document in documents:
            mine = transfers[document.invoice.row_id]
            kept = originals.get(document.invoice.row_id, [])
            found.originals.update(kept)
            rows = _add_up(found, document, mine, shown)
            number = document.invoice.row_id
            alone = (each for each in hashes.get(number, ()) if (number, each) not in kept_texts)
            yield write_line(describe_document(document, mine, kept, alone, rows))
        done += len(some)
        tell(done, len(ids))


def _write_unsent(desk: Desk, ids: list[int], found: _Collected) -> Iterator[bytes]:
    for some in in_chunks(ids, _AT_ONCE):
        with desk.reading(Permission.GET_EVIDENCE) as session:
            documents = load_documents(session, some)
        for document in documents:
            rows = tell_rows(SummaryRow.of(document, None))
            found.rows.append(rows)
            found.unsent.append(document.invoice.full_name)
            yield write_line(describe_unsent(document, rows))


def _add_up(
    found: _Collected, document: Document, transfers: list[Transfer], shown: dict[int, Order]
) -> dict[str, str]:
    """Count a document in; returns its rows of the readable pages."""
    invoice, booked = document.invoice, booked_transfer(transfers)
    order = shown.get(booked.order_id or 0) if booked else None
    rows = tell_rows(SummaryRow.of(document, transfers[-1] if booked is None else booked, order))
    found.rows.append(rows)
    total = found.sums.setdefault(invoice.currency, PackSum())
    total.documents += 1
    if booked is not None:
        total.booked += 1
        total.net += invoice.net
        total.vat += invoice.vat
        total.total += invoice.total
    if order is not None and order.total is not None:
        total.shown += order.total
        total.orders_shown += 1
    return rows


def _write_sent(desk: Desk, ids: list[int]) -> Iterator[bytes]:
    for some in in_chunks(ids, _AT_ONCE):
        with desk.reading(Permission.GET_EVIDENCE) as session:
            sent, told = sent_texts(session, some), chains.hashes_sent(session, some)
        went = (each for each in sent if each.payload_hash in told.get(each.invoice_id, ()))
        yield from (write_line(describe_sent(each)) for each in went)


def _write_events(desk: Desk, ids: list[int], found: _Collected) -> Iterator[bytes]:
    for some in in_chunks(sorted(ids), _AT_ONCE):
        with desk.reading(Permission.GET_EVIDENCE) as session:
            events = chains.events_in_full(session, some)
        found.anchors.update(each["anchor_id"] for each in events if each["anchor_id"] is not None)
        yield from map(write_line, events)


def _write_anchors(desk: Desk, needed: set[int]) -> Iterator[bytes]:
    """Every anchor with the digest of its section, and the sections that cover our events."""
    with desk.reading(Permission.GET_EVIDENCE) as session:
        anchors = chains.all_anchors(session)
        found = {
            which: (chains.digest_heads(heads), heads if which in needed else None)
            for which, heads in chains.sections(session)
        }
        for anchor in anchors:
            digest, heads = found.get(anchor.row_id, _NO_SECTION)
            yield write_line(describe_anchor(anchor, digest, heads))


def _write_heads(desk: Desk) -> Iterator[bytes]:
    with desk.reading(Permission.GET_EVIDENCE) as session:
        heads = chains.all_day_heads(session)
    yield from (write_line(describe_head(each)) for each in heads)


def _add_originals(desk: Desk, pack: Archive, hashes: set[str]) -> None:
    with desk.reading(Permission.GET_EVIDENCE) as session:
        names = chains.names_of_originals(session, hashes)
    for sha256, (file_id, name) in sorted(names.items()):
        suffix = PurePosixPath(name).suffix.lower()
        safe = suffix if suffix[1:].isalnum() and suffix.isascii() else ".bin"
        pack.add(f"originals/{sha256}{safe}", read_original(desk, file_id))
