"""Many EHF files as one source: each document comes in or is refused, with its file's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from so24.language.said import join_said, say
from so24.sources.documents.documents import (
    EHF,
    RefusedRow,
    SourceCustomer,
    SourceDocument,
    SourceFile,
    fingerprint,
)
from so24.sources.ehf.amount_rules import check_amounts
from so24.sources.ehf.bill import Bill, Broken
from so24.sources.ehf.bill_reading import find_project, read_bill
from so24.sources.ehf.buyers import (
    CustomerIdentity,
    Likeness,
    Supplement,
    compare_customers,
    describe_customer,
    identify,
    organization_number,
)
from so24.sources.ehf.form_rules import REGISTER, WARNING, check_form, lacks_register
from so24.sources.ehf.kinds import CREDIT_NOTE, INVOICE, Remark, find_remarks, name_other_kind
from so24.sources.ehf.mapping import map_bill
from so24.sources.ehf.markup import Node, parse_document
from so24.sources.ehf.release import KIND, PROJECT
from so24.sources.ehf.second_opinion import (
    Opinion,
    ask_rule_files,
    doubt_opinions,
    tell_warnings,
)
from so24.sources.sheets.cells.cell import BadCell
from so24.sources.sheets.headings import join_by_and

_LABEL = 40  # of a number that may be the reason itself
_NAMED = 5


@dataclass(frozen=True)
class OpenedBill:
    """A file that was read and checked: its bill is whole only where ``broken`` is empty.

    ``remarks`` are only told. ``markup`` is the document as it was read, for a second opinion.
    """

    filename: str
    bill: Bill
    broken: tuple[Broken, ...]
    remarks: tuple[Remark, ...]
    markup: bytes = b""
    opinions: tuple[Opinion, ...] = ()


@dataclass
class _Found:
    taken: list[tuple[SourceDocument, Bill]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    renamed: list[str] = field(default_factory=list)


def open_bill(filename: str, content: bytes, *, keep_markup: bool = False) -> OpenedBill:
    """Read one file and check it by all rules of the table; its markup is kept where it is wanted.

    Raises :class:`UnreadableFile` where it is no EHF document at all.
    """
    root = parse_document(content)
    node = Node(root, [])
    specification, process = node.text("cbc:CustomizationID"), node.text("cbc:ProfileID")
    bill, broken = read_bill(root)
    kind = CREDIT_NOTE if bill.is_credit_note else INVOICE
    remarks: list[Remark] = []
    if other := name_other_kind(specification, process, kind):
        broken = [Broken(KIND, other, node.line)]
    else:
        broken += check_form(root)
        broken = broken or check_amounts(bill)
        remarks += find_remarks(specification, process)
        if left_out := find_project(bill)[1]:
            remarks.append(Remark(PROJECT, left_out))
        if lacks_register(root):
            words = say("the seller does not state “{register}”", register=REGISTER)
            remarks.append(Remark(WARNING, words))
    markup = etree.tostring(root, encoding="UTF-8") if keep_markup and not broken else b""
    return OpenedBill(filename, bill, tuple(dict.fromkeys(broken)), tuple(remarks), markup)


def ask_second_opinion(
    opened: Sequence[OpenedBill], rule_files: Sequence[Path]
) -> tuple[list[OpenedBill], tuple[str, ...]]:
    """The bills with what the rule files say of those that break no rule, and who was not asked."""
    asked = [each for each in opened if not each.broken]
    opinions = ask_rule_files(rule_files, [each.markup for each in asked])
    said = {id(each): found for each, found in zip(asked, opinions.found, strict=True)}
    return [replace(each, opinions=said.get(id(each), ())) for each in opened], opinions.unasked


def read_bills(
    name: str, content_hash: str, opened: Sequence[OpenedBill], supplement: Supplement
) -> SourceFile:
    """What the files hold together; ``name`` and ``content_hash`` stand for them all."""
    found = _Found()
    for each in opened:
        _take(each, supplement, found)
    _refuse_two_buyers(found)
    sellers = tuple(dict.fromkeys(str(identify(bill.seller)) for _, bill in found.taken))
    documents = _without_contradictions(found)
    customers: dict[str, SourceCustomer] = {}
    for document, bill in found.taken:
        number = document.customer_number
        customers.setdefault(number, describe_customer(number, bill.buyer))
    return SourceFile(
        filename=name,
        content_hash=content_hash,
        documents=tuple(documents),
        customers=tuple(customers.values()),
        refused=tuple(found.refused),
        kind=EHF,
        warnings=tuple(_find_warnings(found, () if supplement.sellers else sellers)),
        sellers=sellers if supplement.sellers else (),
    )


def _find_warnings(found: _Found, unproven: Sequence[str]) -> Iterator[str]:
    if unproven:
        yield say(
            "The seller is {sellers}: make sure that this is your own company. Once SO24_SELLERS "
            "has its organization number, so24 sees to it.",
            sellers=_name_some(unproven),
        )
    for remark, numbers in found.remarks.items():
        yield say("{remark} ({documents}).", remark=remark, documents=_name_some(numbers))
    if found.renamed:
        yield say(
            "A customer has another name here: {names}. Make sure that it is the same one.",
            names=_name_some(list(dict.fromkeys(found.renamed))),
        )


def _name_some(names: Sequence[str]) -> str:
    more, named = len(names) - _NAMED, join_said(names[:_NAMED], by=", ")
    return say("{names} and {more} more", names=named, more=more) if more > 0 else named


def _take(opened: OpenedBill, supplement: Supplement, found: _Found) -> None:
    bill, broken = opened.bill, list(opened.broken)
    if not broken:
        try:
            _compare_seller(bill, supplement)
            doubts = doubt_opinions(opened.opinions)
            document = map_bill(bill, opened.filename, supplement, doubts)
            _compare_buyer(document.customer_number, bill, supplement, found)
        except BadCell as error:
            broken = [Broken("", error.words, 1)]
    if broken:
        label = bill.number[:_LABEL] or say("the document")
        found.refused += [
            RefusedRow(opened.filename, each.line, "", join_said([label, str(each)], by=": "))
            for each in broken
        ]
        return
    found.taken.append((document, bill))
    told = [*map(str, opened.remarks), *tell_warnings(opened.opinions)]
    for remark in dict.fromkeys(told):
        found.remarks.setdefault(remark, []).append(bill.number)


def _compare_seller(bill: Bill, supplement: Supplement) -> None:
    """Raise :class:`BadCell` where it is another company's, an invoice received perhaps."""
    if supplement.sellers and organization_number(bill.seller) not in supplement.sellers:
        raise BadCell(
            say(
                "its seller is {seller}, which SO24_SELLERS does not name: it is perhaps an "
                "invoice that you have received. If it is your own company's, a System "
                "Administrator adds its organization number to that setting",
                seller=identify(bill.seller),
            )
        )


