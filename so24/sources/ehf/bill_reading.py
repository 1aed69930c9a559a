"""From the element to the bill: each term of the standard by its path.

What the standard demands and the file lacks is noted under the rule that demands it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import get_global
from lxml import etree

from so24.firms.numbers import country_code
from so24.identifiers import BadIdentifier, find_no_value, read_identifier, tidy_identifier
from so24.language.said import say
from so24.sources.ehf.bill import Bill, BillLine, Broken, Party, Sums
from so24.sources.ehf.markup import CREDIT_NOTE, Node, say_missing
from so24.sources.ehf.release import IDENTIFIER, SCHEMA
from so24.sources.ehf.tax_reading import (
    OF_DOCUMENT,
    OF_LINE,
    read_adjustments,
    read_subtotal,
    read_tax_of_line,
    read_vat,
)

NUMBER_LENGTH = 26  # leaves room for the series within the reference that travels
_KOSOVO = {"1A": "XK"}  # as the standard calls it, and as everybody else does
_NOBODY = Party("", "", "", "", "", "", "", "", "")


@dataclass(frozen=True)
class PartyRules:
    """Where a party stands, and the rules about its parts: those that are missing, and doubled."""

    path: str
    no_name: str
    no_address: str
    no_country: str
    names: str
    registrations: str
    vat_numbers: str


SELLER = PartyRules(
    "cac:AccountingSupplierParty/cac:Party",
    "BR-06", "BR-08", "BR-09", "UBL-SR-09", "UBL-SR-11", "UBL-SR-12",
)  # fmt: skip
BUYER = PartyRules(
    "cac:AccountingCustomerParty/cac:Party",
    "BR-07", "BR-10", "BR-11", "UBL-SR-15", "UBL-SR-17", "UBL-SR-18",
)  # fmt: skip


def _read_seller(node: Node) -> Party:
    """Who it is; where it is to be found is not asked."""
    party = _find_party(node, SELLER)
    if party is None:
        return _NOBODY
    return Party(
        "",
        _read_name(party, SELLER),
        _read_organization(party, SELLER),
        "", "", "",
        _read_country(party, SELLER),
        party.text("cac:Contact/cbc:Name", longest=200),
        "",
    )  # fmt: skip


def _read_buyer(node: Node) -> Party:
    party = _find_party(node, BUYER)
    if party is None:
        return _NOBODY
    address = "cac:PostalAddress"
    further = party.find(f"{address}/cac:AddressLine", "UBL-SR-51")
    streets = [
        party.text(f"{address}/cbc:StreetName"),
        party.text(f"{address}/cbc:AdditionalStreetName"),
        further.text("cbc:Line") if further else "",
    ]
    return Party(
        number=_read_number(party),
        name=_read_name(party, BUYER),
        organization_number=_read_organization(party, BUYER),
        address=", ".join(filter(None, streets))[:250],
        postal_code=party.text(f"{address}/cbc:PostalZone", longest=16),
        city=party.text(f"{address}/cbc:CityName", longest=100),
        country=_read_country(party, BUYER),
        contact=party.text("cac:Contact/cbc:Name", longest=200),
        email=party.text("cac:Contact/cbc:ElectronicMail", longest=250),
    )


def _find_party(node: Node, rules: PartyRules) -> Node | None:
    party = node.find(rules.path)
    if party is None:
        node.refuse(rules.no_name, say_missing(rules.path))
        return None
    registered = vat_numbers(party)
    if len(registered) > 1:
        words = say("it has more than one VAT number")
        registered[1].refuse(rules.vat_numbers, words)
    return party


def _read_name(party: Node, rules: PartyRules) -> str:
    path = "cac:PartyLegalEntity/cbc:RegistrationName"
    name = party.text(path, rules.no_name, longest=200, once=rules.names)
    if reason := find_no_value(name):
        words = say("{field} {reason}", field="RegistrationName", reason=reason)
        party.refuse(IDENTIFIER, words)
    return name


def _read_country(party: Node, rules: PartyRules) -> str:
    """Its two letters, by ISO 3166; whether it is one is a rule of the form."""
    address = party.find("cac:PostalAddress")
    if address is None:
        party.refuse(rules.no_address, say_missing("PostalAddress"))
        return ""
    code = address.text("cac:Country/cbc:IdentificationCode", rules.no_country)
    return country_code(_KOSOVO.get(code, code))


def _read_number(party: Node) -> str:
    """The buyer's identifier without a scheme: the seller's own, which is the customer number.

    One with a scheme (a GLN, say) is a register's.
    """
    found = party.all("cac:PartyIdentification/cbc:ID")
    if len(found) > 1:
        found[1].refuse("UBL-SR-16", say("the buyer has more than one identifier"))
    own = [each for each in found if "schemeID" not in each.element.attrib]
    return own[0].identifier(".", longest=40) if own else ""


def _read_organization(party: Node, rules: PartyRules) -> str:
    """The legal registration, else the VAT number, else a Norwegian electronic address."""
    path = "cac:PartyLegalEntity/cbc:CompanyID"
    if number := party.text(path, longest=40, once=rules.registrations):
        return number
    if number := vat_number(party):
        return number
    endpoint = party.find("cbc:EndpointID")
    norwegian = endpoint is not None and endpoint.element.get("schemeID") == "0192"
    return endpoint.content if endpoint is not None and norwegian else ""


def vat_numbers(party: Node) -> list[Node]:
    """The party's VAT identifiers."""
    schemes = party.all("cac:PartyTaxScheme")
    of_vat = [each for each in schemes if each.text("cac:TaxScheme/cbc:ID").upper() == "VAT"]
    return [number for each in of_vat for number in each.all("cbc:CompanyID")]


