"""What is no invoice of Billing 3.0 is told by its name; what only its process is, is a warning."""

from __future__ import annotations

import pytest

from so24.sources.ehf.kinds import PROCESSES, SPECIFICATION
from tests.sources.ehf.bills import SELLER, Sample, read_all, refusal
from tests.sources.ehf.test_markup import ENVELOPE

BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:"
BII = (
    "urn:www.cenbii.eu:transaction:biitrns0{}:ver2.0:extended:urn:www.peppol.eu:bis:peppol5a:ver2.0"
)
KINDS = {
    f"{SPECIFICATION}#conformant#urn:fdc:anskaffelser.no:2019:ehf:reminder:3.0":
        "an EHF reminder (purring)",
    f"{SPECIFICATION}#conformant#urn:fdc:anskaffelser.no:2019:ehf:forward-billing:3.0":
        "an EHF forward billing document",
    f"{SPECIFICATION}#conformant#urn:fdc:anskaffelser.no:2027:ehf:something-new:1.0":
        "an EHF document of another kind",
    "urn:fdc:anskaffelser.no:2019:ehf:spec:payment-request:3.0": "an EHF payment request",
    BII.format("10") + ":extended:urn:www.difi.no:ehf:faktura:ver2.0": "an EHF 2.0 invoice",
    BII.format("10"): "a Peppol BIS 2 invoice",
    f"{BILLING}selfbilling:3.0": "a self-billing invoice, which the customer has made out",
    "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0":
        "a German XRechnung invoice",
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0": "a Dutch NLCIUS invoice",
    "urn:cen.eu:en16931:2017#conformant#urn:UBL.BE:1.0.0.20180214": "a Belgian UBL.BE invoice",
    "urn:peppol:pint:billing-1@jp-1": "a Peppol PINT invoice (JP)",
    "urn:cen.eu:en16931:2017#conformant#urn:fdc:peppol.eu:2017:poacc:billing:international:aunz:3.0":
        "a Peppol invoice of another region (AUNZ)",
    "OIOUBL-2.1": "a Danish OIOUBL invoice",
    "urn:cen.eu:en16931:2017": "an EN 16931 invoice of no Peppol specification",
    "urn:cen.eu:en16931:2017#compliant#urn:example": "an EN 16931 invoice of another specification",
    "urn:example": "an invoice of another specification (“urn:example”)",
}  # fmt: skip


def with_ids(specification: str = SPECIFICATION, process: str = PROCESSES[0]) -> bytes:
    text = Sample().xml.replace(f">{SPECIFICATION}<", f">{specification}<")
    return text.replace(f">{PROCESSES[0]}<", f">{process}<").encode()


@pytest.mark.parametrize(("specification", "name"), KINDS.items(), ids=KINDS.values())
def test_another_kind_of_document_is_told_by_its_name_in_one_sentence(
    specification: str, name: str
) -> None:
    # much else is wrong with it, which nobody wants to read
    content = with_ids(specification).replace(b"InvoiceTypeCode", b"Code").replace(b">S<", b">H<")
    (source,) = read_all(("a.xml", content))
    (row,) = source.refused
    assert row.reason.startswith(f"1001: it is {name}")
    assert row.reason.endswith("not an invoice or credit note of EHF 3 (Peppol BIS Billing 3.0)")
    assert source.warnings == ()


def test_a_credit_note_is_called_so() -> None:
    content = Sample(credit_note=True).xml.replace(SPECIFICATION, "OIOUBL-2.1").encode()
    (source,) = read_all(("a.xml", content))
    assert "it is a Danish OIOUBL credit note" in source.refused[0].reason


@pytest.mark.parametrize("process", PROCESSES)
def test_the_four_processes_of_the_release_come_in_without_a_word(process: str) -> None:
    (source,) = read_all(("a.xml", with_ids(process=process)))
    (warning,) = source.warnings
    assert (len(source.documents), SELLER in warning) == (1, True)


@pytest.mark.parametrize(
    "process",
    ["urn:fdc:peppol.eu:2017:poacc:billing:02:1.0", "urn:peppol:bis:billing_with_haste",
     "urn:peppol:france:billing:other"],
)  # fmt: skip
def test_another_process_of_peppol_is_a_warning_that_names_the_rule(process: str) -> None:
    (source,) = read_all(("a.xml", with_ids(process=process)))
    assert len(source.documents) == 1
    told = f"PEPPOL-EN16931-R007 (Peppol BIS Billing 3.0.21): the process “{process}” is not one of"
    assert [each.startswith(told) for each in source.warnings] == [False, True]
    assert source.warnings[1].endswith("(1001).")


@pytest.mark.parametrize(
    "process",
    ["urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:06:1.0", "Ø & b",
     "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0"],
)  # fmt: skip
def test_a_process_that_is_none_of_peppols_billing_is_another_kind(process: str) -> None:
    (source,) = read_all(("a.xml", with_ids(process=process.replace("&", "&amp;"))))
    (row,) = source.refused
    assert row.reason.startswith("1001: it is a")


def test_a_specification_that_extends_billing_comes_in_with_a_warning() -> None:
    (source,) = read_all(("a.xml", with_ids(f"{SPECIFICATION}#conformant#urn:example:extra")))
    assert (len(source.documents), source.refused) == (1, ())
    assert "extends Billing 3.0" in source.warnings[1]


@pytest.mark.parametrize(
    ("root", "name"),
    [("Order", "an order"), ("DespatchAdvice", "a despatch advice"), ("Catalogue", "a catalogue"),
     ("Reminder", "a reminder (purring)"), ("OrderResponse", "an order response"),
     ("ApplicationResponse", "a response to another document"),
     ("CrossIndustryInvoice", "an invoice in CII"), ("AuditFile", "a SAF-T file")],
)  # fmt: skip
@pytest.mark.parametrize("envelope", ["{}", ENVELOPE])
def test_another_document_is_told_by_its_root(root: str, name: str, envelope: str) -> None:
    sentence = refusal(envelope.format(f'<{root} xmlns="urn:x"/>').encode())
    assert f"It is {name}" in sentence
    assert "not an invoice or credit note of EHF 3" in sentence
