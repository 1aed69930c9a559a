"""What asks for a person before a bill may be exported, though it breaks no rule."""

from __future__ import annotations

from collections.abc import Iterator

from so24.amounts import format_amount
from so24.sources.ehf.bill import Bill
from so24.sources.ehf.supplement import Supplement
from so24.sources.sheets.numbers import BadCell

INVOICE_CODE = "380"
CREDIT_CODES = ("381", "396")
HELD_CODES = {
    "384": "a corrected invoice, which may replace another one",
    "386": "an invoice for a payment in advance",
    "389": "an invoice that the customer has made out",
    "393": "an invoice whose claim was sold (factoring)",
    "383": "a debit note",
    "326": "a partial invoice",
    "395": "a consignment invoice",
    "388": "a tax invoice",
    "394": "a lease invoice",
    "80": "a debit note", "82": "an invoice for metered services", "84": "a debit note",
    "456": "a debit note of an insurer", "457": "a reversal of a debit",
    "575": "an insurer's invoice", "623": "a forwarder's invoice", "780": "a freight invoice",
    "81": "a credit note", "83": "a credit note", "532": "a forwarder's credit note",
}  # fmt: skip
OF_CREDIT_NOTES = ("81", "83", "532")


def find_doubts(bill: Bill, supplement: Supplement) -> Iterator[str]:
    """One sentence for each doubt.

    Raises :class:`BadCell` where the type code is none of the standard's.
    """
    yield from _doubt_type(bill)
    if bill.is_credit_note and bill.sums.inclusive < 0:
        yield "It is a credit note, but its total is negative: does it credit or charge?"
    if bill.sums.prepaid or bill.sums.rounding:
        yield (
            f"Its total is {format_amount(bill.sums.inclusive)}, but to be paid are "
            f"{format_amount(bill.sums.payable)} (prepaid {format_amount(bill.sums.prepaid)}, "
            f"rounding {format_amount(bill.sums.rounding)}); only the total is transferred."
        )
    for each in bill.adjustments:
        if not supplement.product_of(each):
            word = "charge" if each.is_charge else "allowance"
            yield (
                f"It has the {word} “{(each.reason or each.reason_code)[:40]}” of the whole "
                f"document, and SO24_EHF_{word.upper()}_PRODUCT names no product number for it; "
                "set it and import the file again."
            )
            break
    if len(bill.payment_ids) > 1:
        yield "It has several payment ids, of which none is taken for the KID."
    if len(bill.credited) > 1:
        yield f"It names several invoices that it credits: {', '.join(bill.credited)[:100]}."


def _doubt_type(bill: Bill) -> Iterator[str]:
    code = bill.type_code
    if code in (CREDIT_CODES if bill.is_credit_note else (INVOICE_CODE,)):
        return
    if code not in HELD_CODES or (code in OF_CREDIT_NOTES) is not bill.is_credit_note:
        rule = "P0101" if bill.is_credit_note else "P0100"
        raise BadCell(f"PEPPOL-EN16931-{rule}: its type code {code[:10]} is not allowed")
    if code == "384" and bill.sums.inclusive < 0:
        return  # a correction that only takes back is a credit
    yield f"Its type is {code}, {HELD_CODES[code]}."
