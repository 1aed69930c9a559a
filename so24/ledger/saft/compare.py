"""Our documents beside a SAF-T export: each exactly once there, with its amounts (pure)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.amounts import format_amount
from so24.dates import format_date
from so24.firms.norwegian_numbers import bare_number
from so24.keys.key_fields import HOME_CURRENCY
from so24.language.said import join_said, say
from so24.ledger.saft.lines import SaftLine, SaftVerdict
from so24.ledger.saft.postings import SaftPosting, read_number
from so24.store.ledger.booked import BookedDocument
from so24.store.tables.document_tables import Invoice
from so24.transfer.order.mapping import OUR_REFERENCES, reference_of


@dataclass(frozen=True)
class SaftTerms:
    """On which terms both are compared.

    ``first`` and ``last`` are the days asked for; ``currency`` is the export's own; ``firms`` are
    organization numbers by the export's CustomerID; ``tolerance`` is what a total may be apart.
    """

    company: str
    first: dt.date
    last: dt.date
    currency: str
    firms: Mapping[str, str]
    tolerance: Decimal = Decimal(0)


def compare_export(
    documents: Sequence[BookedDocument], postings: Sequence[SaftPosting], terms: SaftTerms
) -> list[SaftLine]:
    """One line for each document dated in the period, and one for each of ours not known so.

    A posting is of the document whose reference it carries, else of the one whose number it has.
    Documents of other days only serve to recognise postings.
    """
    by_reference = {reference_of(each.invoice): each for each in documents}
    by_number = {each.office_invoice_id: each for each in documents if each.office_invoice_id}
    found: dict[int, list[SaftPosting]] = {each.invoice.row_id: [] for each in documents}
    strangers: dict[str, list[SaftPosting]] = {}
    for posting in postings:
        reference = find_reference(posting.references)
        owner = by_reference.get(reference) if reference else by_number.get(posting.number or 0)
        if owner is not None:
            found[owner.invoice.row_id].append(posting)
        elif reference and terms.first <= posting.date <= terms.last:
            strangers.setdefault(reference, []).append(posting)
    lines = [
        _line(each, found[each.invoice.row_id], terms)
        for each in documents
        if terms.first <= each.invoice.invoice_date <= terms.last
    ]
    lines += [_line_of_stranger(each, strangers[each], terms) for each in strangers]
    return sorted(lines, key=_by_date)


def find_reference(stated: Iterable[str]) -> str:
    """Our reference among the elements that may hold one; empty where none does."""
    return next((each for each in stated if each.startswith(OUR_REFERENCES)), "")


def wanted_numbers(documents: Iterable[BookedDocument]) -> Collection[int]:
    """The numbers of 24SevenOffice whose postings are wanted."""
    return {each.office_invoice_id for each in documents if each.office_invoice_id is not None}


def _line(document: BookedDocument, postings: Sequence[SaftPosting], terms: SaftTerms) -> SaftLine:
    invoice = document.invoice
    currency = invoice.currency or HOME_CURRENCY
    amounts = [_amounts_of(each, currency, terms) for each in postings]
    totals = [total for total, _ in amounts if total is not None]
    vats = [vat for _, vat in amounts if vat is not None]
    their_vat = sum(vats, Decimal(0)) if vats and len(vats) == len(postings) else None
    if not their_vat and not invoice.vat and postings:
        their_vat = Decimal(0)  # where no VAT is, no line of the export has to say so
    faults = _find_faults(document, postings, totals, their_vat, terms) if postings else []
    if not postings:
        missing = document.office_invoice_id is not None
        faults = [(SaftVerdict.MISSING if missing else SaftVerdict.WAITS, "")]
    return SaftLine(
        company=terms.company,
        verdict=faults[0][0] if faults else SaftVerdict.AGREES,
        date=postings[0].date if postings else invoice.invoice_date,
        invoice_number=postings[0].number if postings else document.office_invoice_id,
        reference=reference_of(invoice),
        vouchers=_name_vouchers(postings),
        their_total=sum(totals, Decimal(0)) if totals else None,
        our_total=invoice.total,
        their_vat=their_vat,
        our_vat=invoice.vat,
        currency=currency,
        customer_there=postings[0].customer_id if postings else "",
        kind=invoice.kind.value,
        number=invoice.number,
        department=document.department,
        customer=document.customer,
        customer_card=document.card,
        document_id=invoice.id,
        told=join_said(words for _, words in faults),
        unshown=_tell_unshown(document, postings, their_vat, terms),
        transferred=document.transferred,
    )


def _find_faults(
    document: BookedDocument,
    postings: Sequence[SaftPosting],
    totals: Sequence[Decimal],
    their_vat: Decimal | None,
    terms: SaftTerms,
) -> list[tuple[SaftVerdict, str]]:
    """What differs, the weightiest first, each with its sentence."""
    found = _count_faults(document.invoice, postings)
    if not found:
        found += _amount_faults(document.invoice, totals, their_vat, terms)
    posting = postings[0]
    if any(_is_other_customer(document, each, terms) for each in postings):
        words = say("It is booked on customer {there}.", there=posting.customer_id)
        found.append((SaftVerdict.OTHER_CUSTOMER, words))
    ours = document.office_invoice_id
    if ours is not None and any(each.number != ours for each in postings):
        words = say("Its number is {ours} as so24 knows it.", ours=ours)
        found.append((SaftVerdict.OTHER_NUMBER, words))
    if posting.date != document.invoice.invoice_date:
        words = say(
            "Booked {theirs}, dated {ours} in RecMan.",
            theirs=format_date(posting.date),
            ours=format_date(document.invoice.invoice_date),
        )
        found.append((SaftVerdict.OTHER_DATE, words))
    return found


def _count_faults(
    invoice: Invoice, postings: Sequence[SaftPosting]
) -> list[tuple[SaftVerdict, str]]:
    alike = [each for each in postings if each.total * invoice.total >= 0]
    words = say("Vouchers: {vouchers}.", vouchers=_name_vouchers(postings))
    found: list[tuple[SaftVerdict, str]] = []
    if len(alike) > 1:
        found.append((SaftVerdict.TWICE, words))
    if alike and len(alike) < len(postings):
        found.append((SaftVerdict.REVERSED, "" if found else words))
    return found


def _amount_faults(
    invoice: Invoice, totals: Sequence[Decimal], their_vat: Decimal | None, terms: SaftTerms
) -> list[tuple[SaftVerdict, str]]:
    found: list[tuple[SaftVerdict, str]] = []
    total = totals[0] if totals else None
    if total is None:
        found.append((SaftVerdict.UNSHOWN, ""))
    elif abs(total - invoice.total) > terms.tolerance:
        words = say(
            "The total is {theirs} there and {ours} in RecMan.",
            theirs=format_amount(total),
            ours=format_amount(invoice.total),
        )
        found.append((SaftVerdict.OTHER_TOTAL, words))
    if their_vat is not None and abs(their_vat - invoice.vat) > terms.tolerance:
        words = say(
            "VAT is {theirs} there and {ours} in RecMan.",
            theirs=format_amount(their_vat),
            ours=format_amount(invoice.vat),
        )
        found.append((SaftVerdict.OTHER_VAT, words))
    return found


def _amounts_of(
    posting: SaftPosting, currency: str, terms: SaftTerms
) -> tuple[Decimal | None, Decimal | None]:
    """Total and VAT in the document's currency; None where the export does not show them in it."""
    if currency == terms.currency:
        return posting.total, posting.vat
    if currency == posting.currency:
        return posting.foreign, posting.foreign_vat
    return None, None


