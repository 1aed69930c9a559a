"""Orders in 24SevenOffice and our documents, put beside each other (pure)."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from so24.amounts import amounts_typed
from so24.keys.key_fields import HOME_CURRENCY
from so24.language.said import say
from so24.letters import fold
from so24.office.values import Order
from so24.stated_total import tell_stated_total
from so24.store.tables.document_tables import Invoice
from so24.store.transfers.ledger import OurDocument
from so24.transfer.order.compare import tell_moved
from so24.transfer.order.mapping import reference_of
from so24.transfer.order.what_is_there import BOOKED, FOR_APPROVAL, INACTIVE


class Verdict(enum.StrEnum):
    """What the comparison of one order and one document says."""

    AGREES = say("agrees")
    DIFFERS = say("differs")
    OTHER_CUSTOMER = say("on another customer's card")
    TWICE = say("booked twice")
    REDATED = say("on another date")
    SECOND_DRAFT = say("draft beside its invoice")
    ONLY_OFFICE = say("only in 24SevenOffice")
    ONLY_OURS = say("only in so24")
    DRAFT = say("draft")


DRAFTS = (Verdict.DRAFT, Verdict.SECOND_DRAFT)  # no part of the ledger
FINE = (Verdict.AGREES, Verdict.DRAFT)  # nobody has to look at these


@dataclass(frozen=True)
class LedgerLine:
    """An order beside our document; what one side does not have is None or empty.

    ``customer_card`` is the card that so24 has sent the document to, ``office_customer_id`` the one
    that the order is of.

    ``transferred``: our document is one that so24 has transferred itself; another is there already.
    ``probably`` is the number of the document that the order is probably, by what so24 has found;
    the line then names that document's id and customer, and nothing else of it.

    ``moved`` is a sentence: on which other date 24SevenOffice has booked it or wants it paid.
    Totals include VAT, in ``currency``; ``difference`` is theirs less ours, ``stated_total`` the
    source's own. ``document_id`` is our document's in the store.
    """

    company: str
    order_id: int | None
    office_invoice_id: int | None
    office_status: str
    date: dt.date | None
    reference: str
    office_total: Decimal | None
    kind: str
    number: str
    department: str
    customer: str
    customer_card: str
    office_customer_id: int | None
    our_total: Decimal | None
    currency: str
    difference: Decimal | None
    verdict: Verdict
    moved: str = ""
    stated_total: Decimal | None = None
    document_id: int | None = None
    transferred: bool = False
    probably: str = ""

    @property
    def our_part(self) -> Decimal | None:
        """What it adds to our sum: a document that is booked twice is one document of ours."""
        return None if self.verdict in (*DRAFTS, Verdict.TWICE) else self.our_total

    @property
    def stated_apart(self) -> str:
        """The sentence that the source's own total is another than the ledger's; or empty."""
        if self.office_total is None:
            return ""
        return tell_stated_total(self.stated_total, self.office_total, self.currency)

    def means(self, text: str) -> bool:
        """Whether a text that somebody searches for is in it, or one of its numbers or amounts."""
        wanted = fold(text)
        words = (self.number, self.probably, self.customer, self.customer_card)
        if any(wanted in fold(each) for each in words):
            return True
        if text in map(str, (self.order_id, self.office_invoice_id, self.office_customer_id)):
            return True
        amounts = amounts_typed(text)
        totals = (self.office_total, self.our_total, self.stated_total)
        return wanted in fold(self.reference) or (
            amounts is not None
            and any(each is not None and amounts[0] <= abs(each) <= amounts[1] for each in totals)
        )

    def as_record(self) -> dict[str, object]:
        """The line for ``--json`` and files: amounts as text, so that nothing is rounded."""
        told = (name for name in self.__dataclass_fields__ if name != "document_id")
        record = {name: getattr(self, name) for name in told}
        amounts = ("office_total", "our_total", "difference", "stated_total")
        for name in ("date", *amounts, "verdict"):
            record[name] = None if record[name] is None else str(record[name])
        return record


@dataclass(frozen=True)
class LedgerSum:
    """What both sides hold in one currency, and how many of its lines agree.

    Drafts are left out; one beside its document's invoice is a line that does not agree, of no sum.
    """

    currency: str
    office: Decimal
    ours: Decimal
    lines: int
    agreeing: int

    @property
    def difference(self) -> Decimal:
        """Theirs less ours."""
        return self.office - self.ours


def reconcile(
    orders: Iterable[Order],
    ours: Sequence[OurDocument],
    *,
    company: str = "",
    tolerance: Decimal = Decimal(0),
) -> list[LedgerLine]:
    """One line per order, and one per expected document without an order; by date, then number.

    An order belongs to the document that it is bound to, or that a person has declared to be the
    same, else to the one whose reference it carries. A second booked order of the same document is
    *booked twice*, and a draft beside the booked one may become that by somebody's hand.
    ``Inactive`` orders do not count.
    """
    bound = {each.order_id: each for each in ours if each.order_id}
    by_reference = {reference_of(each.invoice): each for each in ours}
    by_likeness = {each.may_be_order: each for each in ours if each.may_be_order}
    present = [order for order in orders if order.status != INACTIVE]
    # what is booked first, and of that the bound order: the other one is called the second
    present.sort(key=lambda each: (each.status not in BOOKED, each.order_id not in bound))
    lines: list[LedgerLine] = []
    found: set[int | None] = set()
    booked: set[int | None] = set()
    for order in present:
        reference = (order.reference or "").strip()
        ours_of = bound.get(order.order_id) or by_reference.get(reference)
        verdict = _judge(order, ours_of, booked, tolerance)
        line = _line(company, order, ours_of, verdict)
        if verdict is Verdict.ONLY_OFFICE and order.order_id in by_likeness:
            line = _name_probable(line, by_likeness[order.order_id])
        lines.append(line)
        if ours_of is not None:
            found.add(ours_of.invoice.id)
            if order.status in BOOKED:
                booked.add(ours_of.invoice.id)
    missing = [each for each in ours if each.expected and each.invoice.id not in found]
    lines += [_line(company, None, each, Verdict.ONLY_OURS) for each in missing]
    return sorted(lines, key=_by_date)


def sum_lines(lines: Iterable[LedgerLine]) -> list[LedgerSum]:
    """Both sides' sums per currency, and how many of the lines that count agree."""
    return sum_by_currency(
        (line.currency, line.office_total, line.our_part, line.verdict is Verdict.AGREES)
        if line.verdict not in DRAFTS
        else (line.currency, None, None, False)
        for line in lines
        if line.verdict is not Verdict.DRAFT
    )