def vat_number(party: Node) -> str:
    """The party's VAT identifier, or an empty text."""
    found = vat_numbers(party)
    return found[0].content if found else ""


@lru_cache
def _currencies() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))


def read_bill(root: etree._Element) -> tuple[Bill, list[Broken]]:
    """The bill, and all that is missing or unreadable; the bill is whole only if that is empty."""
    node = Node(root, [])
    is_credit_note = root.tag == CREDIT_NOTE
    kind = "CreditNote" if is_credit_note else "Invoice"
    currency = node.text("cbc:DocumentCurrencyCode", "BR-05")
    delivery = node.find("cac:Delivery", "UBL-SR-24")
    bill = Bill(
        is_credit_note=is_credit_note,
        type_code=node.text(f"cbc:{kind}TypeCode", "BR-04"),
        number=node.identifier("cbc:ID", "BR-02", longest=NUMBER_LENGTH),
        issue_date=node.date("cbc:IssueDate", "BR-03"),
        due_date=_read_due_date(node) if is_credit_note else node.date("cbc:DueDate"),
        delivery_date=delivery.date("cbc:ActualDeliveryDate") if delivery else None,
        currency=currency,
        buyer_reference=node.text("cbc:BuyerReference", longest=200),
        order_reference=node.text("cac:OrderReference/cbc:ID", longest=200),
        project=_read_project(node, is_credit_note),
        note=" ".join(each.content for each in node.all("cbc:Note")),
        payment_ids=_contents(node, "cac:PaymentMeans/cbc:PaymentID"),
        credited=tuple(
            map(
                tidy_identifier,
                _contents(node, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
            )
        ),
        seller=_read_seller(node),
        buyer=_read_buyer(node),
        lines=tuple(_read_line(each) for each in node.all(f"cac:{kind}Line")),
        adjustments=read_adjustments(node, OF_DOCUMENT),
        subtotals=tuple(map(read_subtotal, node.all("cac:TaxTotal/cac:TaxSubtotal"))),
        vat=read_vat(node),
        sums=_read_sums(node),
    )
    if currency and currency not in _currencies():
        words = say("“{currency}” is no code of a currency", currency=currency[:10])
        node.refuse("BR-CL-04", words)
    if not bill.lines:
        node.refuse("BR-16", say("it has no line"))
    _check_totals(node, bill)
    return bill, node.broken


def _check_totals(node: Node, bill: Bill) -> None:
    """What the document takes off or puts on has a total, though it be nothing."""
    total = node.find("cac:LegalMonetaryTotal")
    for rule, name, is_charge in (
        ("BR-CO-11", "AllowanceTotalAmount", False),
        ("BR-CO-12", "ChargeTotalAmount", True),
    ):
        wanted = any(each.is_charge is is_charge for each in bill.adjustments)
        if wanted and total is not None and total.find(f"cbc:{name}") is None:
            total.refuse(rule, say_missing(name))


def read_period(node: Node, once: str) -> tuple[dt.date | None, dt.date | None]:
    """When the period of a line or of the document begins and ends."""
    period = node.find("cac:InvoicePeriod", once)
    if period is None:
        return None, None
    return period.date("cbc:StartDate"), period.date("cbc:EndDate")


def _contents(node: Node, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.content for each in node.all(path) if each.content))


