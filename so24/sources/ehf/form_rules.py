"""The rules about the writing: what a document must name, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from stdnum.no import orgnr

from so24.language.said import say
from so24.sources.ehf.bill import Broken
from so24.sources.ehf.bill_reading import read_period, vat_number
from so24.sources.ehf.kinds import SPECIFICATION
from so24.sources.ehf.markup import ATTACHMENT, PREFIXES, Node, local_name, say_missing
from so24.sources.ehf.release import SCHEMA
from so24.sources.reports.countries import is_country

WARNING = "NO-R-002"
REGISTER = "Foretaksregisteret"
_NORWEGIAN_VAT = re.compile(r"NO(\d{9})MVA", re.ASCII)
_DIRECT_DEBIT = ("49", "59")
_NAMED = 5  # of many broken places of one rule
_PLACES_OF_NUMBERS = ("cbc:EndpointID", "cac:PartyIdentification/cbc:ID", "*/cbc:CompanyID")
_COUNTRY = "cac:Country/cbc:IdentificationCode"
_DATES = ("IssueDate", "DueDate", "TaxPointDate", "StartDate", "EndDate", "ActualDeliveryDate")
_MIME_CODES = frozenset(
    (
        "application/pdf", "image/png", "image/jpeg", "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    )
)  # fmt: skip
_BESIDES_ISO = ("1A", "XI")  # Kosovo and Northern Ireland, as the standard calls them
_IN_CURRENCY = frozenset(
    f"{{{PREFIXES['cbc']}}}{name}"
    for name in (
        "Amount", "BaseAmount", "PriceAmount", "TaxAmount", "TaxableAmount", "LineExtensionAmount",
        "TaxExclusiveAmount", "TaxInclusiveAmount", "AllowanceTotalAmount", "ChargeTotalAmount",
        "PrepaidAmount", "PayableRoundingAmount", "PayableAmount",
    )
)  # fmt: skip


def check_form(root: etree._Element) -> list[Broken]:
    """All rules about the writing that the document breaks; warnings are not among them."""
    node = Node(root, [])
    _check_head(node)
    _check_emptiness(node)
    _check_currency(node)
    _check_countries(node)
    _check_dates(node)
    _check_attachments(node)
    _check_split_payment(node)
    _check_parties(node)
    _check_periods(node)
    for means in node.all("cac:PaymentMeans"):
        code = means.text("cbc:PaymentMeansCode")
        if code in _DIRECT_DEBIT and not means.text("cac:PaymentMandate/cbc:ID"):
            means.refuse("PEPPOL-EN16931-R061", say("a direct debit has no mandate reference"))
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
    specification = node.text("cbc:CustomizationID")
    if not specification.startswith(SPECIFICATION) or "::" in specification:
        words = say("its CustomizationID is not that of Billing 3.0")
        node.refuse("PEPPOL-EN16931-R004", words)
    if not node.text("cbc:ProfileID"):
        node.refuse("PEPPOL-EN16931-R001", say_missing("ProfileID"))
    if len(node.all("cbc:Note")) > 1 and not _is_between(node, "DE"):
        node.refuse("PEPPOL-EN16931-R002", say("it has more than one note"))
    references = ("cbc:BuyerReference", "cac:OrderReference/cbc:ID")
    if not any(node.all(each) for each in references):
        words = say("neither BuyerReference nor OrderReference is there")
        node.refuse("PEPPOL-EN16931-R003", words)
    tax_currency = node.text("cbc:TaxCurrencyCode")
    if tax_currency and tax_currency == node.text("cbc:DocumentCurrencyCode"):
        node.refuse("PEPPOL-EN16931-R005", say("TaxCurrencyCode is the document's own currency"))
    bare = [each for each in node.all("cac:TaxTotal") if not each.all("cac:TaxSubtotal")]
    if len(bare) != bool(tax_currency):
        words = say("a TaxTotal without subtotals must stand there exactly if TaxCurrencyCode does")
        node.refuse("PEPPOL-EN16931-R054", words)


def _check_emptiness(node: Node) -> None:
    found = [
        each
        for each in node.element.iter(etree.Element)
        if len(each) == 0 and not (each.text or "").strip()
    ]
    for each in found[:_NAMED]:
        name = local_name(each)
        Node(each, node.broken).refuse("PEPPOL-EN16931-R008", say("{field} is empty", field=name))
    for each in node.element.iter(f"{{{PREFIXES['cbc']}}}*"):
        if len(each):
            name = local_name(each)
            words = say("{field} has another element within its text", field=name)
            Node(each, node.broken).refuse(SCHEMA, words)


def _check_currency(node: Node) -> None:
    currency = node.text("cbc:DocumentCurrencyCode")
    foreign = set(_totals_in_tax_currency(node))
    found = [
        each
        for each in node.element.iter(*_IN_CURRENCY)
        if each.get("currencyID") != currency and each not in foreign
    ]
    for each in found[:_NAMED]:
        stated = each.get("currencyID")
        name = local_name(each)
        words = (
            say(
                "{field} is in {stated}, not in {currency}",
                field=name,
                stated=stated[:10],
                currency=currency[:10],
            )
            if stated
            else say("{field} states no currency", field=name)
        )
        Node(each, node.broken).refuse("PEPPOL-EN16931-R051", words)


def _totals_in_tax_currency(node: Node) -> Iterator[etree._Element]:
    for total in node.all("cac:TaxTotal"):
        if not total.all("cac:TaxSubtotal"):
            yield from (each.element for each in total.all("cbc:TaxAmount"))


def _check_countries(node: Node) -> None:
    for each in node.all(f".//{_COUNTRY}"):
        if each.content and not is_country(each.content) and each.content not in _BESIDES_ISO:
            words = say(
                "“{country}” is no country's two letters (ISO 3166)", country=each.content[:20]
            )
            each.refuse("BR-CL-14", words)


def _check_dates(node: Node) -> None:
    """Also those that so24 does not take; an empty one is told by R008."""
    for each in node.element.iter(*(f"{{{PREFIXES['cbc']}}}{name}" for name in _DATES)):
        found = Node(each, node.broken)
        if found.content:
            found.check_day()


def _check_attachments(node: Node) -> None:
    for each in node.element.iter(ATTACHMENT):
        stated = each.get("mimeCode")
        if stated is not None and stated not in _MIME_CODES:
            words = say(
                "an attachment is of the kind “{kind}”, which is none of the standard's",
                kind=stated[:40],
            )
            Node(each, node.broken).refuse("BR-CL-24", words)


def _check_split_payment(node: Node) -> None:
    """Category B is Italy's only, and its VAT is not the seller's."""
    paths = (".//cac:TaxCategory/cbc:ID", ".//cac:ClassifiedTaxCategory/cbc:ID")
    found = [each for path in paths for each in node.all(path)]
    categories = {each.content for each in found}
    if "B" not in categories:
        return
    if any(each.content != "IT" for each in node.all(".//cbc:IdentificationCode")):
        node.refuse("BR-B-01", say("VAT category B (split payment) is for Italy only"))
    if "S" in categories:
        node.refuse("BR-B-02", say("VAT category B (split payment) stands beside category S"))


def _check_parties(node: Node) -> None:
    for rule, path in (
        ("PEPPOL-EN16931-R020", "cac:AccountingSupplierParty/cac:Party"),
        ("PEPPOL-EN16931-R010", "cac:AccountingCustomerParty/cac:Party"),
    ):
        party = node.find(path)
        if party is not None and not party.all("cbc:EndpointID"):
            party.refuse(rule, say_missing("EndpointID"))
    for party in (Node(each, node.broken) for each in _parties(node.element)):
        for path in _PLACES_OF_NUMBERS:
            for each in party.all(path):
                norwegian = each.element.get("schemeID") == "0192"
                if norwegian and not is_organization_number(each.content):
                    words = say(
                        "“{text}” is no Norwegian organization number", text=each.content[:20]
                    )
                    each.refuse("PEPPOL-COMMON-R041", words)
    seller = node.find("cac:AccountingSupplierParty/cac:Party")
    number = vat_number(seller) if seller is not None else ""
    if seller is not None and number.startswith("NO"):
        found = _NORWEGIAN_VAT.fullmatch(number)
        if not found or not is_organization_number(found[1]):
            words = say(
                "“{text}” is no Norwegian VAT number (NO, nine digits, MVA)", text=number[:20]
            )
            seller.refuse("NO-R-001", words)


def _check_periods(node: Node) -> None:
    """A line's period lies within the document's, where that states its ends."""
    first, last = read_period(node, "UBL-SR-08")
    for line in (*node.all("cac:InvoiceLine"), *node.all("cac:CreditNoteLine")):
        start, end = read_period(line, "UBL-SR-36")
        if start and end and end < start:
            line.refuse("BR-30", say("a line's period ends before it begins"))
        if first and start and start < first:
            line.refuse("PEPPOL-EN16931-R110", say("a line's period begins before the document's"))
        if last and end and end > last:
            line.refuse("PEPPOL-EN16931-R111", say("a line's period ends after the document's"))
        _check_unit(line)


def _check_unit(line: Node) -> None:
    base = line.find("cac:Price/cbc:BaseQuantity")
    unit = base.element.get("unitCode") if base else None
    for name in ("cbc:InvoicedQuantity", "cbc:CreditedQuantity"):
        quantity = line.find(name)
        if unit is not None and quantity and quantity.element.get("unitCode") != unit:
            line.refuse("PEPPOL-EN16931-R130", say("a price is for another unit than the quantity"))


def _parties(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iterfind(".//cac:Party", PREFIXES)
    yield from root.iterfind("cac:PayeeParty", PREFIXES)


def _is_between(node: Node, country: str) -> bool:
    """Whether seller and buyer both lie in the country."""
    parties = ("cac:AccountingSupplierParty", "cac:AccountingCustomerParty")
    path = f"cac:Party/cac:PostalAddress/{_COUNTRY}"
    return all(node.text(f"{each}/{path}").upper() == country for each in parties)


def _is_norwegian(seller: Node) -> bool:
    country = seller.text("cac:PostalAddress/cac:Country/cbc:IdentificationCode")
    return country == "NO" or vat_number(seller).startswith("NO")
