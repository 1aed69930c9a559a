"""From the element to the bill: each term of the standard by its path.

What the standard demands and the file lacks is noted under the rule that demands it. Allowances,
charges and VAT come with the rules that each place has for them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from so24.identifiers import tidy_identifier
from so24.sources.ehf.bill import (
    CODES,
    Adjustment,
    Bill,
    BillLine,
    Broken,
    Party,
    Subtotal,
    Sums,
    Tax,
)
from so24.sources.ehf.markup import CREDIT_NOTE, SCHEMA, Node

NUMBER_LENGTH = 26  # leaves room for the series within the reference that travels
_ZERO_RATED = frozenset({"Z", "E", "AE", "K", "G", "O"})
_EXEMPT = _ZERO_RATED - {"Z"}  # and must say why
_NEVER_EXEMPT = frozenset({"S", "Z", "L", "M"})
_REASONS = ("TaxExemptionReason", "TaxExemptionReasonCode")


def read_party(node: Node, path: str, no_name: str, no_country: str) -> Party:
    party = node.find(f"{path}/cac:Party")
    if party is None:
        node.refuse(no_name, f"{path.removeprefix('cac:')} is missing")
        return Party("", "", "", "", "", "", "", "", "")
    lines = ("cbc:StreetName", "cbc:AdditionalStreetName", "cac:AddressLine/cbc:Line")
    streets = [party.text(f"cac:PostalAddress/{line}") for line in lines]
    return Party(
        number=_read_number(party),
        name=party.text("cac:PartyLegalEntity/cbc:RegistrationName", no_name, longest=200),
        organization_number=_read_organization(party),
        address=", ".join(filter(None, streets))[:250],
        postal_code=party.text("cac:PostalAddress/cbc:PostalZone", longest=16),
        city=party.text("cac:PostalAddress/cbc:CityName", longest=100),
        country=party.text("cac:PostalAddress/cac:Country/cbc:IdentificationCode", no_country),
        contact=party.text("cac:Contact/cbc:Name", longest=200),
        email=party.text("cac:Contact/cbc:ElectronicMail", longest=250),
    )


def _read_number(party: Node) -> str:
    """The identifier without a scheme, which is the seller's own: for a buyer the customer number.

    One with a scheme (a GLN, say) is a register's.
    """
    found = party.all("cac:PartyIdentification/cbc:ID")
    own = [each for each in found if "schemeID" not in each.element.attrib]
    return own[0].identifier(".", longest=40) if own else ""


def _read_organization(party: Node) -> str:
    """The legal registration, else the VAT number, else a Norwegian electronic address."""
    if number := party.text("cac:PartyLegalEntity/cbc:CompanyID", longest=40):
        return number
    if number := vat_number(party):
        return number
    endpoint = party.find("cbc:EndpointID")
    norwegian = endpoint is not None and endpoint.element.get("schemeID") == "0192"
    return endpoint.content if endpoint is not None and norwegian else ""


def vat_number(party: Node) -> str:
    """The party's VAT identifier, or an empty text."""
    for scheme in party.all("cac:PartyTaxScheme"):
        if scheme.text("cac:TaxScheme/cbc:ID") == "VAT":
            return scheme.text("cbc:CompanyID")
    return ""


def read_bill(root: etree._Element) -> tuple[Bill, list[Broken]]:
    """The bill, and all that is missing or unreadable; the bill is whole only if that is empty."""
    node = Node(root, [])
    is_credit_note = root.tag == CREDIT_NOTE
    kind = "CreditNote" if is_credit_note else "Invoice"
    currency = node.text("cbc:DocumentCurrencyCode", "BR-05", longest=3)
    bill = Bill(
        is_credit_note=is_credit_note,
        type_code=node.text(f"cbc:{kind}TypeCode", "BR-04"),
        number=node.identifier("cbc:ID", "BR-02", longest=NUMBER_LENGTH),
        issue_date=node.date("cbc:IssueDate", "BR-03"),
        due_date=_read_due_date(node) if is_credit_note else node.date("cbc:DueDate"),
        delivery_date=node.date("cac:Delivery/cbc:ActualDeliveryDate"),
        currency=currency,
        buyer_reference=node.text("cbc:BuyerReference", longest=200),
        order_reference=node.text("cac:OrderReference/cbc:ID", longest=200),
        project=_read_project(node, is_credit_note),
        note=" ".join(each.content for each in node.all("cbc:Note")),
        payment_ids=_contents(node, "cac:PaymentMeans/cbc:PaymentID"),
        terms=" ".join(_contents(node, "cac:PaymentTerms/cbc:Note")),
        credited=tuple(
            map(
                tidy_identifier,
                _contents(node, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
            )
        ),
        seller=read_party(node, "cac:AccountingSupplierParty", "BR-06", "BR-09"),
        buyer=read_party(node, "cac:AccountingCustomerParty", "BR-07", "BR-11"),
        lines=tuple(_read_line(each) for each in node.all(f"cac:{kind}Line")),
        adjustments=read_adjustments(node, OF_DOCUMENT),
        subtotals=tuple(map(read_subtotal, node.all("cac:TaxTotal/cac:TaxSubtotal"))),
        vat=_read_vat(node, currency),
        sums=_read_sums(node),
    )
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        node.refuse("BR-CL-04", f"“{currency}” is no code of a currency")
    if not bill.lines:
        node.refuse("BR-16", "it has no line")
    return bill, node.broken


def _contents(node: Node, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.content for each in node.all(path) if each.content))


