"""What a document is by its own word: its specification, process and type.

Another kind than Billing 3.0 is told by its name. The specification (CustomizationID) and the
process (ProfileID) decide. Only Billing 3.0 is let in: what other countries, other releases and
other processes make of UBL has other rules, and of 2,255 real files of other specifications 35 kept
those of Billing 3.0. A specification that extends it comes in with a warning, unless it is one of
EHF's own, which are other documents (reminder, forward billing). A process that Peppol has but this
release does not is a warning too: it changes nothing that so24 takes. Of the types (UNTDID 1001)
384 and 326 are between Germans only since the release says so; they are held as what they are, for
who has sent one has to be asked anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from so24.sources.ehf.bill import Bill, Broken, Doubt
from so24.sources.ehf.release import EXTENSION, OURS, TYPE
from so24.sources.ehf.rule_table import name_rule

SPECIFICATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESSES = (
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    "urn:peppol:bis:billing_with_response",
    "urn:peppol:france:billing:regulated",
    "urn:peppol:france:billing:non-regulated",
)
_OF_PEPPOL = re.compile(r"urn:(fdc:peppol\.eu|peppol):\S+")
_SHOWN = 100
_NOT_OURS = "not an invoice or credit note of EHF 3 (Peppol BIS Billing 3.0)"

# by what the specification or the process says; {kind} is “invoice” or “credit note”
_NAMES = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"ehf:(spec:)?reminder|:ehf:purring", "an EHF reminder (purring)"),
        (r"ehf:(spec:)?forward-billing", "an EHF forward billing document"),
        (r"ehf:(spec:)?payment-request", "an EHF payment request"),
        (r"difi\.no:ehf:(faktura|kreditnota):ver(?P<version>[\d.]+)", "an EHF {version} {kind}"),
        (r"(anskaffelser|difi)\.no:.*ehf", "an EHF document of another kind"),
        (r"peppol:pint:selfbilling\S*@(?P<country>\w+)-", "a Peppol PINT self-billing {kind}"),
        (r"peppol:pint:\S*@(?P<country>\w+)-", "a Peppol PINT {kind} ({country})"),
        (r"peppol:taxdata", "a Peppol report of tax data"),
        (r"self-?billing", "a self-billing {kind}, which the customer has made out"),
        (r"xrechnung", "a German XRechnung {kind}"),
        (r"nlcius", "a Dutch NLCIUS {kind}"),
        (r"simplerinvoicing|si-ubl", "a Dutch SI-UBL {kind}"),
        (r"ubl\.be", "a Belgian UBL.BE {kind}"),
        (r"oioubl", "a Danish OIOUBL {kind}"),
        (r"sfti|svefaktura", "a Swedish Svefaktura {kind}"),
        (r"cius-ro|mfinante", "a Romanian CIUS-RO {kind}"),
        (r"cius-pt|feap\.gov\.pt", "a Portuguese CIUS-PT {kind}"),
        (r"mfin\.gov\.hr|cius-2025", "a Croatian {kind}"),
        (r"agid\.gov\.it", "an Italian {kind}"),
        (r"cpro\.gouv\.fr|factur-x|ctc-?fr", "a French {kind}"),
        (r"international:(?P<country>\w+)", "a Peppol {kind} of another region ({country})"),
        (r"jp:billing", "a Peppol {kind} of another region (JP)"),
        (r"^TR\d", "a Turkish {kind}"),
        (r"peppol[345]a|biitrns01[04]", "a Peppol BIS 2 {kind}"),
        (r"^urn:cen\.eu:en16931:2017$", "an EN 16931 {kind} of no Peppol specification"),
        (r"^urn:cen\.eu:en16931", "an EN 16931 {kind} of another specification ({quoted})"),
    )
)
_OF_EHF = re.compile(r"(anskaffelser|difi)\.no:.*ehf", re.IGNORECASE)


@dataclass(frozen=True)
class Remark:
    """A rule whose breach is only told: ``about`` are the words that documents may share."""

    rule: str
    about: str

    def __str__(self) -> str:
        name = name_rule(self.rule) if not self.rule.startswith(OURS) else ""
        return f"{name}: {self.about}" if name else self.about[0].upper() + self.about[1:]


def name_other_kind(specification: str, process: str, kind: str) -> str:
    """The words that tell another kind of document; empty where it is Billing 3.0.

    ``kind`` is “invoice” or “credit note”, by its root. A specification that is not stated is no
    kind: a rule of its own demands it.
    """
    if not specification:
        return ""
    if not _is_billing(specification):
        return _tell(_name(specification, kind, "specification"))
    extension = specification.removeprefix(SPECIFICATION)
    if _OF_EHF.search(extension):
        return _tell(_name(extension, kind, "specification"))
    if process and ("selfbilling" in process or not _OF_PEPPOL.fullmatch(process)):
        return _tell(_name(process, kind, "process"))
    return ""


def find_remarks(specification: str, process: str) -> list[Remark]:
    """What is only told of a document of Billing 3.0: its process, and what extends it."""
    remarks = []
    if process and process not in PROCESSES:
        words = f"the process “{_cut(process)}” is not one of the release; it changes nothing here"
        remarks.append(Remark("PEPPOL-EN16931-R007", words))
    if specification != SPECIFICATION and _is_billing(specification):
        words = (
            f"the specification “{_cut(specification)}” extends Billing 3.0; what only the "
            "extension knows is not looked at"
        )
        remarks.append(Remark(EXTENSION, words))
    return remarks


def _is_billing(specification: str) -> bool:
    """By the test of the release; what has another form is told by its rule."""
    return specification.startswith(SPECIFICATION)


def _name(identifier: str, kind: str, what: str) -> str:
    quoted = f"“{_cut(identifier)}”"
    for pattern, name in _NAMES:
        if found := pattern.search(identifier):
            parts = {key: value.upper() for key, value in found.groupdict().items()}
            return name.format(kind=kind, quoted=quoted, **parts)
    article = "a" if kind == "credit note" else "an"
    return f"{article} {kind} of another {what} ({quoted})"


def _tell(name: str) -> str:
    return f"it is {name}, {_NOT_OURS}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


# documents whose root is another element than an invoice's or a credit note's
_ROOTS = {
    "Order": "an order",
    "OrderResponse": "an order response",
    "OrderResponseSimple": "an order response",
    "OrderChange": "a change of an order",
    "OrderCancellation": "a cancellation of an order",
    "DespatchAdvice": "a despatch advice",
    "ReceiptAdvice": "a receipt advice",
    "Catalogue": "a catalogue",
    "CatalogueRequest": "a request for a catalogue",
    "ApplicationResponse": "a response to another document",
    "Reminder": "a reminder (purring)",
    "Statement": "a statement of account",
    "DebitNote": "a debit note",
    "SelfBilledInvoice": "a self-billing invoice, which the customer has made out",
    "SelfBilledCreditNote": "a self-billing credit note, which the customer has made out",
    "CrossIndustryInvoice": "an invoice in CII (Factur-X, ZUGFeRD)",
    "CrossIndustryDocument": "an invoice in CII (ZUGFeRD 1)",
    "FatturaElettronica": "an Italian FatturaPA",
    "Facturae": "a Spanish Facturae",
    "Finvoice": "a Finnish Finvoice",
    "Interchange": "an invoice in e2b",
    "AuditFile": "a SAF-T file",
}


def name_root(name: str, namespace: str) -> str:
    """The sentence about a document with another root element, by its name and namespace."""
    if name in ("Invoice", "CreditNote"):
        of = f"the namespace “{_cut(namespace)}”" if namespace else "no namespace"
        return f"Its “{name}” is of {of} and not of UBL 2.1, so it is {_NOT_OURS}."
    if found := _ROOTS.get(name):
        return f"It is {found}, {_NOT_OURS}."
    return f"It is XML, but no invoice or credit note of EHF (UBL 2.1): it is a “{name[:60]}”."


# types that a person looks at
_INVOICE = "380"
_CREDITS = ("381", "396")
_CORRECTED = "384"
_OTHER_INVOICES = {
    "71": "a request for payment",
    "80": "a debit note",
    "82": "an invoice for metered services",
    "84": "a debit note",
    "102": "a tax notification",
    "218": "a final request for payment of completed work",
    "219": "a request for payment of completed units",
    "326": "a partial invoice",
    "331": "an invoice with a packing list",
    "382": "a commission note",
    "383": "a debit note",
    _CORRECTED: "a corrected invoice, which may replace another one",
    "386": "an invoice for a payment in advance",
    "388": "a tax invoice",
    "393": "an invoice whose claim was sold (factoring)",
    "395": "a consignment invoice",
    "553": "a forwarder's report of discrepancies",
    "575": "an insurer's invoice",
    "623": "a forwarder's invoice",
    "780": "a freight invoice",
    "817": "a notification of a claim",
    "870": "a consular invoice",
    "875": "a partial construction invoice",
    "876": "a partial final construction invoice",
    "877": "a final construction invoice",
}
# types of other documents than these two
_NO_BILLS = {
    "261": "a self-billed credit note, which the customer has made out",
    "325": "a proforma invoice",
    "380": "an invoice",
    "381": "a credit note",
    "389": "a self-billed invoice, which the customer has made out",
    "527": "a self-billed debit note, which the customer has made out",
}
_OTHER_CREDITS = {"81": "a credit note", "83": "a credit note", "532": "a forwarder's credit note"}


def check_type(bill: Bill) -> Iterator[Broken]:
    """The type is one that the release has for an invoice, or for a credit note."""
    credit = bill.is_credit_note
    known = (*_CREDITS, *_OTHER_CREDITS) if credit else (_INVOICE, *_OTHER_INVOICES)
    if bill.type_code not in known:
        rule = "PEPPOL-EN16931-P0101" if credit else "PEPPOL-EN16931-P0100"
        root = "a credit note (CreditNote)" if credit else "an invoice (Invoice)"
        words = _NO_BILLS.get(bill.type_code) or "of another kind"
        told = f"its type code {bill.type_code[:10]} says that it is {words}, not {root}"
        yield Broken(rule, told, bill.sums.line)


def doubt_type(bill: Bill) -> Iterator[Doubt]:
    """What it may be besides an invoice or a credit note."""
    code = bill.type_code
    words = (_OTHER_CREDITS if bill.is_credit_note else _OTHER_INVOICES).get(code)
    if words is None or (code == _CORRECTED and bill.sums.inclusive < 0):
        return  # a correction that only takes back is a credit
    yield Doubt(TYPE, f"Its type is {code}, {words}.")
