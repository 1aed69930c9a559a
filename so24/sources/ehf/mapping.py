"""What so24 makes of a bill: kind and sign, lines, particulars, and what asks for a person.

Allowances and charges of the document become lines of their own, after the others. Those of a line
are within its net already; its price is then the one that gives this net.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from so24.amounts import format_amount
from so24.language.said import cut_said, join_said, say
from so24.sources.documents.documents import (
    CUSTOMER,
    DEPARTMENT,
    Particulars,
    SourceDocument,
    SourceLine,
)
from so24.sources.documents.totals import sign_amounts
from so24.sources.ehf.bill import Adjustment, Bill, BillLine, Doubt
from so24.sources.ehf.bill_reading import find_project
from so24.sources.ehf.buyers import Supplement, find_customer, organization_number
from so24.sources.ehf.kinds import doubt_type
from so24.sources.ehf.markup import to_fine
from so24.sources.ehf.release import CREDITED, NEGATIVE, PAYMENT_IDS, PRODUCT, UNPAID
from so24.sources.ehf.vat_rules import find_vat_apart
from so24.sources.sheets.cells.cell import BadCell
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.ground import MONEY_SCALE

# templates of what is told where it is so
_CHARGE = say(
    "It has the charge “{name}” of the whole document, and SO24_EHF_CHARGE_PRODUCT names no "
    "product number for it; set it and import the file again."
)
_ALLOWANCE = say(
    "It has the allowance “{name}” of the whole document, and SO24_EHF_ALLOWANCE_PRODUCT names no "
    "product number for it; set it and import the file again."
)
_KID = re.compile(r"\d{1,24}[\d-]", re.ASCII)
_TEXT_LENGTH, _NOTE_LENGTH, _HELD_LENGTH = 300, 2000, 500
_NUMBER_LENGTH = 40  # of what is credited; a cut number would be another one
_CENT = Decimal(1).scaleb(-MONEY_SCALE)


def map_bill(
    bill: Bill, filename: str, supplement: Supplement, opinions: Sequence[Doubt] = ()
) -> SourceDocument:
    """The document of a bill that breaks no rule; ``opinions`` hold it besides its own doubts.

    Raises :class:`BadCell` with the reason where its department or customer is not known.
    """
    department = _find_department(bill, supplement)
    number, stated = find_customer(bill.buyer, supplement.customers)
    lines = [_map_line(line) for line in bill.lines]
    lines += [_map_adjustment(each, supplement) for each in bill.adjustments]
    is_credit = bill.is_credit_note or bill.sums.inclusive < 0
    document = SourceDocument(
        sheet=filename,
        kind=DocumentKind.CREDIT_NOTE if is_credit else DocumentKind.INVOICE,
        held="",
        number=bill.number,
        department_number=department,
        department_name="",
        customer_number=number,
        customer_name=bill.buyer.name,
        currency=bill.currency,
        invoice_date=bill.issue_date,
        our_reference=bill.seller.contact,
        project_number=find_project(bill)[0],
        project_name="",
        lines=tuple(lines),
        particulars=_map_particulars(bill, is_credit),
        unstated=frozenset({DEPARTMENT} if stated else {DEPARTMENT, CUSTOMER}),
        buyer_number=organization_number(bill.buyer),
    )
    doubts = (*find_doubts(bill, supplement), *opinions)
    # what may be held here is not the kind, so the sign is certain all the same
    held = join_said(each.words for each in doubts)
    return replace(sign_amounts(document), held=cut_said(held, _HELD_LENGTH))


def _find_department(bill: Bill, supplement: Supplement) -> str:
    if supplement.department:
        return supplement.department
    by_seller = f"org-{organization_number(bill.seller)}"
    if by_seller in supplement.departments:
        return by_seller
    raise BadCell(
        say(
            "it states no department, as no EHF file does: choose one as “{field}” when you import "
            "it, or let a System Administrator add a department with the "
            "number {number}, which all documents of this seller then go to",
            field=say("Department of EHF files"),
            number=by_seller,
        )
    )


def _map_line(line: BillLine) -> SourceLine:
    text = line.name if not line.description else f"{line.name}: {line.description}"
    return SourceLine(
        row=line.line,
        product_number=line.seller_number,
        product_name=_shorten(line.name, _TEXT_LENGTH),
        text=_shorten(text, _TEXT_LENGTH),
        quantity=to_fine(line.quantity),
        unit_price=_price_of(line),
        net=line.net.quantize(_CENT),
        vat_rate=to_fine(line.tax.rate),
        line_date=line.date,
        vat_category=line.tax.category,
    )


def _price_of(line: BillLine) -> Decimal:
    """The stated price of one unit; with allowances or charges the one that gives the net."""
    if line.adjustments and line.quantity:
        return to_fine(line.net / line.quantity)
    return to_fine(line.price / line.base_quantity)


def _map_adjustment(adjustment: Adjustment, supplement: Supplement) -> SourceLine:
    # in English: it goes to 24SevenOffice as a line's text
    word = "Charge" if adjustment.is_charge else "Allowance"
    name = adjustment.reason or f"{word} ({adjustment.reason_code})"
    net, tax = adjustment.net.quantize(_CENT), adjustment.tax
    if tax is None:
        raise TypeError("an allowance or charge of a document has its VAT")
    return SourceLine(
        row=adjustment.line,
        product_number=supplement.product_of(adjustment),
        product_name=_shorten(name, _TEXT_LENGTH),
        text=_shorten(name, _TEXT_LENGTH),
        quantity=to_fine(Decimal(-1 if net < 0 else 1)),
        unit_price=to_fine(abs(net)),
        net=net,
        vat_rate=to_fine(tax.rate),
        vat_category=tax.category,
    )


def _map_particulars(bill: Bill, is_credit: bool) -> Particulars:
    kids = [each for each in bill.payment_ids if _KID.fullmatch(each)]
    credited = bill.credited[0] if len(bill.credited) == 1 and is_credit else ""
    return Particulars(
        due_date=bill.due_date,
        delivery_date=bill.delivery_date,
        kid=kids[0] if len(bill.payment_ids) == len(kids) == 1 else "",
        your_reference=bill.buyer_reference or bill.buyer.contact,
        order_reference=bill.order_reference,
        note=_shorten(bill.note, _NOTE_LENGTH),
        credited_number=credited if len(credited) <= _NUMBER_LENGTH else "",
        vat=bill.vat.quantize(_CENT),
        total=bill.sums.inclusive.quantize(_CENT),
    )


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def find_doubts(bill: Bill, supplement: Supplement) -> Iterator[Doubt]:
    """One sentence for each doubt that a person has to answer."""
    yield from doubt_type(bill)
    if bill.is_credit_note and bill.sums.inclusive < 0:
        words = say("It is a credit note, but its total is negative: does it credit or charge?")
        yield Doubt(NEGATIVE, words)
    yield from find_vat_apart(bill)
    if bill.sums.prepaid or bill.sums.rounding:
        yield Doubt(
            UNPAID,
            say(
                "Its total is {total}, but to be paid are {payable} (prepaid {prepaid}, rounding "
                "{rounding}); only the total is transferred.",
                total=format_amount(bill.sums.inclusive),
                payable=format_amount(bill.sums.payable),
                prepaid=format_amount(bill.sums.prepaid),
                rounding=format_amount(bill.sums.rounding),
            ),
        )
    yield from _doubt_product(bill, supplement)
    if len(bill.payment_ids) > 1:
        words = say("It has several payment ids, of which none is taken for the KID.")
        yield Doubt(PAYMENT_IDS, words)
    if len(bill.credited) > 1:
        named = ", ".join(bill.credited)[:100]
        words = say("It names several invoices that it credits: {numbers}.", numbers=named)
        yield Doubt(CREDITED, words)


def _doubt_product(bill: Bill, supplement: Supplement) -> Iterator[Doubt]:
    """The first allowance or charge of the document that no setting names a product for."""
    for each in bill.adjustments:
        if not supplement.product_of(each):
            template = _CHARGE if each.is_charge else _ALLOWANCE
            name = (each.reason or each.reason_code)[:40]
            yield Doubt(PRODUCT, say(template, name=name))
            return