def sum_by_currency(
    counted: Iterable[tuple[str, Decimal | None, Decimal | None, bool]],
) -> list[LedgerSum]:
    """The sums per currency of lines: their currency, both totals, and whether they agree."""
    sums: dict[str, LedgerSum] = {}
    for currency, office, ours, agrees in counted:
        before = sums.get(currency, LedgerSum(currency, Decimal(0), Decimal(0), 0, 0))
        sums[currency] = LedgerSum(
            currency,
            before.office + (office or 0),
            before.ours + (ours or 0),
            before.lines + 1,
            before.agreeing + agrees,
        )
    return [sums[currency] for currency in sorted(sums)]


def _judge(
    order: Order, document: OurDocument | None, booked: set[int | None], tolerance: Decimal
) -> Verdict:
    if order.status not in BOOKED and order.status != FOR_APPROVAL:
        second = document is not None and document.invoice.id in booked
        return Verdict.SECOND_DRAFT if second else Verdict.DRAFT
    if document is None:
        return Verdict.ONLY_OFFICE
    if document.invoice.id in booked:
        return Verdict.TWICE
    if document.company_id is not None and order.customer_id != document.company_id:
        return Verdict.OTHER_CUSTOMER
    ours = document.invoice.currency or HOME_CURRENCY
    same_currency = (order.currency or HOME_CURRENCY) == ours
    if order.total is None or not same_currency:
        return Verdict.DIFFERS
    if abs(order.total - document.invoice.total) > tolerance:
        return Verdict.DIFFERS
    return Verdict.REDATED if tell_moved(document.invoice, order) else Verdict.AGREES


def _line(
    company: str, order: Order | None, document: OurDocument | None, verdict: Verdict
) -> LedgerLine:
    theirs = order.total if order else None
    invoice = document.invoice if document else None
    our = invoice.total if invoice else None
    return LedgerLine(
        company=company,
        order_id=order.order_id if order else None,
        office_invoice_id=order.invoice_id if order else None,
        office_status=order.status if order else "",
        date=_date(order, invoice),
        reference=((order.reference or "").strip() if order else "")
        or (reference_of(invoice) if invoice else ""),
        office_total=theirs,
        kind=invoice.kind.value if invoice else "",
        number=invoice.number if invoice else "",
        department=document.department if document else "",
        customer=document.customer if document else "",
        customer_card=document.card if document else "",
        office_customer_id=order.customer_id if order else None,
        our_total=our,
        currency=_currency(order, invoice),
        difference=None if theirs is None or our is None else theirs - our,
        verdict=verdict,
        moved=tell_moved(invoice, order) if invoice and order and order.status in BOOKED else "",
        stated_total=invoice.stated_total if invoice else None,
        document_id=invoice.id if invoice else None,
        transferred=document is not None and document.transferred,
    )


def _name_probable(line: LedgerLine, document: OurDocument) -> LedgerLine:
    return replace(
        line,
        probably=document.invoice.number,
        department=document.department,
        customer=document.customer,
        document_id=document.invoice.id,
    )


def _date(order: Order | None, invoice: Invoice | None) -> dt.date | None:
    ours = invoice.invoice_date if invoice else None
    return ours if order is None else order.date_invoiced or order.date_ordered or ours


def _currency(order: Order | None, invoice: Invoice | None) -> str:
    theirs = order.currency if order else None
    return theirs or (invoice.currency if invoice else "") or HOME_CURRENCY


def _by_date(line: LedgerLine) -> tuple[dt.date, str, int]:
    return line.date or dt.date.min, line.number, line.order_id or 0
