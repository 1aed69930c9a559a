"""The rules of the standard about the document as it is written: what it must name, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from stdnum.no import orgnr

from so24.sources.ehf.bill import Broken
from so24.sources.ehf.bill_reading import vat_number
from so24.sources.ehf.node import PREFIXES, Node

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
