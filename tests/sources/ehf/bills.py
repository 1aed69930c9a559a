"""EHF files as tests need them: valid ones of invented parties, with one thing changed.

The amounts that follow from lines and allowances are reckoned here in whole øre, by another way
than the reader's.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from so24.errors import UnreadableFile
from so24.sources.documents.documents import SourceDocument, SourceFile
from so24.sources.ehf.buyers import Supplement
from so24.sources.reading import read_files

SELLER, BUYER = "100000016", "100000008"
OSLO = Supplement(department="10", allowance_product="9001", charge_product="9002")
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_EXEMPT = {"E", "AE", "K", "G", "O"}

Tax = tuple[str, str]  # category and rate
STANDARD: Tax = ("S", "25")


@dataclass(frozen=True)
class Item:
    """A line; its net is reckoned unless given. ``off`` and ``on``: allowance and charge in øre."""

    quantity: str = "7.5"
    price: str = "412.50"
    tax: Tax = STANDARD
    base: str = "1"
    off: int = 0
    on: int = 0
    product: str = "1003"
    name: str = "Helgevakt uke 47"

    @property
    def net(self) -> int:
        """In øre, half away from zero."""
        exact = Decimal(self.quantity) * Decimal(self.price) / Decimal(self.base) * 100
        whole = int(abs(exact) + Decimal("0.5"))
        return (whole if exact >= 0 else -whole) + self.on - self.off


@dataclass(frozen=True)
class Whole:
    """An allowance (negative) or charge of the whole document, in øre."""

    ore: int
    tax: Tax = STANDARD
    code: str = "FC"
    reason: str = "Frakt"


@dataclass(frozen=True)
class Sample:
    """A document; ``changes`` replace text in the finished XML, each exactly once."""

    number: str = "1001"
    items: Sequence[Item] = (Item(),)
    wholes: Sequence[Whole] = ()
    credit_note: bool = False
    code: str = ""
    currency: str = "NOK"
    prepaid: int = 0
    rounding: int = 0
    customer: str = "5001"
    credited: Sequence[str] = ()
    changes: Mapping[str, str] = field(default_factory=dict)

    def nets(self) -> dict[Tax, int]:
        """The net of each VAT category and rate, in øre."""
        nets: dict[Tax, int] = {}
        for tax, net in [
            *((item.tax, item.net) for item in self.items),
            *((each.tax, each.ore) for each in self.wholes),
        ]:
            nets[tax] = nets.get(tax, 0) + net
        return nets

    def vats(self) -> dict[Tax, int]:
        """The VAT of each, half away from zero."""
        vats = {}
        for (category, rate), net in self.nets().items():
            exact = Decimal(net) * Decimal(rate) / 100
            whole = int(abs(exact) + Decimal("0.5"))
            vats[category, rate] = whole if exact >= 0 else -whole
        return vats

    @property
    def xml(self) -> str:
        """The file."""
        text = _write(self)
        for old, new in self.changes.items():
            assert text.count(old) == 1, f"{old} stands {text.count(old)} times"
            text = text.replace(old, new)
        return text

    @property
    def content(self) -> bytes:
        """The file in UTF-8."""
        return self.xml.encode()


def read_all(*files: tuple[str, bytes], supplement: Supplement = OSLO) -> list[SourceFile]:
    """What the files hold."""
    return read_files(files, megabytes=20, supplement=supplement)


def read_one(sample: Sample, supplement: Supplement = OSLO) -> SourceDocument:
    """The document of a sample that must come in."""
    (source,) = read_all(("a.xml", sample.content), supplement=supplement)
    assert source.refused == ()
    (document,) = source.documents
    return document


def rules_broken(sample: Sample, supplement: Supplement = OSLO) -> list[str]:
    """The rules that a refused sample breaks, as they are called; empty where it came in."""
    (source,) = read_all(("a.xml", sample.content), supplement=supplement)
    assert bool(source.refused) != bool(source.documents)
    return [row.reason.split(": ")[1] for row in source.refused]


def refusal(content: bytes) -> str:
    """The sentence that a file alone is refused with."""
    try:
        read_all(("a.xml", content))
    except UnreadableFile as error:
        return str(error)
    raise AssertionError("the file was read")


def pack(*members: tuple[str, bytes]) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def _write(sample: Sample) -> str:
    kind = "CreditNote" if sample.credit_note else "Invoice"
    code = sample.code or ("381" if sample.credit_note else "380")
    due = "<cbc:DueDate>2026-12-04</cbc:DueDate>"
    in_payment = "<cbc:PaymentDueDate>2026-12-04</cbc:PaymentDueDate>"
    references = "".join(
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{each}</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
        for each in sample.credited
    )
    project = (
        "<cac:AdditionalDocumentReference><cbc:ID>P7</cbc:ID><cbc:DocumentTypeCode>50"
        "</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
        if sample.credit_note
        else "<cac:ProjectReference><cbc:ID>P7</cbc:ID></cac:ProjectReference>"
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="{UBL}{kind}-2" xmlns:cac="{UBL}CommonAggregateComponents-2"
 xmlns:cbc="{UBL}CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
<cbc:ID>{sample.number}</cbc:ID>
<cbc:IssueDate>2026-11-20</cbc:IssueDate>
{"" if sample.credit_note else due}
<cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode>
<cbc:Note>Takk for oppdraget</cbc:Note>
<cbc:DocumentCurrencyCode>{sample.currency}</cbc:DocumentCurrencyCode>
<cbc:BuyerReference>Kari Innkjøp</cbc:BuyerReference>
<cac:OrderReference><cbc:ID>PO-77</cbc:ID></cac:OrderReference>
{references}{project}
<cac:AccountingSupplierParty><cac:Party>
{_party("Nordlys Bemanning AS", SELLER, "Avdeling Oslo", "post@nordlys.example", "")}
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>
{_party("Nordvik Logistikk AS", BUYER, "Ola Mottak", "faktura@nordvik.example", sample.customer)}
</cac:Party></cac:AccountingCustomerParty>
<cac:Delivery><cbc:ActualDeliveryDate>2026-11-18</cbc:ActualDeliveryDate></cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
{in_payment if sample.credit_note else ""}<cbc:PaymentID>602243</cbc:PaymentID>
</cac:PaymentMeans>
{"".join(_whole(each, sample.currency) for each in sample.wholes)}
{_totals(sample)}
{"".join(_line(n, item, kind, sample.currency) for n, item in enumerate(sample.items, 1))}
</{kind}>
"""


