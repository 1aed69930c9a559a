"""Whether an order in 24SevenOffice is the document that RecMan issued (pure).

RecMan's total: net is the sum of the lines' nets; VAT per rate half-up on the net of that rate;
total is both. The order's figures are what 24SevenOffice computed from products and prices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from so24.amounts import format_amount
from so24.dates import format_date
from so24.keys.key_fields import format_rate
from so24.language.said import join_said, say, say_as
from so24.office.values import NewOrder, NewOrderRow, Order, OrderRow
from so24.store.documents.documents import Document, DocumentLine
from so24.store.tables.document_tables import Invoice
from so24.transfer.order.mapping import ORE, is_text


@dataclass(frozen=True)
class Comparison:
    """The differences that matter, as sentences, and the difference of the totals (theirs - ours).

    ``agrees`` is true where nothing differs beyond the tolerance; ``difference`` is shown anyway.
    """

    differences: tuple[str, ...]
    difference: Decimal

    @property
    def agrees(self) -> bool:
        """Whether the order may be invoiced."""
        return not self.differences

    @property
    def words(self) -> str:
        """All differences as one text; empty where there are none."""
        return join_said(self.differences)


def compare_order(
    document: Document, sent: NewOrder, order: Order, tolerance: Decimal
) -> Comparison:
    """Compare customer, credited invoice and rows with what is sent, and the amounts as well."""
    found: list[str] = []
    if order.customer_id != sent.customer_id:
        found.append(
            say(
                "The order belongs to customer {there}, not to {ours}.",
                there=order.customer_id,
                ours=sent.customer_id,
            )
        )
    if sent.currency is not None and order.currency != sent.currency.symbol:
        theirs = order.currency or say("the company's own currency")
        found.append(
            say(
                "The document is in {ours}, the order in {theirs}.",
                ours=sent.currency.symbol,
                theirs=theirs,
            )
        )
    if order.credited_invoice_id != sent.credited_invoice_id is not None:
        found.append(
            say(
                "The order credits invoice {there}, not {ours}.",
                there=order.credited_invoice_id or say_as("no invoice", "none"),
                ours=sent.credited_invoice_id,
            )
        )
    held = _in_order_of(sent.rows, [row for row in order.rows if _is_sold(row)])
    rows = _compare_rows(sent.rows, held)
    found.extend(rows or _compare_rates(document.lines, held, order.vat, tolerance))
    amounts = compare_amounts(document.invoice, order, tolerance)
    return Comparison((*found, *amounts.differences), amounts.difference)


def compare_amounts(invoice: Invoice, order: Order, tolerance: Decimal) -> Comparison:
    """Compare net, VAT and total only; amounts in the invoice's currency."""
    if order.total is None or order.vat is None:
        return Comparison((say("24SevenOffice did not state the order's total."),), Decimal(0))
    pairs = (
        (say("Net"), invoice.net, order.total - order.vat),
        (say("VAT"), invoice.vat, order.vat),
        (say("Total"), invoice.total, order.total),
    )
    found = tuple(
        say(
            "{name} is {ours} in RecMan and {theirs} in 24SevenOffice.",
            name=name,
            ours=format_amount(ours),
            theirs=format_amount(theirs),
        )
        for name, ours, theirs in pairs
        if abs(theirs - ours) > tolerance
    )
    return Comparison(found, order.total - invoice.total)


def tell_moved(invoice: Invoice, order: Order) -> str:
    """That 24SevenOffice has dated a document otherwise, as sentences; empty where it has not.

    It may do so where the date lies in a closed period. The day on which VAT is due and the due
    date move along.
    """
    told = []
    if order.date_invoiced not in (None, invoice.invoice_date):
        told.append(
            say(
                "Dated {theirs} in 24SevenOffice, {ours} in RecMan.",
                theirs=format_date(order.date_invoiced),
                ours=format_date(invoice.invoice_date),
            )
        )
    if order.due_date is not None and invoice.due_date not in (None, order.due_date):
        told.append(
            say(
                "Due {theirs} in 24SevenOffice, {ours} in RecMan.",
                theirs=format_date(order.due_date),
                ours=format_date(invoice.due_date),
            )
        )
    return join_said(told)


def _is_sold(row: OrderRow) -> bool:
    return row.type in (None, "Normal") and (row.product_id or 0) > 0


def _in_order_of(ours: Sequence[NewOrderRow], held: Sequence[OrderRow]) -> list[OrderRow]:
    """The rows of the order as they were sent: by their ids, or else each beside its like.

    In which order they are read is not documented.
    """
    rows = sorted(held, key=lambda row: row.row_id or 0)
    wanted = [row for row in ours if row.product_id is not None]
    if len(wanted) != len(rows) or list(map(_essence, wanted)) == list(map(_essence, rows)):
        return rows
    left = list(rows)
    paired: list[OrderRow | None] = []
    for our in wanted:
        like = next((row for row in left if _essence(row) == _essence(our)), None)
        paired.append(like)
        if like is not None:
            left.remove(like)
    return [row or left.pop(0) for row in paired]


def _essence(row: NewOrderRow | OrderRow) -> tuple[object, ...]:
    return row.product_id, row.quantity, row.price


def _compare_rows(ours: Sequence[NewOrderRow], held: Sequence[OrderRow]) -> list[str]:
    wanted = [row for row in ours if row.product_id is not None]
    if len(wanted) != len(held):
        return [
            say(
                "The document has {ours} rows with a product, the order {theirs}.",
                ours=len(wanted),
                theirs=len(held),
            )
        ]
    found = []
    for number, (our, their) in enumerate(zip(wanted, held, strict=True), 1):
        if _essence(our) != _essence(their):
            found.append(say("Row {row} has another product, quantity or price.", row=number))
    return found


def _compare_rates(
    lines: Sequence[DocumentLine], held: Sequence[OrderRow], vat: Decimal | None, tolerance: Decimal
) -> list[str]:
    """Compare each row's VAT, of rows that are equal else.

    Rates count only where all are stated and give the order's own VAT: their unit is not
    documented, and a column that is not filled holds a default that looks like a rate.
    """
    sold = [line for line in lines if not is_text(line)]
    rates = [row.vat_rate for row in held if row.vat_rate is not None]
    if vat is None or len(rates) != len(sold) or not _give(vat, sold, rates):
        return []
    return [
        say(
            "Row {row} has {ours} % VAT in RecMan and {theirs} % in 24SevenOffice.",
            row=number,
            ours=format_rate(line.vat_rate),
            theirs=format_rate(rate),
        )
        for number, (line, rate) in enumerate(zip(sold, rates, strict=True), 1)
        if abs(_percentage(line.net, line.vat_rate - rate)) > tolerance
    ]


def _give(vat: Decimal, sold: Sequence[DocumentLine], rates: Sequence[Decimal]) -> bool:
    """Whether these rates give that VAT, but for an øre a row that rounding may cost."""
    nets: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for line, rate in zip(sold, rates, strict=True):
        nets[rate] += line.net
    given = sum((_percentage(net, rate) for rate, net in nets.items()), Decimal(0))
    return abs(given - vat) <= len(sold) * ORE


def _percentage(amount: Decimal, rate: Decimal) -> Decimal:
    return (amount * rate / 100).quantize(ORE, ROUND_HALF_UP)