def _read_due_date(node: Node) -> dt.date | None:
    """A credit note's due date stands with a means of payment."""
    return node.date("cac:PaymentMeans/cbc:PaymentDueDate", rule=SCHEMA, once="UBL-SR-45")


def _read_project(node: Node, is_credit_note: bool) -> str:
    """A credit note has no place for it but among the references, by type code 50."""
    if not is_credit_note:
        return node.text("cac:ProjectReference/cbc:ID", longest=40, once="UBL-SR-39")
    references = node.all("cac:AdditionalDocumentReference")
    found = [each for each in references if each.text("cbc:DocumentTypeCode") == "50"]
    if len(found) > 1:
        found[1].refuse("PEPPOL-EN16931-R080", say("it has more than one project reference"))
    return found[0].text("cbc:ID", longest=40) if found else ""


def find_project(bill: Bill) -> tuple[str, str]:
    """The bill's project by its canonical number, and why it is left out, where it is."""
    try:
        return read_identifier(bill.project), ""
    except BadIdentifier as reason:
        why = reason.args[0]
        return "", say("Its project {reason}; it is left out of the document", reason=why)


def _read_line(node: Node) -> BillLine:
    quantity = "CreditedQuantity" if "CreditNote" in str(node.element.tag) else "InvoicedQuantity"
    discount = node.find("cac:Price/cac:AllowanceCharge", "UBL-SR-37")
    if discount and discount.text("cbc:ChargeIndicator") != "false":
        discount.refuse("PEPPOL-EN16931-R044", say("a charge on a price is not allowed"))
    unit = node.find(f"cbc:{quantity}")
    if unit and not unit.element.get("unitCode"):
        node.refuse("BR-23", say("{field} has no unit code", field=quantity))
    start, end = read_period(node, "UBL-SR-36")
    return BillLine(
        id=node.text("cbc:ID", "BR-21", longest=40),
        quantity=node.number(f"cbc:{quantity}", "BR-22"),
        net=node.amount("cbc:LineExtensionAmount", "BR-24", "BR-DEC-23"),
        price=node.number("cac:Price/cbc:PriceAmount", "BR-26"),
        base_quantity=node.number("cac:Price/cbc:BaseQuantity", otherwise=1),
        gross=discount.number("cbc:BaseAmount") if discount and discount.find("cbc:BaseAmount")
        else None,
        discount=discount.number("cbc:Amount") if discount else Decimal(0),
        adjustments=read_adjustments(node, OF_LINE),
        name=node.text("cac:Item/cbc:Name", "BR-25"),
        description=node.text("cac:Item/cbc:Description", once="UBL-SR-50"),
        seller_number=node.identifier(
            "cac:Item/cac:SellersItemIdentification/cbc:ID", longest=100
        ),
        tax=read_tax_of_line(node),
        date=end or start,
        line=node.line,
    )  # fmt: skip


def _read_sums(node: Node) -> Sums:
    total = node.find("cac:LegalMonetaryTotal")
    if total is None:
        node.refuse(SCHEMA, say_missing("LegalMonetaryTotal"))
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
