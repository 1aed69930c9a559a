"""Each official rule, broken once in a document that is valid otherwise, is named by its code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from so24.sources.ehf.buyers import Supplement
from tests.sources.ehf.bills import (
    OSLO,
    SELLER,
    Item,
    Sample,
    Whole,
    read_all,
    read_one,
    rules_broken,
)

LINE = '<cbc:LineExtensionAmount currencyID="NOK">3093.75</cbc:LineExtensionAmount>\n<cac:Item>'
TWO = (Item(), Item(product="1004", price="100", quantity="2"))
CHARGED = (Whole(10_000),)
REDUCED = (Whole(-10_000, reason="Rabatt", code="95"),)


def money(name: str, amount: str) -> str:
    return f'<cbc:{name} currencyID="NOK">{amount}</cbc:{name}>'


BREAKS: list[tuple[str, Sample]] = [
    ("PEPPOL-EN16931-R120", Sample(changes={">7.5<": ">7.6<"})),
    ("PEPPOL-EN16931-R121", Sample(changes={"<cbc:BaseQuantity>1<": "<cbc:BaseQuantity>0<"})),
    (
        "PEPPOL-EN16931-R046",
        Sample(
            changes={
                "<cbc:BaseQuantity>1</cbc:BaseQuantity>": "<cac:AllowanceCharge>"
                "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
                f"{money('Amount', '10')}{money('BaseAmount', '400')}</cac:AllowanceCharge>"
            }
        ),
    ),
    ("BR-27", Sample(items=[Item(quantity="-1", price="-5")])),
    ("BR-CO-10", Sample(changes={money("LineExtensionAmount", "3093.75") + "\n<cbc:TaxE":
                                 money("LineExtensionAmount", "3093.74") + "\n<cbc:TaxE"})),
    ("BR-CO-11", Sample(wholes=REDUCED, changes={"AllowanceTotalAmount currencyID=\"NOK\">100.00":
                                                 "AllowanceTotalAmount currencyID=\"NOK\">99.00"})),
    ("BR-CO-12", Sample(wholes=CHARGED, changes={"ChargeTotalAmount currencyID=\"NOK\">100.00":
                                                 "ChargeTotalAmount currencyID=\"NOK\">99.00"})),
    ("BR-CO-13", Sample(changes={money("TaxExclusiveAmount", "3093.75"):
                                 money("TaxExclusiveAmount", "3093.76")})),
    ("BR-CO-14", Sample(changes={"<cac:TaxTotal>\n" + money("TaxAmount", "773.44"):
                                 "<cac:TaxTotal>\n" + money("TaxAmount", "773.43")})),
    ("BR-CO-15", Sample(changes={money("TaxInclusiveAmount", "3867.19"):
                                 money("TaxInclusiveAmount", "3867.20")})),
    ("BR-CO-16", Sample(changes={money("PayableAmount", "3867.19"):
                                 money("PayableAmount", "3867.00")})),
    ("BR-CO-17", Sample(changes={"</cbc:TaxableAmount>" + money("TaxAmount", "773.44"):
                                 "</cbc:TaxableAmount>" + money("TaxAmount", "773.43")})),
    ("BR-S-08", Sample(changes={money("TaxableAmount", "3093.75"):
                                money("TaxableAmount", "3093.76")})),
    ("BR-S-01", Sample(changes={"<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25":
                                "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>15"})),
    ("BR-S-05", Sample(changes={"<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25":
                                "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>0"})),
    ("BR-Z-05", Sample(items=[Item(tax=("Z", "5"))])),
    ("BR-CL-17", Sample(changes={"<cac:ClassifiedTaxCategory><cbc:ID>S":
                                 "<cac:ClassifiedTaxCategory><cbc:ID>Q"})),
    ("BR-CO-25", Sample(changes={"<cbc:DueDate>2026-12-04</cbc:DueDate>": ""})),
    ("PEPPOL-EN16931-R001", Sample(changes={
        "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>": ""})),
    ("PEPPOL-EN16931-R002", Sample(changes={"<cbc:Note>": "<cbc:Note>En</cbc:Note><cbc:Note>"})),
    ("PEPPOL-EN16931-R003", Sample(changes={
        "<cbc:BuyerReference>Kari Innkjøp</cbc:BuyerReference>": "",
        "<cac:OrderReference><cbc:ID>PO-77</cbc:ID></cac:OrderReference>": ""})),
    ("PEPPOL-EN16931-R004", Sample(changes={"poacc:billing:3.0<": "poacc:selfbilling:3.0<"})),
    ("PEPPOL-EN16931-R005", Sample(changes={
        "<cbc:BuyerReference>": "<cbc:TaxCurrencyCode>NOK</cbc:TaxCurrencyCode>"
        "<cbc:BuyerReference>",
        "<cac:LegalMonetaryTotal>": "<cac:TaxTotal>" + money("TaxAmount", "773.44")
        + "</cac:TaxTotal><cac:LegalMonetaryTotal>"})),
    ("PEPPOL-EN16931-R007", Sample(changes={"billing:01:1.0<": "billing:1:1.0<"})),
    ("PEPPOL-EN16931-R008", Sample(changes={"<cbc:BuyerReference>":
                                            "<cbc:AccountingCost> </cbc:AccountingCost>"
                                            "<cbc:BuyerReference>"})),
    ("PEPPOL-EN16931-R020", Sample(changes={
        f'<cbc:EndpointID schemeID="0192">{SELLER}</cbc:EndpointID>': ""})),
    ("PEPPOL-EN16931-R043", Sample(wholes=CHARGED, changes={
        "<cbc:ChargeIndicator>true": "<cbc:ChargeIndicator>1"})),
    ("PEPPOL-EN16931-R051", Sample(changes={money("PayableAmount", "3867.19"):
                                            '<cbc:PayableAmount currencyID="EUR">3867.19'
                                            "</cbc:PayableAmount>"})),
    ("PEPPOL-EN16931-R053", Sample(changes={
        "<cac:LegalMonetaryTotal>": "<cac:TaxTotal><cac:TaxSubtotal><cbc:X>1</cbc:X>"
        "</cac:TaxSubtotal></cac:TaxTotal><cac:LegalMonetaryTotal>"})),
    ("PEPPOL-EN16931-R054", Sample(changes={
        "<cbc:BuyerReference>": "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"
        "<cbc:BuyerReference>"})),
    ("PEPPOL-EN16931-R061", Sample(changes={"PaymentMeansCode>30<": "PaymentMeansCode>49<"})),
    *((rule, Sample(changes={
        "<cac:OrderReference>": f"<cac:InvoicePeriod><cbc:{end}Date>2026-11-10</cbc:{end}Date>"
        "</cac:InvoicePeriod><cac:OrderReference>",
        "<cac:Item>": f"<cac:InvoicePeriod><cbc:{end}Date>{day}</cbc:{end}Date>"
        "</cac:InvoicePeriod><cac:Item>"}))
      for rule, end, day in (("PEPPOL-EN16931-R110", "Start", "2026-11-09"),
                             ("PEPPOL-EN16931-R111", "End", "2026-11-11"))),
    ("BR-E-10", Sample(items=[Item(tax=("E", "0"))], changes={
        "<cbc:TaxExemptionReason>Unntatt</cbc:TaxExemptionReason>": ""})),
    ("BR-S-10", Sample(changes={
        "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent>":
        "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent>"
        "<cbc:TaxExemptionReason>Nei</cbc:TaxExemptionReason>"})),
    ("PEPPOL-EN16931-R040", Sample(wholes=CHARGED, changes={
        "<cbc:Amount ": "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric><cbc:Amount ",
        "</cbc:Amount>": "</cbc:Amount>" + money("BaseAmount", "999.70")})),
    ("PEPPOL-EN16931-R041", Sample(wholes=CHARGED, changes={
        "<cbc:Amount ": "<cbc:MultiplierFactorNumeric>9</cbc:MultiplierFactorNumeric>"
        "<cbc:Amount "})),
    ("PEPPOL-EN16931-R042", Sample(wholes=CHARGED, changes={
        "</cbc:Amount>": "</cbc:Amount>" + money("BaseAmount", "1000")})),
    ("PEPPOL-EN16931-F001", Sample(changes={"2026-11-20": "20.11.2026"})),
    ("PEPPOL-EN16931-P0100", Sample(code="381")),
    ("PEPPOL-EN16931-P0101", Sample(code="380", credit_note=True)),
    ("PEPPOL-COMMON-R041", Sample(changes={f'<cbc:EndpointID schemeID="0192">{SELLER}':
                                           '<cbc:EndpointID schemeID="0192">100000017'})),
    ("NO-R-001", Sample(changes={f"NO{SELLER}MVA": f"NO{SELLER}"})),
    ("BR-02", Sample(changes={"<cbc:ID>1001</cbc:ID>": ""})),
    ("BR-03", Sample(changes={"<cbc:IssueDate>2026-11-20</cbc:IssueDate>": ""})),
    ("BR-05", Sample(changes={
        "<cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>": ""})),
    ("BR-07", Sample(changes={
        "<cbc:RegistrationName>Nordvik Logistikk AS</cbc:RegistrationName>": ""})),
    ("BR-16", Sample(items=[])),
    ("BR-22", Sample(changes={'<cbc:InvoicedQuantity unitCode="HUR">7.5</cbc:InvoicedQuantity>':
                              ""})),
    ("BR-23", Sample(changes={' unitCode="HUR"': ""})),
    ("BR-25", Sample(changes={"<cbc:Name>Helgevakt uke 47</cbc:Name>": ""})),
    ("BR-26", Sample(changes={money("PriceAmount", "412.50"): ""})),
    ("BR-CO-04", Sample(changes={"ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:"
                                 "Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:"
                                 "ClassifiedTaxCategory>": "CommodityClassification><cbc:X>1"
                                 "</cbc:X></cac:CommodityClassification>"})),
    ("BR-38", Sample(wholes=[Whole(10_000, code="", reason="x")], changes={
        "<cbc:AllowanceChargeReason>x</cbc:AllowanceChargeReason>": ""})),
    ("BR-DEC-18", Sample(changes={money("PayableAmount", "3867.19"):
                                  money("PayableAmount", "3867.190")})),
    ("BR-DEC-23", Sample(changes={LINE: LINE.replace("3093.75", "3093.751")})),
    ("UBL 2.1", Sample(changes={money("PayableAmount", "3867.19"):
                                money("PayableAmount", "3 867,19")})),
    ("UBL 2.1", Sample(changes={"<cbc:ID>1001</cbc:ID>":
                                "<cbc:ID>1001</cbc:ID><cbc:ID>1002</cbc:ID>"})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "sample"), BREAKS, ids=[f"{n}-{c}" for n, (c, _) in
                                                          enumerate(BREAKS)])  # fmt: skip
def test_a_broken_rule_is_named_by_its_code(code: str, sample: Sample) -> None:
    assert code in rules_broken(sample)


@pytest.mark.parametrize(
    "sample",
    [
        Sample(),
        Sample(items=TWO, wholes=[*CHARGED, *REDUCED]),
        Sample(items=[Item(tax=(category, "0")) for category in ("Z", "E", "AE", "K", "G", "O")]),
        Sample(items=[Item(), Item(tax=("S", "15")), Item(tax=("B", "25")), Item(tax=("L", "7"))]),
        Sample(items=[Item(quantity="3", price="10", base="7", off=100, on=50)]),
        Sample(items=[Item(quantity="-2"), Item(quantity="5")]),
        Sample(items=[Item(quantity="-2")]),
        Sample(credit_note=True, credited=["1000"]),
        Sample(credit_note=True, code="396"),
        Sample(currency="EUR"),
        Sample(changes={"<cbc:DueDate>2026-12-04</cbc:DueDate>": "",
                        "</cac:PaymentMeans>": "</cac:PaymentMeans><cac:PaymentTerms><cbc:Note>"
                        "14 dager</cbc:Note></cac:PaymentTerms>"}),
    ],
    ids=lambda sample: f"{len(sample.items)} {sample.code}",
)  # fmt: skip
def test_a_valid_document_breaks_no_rule(sample: Sample) -> None:
    assert rules_broken(sample) == []


@pytest.mark.parametrize(("stated", "broken"), [("3093.77", False), ("3093.78", True)])
def test_a_lines_net_may_miss_its_price_by_two_ore_and_no_more(stated: str, broken: bool) -> None:
    codes = rules_broken(Sample(changes={LINE: LINE.replace("3093.75", stated)}))
    assert ("PEPPOL-EN16931-R120" in codes) is broken


@pytest.mark.parametrize(("vat", "broken"), [("365.13", False), ("365.12", True)])
def test_vat_is_rounded_half_up(vat: str, broken: bool) -> None:
    sample = Sample(items=[Item(quantity="1", price="1460.50")])  # × 25 % = 365.125
    stated = "</cbc:TaxableAmount>" + money("TaxAmount", "365.13")
    text = sample.xml.replace(stated, stated.replace("365.13", vat))
    (source,) = read_all(("a.xml", text.encode()))
    assert any("BR-CO-17" in row.reason for row in source.refused) is broken


def test_all_broken_rules_are_told_with_their_lines_in_the_file() -> None:
    sample = Sample(changes={">7.5<": ">7.6<", "<cbc:DueDate>2026-12-04</cbc:DueDate>": ""})
    (source,) = read_all(("a.xml", sample.content))
    assert [(row.sheet, row.reason.split(": ")[:2]) for row in source.refused] == [
        ("a.xml", ["1001", "PEPPOL-EN16931-R120"]),
        ("a.xml", ["1001", "BR-CO-25"]),
    ]
    lines = sample.xml.splitlines()
    assert "InvoiceLine" in lines[source.refused[0].row - 1]
    assert "3 135,00, but 3 093,75" in source.refused[0].reason.replace("\u00a0", " ")


def own(seller: str) -> Supplement:
    return replace(OSLO, sellers=frozenset({seller}))


def test_a_seller_without_the_register_is_a_warning_only() -> None:
    sample = Sample()
    text = sample.xml.replace("Foretaksregisteret", "Noe annet")
    (source,) = read_all(("a.xml", text.encode()), supplement=own(SELLER))
    assert len(source.documents) == 1
    (warning,) = source.warnings
    assert warning.startswith("NO-R-002: ")
    assert "1001" in warning
    (quiet,) = read_all(("a.xml", sample.content), supplement=own(SELLER))
    assert quiet.warnings == ()


def test_a_foreign_seller_needs_no_norwegian_numbers() -> None:
    changes = {
        f"NO{SELLER}MVA": "SE556000016701",
        f'<cbc:CompanyID schemeID="0192">{SELLER}': '<cbc:CompanyID schemeID="0007">5560000167',
    }
    text = Sample(changes=changes).xml.replace(
        "<cbc:IdentificationCode>NO", "<cbc:IdentificationCode>SE", 1
    )
    (source,) = read_all(("a.xml", text.encode()), supplement=own("5560000167"))
    assert (source.refused, source.warnings) == ((), ())


def test_the_vat_total_in_another_currency_is_left_aside() -> None:
    document = read_one(
        Sample(
            changes={
                "<cbc:BuyerReference>": "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"
                "<cbc:BuyerReference>",
                "<cac:LegalMonetaryTotal>": '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">700.00'
                "</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>",
            }
        )
    )
    assert str(document.particulars.vat) == "773.44"
