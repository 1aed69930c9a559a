"""The readable page of a pack: what was sent of a month, with totals, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from so24.amounts import format_amount, format_count
from so24.dates import format_date, format_moment
from so24.language.reader import speaking
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
    "td.amount,th.amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
)


@dataclass(frozen=True)
class SummaryRow:
    """A document on the page; amounts in ``currency``, ``shown`` is what 24SevenOffice shows."""

    document: str
    customer: str
    date: str
    currency: str
    total: Decimal
    state: State
    reason: Reason
    order_id: int | None
    invoice_number: int | None
    shown: Decimal | None

    @classmethod
    def of(cls, document: Document, transfer: Transfer, order: Order | None) -> SummaryRow:
        """The row of a document and the transfer that tells how it stands."""
        invoice = document.invoice
        return cls(
            document=invoice.full_name,
            customer=f"{document.customer.number} {document.customer.name}".strip(),
            date=format_date(invoice.invoice_date),
            currency=invoice.currency,
            total=invoice.total,
            state=transfer.state,
            reason=transfer.reason,
            order_id=transfer.order_id,
            invoice_number=transfer.office_invoice_id,
            shown=None if order is None else order.total,
        )


def summarise(report: PackReport, rows: Sequence[SummaryRow], language: str) -> bytes:
    """The page as HTML, in this language; it loads nothing and runs nothing."""
    with speaking(language):
        title = tell(
            "Evidence of {month}, {company}", month=report.month, company=report.company.label
        )
        body = "\n".join(
            (
                f"<h1>{escape(title)}</h1>",
                *(f"<p>{escape(each)}</p>" for each in _sentences(report)),
                _table(_sum_headings(), _sum_rows(report), amounts=frozenset({3, 4, 5, 7})),
                _table(_headings(), _document_rows(rows), amounts=frozenset({3, 7})),
            )
        )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n{body}\n"
        "</body>\n</html>\n"  # in English: no words
    ).encode()


def _sentences(report: PackReport) -> Iterator[str]:
    yield tell("Made by so24 on {moment}.", moment=format_moment(now()))
    yield tell_count(
        "{number} document of this month was sent to this company, or was to be sent there.",
        "{number} documents of this month were sent to this company, or were to be sent there.",
        report.documents,
    )
    if report.unsent:
        yield tell_count(
            "{number} document of this month is in no company.",
            "{number} documents of this month are in no company.",
            report.unsent,
        )
    if report.unread:
        yield tell(
            "24SevenOffice's own orders are not in this pack: {why}", why=tell(report.unread)
        )
    yield tell(
        "Whether nothing was changed since is told by verify.py, which is in the pack: "
        "python3 verify.py. The seal that it prints is the one in so24's audit trail."
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


def _document_rows(rows: Iterable[SummaryRow]) -> Iterator[list[str]]:
    for row in rows:
        reason = tell(row.reason.card.title)
        yield [
            row.document,
            row.customer,
            row.date,
            format_amount(row.total, row.currency),
            " · ".join(filter(None, (tell(STATUS_WORDS[row.state]), reason))),
            "" if row.order_id is None else str(row.order_id),
            "" if row.invoice_number is None else str(row.invoice_number),
            format_amount(row.shown, row.currency),
        ]


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]], amounts: frozenset[int]) -> str:
    lines = [_line("th", headings, amounts), *(_line("td", row, amounts) for row in rows)]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _line(tag: str, cells: Sequence[str], amounts: frozenset[int]) -> str:
    told = (
        f"<{tag}{' class=amount' if place in amounts else ''}>{escape(cell)}</{tag}>"
        for place, cell in enumerate(cells)
    )
    return f"<tr>{''.join(told)}</tr>"