def _party(name: str, organization: str, contact: str, mail: str, number: str) -> str:
    customer = (
        f"<cac:PartyIdentification><cbc:ID>{number}</cbc:ID></cac:PartyIdentification>"
        if number
        else ""
    )
    register = (
        "<cac:PartyTaxScheme><cbc:CompanyID>Foretaksregisteret</cbc:CompanyID><cac:TaxScheme>"
        "<cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    )
    return f"""<cbc:EndpointID schemeID="0192">{organization}</cbc:EndpointID>{customer}
<cac:PostalAddress><cbc:StreetName>Tollbugata 4</cbc:StreetName><cbc:CityName>Oslo</cbc:CityName>
<cbc:PostalZone>0152</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>NO{organization}MVA</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>{register}
<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
<cbc:CompanyID schemeID="0192">{organization}</cbc:CompanyID></cac:PartyLegalEntity>
<cac:Contact><cbc:Name>{contact}</cbc:Name>
<cbc:ElectronicMail>{mail}</cbc:ElectronicMail></cac:Contact>"""


def _tax(element: str, tax: Tax, *, reason: bool = False) -> str:
    category, rate = tax
    percent = "" if category == "O" else f"<cbc:Percent>{rate}</cbc:Percent>"
    why = "<cbc:TaxExemptionReason>Unntatt</cbc:TaxExemptionReason>"
    return (
        f"<cac:{element}><cbc:ID>{category}</cbc:ID>{percent}"
        f"{why if reason and category in _EXEMPT else ''}"
        f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{element}>"
    )


def _amount(element: str, ore: int, currency: str) -> str:
    sign = "-" if ore < 0 else ""
    whole, rest = divmod(abs(ore), 100)
    return f'<cbc:{element} currencyID="{currency}">{sign}{whole}.{rest:02}</cbc:{element}>'


def _whole(each: Whole, currency: str) -> str:
    code = f"<cbc:AllowanceChargeReasonCode>{each.code}</cbc:AllowanceChargeReasonCode>"
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{'true' if each.ore > 0 else 'false'}"
        f"</cbc:ChargeIndicator>{code if each.code else ''}"
        f"<cbc:AllowanceChargeReason>{each.reason}</cbc:AllowanceChargeReason>"
        f"{_amount('Amount', abs(each.ore), currency)}{_tax('TaxCategory', each.tax)}"
        "</cac:AllowanceCharge>\n"
    )


