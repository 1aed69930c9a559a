"""Many EHF files as one source: each document comes in or is refused, with its file's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from so24.sources.documents import EHF, RefusedRow, SourceCustomer, SourceDocument, SourceFile
from so24.sources.ehf.arithmetic import check_amounts
from so24.sources.ehf.bill import Bill, Broken
from so24.sources.ehf.bill_reading import read_bill
from so24.sources.ehf.buyers import describe_customer
from so24.sources.ehf.form import REGISTER, WARNING, check_form, lacks_register
from so24.sources.ehf.mapping import map_bill
from so24.sources.ehf.markup import parse_document
from so24.sources.ehf.supplement import Supplement
from so24.sources.fingerprint import fingerprint
from so24.sources.numbers import BadCell

_NAMED = 5


@dataclass(frozen=True)
class OpenedBill:
    """A file that was read and checked: its bill is whole only where ``broken`` is empty."""

    filename: str
    bill: Bill
    broken: tuple[Broken, ...]
    lacks_register: bool


@dataclass
class _Found:
    documents: list[SourceDocument] = field(default_factory=list)
    customers: dict[str, SourceCustomer] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    without_register: list[str] = field(default_factory=list)


def open_bill(filename: str, content: bytes) -> OpenedBill:
    """Read one file and check it by all rules; nothing of its content is kept but the bill.

    Raises :class:`UnreadableFile` where it is no EHF document at all.
    """
    root = parse_document(content)
    bill, broken = read_bill(root)
    broken += check_form(root)
    if not broken:
        broken = check_amounts(bill)
    return OpenedBill(filename, bill, tuple(dict.fromkeys(broken)), lacks_register(root))


def read_bills(
    name: str, content_hash: str, opened: Sequence[OpenedBill], supplement: Supplement
) -> SourceFile:
    """What the files hold together; ``name`` and ``content_hash`` stand for them all."""
    found = _Found()
    for each in opened:
        _take(each, supplement, found)
    found.documents = _without_contradictions(found)
    return SourceFile(
        filename=name,
        content_hash=content_hash,
        documents=tuple(found.documents),
        customers=tuple(found.customers.values()),
        refused=tuple(found.refused),
        kind=EHF,
        warnings=_find_warnings(found),
    )


def _find_warnings(found: _Found) -> tuple[str, ...]:
    if not found.without_register:
        return ()
    named = ", ".join(found.without_register[:_NAMED])
    more = len(found.without_register) - _NAMED
    named += f" and {more} more" if more > 0 else ""
    return (f"{WARNING}: the seller does not state “{REGISTER}” ({named}).",)


def _take(opened: OpenedBill, supplement: Supplement, found: _Found) -> None:
    bill, broken = opened.bill, list(opened.broken)
    if not broken:
        try:
            document = map_bill(bill, opened.filename, supplement)
        except BadCell as error:
            broken = [Broken("", str(error), 1)]
    if broken:
        label = bill.number or "the document"
        found.refused += [
            RefusedRow(opened.filename, each.line, "", f"{label}: {each}") for each in broken
        ]
        return
    found.documents.append(document)
    customer = describe_customer(document.customer_number, bill.buyer)
    found.customers.setdefault(customer.number, customer)
    if opened.lacks_register:
        found.without_register.append(bill.number)


def _without_contradictions(found: _Found) -> list[SourceDocument]:
    """Each document once; one that two files state differently is refused in both."""
    same: dict[tuple[str, ...], dict[tuple[str, str], SourceDocument]] = {}
    for document in found.documents:
        key = (document.kind, document.department_number, document.number)
        # a customer number that the file does not state is not in the fingerprint
        content = fingerprint(document), document.customer_number
        same.setdefault(key, {}).setdefault(content, document)
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
