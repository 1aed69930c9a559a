"""Many EHF files as one source: each document comes in or is refused, with its file's name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from so24.sources.documents import EHF, RefusedRow, SourceCustomer, SourceDocument, SourceFile
from so24.sources.ehf.arithmetic import check_amounts
from so24.sources.ehf.bill import Broken
from so24.sources.ehf.bill_reading import read_bill
from so24.sources.ehf.buyers import describe_customer
from so24.sources.ehf.form import REGISTER, WARNING, check_form, lacks_register
from so24.sources.ehf.mapping import map_bill
from so24.sources.ehf.node import Node
from so24.sources.ehf.supplement import Supplement
from so24.sources.fingerprint import fingerprint
from so24.sources.numbers import BadCell

_NAMED = 5
Roots = Sequence[tuple[str, etree._Element]]


@dataclass
class _Found:
    documents: list[SourceDocument] = field(default_factory=list)
    customers: dict[str, SourceCustomer] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    without_register: list[str] = field(default_factory=list)


def read_bills(name: str, files: Roots, contents: bytes, supplement: Supplement) -> SourceFile:
    """What the parsed files hold together; ``name`` and ``contents`` stand for them all."""
    found = _Found()
    for filename, root in files:
        _read_one(filename, root, supplement, found)
    found.documents = _without_contradictions(found)
    warnings = []
    if found.without_register:
        named = ", ".join(found.without_register[:_NAMED])
        more = len(found.without_register) - _NAMED
        named += f" and {more} more" if more > 0 else ""
        words = f"the seller does not state “{REGISTER}”"
        warnings.append(f"{WARNING}: {words} ({named}).")
    return SourceFile(
        filename=name,
        content_hash=hashlib.sha256(contents).hexdigest(),
        documents=tuple(found.documents),
        customers=tuple(found.customers.values()),
        refused=tuple(found.refused),
        kind=EHF,
        warnings=tuple(warnings),
    )


def _read_one(filename: str, root: etree._Element, supplement: Supplement, found: _Found) -> None:
    bill, broken = read_bill(root)
    broken += check_form(root)
    if not broken:
        broken = check_amounts(bill)
    if not broken:
        try:
            document = map_bill(bill, filename, supplement)
        except BadCell as error:
            broken = [Broken("", str(error), Node(root, []).line)]
    if broken:
        label = bill.number or "the document"
        found.refused += [
            RefusedRow(filename, each.line, "", f"{label}: {each}")
            for each in dict.fromkeys(broken)
        ]
        return
    found.documents.append(document)
    customer = describe_customer(document.customer_number, bill.buyer)
    found.customers.setdefault(customer.number, customer)
    if lacks_register(root):
        found.without_register.append(bill.number)


def _without_contradictions(found: _Found) -> list[SourceDocument]:
    """Each document once; one that two files state differently is refused in both."""
    same: dict[tuple[str, ...], dict[str, SourceDocument]] = {}
    for document in found.documents:
        key = (document.kind, document.department_number, document.number)
        same.setdefault(key, {}).setdefault(fingerprint(document), document)
    kept = []
    for copies in same.values():
        documents = list(copies.values())
        if len(documents) == 1:
            kept += documents
            continue
        for each in documents:
            others = ", ".join(other.sheet for other in documents if other is not each)
            reason = f"{each.number} stands with another content in {others[:200]}"
            found.refused.append(RefusedRow(each.sheet, 1, "", reason))
    return kept
