"""Each rule of the table, broken once in a document that is valid otherwise, is told as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from so24.sources.ehf.buyers import Supplement
from so24.sources.ehf.files import open_bill
from so24.sources.ehf.mapping import find_doubts
from so24.sources.ehf.release import CEN, OPINION, OURS, PEPPOL, SCHEMA
from so24.sources.ehf.rule_table import RULES, Does, find_rule
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
from tests.sources.ehf.breaks import (
    BREAKDOWN,
    BREAKS,
    DATES,
    LINE,
    OF_LINE,
    TOTAL,
    attach,
    drop,
    edit,
    put,
)

BUYER = "cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification"
SELLERS_NUMBER = "cac:SellersItemIdentification/cbc:ID"
NET = '<cbc:LineExtensionAmount currencyID="NOK">3093.75</cbc:LineExtensionAmount>\n<cac:Item>'
TWO = (Item(), Item(product="1004", price="100", quantity="2"))
CHARGED = (Whole(10_000),)
REDUCED = (Whole(-10_000, reason="Rabatt", code="95"),)
DUE = {"<cbc:DueDate>2026-12-04</cbc:DueDate>": ""}


def with_vat(stated: str, sign: str = "") -> bytes:
    """1 460,50 at 25 %, which is 365,125, with a stated VAT and totals that follow from it."""
    vat, net = Decimal(sign + stated), Decimal(f"{sign}1460.50")
    sample = Sample(items=[Item(quantity=f"{sign}1", price="1460.50")])
    paths = {"cac:TaxTotal/cbc:TaxAmount": vat, f"{BREAKDOWN}/cbc:TaxAmount": vat}
    paths |= dict.fromkeys(
        (f"{TOTAL}/cbc:TaxInclusiveAmount", f"{TOTAL}/cbc:PayableAmount"), net + vat
    )
    return edit(sample, *(put(path, str(amount)) for path, amount in paths.items()))


def doubtful() -> list[bytes]:
    """Documents that together ask everything that a person may be asked."""
    more = {"</cac:PaymentMeans>": "<cbc:PaymentID>1</cbc:PaymentID></cac:PaymentMeans>"}
    return [
        with_vat("365.14"),
        Sample(code="386").content,
        Sample(credit_note=True, items=[Item(quantity="-1")], credited=["1", "2"]).content,
        Sample(prepaid=100, wholes=CHARGED).content,
        Sample(changes=more).content,
    ]


@pytest.mark.parametrize(
    ("code", "content"), BREAKS, ids=[f"{n}-{code}" for n, (code, _) in enumerate(BREAKS)]
)
def test_a_broken_rule_is_named_by_its_code_and_release_and_one_of_ours_by_none(
    code: str, content: bytes
) -> None:
    broken = open_bill("a.xml", content).broken
    told = [str(each) for each in broken if each.rule == code]
    assert told
    rule = RULES[code]
    assert rule.does is Does.REFUSE
    if rule.release == OURS:
        assert told[0].startswith("it is " if code == "so24: kind" else "so24's own limit: ")
        assert not any(re.search(r"\b(BR|PEPPOL|UBL|NO-R)-", words) for words in told)
    else:
        named = code if rule.release == SCHEMA else f"{code} ({rule.release})"
        assert told[0].startswith(f"{named}: ")


def test_the_table_has_no_dead_rule_and_nothing_is_told_that_it_has_not() -> None:
    refused = {code for code, _ in BREAKS}
    held, warned = set(), set()
    for content in doubtful():
        opened = open_bill("a.xml", content)
        assert opened.broken == ()
        held |= {each.rule for each in find_doubts(opened.bill, Supplement())}
    for specification, profile, register, project in (
        ("#x", ":02:1.0", "Foretaksregisteret", "P7"),
        ("", ":01:1.0", "x", "null"),
    ):
        text = Sample().xml.replace("billing:3.0<", f"billing:3.0{specification}<")
        text = text.replace(":01:1.0<", f"{profile}<").replace("Foretaksregisteret", register)
        text = text.replace(">P7<", f">{project}<")
        warned |= {each.rule for each in open_bill("a.xml", text.encode()).remarks}
    told = {Does.REFUSE: refused, Does.HOLD: held | {OPINION}, Does.WARN: warned}
    for does, codes in told.items():
        assert codes == {code for code, rule in RULES.items() if rule.does is does}
    for _, content in BREAKS:
        assert {each.rule for each in open_bill("a.xml", content).broken} <= refused


def test_every_rule_is_of_the_release_or_ours_and_says_something() -> None:
    assert {rule.release for rule in RULES.values()} == {CEN, PEPPOL, SCHEMA, OURS}
    assert all(rule.says for rule in RULES.values())
    assert find_rule("BR-CO-25") is None  # the release has it no more
    left = find_rule("BR-CL-23")
    assert left is not None
    assert left.does is Does.LEAVE


@pytest.mark.parametrize(
    "sample",
    [
        Sample(),
        Sample(items=TWO, wholes=[*CHARGED, *REDUCED]),
        Sample(items=[Item(tax=(category, "0")) for category in ("Z", "E", "AE", "K", "G", "O")]),
        Sample(items=[Item(), Item(tax=("S", "15")), Item(tax=("L", "7"))]),
        Sample(items=[Item(quantity="3", price="10", base="7", off=100, on=50)]),
        Sample(items=[Item(quantity="-2"), Item(quantity="5")]),
        Sample(items=[Item(quantity="-2")]),
        Sample(credit_note=True, credited=["1000"]),
        Sample(credit_note=True, code="396"),
        Sample(currency="EUR"),
        Sample(changes=DUE),
        Sample(credit_note=True,
               changes={"<cbc:PaymentDueDate>2026-12-04</cbc:PaymentDueDate>": ""}),
        Sample(changes={"<cbc:Note>Takk for oppdraget": "<cbc:Note>Takk &amp; farvel"}),
    ],
    ids=lambda sample: f"{len(sample.items)} {sample.code}",
)  # fmt: skip
def test_a_valid_document_breaks_no_rule(sample: Sample) -> None:
    assert rules_broken(sample) == []


@pytest.mark.parametrize(("stated", "broken"), [("3093.77", False), ("3093.78", True)])
def test_a_lines_net_may_miss_its_price_by_two_ore_and_no_more(stated: str, broken: bool) -> None:
    content = Sample(changes={NET: NET.replace("3093.75", stated)}).content
    codes = {each.rule for each in open_bill("a.xml", content).broken}
    assert ("PEPPOL-EN16931-R120" in codes) is broken


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("stated", ["365.14", "365.12", "366.12", "364.14"])
def test_vat_that_differs_by_less_than_1_is_held_and_told_as_no_breach(
    stated: str, sign: str
) -> None:
    (source,) = read_all(("a.xml", with_vat(stated, sign)))
    assert (source.refused, source.warnings[1:]) == ((), ())
    (document,) = source.documents
    minus = "\u2212" if sign else ""
    words = f"VAT S 25 %: 24SevenOffice would reckon {minus}365,13; the file says {minus}"
    assert document.held == f"{words}{stated.replace('.', ',')}."
    assert not re.search(r"BR-|rule|break", document.held)
    assert document.particulars.vat == Decimal(sign + stated)
    assert document.particulars.total == Decimal(f"{sign}1460.50") + Decimal(sign + stated)


@pytest.mark.parametrize("stated", ["366.13", "364.13"])
def test_vat_that_differs_by_1_breaks_the_rule(stated: str) -> None:
    assert [each.rule for each in open_bill("a.xml", with_vat(stated)).broken] == ["BR-CO-17"]


def test_vat_rounded_as_24sevenoffice_does_is_not_asked_about() -> None:
    (source,) = read_all(("a.xml", with_vat("365.13")))
    assert source.documents[0].held == ""


@pytest.mark.parametrize(("stated", "broken"), [("3094.74", []), ("3094.75", ["BR-S-08"])])
def test_what_vat_is_of_may_differ_by_less_than_1_and_is_held(
    stated: str, broken: list[str]
) -> None:
    opened = open_bill("a.xml", edit(Sample(), put(f"{BREAKDOWN}/cbc:TaxableAmount", stated)))
    assert [each.rule for each in opened.broken] == broken
    if not broken:
        (doubt,) = find_doubts(opened.bill, OSLO)
        assert "its lines come to 3\u00a0093,75" in doubt.words


def test_vat_of_the_other_sign_is_refused_though_the_tests_of_the_release_let_it_pass() -> None:
    content = edit(
        Sample(),
        put(f"{BREAKDOWN}/cbc:TaxAmount", "-773.44"),
        put("cac:TaxTotal/cbc:TaxAmount", "-773.44"),
        put(f"{TOTAL}/cbc:TaxInclusiveAmount", "2320.31"),
        put(f"{TOTAL}/cbc:PayableAmount", "2320.31"),
    )
    assert [each.rule for each in open_bill("a.xml", content).broken] == ["so24: VAT"]


def test_a_quantity_of_many_decimals_comes_in_where_rounding_it_leaves_its_sum() -> None:
    sample = Sample(items=[Item(quantity="2.78951212", price="10")])
    document = read_one(sample)
    assert (document.lines[0].quantity, document.lines[0].net) == (
        Decimal("2.789512"), Decimal("27.90"),
    )  # fmt: skip


@pytest.mark.parametrize("scheme", ["GST", "ZZZ", ""])
@pytest.mark.parametrize(
    ("path", "rule"),
    [(f"{BREAKDOWN}/cac:TaxCategory", "BR-47"), (OF_LINE, "BR-CO-04"),
     ("cac:AllowanceCharge/cac:TaxCategory", "BR-37")],
)  # fmt: skip
def test_another_tax_than_vat_is_refused(path: str, rule: str, scheme: str) -> None:
    change = (
        put(f"{path}/cac:TaxScheme/cbc:ID", scheme) if scheme else drop(f"{path}/cac:TaxScheme")
    )
    broken = open_bill("a.xml", edit(Sample(wholes=CHARGED), change)).broken
    assert [each.rule for each in broken] == [rule]


def test_the_tax_may_be_called_vat_in_small_letters() -> None:
    assert (
        open_bill("a.xml", edit(Sample(), put(f"{OF_LINE}/cac:TaxScheme/cbc:ID", "vat"))).broken
        == ()
    )


@pytest.mark.parametrize(
    ("code", "country"),
    [("SE", "SE"), ("XI", "GB"), ("1A", "XK"), ("EST", ""), ("no", ""), ("XX", "")],
)
def test_a_country_is_one_of_iso_3166_and_never_cut(code: str, country: str) -> None:
    path = (
        "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    )
    (source,) = read_all(("a.xml", edit(Sample(), put(path, code))))
    if country:
        assert [each.country for each in source.customers] == [country]
    else:
        assert ["BR-CL-14" in row.reason for row in source.refused] == [True]


@pytest.mark.parametrize("path", DATES)
def test_whatever_stands_before_or_behind_a_date_breaks_the_rule_of_dates(path: str) -> None:
    for dress in ("{}Z", "{}+01:00", "{}-05:00", "{}T00:00:00", " {}", "{}\n", "{}T23:00:00Z"):
        wrong = put(path, dress.format("2026-11-20"))
        broken = open_bill("a.xml", edit(Sample(), *DATES[path], wrong)).broken
        assert [each.rule for each in broken] == ["PEPPOL-EN16931-F001"], dress
        assert "must be a date such as 2026-11-30 and nothing else" in str(broken[0])


def test_the_schema_lets_the_due_date_of_a_credit_note_have_a_zone() -> None:
    path = "cac:PaymentMeans/cbc:PaymentDueDate"
    opened = open_bill("a.xml", edit(Sample(credit_note=True), put(path, "2026-12-04+01:00")))
    assert (opened.broken, str(opened.bill.due_date)) == ((), "2026-12-04")


@pytest.mark.parametrize("kind", ["application/zip", "text/html", "APPLICATION/PDF", ""])
def test_an_attachment_is_of_one_of_the_six_kinds_of_the_standard(kind: str) -> None:
    broken = open_bill("a.xml", edit(Sample(), attach(kind))).broken
    assert [each.rule for each in broken] == ["BR-CL-24"]
    assert open_bill("a.xml", edit(Sample(), attach("application/pdf"))).broken == ()


@pytest.mark.parametrize(("code", "credit"), [("389", False), ("261", True)])
def test_what_the_customer_has_made_out_is_told_as_that(code: str, credit: bool) -> None:
    broken = open_bill("a.xml", Sample(code=code, credit_note=credit).content).broken
    assert f"type code {code} says that it is a self-billed" in str(*broken)
    assert "which the customer has made out" in str(*broken)


@pytest.mark.parametrize("number", ["NULL", "—", "#N/A"])
def test_what_programs_write_where_there_is_no_value_is_no_number_of_anything(number: str) -> None:
    for path in ("cbc:ID", f"{BUYER}/cbc:ID", f"{LINE}/cac:Item/{SELLERS_NUMBER}"):
        broken = open_bill("a.xml", edit(Sample(), put(path, number))).broken
        assert [each.rule for each in broken] == ["so24: identifier"], path
    content = edit(Sample(), put("cac:ProjectReference/cbc:ID", number))
    (source,) = read_all(("a.xml", content))
    assert [each.project_number for each in source.documents] == [""]
    (told,) = (warning for warning in source.warnings if "left out" in warning)
    assert number in told


def test_all_broken_rules_are_told_with_their_lines_in_the_file() -> None:
    sample = Sample(
        changes={
            ">7.5<": ">7.6<",
            ">3867.19</cbc:PayableAmount>": ">1.00</cbc:PayableAmount>",
        }
    )
    (source,) = read_all(("a.xml", sample.content))
    assert [(row.sheet, row.reason.split(": ")[:2]) for row in source.refused] == [
        ("a.xml", ["1001", f"PEPPOL-EN16931-R120 ({PEPPOL})"]),
        ("a.xml", ["1001", f"BR-CO-16 ({CEN})"]),
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
    assert warning.startswith("NO-R-002 (Peppol BIS Billing 3.0.21): the seller does not state")
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
