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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from so24.language.said import join_said, say
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
_NOT_OURS = say("not an invoice or credit note of EHF 3 (Peppol BIS Billing 3.0)")
INVOICE, CREDIT_NOTE = say("invoice"), say("credit note")
# what is made of them where they have no name
_OF_SPECIFICATION = {
    INVOICE: say("an invoice of another specification ({quoted})"),
    CREDIT_NOTE: say("a credit note of another specification ({quoted})"),
}
_OF_PROCESS = {
    INVOICE: say("an invoice of another process ({quoted})"),
    CREDIT_NOTE: say("a credit note of another process ({quoted})"),
}

# by what the specification or the process says; {kind} is “invoice” or “credit note”
_NAMES = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"ehf:(spec:)?reminder|:ehf:purring", say("an EHF reminder (purring)")),
        (r"ehf:(spec:)?forward-billing", say("an EHF forward billing document")),
        (r"ehf:(spec:)?payment-request", say("an EHF payment request")),
        (
            r"difi\.no:ehf:(faktura|kreditnota):ver(?P<version>[\d.]+)",
            say("an EHF {version} {kind}"),
        ),
        (r"(anskaffelser|difi)\.no:.*ehf", say("an EHF document of another kind")),
        (r"peppol:pint:selfbilling\S*@(?P<country>\w+)-", say("a Peppol PINT self-billing {kind}")),
        (r"peppol:pint:\S*@(?P<country>\w+)-", say("a Peppol PINT {kind} ({country})")),
        (r"peppol:taxdata", say("a Peppol report of tax data")),
        (r"self-?billing", say("a self-billing {kind}, which the customer has made out")),
        (r"xrechnung", say("a German XRechnung {kind}")),
        (r"nlcius", say("a Dutch NLCIUS {kind}")),
        (r"simplerinvoicing|si-ubl", say("a Dutch SI-UBL {kind}")),
        (r"ubl\.be", say("a Belgian UBL.BE {kind}")),
        (r"oioubl", say("a Danish OIOUBL {kind}")),
        (r"sfti|svefaktura", say("a Swedish Svefaktura {kind}")),
        (r"cius-ro|mfinante", say("a Romanian CIUS-RO {kind}")),
        (r"cius-pt|feap\.gov\.pt", say("a Portuguese CIUS-PT {kind}")),
        (r"mfin\.gov\.hr|cius-2025", say("a Croatian {kind}")),
        (r"agid\.gov\.it", say("an Italian {kind}")),
        (r"cpro\.gouv\.fr|factur-x|ctc-?fr", say("a French {kind}")),
        (r"international:(?P<country>\w+)", say("a Peppol {kind} of another region ({country})")),
        (r"jp:billing", say("a Peppol {kind} of another region (JP)")),
        (r"^TR\d", say("a Turkish {kind}")),
        (r"peppol[345]a|biitrns01[04]", say("a Peppol BIS 2 {kind}")),
        (r"^urn:cen\.eu:en16931:2017$", say("an EN 16931 {kind} of no Peppol specification")),
        (r"^urn:cen\.eu:en16931", say("an EN 16931 {kind} of another specification ({quoted})")),
    )
)
_OF_EHF = re.compile(r"(anskaffelser|difi)\.no:.*ehf", re.IGNORECASE)


@dataclass(frozen=True)
class Remark:
    """A rule whose breach is only told: ``about`` are the words that documents may share."""

    rule: str
    about: str

    def __str__(self) -> str:
        """Behind the rule, or as a sentence of its own: then its words are one."""
        name = name_rule(self.rule) if not self.rule.startswith(OURS) else ""
        return join_said([name, self.about], by=": ")


def name_other_kind(specification: str, process: str, kind: str) -> str:
    """The words that tell another kind of document; empty where it is Billing 3.0.

    ``kind`` is :data:`INVOICE` or :data:`CREDIT_NOTE`, by its root. A specification that
    is not stated is no kind: a rule of its own demands it.
    """
    if not specification:
        return ""
    if not _is_billing(specification):
        return _say_other(_name(specification, kind, _OF_SPECIFICATION))
    extension = specification.removeprefix(SPECIFICATION)
    if _OF_EHF.search(extension):
        return _say_other(_name(extension, kind, _OF_SPECIFICATION))
    if process and ("selfbilling" in process or not _OF_PEPPOL.fullmatch(process)):
        return _say_other(_name(process, kind, _OF_PROCESS))
    return ""


def find_remarks(specification: str, process: str) -> list[Remark]:
    """What is only told of a document of Billing 3.0: its process, and what extends it."""
    remarks = []
    if process and process not in PROCESSES:
        words = say(
            "the process “{process}” is not one of the release; it changes nothing here",
            process=_cut(process),
        )
        remarks.append(Remark("PEPPOL-EN16931-R007", words))
    if specification != SPECIFICATION and _is_billing(specification):
        words = say(
            "The specification “{specification}” extends Billing 3.0; what only the extension "
            "knows is not looked at",
            specification=_cut(specification),
        )
        remarks.append(Remark(EXTENSION, words))
    return remarks


def _is_billing(specification: str) -> bool:
    """By the test of the release; what has another form is told by its rule."""
    return specification.startswith(SPECIFICATION)


def _name(identifier: str, kind: str, unnamed: Mapping[str, str]) -> str:
    quoted = say("“{text}”", text=_cut(identifier))
    for pattern, name in _NAMES:
        if found := pattern.search(identifier):
            parts = {key: value.upper() for key, value in found.groupdict().items()}
            return say(name, kind=kind, quoted=quoted, **parts)
    return say(unnamed[kind], quoted=quoted)


