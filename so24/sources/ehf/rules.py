"""The rules of the standard: what a document must name and how, and how its amounts add up.

Each function yields what the bill breaks, with the official code; the sums are exact, but for the
two øre that the standard leaves to a line, to a percentage and to nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from lxml import etree
from stdnum.no import orgnr

from so24.amounts import format_amount
from so24.sources.documents.totals import round_half_up
from so24.sources.ehf.bill import CODES, Adjustment, Bill, BillLine, Broken, Tax
from so24.sources.ehf.bill_reading import vat_number
from so24.sources.ehf.markup import PREFIXES, Node

SPECIFICATION = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"  # and its kin
)
WARNING = "NO-R-002"
REGISTER = "Foretaksregisteret"
_PROFILE = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:\d{2}:1\.0")
_NORWEGIAN_VAT = re.compile(r"NO(\d{9})MVA", re.ASCII)
_DIRECT_DEBIT = ("49", "59")
_NAMED = 5  # of many broken places of one rule
_PLACES_OF_NUMBERS = ("cbc:EndpointID", "cac:PartyIdentification/cbc:ID", "*/cbc:CompanyID")
SLACK = Decimal("0.02")
LARGEST = Decimal(10) ** 12


def check_form(root: etree._Element) -> list[Broken]:
    """All rules about the writing that the document breaks; warnings are not among them."""
    node = Node(root, [])
    _check_head(node)
    _check_emptiness(node)
    _check_currency(node)
    _check_parties(node)
    _check_periods(node)
    for means in node.all("cac:PaymentMeans"):
        code = means.text("cbc:PaymentMeansCode")
        if code in _DIRECT_DEBIT and not means.text("cac:PaymentMandate/cbc:ID"):
            means.refuse("PEPPOL-EN16931-R061", "a direct debit has no mandate reference")
    return node.broken


def lacks_register(root: etree._Element) -> bool:
    """Whether a Norwegian seller does not state “Foretaksregisteret” (a warning, NO-R-002)."""
    seller = Node(root, []).find("cac:AccountingSupplierParty/cac:Party")
    if seller is None or not _is_norwegian(seller):
        return False
    schemes = seller.all("cac:PartyTaxScheme")
    stated = {each.text("cac:TaxScheme/cbc:ID"): each.text("cbc:CompanyID") for each in schemes}
    return stated.get("TAX") != REGISTER


def is_organization_number(text: str) -> bool:
    """Whether the text is nine digits, not all zeros, that pass modulus 11."""
    return bool(re.fullmatch("[0-9]{9}", text)) and int(text) > 0 and bool(orgnr.is_valid(text))


def _check_head(node: Node) -> None:
    if not node.text("cbc:CustomizationID").startswith(SPECIFICATION):
        node.refuse("PEPPOL-EN16931-R004", "its CustomizationID is not that of Billing 3.0")
    if not (profile := node.text("cbc:ProfileID")):
        node.refuse("PEPPOL-EN16931-R001", "ProfileID is missing")
    elif not _PROFILE.fullmatch(profile):
        node.refuse("PEPPOL-EN16931-R007", "its ProfileID is not one of Billing 3.0")
    if len(node.all("cbc:Note")) > 1:
        node.refuse("PEPPOL-EN16931-R002", "it has more than one note")
    if not node.text("cbc:BuyerReference") and not node.text("cac:OrderReference/cbc:ID"):
        words = "neither BuyerReference nor OrderReference is there"
        node.refuse("PEPPOL-EN16931-R003", words)
    tax_currency = node.text("cbc:TaxCurrencyCode")
    if tax_currency and tax_currency == node.text("cbc:DocumentCurrencyCode"):
        node.refuse("PEPPOL-EN16931-R005", "TaxCurrencyCode is the document's own currency")
    bare = [each for each in node.all("cac:TaxTotal") if not each.all("cac:TaxSubtotal")]
    if len(bare) != bool(tax_currency):
        words = "a TaxTotal without subtotals must stand there exactly if TaxCurrencyCode does"
        node.refuse("PEPPOL-EN16931-R054", words)


def _check_emptiness(node: Node) -> None:
    found = [
        each
        for each in node.element.iter(etree.Element)
        if len(each) == 0 and not (each.text or "").strip()
    ]
    for each in found[:_NAMED]:
        name = etree.QName(each).localname
        Node(each, node.broken).refuse("PEPPOL-EN16931-R008", f"{name} is empty")


def _check_currency(node: Node) -> None:
    currency = node.text("cbc:DocumentCurrencyCode")
    foreign = set(_totals_in_tax_currency(node))
    found = [
        each
        for each in node.element.iter(etree.Element)
        if each.get("currencyID", currency) != currency and each not in foreign
    ]
    for each in found[:_NAMED]:
        words = f"{etree.QName(each).localname} is in {each.get('currencyID')}, not in {currency}"
        Node(each, node.broken).refuse("PEPPOL-EN16931-R051", words)


def _totals_in_tax_currency(node: Node) -> Iterator[etree._Element]:
    for total in node.all("cac:TaxTotal"):
        if not total.all("cac:TaxSubtotal"):
            yield from (each.element for each in total.all("cbc:TaxAmount"))


def _check_parties(node: Node) -> None:
    for rule, path in (
        ("PEPPOL-EN16931-R020", "cac:AccountingSupplierParty/cac:Party"),
        ("PEPPOL-EN16931-R010", "cac:AccountingCustomerParty/cac:Party"),
    ):
        party = node.find(path)
        if party is not None and not party.text("cbc:EndpointID"):
            party.refuse(rule, "EndpointID is missing")
    for party in (Node(each, node.broken) for each in _parties(node.element)):
        for path in _PLACES_OF_NUMBERS:
            for each in party.all(path):
                norwegian = each.element.get("schemeID") == "0192"
                if norwegian and not is_organization_number(each.content):
                    words = f"“{each.content[:20]}” is no Norwegian organization number"
                    each.refuse("PEPPOL-COMMON-R041", words)
    seller = node.find("cac:AccountingSupplierParty/cac:Party")
    if seller is not None and _is_norwegian(seller) and (number := vat_number(seller)):
        found = _NORWEGIAN_VAT.fullmatch(number)
        if not found or not is_organization_number(found[1]):
            words = f"“{number[:20]}” is no Norwegian VAT number (NO, nine digits, MVA)"
            seller.refuse("NO-R-001", words)


def _check_periods(node: Node) -> None:
    """Periods of lines lie within the document's, where that states its ends."""
    first = node.date("cac:InvoicePeriod/cbc:StartDate")
    last = node.date("cac:InvoicePeriod/cbc:EndDate")
    for line in (*node.all("cac:InvoiceLine"), *node.all("cac:CreditNoteLine")):
        start = line.date("cac:InvoicePeriod/cbc:StartDate")
        end = line.date("cac:InvoicePeriod/cbc:EndDate")
        if first and start and start < first:
            line.refuse("PEPPOL-EN16931-R110", "a line's period begins before the document's")
        if last and end and end > last:
            line.refuse("PEPPOL-EN16931-R111", "a line's period ends after the document's")