def _is_other_customer(document: BookedDocument, posting: SaftPosting, terms: SaftTerms) -> bool:
    """Whether neither the card's number nor the organization number says that it is the customer.

    Of a document that a person declared to be an order there, so24 knows no card.
    """
    firm = terms.firms.get(posting.customer_id, "")
    ours = bare_number(document.firm_number)
    if firm and ours and firm == ours:
        return False
    card = read_number(posting.customer_id)
    if document.company_id is not None and card is not None:
        return card != document.company_id
    return bool(firm and ours)


def _is_customer_unshown(document: BookedDocument, posting: SaftPosting, terms: SaftTerms) -> bool:
    firm = terms.firms.get(posting.customer_id, "")
    by_card = document.company_id is not None and read_number(posting.customer_id) is not None
    return not by_card and not (firm and document.firm_number)


def _tell_unshown(
    document: BookedDocument,
    postings: Sequence[SaftPosting],
    their_vat: Decimal | None,
    terms: SaftTerms,
) -> str:
    if not postings:
        return ""
    currency = document.invoice.currency or HOME_CURRENCY
    total = any(_amounts_of(each, currency, terms)[0] is None for each in postings)
    found = [
        say("The export does not show its total in {currency}.", currency=currency)
        if total
        else "",
        say("The export does not show its VAT.") if their_vat is None else "",
        say("The export does not show whose customer number it is.")
        if any(_is_customer_unshown(document, each, terms) for each in postings)
        else "",
    ]
    return join_said(found)


def _line_of_stranger(
    reference: str, postings: Sequence[SaftPosting], terms: SaftTerms
) -> SaftLine:
    """A document of ours by its reference, which so24 does not know as transferred there."""
    vats = [each.vat for each in postings if each.vat is not None]
    return SaftLine(
        company=terms.company,
        verdict=SaftVerdict.UNKNOWN,
        date=postings[0].date,
        invoice_number=postings[0].number,
        reference=reference,
        vouchers=_name_vouchers(postings),
        their_total=sum((each.total for each in postings), Decimal(0)),
        our_total=None,
        their_vat=sum(vats, Decimal(0)) if len(vats) == len(postings) else None,
        our_vat=None,
        currency=terms.currency,
        customer_there=postings[0].customer_id,
        told=say("so24 does not know that it has been sent there."),
    )


def _name_vouchers(postings: Iterable[SaftPosting]) -> str:
    return ", ".join(" ".join(filter(None, (each.journal, each.voucher))) for each in postings)


def _by_date(line: SaftLine) -> tuple[dt.date, str, str]:
    return line.date or dt.date.min, line.number, line.reference