def _say_other(name: str) -> str:
    return say("it is {name}, {not_ours}", name=name, not_ours=_NOT_OURS)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


# documents whose root is another element than an invoice's or a credit note's
_ROOTS = {
    "Order": say("an order"),
    "OrderResponse": say("an order response"),
    "OrderResponseSimple": say("an order response"),
    "OrderChange": say("a change of an order"),
    "OrderCancellation": say("a cancellation of an order"),
    "DespatchAdvice": say("a despatch advice"),
    "ReceiptAdvice": say("a receipt advice"),
    "Catalogue": say("a catalogue"),
    "CatalogueRequest": say("a request for a catalogue"),
    "ApplicationResponse": say("a response to another document"),
    "Reminder": say("a reminder (purring)"),
    "Statement": say("a statement of account"),
    "DebitNote": say("a debit note"),
    "SelfBilledInvoice": say("a self-billing invoice, which the customer has made out"),
    "SelfBilledCreditNote": say("a self-billing credit note, which the customer has made out"),
    "CrossIndustryInvoice": say("an invoice in CII (Factur-X, ZUGFeRD)"),
    "CrossIndustryDocument": say("an invoice in CII (ZUGFeRD 1)"),
    "FatturaElettronica": say("an Italian FatturaPA"),
    "Facturae": say("a Spanish Facturae"),
    "Finvoice": say("a Finnish Finvoice"),
    "Interchange": say("an invoice in e2b"),
    "AuditFile": say("a SAF-T file"),
}


def name_root(name: str, namespace: str) -> str:
    """The sentence about a document with another root element, by its name and namespace."""
    if name in ("Invoice", "CreditNote"):
        if not namespace:
            return say(
                "Its “{name}” is of no namespace and not of UBL 2.1, so it is {not_ours}.",
                name=name,
                not_ours=_NOT_OURS,
            )
        return say(
            "Its “{name}” is of the namespace “{namespace}” and not of UBL 2.1, so it is "
            "{not_ours}.",
            name=name,
            namespace=_cut(namespace),
            not_ours=_NOT_OURS,
        )
    if found := _ROOTS.get(name):
        return say("It is {name}, {not_ours}.", name=found, not_ours=_NOT_OURS)
    return say(
        "It is XML, but no invoice or credit note of EHF (UBL 2.1): it is a “{name}”.",
        name=name[:60],
    )


# types that a person looks at
_INVOICE = "380"
_CREDITS = ("381", "396")
_CORRECTED = "384"
_OTHER_INVOICES = {
    "71": say("a request for payment"),
    "80": say("a debit note"),
    "82": say("an invoice for metered services"),
    "84": say("a debit note"),
    "102": say("a tax notification"),
    "218": say("a final request for payment of completed work"),
    "219": say("a request for payment of completed units"),
    "326": say("a partial invoice"),
    "331": say("an invoice with a packing list"),
    "382": say("a commission note"),
    "383": say("a debit note"),
    _CORRECTED: say("a corrected invoice, which may replace another one"),
    "386": say("an invoice for a payment in advance"),
    "388": say("a tax invoice"),
    "393": say("an invoice whose claim was sold (factoring)"),
    "395": say("a consignment invoice"),
    "553": say("a forwarder's report of discrepancies"),
    "575": say("an insurer's invoice"),
    "623": say("a forwarder's invoice"),
    "780": say("a freight invoice"),
    "817": say("a notification of a claim"),
    "870": say("a consular invoice"),
    "875": say("a partial construction invoice"),
    "876": say("a partial final construction invoice"),
    "877": say("a final construction invoice"),
}
# types of other documents than these two
_NO_BILLS = {
    "261": say("a self-billed credit note, which the customer has made out"),
    "325": say("a proforma invoice"),
    "380": say("an invoice"),
    "381": say("a credit note"),
    "389": say("a self-billed invoice, which the customer has made out"),
    "527": say("a self-billed debit note, which the customer has made out"),
}
_OTHER_KIND = say("of another kind")
_INVOICE_ROOT, _CREDIT_NOTE_ROOT = say("an invoice (Invoice)"), say("a credit note (CreditNote)")
_OTHER_CREDITS = {
    "81": say("a credit note"),
    "83": say("a credit note"),
    "532": say("a forwarder's credit note"),
}


def check_type(bill: Bill) -> Iterator[Broken]:
    """The type is one that the release has for an invoice, or for a credit note."""
    credit = bill.is_credit_note
    known = (*_CREDITS, *_OTHER_CREDITS) if credit else (_INVOICE, *_OTHER_INVOICES)
    if bill.type_code not in known:
        rule = "PEPPOL-EN16931-P0101" if credit else "PEPPOL-EN16931-P0100"
        words = say(
            "its type code {code} says that it is {what}, not {root}",
            code=bill.type_code[:10],
            what=_NO_BILLS.get(bill.type_code, _OTHER_KIND),
            root=_CREDIT_NOTE_ROOT if credit else _INVOICE_ROOT,
        )
        yield Broken(rule, words, bill.sums.line)


def doubt_type(bill: Bill) -> Iterator[Doubt]:
    """What it may be besides an invoice or a credit note."""
    code = bill.type_code
    words = (_OTHER_CREDITS if bill.is_credit_note else _OTHER_INVOICES).get(code)
    if words is None or (code == _CORRECTED and bill.sums.inclusive < 0):
        return  # a correction that only takes back is a credit
    yield Doubt(TYPE, say("Its type is {code}, {what}.", code=code, what=words))
