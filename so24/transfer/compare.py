"""Whether an order in 24SevenOffice is the document that RecMan issued (pure).

RecMan's total: net is the sum of the lines' nets; VAT per rate half-up on the net of that rate;
total is both. The order's figures are what 24SevenOffice computed from products and prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from so24.amounts import format_amount
from so24.office.values import NewOrder, NewOrderRow, Order, OrderRow
from so24.store.document_tables import Invoice


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
        return " ".join(self.differences)


def compare_order(invoice: Invoice, sent: NewOrder, order: Order, tolerance: Decimal) -> Comparison:
    """Compare customer, credited invoice and rows with what is sent, and the amounts as well."""
    found: list[str] = []
    if order.customer_id != sent.customer_id:
        words = f"The order belongs to customer {order.customer_id}, not to {sent.customer_id}."
        found.append(words)
    if sent.currency is not None and order.currency != sent.currency.symbol:
        theirs = order.currency or "the company's own currency"
        found.append(f"The document is in {sent.currency.symbol}, the order in {theirs}.")
    if order.credited_invoice_id != sent.credited_invoice_id is not None:
        there = order.credited_invoice_id or "none"
        found.append(f"The order credits invoice {there}, not {sent.credited_invoice_id}.")
    found.extend(_compare_rows(sent.rows, order.rows))
    amounts = compare_amounts(invoice, order, tolerance)
    return Comparison((*found, *amounts.differences), amounts.difference)


def compare_amounts(invoice: Invoice, order: Order, tolerance: Decimal) -> Comparison:
    """Compare net, VAT and total only; amounts in the invoice's currency."""
    if order.total is None or order.vat is None:
        return Comparison(("24SevenOffice did not state the order's total.",), Decimal(0))
    pairs = (
        ("Net", invoice.net, order.total - order.vat),
        ("VAT", invoice.vat, order.vat),
        ("Total", invoice.total, order.total),
    )
    found = tuple(
        f"{name} is {format_amount(ours)} in RecMan and {format_amount(theirs)} in 24SevenOffice."
        for name, ours, theirs in pairs
        if abs(theirs - ours) > tolerance
    )
    return Comparison(found, order.total - invoice.total)


def _compare_rows(ours: tuple[NewOrderRow, ...], theirs: tuple[OrderRow, ...]) -> list[str]:
    wanted = [row for row in ours if row.product_id is not None]
    held = [row for row in theirs if row.type in (None, "Normal") and (row.product_id or 0) > 0]
    if len(wanted) != len(held):
        return [f"The document has {len(wanted)} rows with a product, the order {len(held)}."]
    found = []
    for number, (our, their) in enumerate(zip(wanted, held, strict=True), 1):
        if (our.product_id, our.quantity, our.price) != (
            their.product_id,
            their.quantity,
            their.price,
        ):
            found.append(f"Row {number} has another product, quantity or price.")
    return found
