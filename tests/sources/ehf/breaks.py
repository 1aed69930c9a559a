"""A document for each rule that refuses: valid otherwise, and broken in one place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from lxml import etree

from so24.sources.ehf.bill import CODES
from so24.sources.ehf.markup import PREFIXES
from tests.sources.ehf.bills import SELLER, Item, Sample, Tax, Whole

Edit = Callable[[etree._Element], None]

CHARGED = (Whole(10_000),)
REDUCED = (Whole(-10_000, reason="Rabatt", code="95"),)
ON_LINE = Sample(items=[Item(off=1_000)])
CHARGED_LINE = Sample(items=[Item(on=1_000)])
CREDIT = Sample(credit_note=True)
PARTY = "cac:Accounting{}Party/cac:Party"
SELLING, BUYING = PARTY.format("Supplier"), PARTY.format("Customer")
LEGAL, ADDRESS = "cac:PartyLegalEntity", "cac:PostalAddress"
COUNTRY = f"{ADDRESS}/cac:Country/cbc:IdentificationCode"
LINE, TOTAL = "cac:InvoiceLine", "cac:LegalMonetaryTotal"
BREAKDOWN = "cac:TaxTotal/cac:TaxSubtotal"
ALLOWANCE = "cac:AllowanceCharge"
OF_LINE = f"{LINE}/cac:Item/cac:ClassifiedTaxCategory"
PERIOD = "<cac:InvoicePeriod>{}</cac:InvoicePeriod>"
STARTS, ENDS = "<cbc:StartDate>{}</cbc:StartDate>", "<cbc:EndDate>{}</cbc:EndDate>"
WITH_KRONER = '<cbc:{0} currencyID="NOK">{1}</cbc:{0}>'
NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())


def edit(sample: Sample, *edits: Edit) -> bytes:
    """The file of a sample after some changes."""
    root = etree.fromstring(sample.content)
    for each in edits:
        each(root)
    return etree.tostring(root, encoding="UTF-8")


def at(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, PREFIXES)
    assert found is not None, path
    return found


def drop(path: str) -> Edit:
    """Take the first element at the path away."""

    def apply(root: etree._Element) -> None:
        found = at(root, path)
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return apply


def double(path: str) -> Edit:
    """Let the first element at the path stand twice."""
    return lambda root: at(root, path).addnext(copy.deepcopy(at(root, path)))


def put(path: str, text: str) -> Edit:
    """Let the first element at the path have this text."""

    def apply(root: etree._Element) -> None:
        at(root, path).text = text

    return apply


def mark(path: str, name: str, value: str) -> Edit:
    """Let the first element at the path have this attribute, or none."""

    def apply(root: etree._Element) -> None:
        at(root, path).attrib.pop(name, "")
        if value:
            at(root, path).set(name, value)

    return apply


def follow(path: str, xml: str) -> Edit:
    """Put an element behind the first one at the path."""
    return lambda root: at(root, path).addnext(etree.fromstring(f"<x {NAMESPACES}>{xml}</x>")[0])


def attach(kind: str) -> Edit:
    """Attach a file of this kind."""
    return follow(
        "cac:OrderReference",
        "<cac:AdditionalDocumentReference><cbc:ID>A</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="{kind}" filename="a">QQ=='
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>",
    )


_PERIOD = follow(
    "cbc:BuyerReference", PERIOD.format(STARTS.format("2026-11-10") + ENDS.format("2026-11-21"))
)
# each date of the rule about dates, with what puts it there
DATES: dict[str, list[Edit]] = {
    "cbc:IssueDate": [],
    "cbc:DueDate": [],
    "cbc:TaxPointDate": [follow("cbc:Note", "<cbc:TaxPointDate>2026-11-20</cbc:TaxPointDate>")],
    "cac:InvoicePeriod/cbc:StartDate": [_PERIOD],
    "cac:InvoicePeriod/cbc:EndDate": [_PERIOD],
    "cac:Delivery/cbc:ActualDeliveryDate": [],
}


def _missing() -> Iterator[tuple[str, bytes]]:
    whole, line = Sample(), Sample()
    for rule, path in (
        ("BR-02", "cbc:ID"), ("BR-03", "cbc:IssueDate"), ("BR-04", "cbc:InvoiceTypeCode"),
        ("BR-05", "cbc:DocumentCurrencyCode"), ("BR-06", f"{SELLING}/{LEGAL}/cbc:RegistrationName"),
        ("BR-07", f"{BUYING}/{LEGAL}/cbc:RegistrationName"),
        ("BR-08", f"{SELLING}/{ADDRESS}"), ("BR-09", f"{SELLING}/{ADDRESS}/cac:Country"),
        ("BR-10", f"{BUYING}/{ADDRESS}"), ("BR-11", f"{BUYING}/{ADDRESS}/cac:Country"),
        ("BR-12", f"{TOTAL}/cbc:LineExtensionAmount"), ("BR-13", f"{TOTAL}/cbc:TaxExclusiveAmount"),
        ("BR-14", f"{TOTAL}/cbc:TaxInclusiveAmount"), ("BR-15", f"{TOTAL}/cbc:PayableAmount"),
        ("BR-16", LINE), ("BR-21", f"{LINE}/cbc:ID"), ("BR-22", f"{LINE}/cbc:InvoicedQuantity"),
        ("BR-24", f"{LINE}/cbc:LineExtensionAmount"), ("BR-25", f"{LINE}/cac:Item/cbc:Name"),
        ("BR-26", f"{LINE}/cac:Price/cbc:PriceAmount"), ("BR-45", f"{BREAKDOWN}/cbc:TaxableAmount"),
        ("BR-46", f"{BREAKDOWN}/cbc:TaxAmount"), ("BR-47", f"{BREAKDOWN}/cac:TaxCategory/cbc:ID"),
        ("BR-48", f"{BREAKDOWN}/cac:TaxCategory/cbc:Percent"), ("BR-CO-04", OF_LINE),
        ("PEPPOL-EN16931-R001", "cbc:ProfileID"), ("PEPPOL-EN16931-R004", "cbc:CustomizationID"),
        ("PEPPOL-EN16931-R010", f"{BUYING}/cbc:EndpointID"),
        ("PEPPOL-EN16931-R020", f"{SELLING}/cbc:EndpointID"),
        ("PEPPOL-EN16931-R053", BREAKDOWN),
    ):  # fmt: skip
        yield rule, edit(whole, drop(path))
    yield "BR-23", edit(line, mark(f"{LINE}/cbc:InvoicedQuantity", "unitCode", ""))
    for (amount, tax, reason), wholes in (
        (("BR-31", "BR-32", "BR-33"), REDUCED), (("BR-36", "BR-37", "BR-38"), CHARGED),
    ):  # fmt: skip
        sample = Sample(wholes=wholes)
        yield amount, edit(sample, drop(f"{ALLOWANCE}/cbc:Amount"))
        yield tax, edit(sample, drop(f"{ALLOWANCE}/cac:TaxCategory"))
        reasons = [drop(f"{ALLOWANCE}/cbc:AllowanceChargeReason{each}") for each in ("Code", "")]
        yield reason, edit(sample, *reasons)
    for (amount, reason), sample in (
        (("BR-41", "BR-42"), ON_LINE),
        (("BR-43", "BR-44"), CHARGED_LINE),
    ):
        yield amount, edit(sample, drop(f"{LINE}/{ALLOWANCE}/cbc:Amount"))
        yield reason, edit(sample, drop(f"{LINE}/{ALLOWANCE}/cbc:AllowanceChargeReason"))


def _decimals() -> Iterator[tuple[str, bytes]]:
    for rule, path, sample in (
        ("BR-DEC-01", f"{ALLOWANCE}/cbc:Amount", Sample(wholes=REDUCED)),
        ("BR-DEC-05", f"{ALLOWANCE}/cbc:Amount", Sample(wholes=CHARGED)),
        ("BR-DEC-09", f"{TOTAL}/cbc:LineExtensionAmount", Sample()),
        ("BR-DEC-10", f"{TOTAL}/cbc:AllowanceTotalAmount", Sample()),
        ("BR-DEC-11", f"{TOTAL}/cbc:ChargeTotalAmount", Sample()),
        ("BR-DEC-12", f"{TOTAL}/cbc:TaxExclusiveAmount", Sample()),
        ("UBL-DT-01", "cac:TaxTotal/cbc:TaxAmount", Sample()),
        ("BR-DEC-14", f"{TOTAL}/cbc:TaxInclusiveAmount", Sample()),
        ("BR-DEC-16", f"{TOTAL}/cbc:PrepaidAmount", Sample()),
        ("BR-DEC-17", f"{TOTAL}/cbc:PayableRoundingAmount", Sample()),
        ("BR-DEC-18", f"{TOTAL}/cbc:PayableAmount", Sample()),
        ("BR-DEC-19", f"{BREAKDOWN}/cbc:TaxableAmount", Sample()),
        ("BR-DEC-20", f"{BREAKDOWN}/cbc:TaxAmount", Sample()),
        ("BR-DEC-23", f"{LINE}/cbc:LineExtensionAmount", Sample()),
        ("BR-DEC-24", f"{LINE}/{ALLOWANCE}/cbc:Amount", ON_LINE),
        ("BR-DEC-27", f"{LINE}/{ALLOWANCE}/cbc:Amount", CHARGED_LINE),
    ):
        yield rule, edit(sample, put(path, "1.001"))
    for rule, path, sample in (
        ("BR-DEC-02", f"{ALLOWANCE}/cbc:Amount", Sample(wholes=REDUCED)),
        ("BR-DEC-06", f"{ALLOWANCE}/cbc:Amount", Sample(wholes=CHARGED)),
        ("BR-DEC-25", f"{LINE}/{ALLOWANCE}/cbc:Amount", ON_LINE),
        ("BR-DEC-28", f"{LINE}/{ALLOWANCE}/cbc:Amount", CHARGED_LINE),
    ):
        yield rule, edit(sample, follow(path, WITH_KRONER.format("BaseAmount", "1.001")))


def _twice() -> Iterator[tuple[str, bytes]]:
    project = "<cac:ProjectReference><cbc:ID>P8</cbc:ID></cac:ProjectReference>"
    further = "<cac:AddressLine><cbc:Line>Bakgård</cbc:Line></cac:AddressLine>"
    country = f"{BUYING}/cac:PostalAddress/cac:Country"
    indicator = "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
    again = f"<cac:AllowanceCharge>{indicator}</cac:AllowanceCharge>"
    base = f"{LINE}/cac:Price/cbc:BaseQuantity"
    reason = f"{ALLOWANCE}/cbc:AllowanceChargeReason"
    exempt = Sample(items=[Item(tax=("E", "0"))])
    described = "<cbc:Description>mer</cbc:Description>"
    period = PERIOD.format(STARTS.format("2026-11-10"))
    yield from (
        ("UBL-SR-08", edit(Sample(), *[follow("cbc:BuyerReference", period)] * 2)),
        ("UBL-SR-09", edit(Sample(), double(f"{SELLING}/{LEGAL}"))),
        ("UBL-SR-11", edit(Sample(), double(f"{SELLING}/{LEGAL}/cbc:CompanyID"))),
        ("UBL-SR-12", edit(Sample(), double(f"{SELLING}/cac:PartyTaxScheme"))),
        ("UBL-SR-15", edit(Sample(), double(f"{BUYING}/{LEGAL}"))),
        ("UBL-SR-16", edit(Sample(), double(f"{BUYING}/cac:PartyIdentification"))),
        ("UBL-SR-17", edit(Sample(), double(f"{BUYING}/{LEGAL}/cbc:CompanyID"))),
        ("UBL-SR-18", edit(Sample(), double(f"{BUYING}/cac:PartyTaxScheme"))),
        ("UBL-SR-24", edit(Sample(), double("cac:Delivery"))),
        ("UBL-SR-30", edit(Sample(wholes=REDUCED), double(reason))),
        ("UBL-SR-31", edit(Sample(wholes=CHARGED), double(reason))),
        ("UBL-SR-32", edit(exempt, double(f"{BREAKDOWN}/cac:TaxCategory/cbc:TaxExemptionReason"))),
        ("UBL-SR-36", edit(Sample(), *[follow(f"{LINE}/cbc:LineExtensionAmount", period)] * 2)),
        ("UBL-SR-37", edit(Sample(), *[follow(base, again)] * 2)),
        ("UBL-SR-39", edit(Sample(), follow("cac:ProjectReference", project))),
        ("UBL-SR-45", edit(CREDIT, double("cac:PaymentMeans/cbc:PaymentDueDate"))),
        ("UBL-SR-48", edit(Sample(), double(OF_LINE))),
        ("UBL-SR-50", edit(Sample(), *[follow(f"{LINE}/cac:Item/cbc:Name", described)] * 2)),
        ("UBL-SR-51", edit(Sample(), *[follow(country, further)] * 2)),
        ("UBL 2.1", edit(Sample(), double("cbc:ID"))),
        ("UBL 2.1", edit(Sample(), put(f"{TOTAL}/cbc:PayableAmount", "3 867,19"))),
        ("PEPPOL-EN16931-R002", edit(Sample(), double("cbc:Note"))),
        ("PEPPOL-EN16931-R080", edit(CREDIT, double("cac:AdditionalDocumentReference"))),
    )


def _sums() -> Iterator[tuple[str, bytes]]:
    price = f"{LINE}/cac:Price/cbc:BaseQuantity"
    discount = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>{}</cbc:ChargeIndicator>"
        + WITH_KRONER.format("Amount", "10")
        + WITH_KRONER.format("BaseAmount", "{}")
        + "</cac:AllowanceCharge>"
    )
    percent = "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"
    base = WITH_KRONER.format("BaseAmount", "999.70")
    amount = f"{ALLOWANCE}/cbc:Amount"
    for rule, name in (
        ("BR-CO-10", "LineExtensionAmount"), ("BR-CO-11", "AllowanceTotalAmount"),
        ("BR-CO-12", "ChargeTotalAmount"), ("BR-CO-13", "TaxExclusiveAmount"),
        ("BR-CO-15", "TaxInclusiveAmount"), ("BR-CO-16", "PayableAmount"),
    ):  # fmt: skip
        yield rule, edit(Sample(), put(f"{TOTAL}/cbc:{name}", "3093.74"))
    yield from (
        ("BR-CO-11", edit(Sample(wholes=[Whole(0)]), drop(f"{TOTAL}/cbc:AllowanceTotalAmount"))),
        ("BR-CO-12", edit(Sample(wholes=CHARGED), drop(f"{TOTAL}/cbc:ChargeTotalAmount"))),
        ("BR-CO-14", edit(Sample(), put("cac:TaxTotal/cbc:TaxAmount", "773.43"))),
        ("BR-CO-17", edit(Sample(), put(f"{BREAKDOWN}/cbc:TaxAmount", "774.44"))),
        ("BR-27", Sample(items=[Item(quantity="-1", price="-5")]).content),
        ("BR-28", edit(Sample(), follow(price, discount.format("false", "-1")))),
        ("PEPPOL-EN16931-R044", edit(Sample(), follow(price, discount.format("true", "422.50")))),
        ("PEPPOL-EN16931-R046", edit(Sample(), follow(price, discount.format("false", "400")))),
        ("PEPPOL-EN16931-R040", edit(Sample(wholes=CHARGED), follow(amount, percent),
                                     follow(amount, base))),
        ("PEPPOL-EN16931-R041", edit(Sample(wholes=CHARGED), follow(amount, percent))),
        ("PEPPOL-EN16931-R042", edit(Sample(wholes=CHARGED), follow(amount, base))),
        ("PEPPOL-EN16931-R043", edit(Sample(wholes=CHARGED),
                                     put(f"{ALLOWANCE}/cbc:ChargeIndicator", "1"))),
        ("PEPPOL-EN16931-R120", edit(Sample(), put(f"{LINE}/cbc:InvoicedQuantity", "7.6"))),
        ("PEPPOL-EN16931-R121", edit(Sample(), put(price, "0"))),
        ("PEPPOL-EN16931-R130", edit(Sample(), mark(price, "unitCode", "DAY"))),
    )  # fmt: skip


def _codes() -> Iterator[tuple[str, bytes]]:
    empty = "<cbc:AccountingCost> </cbc:AccountingCost>"
    price, payable = f"{LINE}/cac:Price/cbc:PriceAmount", f"{TOTAL}/cbc:PayableAmount"
    bare = "<cac:TaxTotal>" + WITH_KRONER.format("TaxAmount", "773.44") + "</cac:TaxTotal>"
    tax_currency = "<cbc:TaxCurrencyCode>{}</cbc:TaxCurrencyCode>"
    number = f"{SELLING}/cbc:EndpointID"
    vat_number = f"{SELLING}/cac:PartyTaxScheme/cbc:CompanyID"
    period = PERIOD.format(STARTS.format("2026-11-10") + ENDS.format("2026-11-12"))
    within = f"{LINE}/cbc:LineExtensionAmount"

    def lasting(start: str, end: str) -> bytes:
        dates = PERIOD.format(STARTS.format(start) + ENDS.format(end))
        return edit(Sample(), follow("cbc:BuyerReference", period), follow(within, dates))

    italian = [put(f"{each}/{COUNTRY}", "IT") for each in (SELLING, BUYING)]
    yield from (
        ("BR-CL-04", edit(Sample(), put("cbc:DocumentCurrencyCode", "NKR"))),
        ("BR-CL-14", edit(Sample(), put(f"{BUYING}/{COUNTRY}", "NOR"))),
        ("BR-CL-17", edit(Sample(), put(f"{BREAKDOWN}/cac:TaxCategory/cbc:ID", "H"))),
        ("BR-CL-24", edit(Sample(), attach("application/zip"))),
        ("BR-CL-18", edit(Sample(), put(f"{OF_LINE}/cbc:ID", "H"))),
        ("BR-B-01", Sample(items=[Item(tax=("B", "22"))]).content),
        ("BR-B-02", edit(Sample(items=[Item(), Item(tax=("B", "22"))]), *italian)),
        ("BR-30", lasting("2026-11-12", "2026-11-11")),
        ("PEPPOL-EN16931-R110", lasting("2026-11-09", "2026-11-12")),
        ("PEPPOL-EN16931-R111", lasting("2026-11-10", "2026-11-13")),
        ("NO-R-001", edit(Sample(), put(vat_number, f"NO{SELLER}"))),
        ("PEPPOL-COMMON-R041", edit(Sample(), put(number, "100000017"))),
        ("PEPPOL-EN16931-F001", edit(Sample(), put("cbc:IssueDate", "20.11.2026"))),
        ("PEPPOL-EN16931-P0100", Sample(code="389").content),
        ("PEPPOL-EN16931-P0101", Sample(code="380", credit_note=True).content),
        ("PEPPOL-EN16931-R003", edit(Sample(), drop("cbc:BuyerReference"),
                                     drop("cac:OrderReference"))),
        ("PEPPOL-EN16931-R005", edit(Sample(), follow("cbc:Note", tax_currency.format("NOK")),
                                     follow("cac:TaxTotal", bare))),
        ("PEPPOL-EN16931-R008", edit(Sample(), follow("cbc:Note", empty))),
        ("PEPPOL-EN16931-R051", edit(Sample(), mark(payable, "currencyID", "EUR"))),
        ("PEPPOL-EN16931-R051", edit(Sample(), mark(price, "currencyID", ""))),
        ("PEPPOL-EN16931-R054", edit(Sample(), follow("cbc:Note", tax_currency.format("SEK")))),
        ("PEPPOL-EN16931-R061", edit(Sample(), put("cac:PaymentMeans/cbc:PaymentMeansCode", "49"))),
    )  # fmt: skip


def of_categories() -> Iterator[tuple[str, bytes]]:
    """The rules that each VAT category has; its rate is 25 or 0, and a wrong one 25 or none."""
    for category, letters in CODES.items():
        if letters == "B":
            continue
        rated = letters in ("S", "AF", "AG")
        tax: Tax = (category, "25" if rated else "0")
        sample = Sample(items=[Item(tax=tax)])
        of_breakdown = f"{BREAKDOWN}/cac:TaxCategory"
        other = put(f"{of_breakdown}/cbc:ID", "L" if letters == "S" else "S")
        yield f"BR-{letters}-01", edit(sample, other if rated else double(BREAKDOWN))
        for suffix, path, of in (
            ("05", OF_LINE, sample),
            (
                "06",
                f"{ALLOWANCE}/cac:TaxCategory",
                Sample(items=[Item(tax=tax)], wholes=[Whole(-100, tax)]),
            ),
            (
                "07",
                f"{ALLOWANCE}/cac:TaxCategory",
                Sample(items=[Item(tax=tax)], wholes=[Whole(100, tax)]),
            ),
        ):
            wrong = "<cbc:Percent>-1</cbc:Percent>" if rated else "<cbc:Percent>25</cbc:Percent>"
            change = [follow(f"{path}/cbc:ID", wrong)]
            has_rate = category != "O"
            yield (
                f"BR-{letters}-{suffix}",
                edit(of, *([drop(f"{path}/cbc:Percent")] if has_rate else []), *change),
            )
        yield f"BR-{letters}-08", edit(sample, put(f"{BREAKDOWN}/cbc:TaxableAmount", "3094.75"))
        if not rated:
            yield f"BR-{letters}-09", edit(sample, put(f"{BREAKDOWN}/cbc:TaxAmount", "0.01"))
        reason = f"{of_breakdown}/cbc:TaxExemptionReason"
        explained = letters in ("E", "AE", "IC", "G", "O")
        why = "<cbc:TaxExemptionReason>Nei</cbc:TaxExemptionReason>"
        yield (
            f"BR-{letters}-10",
            edit(sample, drop(reason) if explained else follow(f"{of_breakdown}/cbc:ID", why)),
        )


def _own() -> Iterator[tuple[str, bytes]]:
    two = Sample(items=[Item(), Item(tax=("S", "15"), price="0.10", quantity="1")])
    ids = "urn:fdc:anskaffelser.no:2019:ehf:reminder:3.0"
    endless = Sample(items=[Item(quantity="7.33333333333333", price="45000000")]).content
    yield from (
        ("so24: kind", edit(Sample(), put("cbc:CustomizationID", ids))),
        ("so24: length", Sample(number="F" * 27).content),
        ("so24: decimals", endless),
        ("so24: decimals", edit(Sample(), put(f"{OF_LINE}/cbc:Percent", "25.0000001"))),
        ("so24: size", edit(Sample(), put(f"{TOTAL}/cbc:PayableAmount", "1000000000000"))),
        ("so24: identifier", edit(Sample(), put("cbc:ID", "1,002E+03"))),
        ("so24: date", edit(Sample(), put("cbc:IssueDate", "1899-12-31"))),
        ("so24: VAT", edit(two, drop(f"{BREAKDOWN}[2]"),
                           put("cac:TaxTotal/cbc:TaxAmount", "773.44"),
                           put(f"{TOTAL}/cbc:TaxInclusiveAmount", "3867.29"),
                           put(f"{TOTAL}/cbc:PayableAmount", "3867.29"))),
        ("so24: VAT rate", edit(Sample(), put(f"{BREAKDOWN}/cac:TaxCategory/cbc:Percent", "101"))),
    )  # fmt: skip


BREAKS = [*_missing(), *_decimals(), *_twice(), *_sums(), *_codes(), *of_categories(), *_own()]