def _read_due_date(node: Node) -> dt.date | None:
    """A credit note's due date stands with each means of payment."""
    dates = (each.date("cbc:PaymentDueDate") for each in node.all("cac:PaymentMeans"))
    return next((date for date in dates if date), None)


def _read_project(node: Node, is_credit_note: bool) -> str:
    """A credit note has no place for it but among the references, by type code 50."""
    if not is_credit_note:
        return tidy_identifier(node.text("cac:ProjectReference/cbc:ID", longest=40))
    references = node.all("cac:AdditionalDocumentReference")
    found = [each for each in references if each.text("cbc:DocumentTypeCode") == "50"]
    if len(found) > 1:
        found[1].refuse("PEPPOL-EN16931-R080", "it has more than one project reference")
    return tidy_identifier(found[0].text("cbc:ID", longest=40)) if found else ""


def _read_line(node: Node) -> BillLine:
    quantity = "CreditedQuantity" if "CreditNote" in str(node.element.tag) else "InvoicedQuantity"
    discount = node.find("cac:Price/cac:AllowanceCharge")
    if discount and discount.text("cbc:ChargeIndicator") != "false":
        discount.refuse("PEPPOL-EN16931-R044", "a charge on a price is not allowed")
    unit = node.find(f"cbc:{quantity}")
    if unit and not unit.element.get("unitCode"):
        node.refuse("BR-23", f"{quantity} has no unit code")
    end = node.date("cac:InvoicePeriod/cbc:EndDate")
    return BillLine(
        id=node.text("cbc:ID", "BR-21", longest=40),
        quantity=node.quantity(f"cbc:{quantity}", "BR-22"),
        net=node.amount("cbc:LineExtensionAmount", "BR-24", "BR-DEC-23"),
        price=node.price("cac:Price/cbc:PriceAmount", "BR-26"),
        base_quantity=node.quantity("cac:Price/cbc:BaseQuantity", otherwise=1),
        gross=discount.price("cbc:BaseAmount") if discount and discount.find("cbc:BaseAmount")
        else None,
        discount=discount.price("cbc:Amount") if discount else Decimal(0),
        adjustments=read_adjustments(node, OF_LINE),
        name=node.text("cac:Item/cbc:Name", "BR-25"),
        description=node.text("cac:Item/cbc:Description"),
        seller_number=tidy_identifier(
            node.text("cac:Item/cac:SellersItemIdentification/cbc:ID", longest=100)
        ),
        tax=read_tax(node, "cac:Item/cac:ClassifiedTaxCategory", "BR-CO-04", "05"),
        date=end or node.date("cac:InvoicePeriod/cbc:StartDate"),
        line=node.line,
    )  # fmt: skip


def _read_vat(node: Node, currency: str) -> Decimal:
    """The total VAT in the document's currency; the one in the tax currency is not wanted."""
    totals = [each for each in node.all("cac:TaxTotal") if each.all("cac:TaxSubtotal")]
    if len(totals) != 1:
        node.refuse("PEPPOL-EN16931-R053", "it must have exactly one TaxTotal with subtotals")
        return Decimal(0)
    return totals[0].amount("cbc:TaxAmount", "BR-CO-14", "BR-DEC-13")


def _read_sums(node: Node) -> Sums:
    total = node.find("cac:LegalMonetaryTotal")
    if total is None:
        node.refuse(SCHEMA, "LegalMonetaryTotal is missing")
        zero = Decimal(0)
        return Sums(zero, zero, zero, zero, zero, zero, zero, zero, node.line)
    return Sums(
        lines=total.amount("cbc:LineExtensionAmount", "BR-12", "BR-DEC-09"),
        exclusive=total.amount("cbc:TaxExclusiveAmount", "BR-13", "BR-DEC-12"),
        inclusive=total.amount("cbc:TaxInclusiveAmount", "BR-14", "BR-DEC-14"),
        allowances=total.amount("cbc:AllowanceTotalAmount", "", "BR-DEC-10"),
        charges=total.amount("cbc:ChargeTotalAmount", "", "BR-DEC-11"),
        prepaid=total.amount("cbc:PrepaidAmount", "", "BR-DEC-16"),
        rounding=total.amount("cbc:PayableRoundingAmount", "", "BR-DEC-17"),
        payable=total.amount("cbc:PayableAmount", "BR-15", "BR-DEC-18"),
        line=total.line,
    )