def _totals(sample: Sample) -> str:
    nets, vats, currency = sample.nets(), sample.vats(), sample.currency
    subtotals = "".join(
        "<cac:TaxSubtotal>"
        f"{_amount('TaxableAmount', nets[tax], currency)}"
        f"{_amount('TaxAmount', vats[tax], currency)}"
        f"{_tax('TaxCategory', tax, reason=True)}</cac:TaxSubtotal>\n"
        for tax in nets
    )
    net, vat = sum(nets.values()), sum(vats.values())
    sums = {
        "LineExtensionAmount": sum(item.net for item in sample.items),
        "TaxExclusiveAmount": net,
        "TaxInclusiveAmount": net + vat,
        "AllowanceTotalAmount": -sum(each.ore for each in sample.wholes if each.ore < 0),
        "ChargeTotalAmount": sum(each.ore for each in sample.wholes if each.ore > 0),
        "PrepaidAmount": sample.prepaid,
        "PayableRoundingAmount": sample.rounding,
        "PayableAmount": net + vat - sample.prepaid + sample.rounding,
    }
    written = "\n".join(_amount(name, ore, currency) for name, ore in sums.items())
    return (
        f"<cac:TaxTotal>\n{_amount('TaxAmount', vat, currency)}\n{subtotals}</cac:TaxTotal>\n"
        f"<cac:LegalMonetaryTotal>\n{written}\n</cac:LegalMonetaryTotal>"
    )


def _line(number: int, item: Item, kind: str, currency: str) -> str:
    quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    adjustments = "".join(
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        "<cbc:AllowanceChargeReason>Avtale</cbc:AllowanceChargeReason>"
        f"{_amount('Amount', ore, currency)}</cac:AllowanceCharge>\n"
        for indicator, ore in (("false", item.off), ("true", item.on))
        if ore
    )
    product = (
        f"<cac:SellersItemIdentification><cbc:ID>{item.product}</cbc:ID>"
        "</cac:SellersItemIdentification>"
        if item.product
        else ""
    )
    return f"""<cac:{kind}Line>
<cbc:ID>{number}</cbc:ID>
<cbc:{quantity} unitCode="HUR">{item.quantity}</cbc:{quantity}>
{_amount("LineExtensionAmount", item.net, currency)}
{adjustments}<cac:Item><cbc:Name>{item.name}</cbc:Name>{product}
{_tax("ClassifiedTaxCategory", item.tax)}</cac:Item>
<cac:Price><cbc:PriceAmount currencyID="{currency}">{item.price}</cbc:PriceAmount>
<cbc:BaseQuantity>{item.base}</cbc:BaseQuantity></cac:Price>
</cac:{kind}Line>
"""
