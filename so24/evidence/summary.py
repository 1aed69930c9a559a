"""The readable page of a pack: what was sent of a month, with totals, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from so24.amounts import format_amount, format_count
from so24.dates import format_date, format_moment, today
from so24.language.reader import LANGUAGES, speaking
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell, tell_count
from so24.office.values import Order
from so24.reasons import Reason
from so24.states import STATUS_WORDS
from so24.store.documents.documents import Document
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer

if TYPE_CHECKING:
    from so24.evidence.pack import PackReport

_STYLE = (
    "body{font:14px/1.5 sans-serif;margin:2rem;color:#1b1b1b}"  # in English: no words
    "table{border-collapse:collapse;margin:1rem 0}"
    "th,td{padding:.2rem .6rem;border-bottom:1px solid #ccc;text-align:left}"
    ".sums tr>:nth-child(n+2),tr>:nth-child(4),tr>:nth-child(8)"
    "{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
)


MOST_NAMED = 20  # of the documents that are in no company
Page = dict[str, list[str]]  # the lines before, between and after the rows of its two tables


@dataclass(frozen=True)
class SummaryRow:
    """A document on the page; amounts in ``currency``, ``shown`` is what 24SevenOffice shows.

    ``state`` is None where it is in no company.
    """

    document: str
    customer: str
    date: str
    currency: str
    total: Decimal
    state: State | None
    reason: Reason
    order_id: int | None
    invoice_number: int | None
    shown: Decimal | None

    @classmethod
    def of(
        cls, document: Document, transfer: Transfer | None, order: Order | None = None
    ) -> SummaryRow:
        """The row of a document and the transfer that tells how it stands."""
        invoice = document.invoice
        return cls(
            document=invoice.full_name,
            customer=f"{document.customer.number} {document.customer.name}".strip(),
            date=format_date(invoice.invoice_date),
            currency=invoice.currency,
            total=invoice.total,
            state=transfer.state if transfer else None,
            reason=transfer.reason if transfer else Reason.NONE,
            order_id=transfer.order_id if transfer else None,
            invoice_number=transfer.office_invoice_id if transfer else None,
            shown=None if order is None else order.total,
        )


def tell_rows(row: SummaryRow) -> dict[str, str]:
    """The row of a document as HTML, by language."""
    told = {}
    for language in LANGUAGES:
        with speaking(language):
            told[language] = _line("td", _cells(row))
    return told


def begin_page(report: PackReport, language: str) -> Page:
    """All of a page, in this language, but the rows of its tables: it loads and runs nothing."""
    with speaking(language):
        title = tell(
            "Evidence of {month}, {company}", month=report.month, company=report.company.label
        )
        return {
            "start": [
                f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
                f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
                f"<h1>{escape(title)}</h1>",
                *(f"<p>{escape(each)}</p>" for each in _sentences(report)),
                '<table class="sums">',  # in English: no words
                _line("th", _sum_headings()),
            ],
            "middle": ["</table>", "<table>", _line("th", _headings())],
            "end": ["</table>", "</body></html>", ""],
        }


def end_page(page: Page, report: PackReport, rows: Iterable[str]) -> bytes:
    """The whole page: its beginnings, with the sums and the rows of the documents."""
    sums = (_line("td", each) for each in _sum_rows(report))
    lines = (*page["start"], *sums, *page["middle"], *rows, *page["end"])
    return "\n".join(lines).encode()


def _sentences(report: PackReport) -> Iterator[str]:
    yield tell("Made by so24 on {moment}.", moment=format_moment(now()))
    yield tell_count(
        "{number} document of this month was sent to this company, or was to be sent there.",
        "{number} documents of this month were sent to this company, or were to be sent there.",
        report.documents,
    )
    if not report.documents:
        yield tell(tell_empty(report))
    if report.unsent:
        yield tell(tell_unsent(report))
    if report.unread:
        yield tell(
            "24SevenOffice's own orders are not in this pack: {why}", why=tell(report.unread)
        )
    yield tell(
        "Whether nothing was changed since is told by verify.py: take it from so24 itself or from "
        "another place that you trust, for who alters a pack may alter its verify.py too. Then "
        "compare the seal that it prints with the one that so24 lists under Transfer history."
    )


def tell_empty(report: PackReport) -> str:
    """That no document of the month is in the pack."""
    if report.month.first > today():
        return say("The pack is empty: {month} has not come yet.", month=str(report.month))
    return say(
        "The pack is empty: so24 knows no document dated in {month} that went to {company}.",
        month=str(report.month),
        company=report.company.label,
    )


def tell_unsent(report: PackReport) -> str:
    """Which documents of the month are in no company, the first of them by name."""
    named = join_said(report.unsent[:MOST_NAMED], by=", ")
    if (more := len(report.unsent) - MOST_NAMED) > 0:
        return say(
            "Documents of this month that are in no company: {names} and {more} more, which "
            "unsent.jsonl lists.",
            names=named,
            more=format_count(more),
        )
    return say_count(
        "{number} document of this month is in no company: {names}.",
        "{number} documents of this month are in no company: {names}.",
        len(report.unsent),
        names=named,
    )


def _sum_headings() -> list[str]:
    return [
        tell("Currency"),
        tell("Documents"),
        tell("Booked"),
        tell("Net"),
        tell("VAT"),
        tell("Total"),
        tell("Orders in 24SevenOffice"),
        tell("Their total"),
    ]


def _sum_rows(report: PackReport) -> Iterator[list[str]]:
    for currency, each in sorted(report.sums.items()):
        yield [
            currency,
            format_count(each.documents),
            format_count(each.booked),
            *(format_amount(amount) for amount in (each.net, each.vat, each.total)),
            format_count(each.orders_shown),
            format_amount(each.shown),
        ]


def _headings() -> list[str]:
    return [
        tell("Document"),
        tell("Customer"),
        tell("Date"),
        tell("Total"),
        tell("State"),
        tell("Order"),
        tell("Invoice number"),
        tell("Total in 24SevenOffice"),
    ]


def _cells(row: SummaryRow) -> list[str]:
    if row.state is None:
        state = tell("in no company")
    else:
        reason = tell(row.reason.card.title)
        state = " · ".join(filter(None, (tell(STATUS_WORDS[row.state]), reason)))
    return [
        tell(row.document),
        row.customer,
        row.date,
        format_amount(row.total, row.currency),
        state,
        "" if row.order_id is None else str(row.order_id),
        "" if row.invoice_number is None else str(row.invoice_number),
        format_amount(row.shown, row.currency),
    ]


def _line(tag: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}" for cell in cells)