@dataclass(frozen=True)
class Rules:
    """What an allowance or charge breaks: without amount, with too many decimals, without reason.

    ``category`` and ``rate`` are those of its VAT, empty where it has none of its own.
    """

    missing: str
    decimals: str
    base: str
    reason: str
    category: str = ""
    rate: str = ""


# allowance, charge
OF_DOCUMENT = (
    Rules("BR-31", "BR-DEC-01", "BR-DEC-02", "BR-33", "BR-32", "06"),
    Rules("BR-36", "BR-DEC-05", "BR-DEC-06", "BR-38", "BR-37", "07"),
)
OF_LINE = (
    Rules("BR-41", "BR-DEC-24", "BR-DEC-25", "BR-42"),
    Rules("BR-43", "BR-DEC-27", "BR-DEC-28", "BR-44"),
)


def read_adjustments(node: Node, place: tuple[Rules, Rules]) -> tuple[Adjustment, ...]:
    """The allowances and charges of a document or of a line."""
    return tuple(_read_adjustment(each, place) for each in node.all("cac:AllowanceCharge"))


def _read_adjustment(node: Node, place: tuple[Rules, Rules]) -> Adjustment:
    indicator = node.text("cbc:ChargeIndicator")
    if indicator not in ("true", "false"):
        node.refuse("PEPPOL-EN16931-R043", "ChargeIndicator must be true or false")
    is_charge = indicator == "true"
    rules = place[is_charge]
    category = rules.category
    tax = read_tax(node, "cac:TaxCategory", category, rules.rate) if category else None
    adjustment = Adjustment(
        is_charge=is_charge,
        amount=node.amount("cbc:Amount", rules.missing, rules.decimals),
        base=node.amount("cbc:BaseAmount", "", rules.base) if node.find("cbc:BaseAmount") else None,
        percent=node.price("cbc:MultiplierFactorNumeric")
        if node.find("cbc:MultiplierFactorNumeric") else None,
        reason_code=node.text("cbc:AllowanceChargeReasonCode", longest=10),
        reason=node.text("cbc:AllowanceChargeReason"),
        tax=tax,
        line=node.line,
    )  # fmt: skip
    if not adjustment.reason and not adjustment.reason_code:
        node.refuse(rules.reason, "an allowance or charge has neither a reason nor its code")
    return adjustment


def read_tax(node: Node, path: str, missing: str, suffix: str) -> Tax:
    """The only VAT category at the path; ``missing`` is the rule where there is none.

    ``suffix`` ends the name of the rule of a wrong rate: ``05`` for a line's ``BR-S-05``.
    """
    found = node.all(path)
    if len(found) != 1:
        node.refuse(missing, "it must have exactly one VAT category")
        return Tax("O", Decimal(0))
    category = found[0].text("cbc:ID", missing)
    if category not in CODES:
        if category:
            found[0].refuse("BR-CL-17", f"“{category[:10]}” is no VAT category of UNCL5305")
        return Tax("O", Decimal(0))
    stated = found[0].find("cbc:Percent") is not None
    rate = found[0].quantity("cbc:Percent") + 0  # no negative zero
    wrong = rate != 0 if category in _ZERO_RATED else rate <= 0 and category == "S"
    if wrong or not 0 <= rate <= 100 or stated is (category == "O"):
        words = f"{rate.normalize():f} %" if stated else "no rate"
        found[0].refuse(f"BR-{CODES[category]}-{suffix}", f"category {category} has {words}")
    return Tax(category, rate)


def read_subtotal(node: Node) -> Subtotal:
    """The VAT of one category and rate, as the document states it."""
    tax = read_tax(node, "cac:TaxCategory", "BR-47", "09")
    explained = any(node.text(f"cac:TaxCategory/cbc:{name}") for name in _REASONS)
    if tax.category in (_EXEMPT, _NEVER_EXEMPT)[explained]:
        words = "has a reason for being exempt" if explained else "has no reason for being exempt"
        node.refuse(f"BR-{CODES[tax.category]}-10", f"VAT category {tax.category} {words}")
    return Subtotal(
        tax=tax,
        taxable=node.amount("cbc:TaxableAmount", "BR-45", "BR-DEC-19"),
        amount=node.amount("cbc:TaxAmount", "BR-46", "BR-DEC-20"),
        line=node.line,
    )