def _parties(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iterfind(".//cac:Party", PREFIXES)
    yield from root.iterfind("cac:PayeeParty", PREFIXES)


def _is_norwegian(seller: Node) -> bool:
    country = seller.text("cac:PostalAddress/cac:Country/cbc:IdentificationCode")
    return country == "NO" or vat_number(seller).startswith("NO")


def check_amounts(bill: Bill) -> list[Broken]:
    """All rules about amounts that the bill breaks."""
    return [broken for rule in _RULES for broken in rule(bill)]


def _check_lines(bill: Bill) -> Iterator[Broken]:
    for line in bill.lines:
        where = f"line {line.id}"
        if line.base_quantity <= 0:
            yield Broken("PEPPOL-EN16931-R121", f"{where} has a base quantity of 0", line.line)
            continue
        if line.price < 0:
            yield Broken("BR-27", f"the price of {where} is negative", line.line)
        if line.gross is not None and line.gross < 0:
            yield Broken("BR-28", f"the gross price of {where} is negative", line.line)
        if line.gross is not None and line.price != line.gross - line.discount:
            words = f"the price of {where} is not its gross price less the discount"
            yield Broken("PEPPOL-EN16931-R046", words, line.line)
        reckoned = reckon_net(line)
        each = line.price / line.base_quantity, line.net / (line.quantity or 1)
        if max(map(abs, (reckoned, *each))) >= LARGEST:
            yield Broken("", f"{where} has larger amounts than can be kept", line.line)
            continue
        if abs(reckoned - line.net) > SLACK:
            words = f"quantity, price, allowances and charges of {where} give "
            yield _differs("PEPPOL-EN16931-R120", words, reckoned, line.net, line.line)


def reckon_net(line: BillLine) -> Decimal:
    """Quantity × price ÷ base quantity, with the line's allowances and charges; not rounded."""
    own = line.quantity * line.price / line.base_quantity
    return own + sum((each.net for each in line.adjustments), Decimal(0))


def _check_adjustments(bill: Bill) -> Iterator[Broken]:
    each_of = [*bill.adjustments, *(each for line in bill.lines for each in line.adjustments)]
    for each in each_of:
        word = "charge" if each.is_charge else "allowance"
        if each.percent is not None and each.base is None:
            yield Broken("PEPPOL-EN16931-R041", f"a {word} in percent has no base", each.line)
        elif each.percent is None and each.base is not None:
            yield Broken("PEPPOL-EN16931-R042", f"a {word} with a base has no percent", each.line)
        elif each.percent is not None and each.base is not None:
            reckoned = each.base * each.percent / 100
            if abs(reckoned - each.amount) > SLACK:
                words = f"base and percentage of a {word} give "
                yield _differs("PEPPOL-EN16931-R040", words, reckoned, each.amount, each.line)


def _check_sums(bill: Bill) -> Iterator[Broken]:
    sums = bill.sums
    allowances = -_total(each for each in bill.adjustments if not each.is_charge)
    charges = _total(each for each in bill.adjustments if each.is_charge)
    lines = sum((line.net for line in bill.lines), Decimal(0))
    vat = sum((each.amount for each in bill.subtotals), Decimal(0))
    exclusive = sums.lines - sums.allowances + sums.charges
    payable = sums.inclusive - sums.prepaid + sums.rounding
    for rule, words, reckoned, stated in (
        ("BR-CO-10", "the lines come to ", lines, sums.lines),
        ("BR-CO-11", "the allowances come to ", allowances, sums.allowances),
        ("BR-CO-12", "the charges come to ", charges, sums.charges),
        ("BR-CO-13", "lines, allowances and charges come to ", exclusive, sums.exclusive),
        ("BR-CO-14", "the VAT of the categories comes to ", vat, bill.vat),
        ("BR-CO-15", "net and VAT come to ", sums.exclusive + bill.vat, sums.inclusive),
        ("BR-CO-16", "total, prepaid amount and rounding come to ", payable, sums.payable),
    ):
        if reckoned != stated:
            yield _differs(rule, words, reckoned, stated, sums.line)


def _check_vat(bill: Bill) -> Iterator[Broken]:
    """Each category and rate has one subtotal, of the right taxable amount, rounded half-up."""
    nets: dict[Tax, Decimal] = {}
    for line in bill.lines:
        nets[line.tax] = nets.get(line.tax, Decimal(0)) + line.net
    for each in bill.adjustments:
        if each.tax:
            nets[each.tax] = nets.get(each.tax, Decimal(0)) + each.net
    counts = Counter(subtotal.tax for subtotal in bill.subtotals)
    for tax in sorted(nets.keys() | counts.keys(), key=str):
        if counts[tax] != 1 or tax not in nets:
            found = "no line has" if tax not in nets else f"{counts[tax]} subtotals are of"
            yield Broken(f"BR-{CODES[tax.category]}-01", f"{found} VAT {tax}", bill.sums.line)
    for subtotal in bill.subtotals:
        taxable = nets.get(subtotal.tax, subtotal.taxable)
        if taxable != subtotal.taxable:
            rule = f"BR-{CODES[subtotal.tax.category]}-08"
            words = f"what has VAT {subtotal.tax} comes to "
            yield _differs(rule, words, taxable, subtotal.taxable, subtotal.line)
        vat = round_half_up(subtotal.taxable * subtotal.tax.rate / 100)
        if vat != subtotal.amount:
            words = f"VAT {subtotal.tax} of {format_amount(subtotal.taxable)} is "
            yield _differs("BR-CO-17", words, vat, subtotal.amount, subtotal.line)


def _check_payment(bill: Bill) -> Iterator[Broken]:
    if bill.sums.payable > 0 and not bill.due_date and not bill.terms:
        words = "there is an amount to pay, but neither a due date nor terms of payment"
        yield Broken("BR-CO-25", words, bill.sums.line)


def _total(adjustments: Iterator[Adjustment]) -> Decimal:
    return sum((each.net for each in adjustments), Decimal(0))


def _differs(rule: str, words: str, reckoned: Decimal, stated: Decimal, line: int) -> Broken:
    amounts = f"{format_amount(reckoned)}, but {format_amount(stated)} is stated"
    return Broken(rule, words + amounts, line)


_RULES: tuple[Callable[[Bill], Iterator[Broken]], ...] = (
    _check_lines,
    _check_adjustments,
    _check_sums,
    _check_vat,
    _check_payment,
)