def _compare_buyer(number: str, bill: Bill, supplement: Supplement, found: _Found) -> None:
    """Note a new name; raises :class:`BadCell` where the number is another customer's."""
    known, buyer = supplement.known.get(number), identify(bill.buyer)
    likeness = compare_customers(known, buyer) if known else Likeness.SAME
    if likeness is Likeness.OTHER:
        raise BadCell(
            say(
                "its customer number {number} is that of {known} here, but its buyer is {buyer}: "
                "correct the number where the document was made; or, if they are the same, "
                "complete the customer in RecMan and import the customers list with its "
                "organization number",
                number=number,
                known=known,
                buyer=buyer,
            )
        )
    if likeness is Likeness.RENAMED:
        words = say(
            "{number} is {known} and in {document} {buyer}",
            number=number,
            known=known,
            document=bill.number,
            buyer=buyer,
        )
        found.renamed.append(words)


def _refuse_two_buyers(found: _Found) -> None:
    """Refuse all documents of a customer number that the files give to several customers."""
    buyers: dict[str, list[CustomerIdentity]] = {}
    for document, bill in found.taken:
        known = buyers.setdefault(document.customer_number, [])
        if identify(bill.buyer) not in known:
            known.append(identify(bill.buyer))
    several = {
        number: join_by_and(map(str, known[:_NAMED]))
        for number, known in buyers.items()
        if any(compare_customers(known[0], each) is Likeness.OTHER for each in known[1:])
    }
    for document, _ in found.taken:
        if names := several.get(document.customer_number):
            reason = say(
                "{document}: the files give the customer number {number} to {customers}; correct "
                "it where the documents were made",
                document=document.number,
                number=document.customer_number,
                customers=names,
            )
            found.refused.append(RefusedRow(document.sheet, 1, "", reason))
    found.taken = [each for each in found.taken if each[0].customer_number not in several]


def _without_contradictions(found: _Found) -> list[SourceDocument]:
    """Each document once; one that two files state differently is refused in both."""
    same: dict[tuple[str, ...], dict[tuple[str, str], SourceDocument]] = {}
    for document, _ in found.taken:
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
            reason = say(
                "{document} stands with another content in {files}",
                document=each.number,
                files=others[:200],
            )
            found.refused.append(RefusedRow(each.sheet, 1, "", reason))
    return kept
