"""Which stored document is this? The one decision of everything that arrives (pure).

RecMan gives a number once in a series and never changes an invoice's date (RecMan's FAQ on
invoices). So of a document that arrives it is certain that it is here (:class:`Known`,
:class:`Changed`) or that it is not (:class:`New`); what people may take for another one is
:class:`Held` until a person has said what it is, and what cannot be told, or would take another
document's number, is a :class:`RefusedDocument`. Within one source RecMan may correct
everything but the customer and the date. Between two sources nothing may differ that both state,
exported or not: neither is the better witness.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from so24.language.said import cut_said
from so24.sources.documents.documents import CUSTOMER, DEPARTMENT, EHF, SourceDocument
from so24.sources.documents.totals import Totals, add_up
from so24.sources.landing import wording
from so24.sources.landing.look_alikes import Appearance, ask_whether_alike
from so24.sources.landing.whose import Firm, is_other_customer, names_another_firm
from so24.store.tables.document_tables import QUESTION_LENGTH, Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department


@dataclass(frozen=True, eq=False)
class Arriving:
    """A document that arrives, signed, with the fingerprint of its content (``mark``).

    ``department`` and ``customer`` are those of the store, ``origin`` is the kind of its source.
    ``named``: the *Credit notes* report calls it a credit note. ``nameless_id`` is the department
    that is known by the same name and by no number, where there is one.
    """

    document: SourceDocument
    mark: str
    department: Department
    customer: Customer
    origin: str
    named: bool = False
    nameless_id: int | None = None

    @cached_property
    def totals(self) -> Totals:
        """What its lines add up to."""
        return add_up(self.document.lines)

    @property
    def words(self) -> str:
        """Who it is for, its date and amounts."""
        return wording.describe_arriving(self.document, self.totals)

    def names_another(self, stored: StoredDocument) -> bool:
        """Whether it is made out to another party than the stored one was, and is."""
        return names_another_firm(stored.row, stored.owner, Firm.stated_by(self.document))


@dataclass(frozen=True, eq=False)
class StoredDocument:
    """A stored document as the decision needs it.

    ``exported``: 24SevenOffice may have it, so that it cannot make way any more. ``lines`` are net,
    VAT rate and product number of its lines where another source than the arriving one stated it.
    """

    row: Invoice
    owner: Customer
    origin: str = ""
    exported: bool = False
    lines: Sequence[tuple[Decimal, Decimal, str]] = ()

    @property
    def may_make_way(self) -> bool:
        """Whether a person has left it out before it was sent; one that is purged never does."""
        return self.row.excluded and not self.exported and self.row.purged_at is None

    @property
    def words(self) -> str:
        """Who it is for, its date and amounts."""
        return wording.describe_stored(self.row, self.owner)

    def is_told_elsewhere(self, arriving: Arriving) -> bool:
        """Whether it is as another source stated it."""
        return self.origin not in (arriving.origin, "")

    def has_mark(self, mark: str) -> bool:
        """Whether it has this content, or is known to have it by now."""
        return mark in (self.row.fingerprint, self.row.pending_fingerprint)


class Telling(enum.Enum):
    """What a known document's source tells: the same, what is known as a change, or more."""

    THE_SAME = enum.auto()
    A_KNOWN_CHANGE = enum.auto()
    MORE = enum.auto()


@dataclass(frozen=True)
class Known:
    """It is here, with this content; of another source it may tell what is not known yet."""

    stored: StoredDocument
    telling: Telling


@dataclass(frozen=True)
class New:
    """It is not here; ``superseded`` are the same document in departments chosen wrongly."""

    superseded: tuple[StoredDocument, ...] = ()


@dataclass(frozen=True)
class Changed:
    """It is here with other content, which is the right one now.

    ``in_place``: a person has made way for another document under its number.
    """

    stored: StoredDocument
    in_place: bool = False


@dataclass(frozen=True)
class Held:
    """A person has to say whether it is the same document as another one.

    With ``about`` it stays out and that stored one waits; else it comes in, and waits itself.
    """

    question: str
    about: StoredDocument | None = None


@dataclass(frozen=True)
class RefusedDocument:
    """It does not come in, for this reason."""

    reason: str


Decision = Known | New | Changed | Held | RefusedDocument


def identify(arriving: Arriving, stored: Sequence[StoredDocument]) -> Decision:
    """Decide what a document is that arrives.

    ``stored`` are all stored documents that people may take for it by their number, of all series
    and of both kinds.
    """
    found = _find_same(arriving, stored)
    if found is not None:
        return _compare(arriving, found)
    superseded: list[StoredDocument] = []
    for each in stored:
        if not _is_in_other_department(arriving, each):
            continue
        if each.exported or DEPARTMENT in arriving.document.unstated or not _sums(arriving, each):
            return RefusedDocument(wording.tell_elsewhere(each.row, arriving.document.number))
        superseded.append(each)
    others = [each for each in stored if each not in superseded and not each.may_make_way]
    others.sort(key=lambda each: not each.exported)  # a question names what was sent first
    if not others:
        return New(tuple(superseded))
    look = Appearance.of_arriving(
        arriving.document,
        arriving.totals.total,
        arriving.department,
        arriving.customer,
        arriving.nameless_id,
    )
    question = ask_whether_alike(look, ((each.row, each.owner) for each in others))
    return Held(question) if question else New(tuple(superseded))


def _find_same(arriving: Arriving, stored: Sequence[StoredDocument]) -> StoredDocument | None:
    """The document with its number in its series or department.

    One whose kind is not decided may stand under the other kind. So may one that came as an
    invoice, and the *Credit notes* report names as a credit note.
    """
    document, mark = arriving.document, arriving.mark
    found = [each for each in stored if _has_its_number(arriving, each.row)]
    found.sort(key=lambda each: each.row.excluded)
    exact = next((each for each in found if each.row.kind is document.kind), None)
    if exact is not None and (exact.row.fingerprint == mark or not document.held):
        return exact
    undecided = document.held or (arriving.named and document.kind is DocumentKind.INVOICE)
    for each in found:
        # what was sent as an invoice and doubted afterwards stays what it was
        doubted = bool(each.row.held) and not each.row.changed_after_export
        alike = each.has_mark(mark) or _has_its_content(arriving, each)
        if alike and (undecided or doubted):
            return each
    return exact


def _compare(arriving: Arriving, stored: StoredDocument) -> Decision:
    """What the stored document of the same number is to the one that arrives."""
    row, exported = stored.row, stored.exported
    if row.purged_at is not None:  # whatever it says now, it must not be sent again
        return RefusedDocument(wording.tell_purged(row))
    told_elsewhere = not stored.has_mark(arriving.mark) and stored.is_told_elsewhere(arriving)
    if row.department_id != arriving.department.id:
        return RefusedDocument(wording.tell_taken(row))
    stated = CUSTOMER not in arriving.document.unstated
    if is_other_customer(stored.owner, arriving.customer, stated=stated):
        told = wording.tell_other_customer(row, stored.words, arriving.words, exported=exported)
        return _replace_or(RefusedDocument(told), stored)
    if not told_elsewhere and (asked := _ask_about_date(arriving, stored)):
        return _replace_or(asked, stored)
    if told_elsewhere:
        # of one that may still be held, another party is asked about
        otherwise = _contradicts(arriving, stored) or (exported and arriving.names_another(stored))
        if not otherwise:
            return Known(stored, Telling.MORE)
        told = wording.tell_contradiction(row, stored.words, arriving.words, exported=exported)
        return _replace_or(RefusedDocument(told), stored)
    if row.fingerprint == arriving.mark:
        return Known(stored, Telling.THE_SAME)
    if exported and row.pending_fingerprint == arriving.mark:
        return Known(stored, Telling.A_KNOWN_CHANGE)
    return Changed(stored)


def _replace_or(otherwise: Decision, stored: StoredDocument) -> Decision:
    return Changed(stored, in_place=True) if stored.may_make_way else otherwise


def _ask_about_date(arriving: Arriving, stored: StoredDocument) -> Held | RefusedDocument | None:
    """What a stated date that is another than the stored one makes of the document.

    None where a person has said that it is the same one.
    """
    row, date = stored.row, arriving.document.invoice_date
    if arriving.mark == row.fingerprint or row.date_assumed or date in (None, row.invoice_date):
        return None
    if row.pending_fingerprint != arriving.mark:
        question = wording.ask_about_date(row, arriving.words, date)
        return Held(cut_said(question, QUESTION_LENGTH), stored)
    if row.redated:
        return Held(row.redated, stored)
    return RefusedDocument(wording.tell_apart(row.number)) if row.redated_apart else None


def _contradicts(arriving: Arriving, stored: StoredDocument) -> bool:
    """Whether two sources state something differently.

    Only what is sure to be a statement counts: a proposed date, or the sign of a document that is
    held, is none.
    """
    row, document, totals = stored.row, arriving.document, arriving.totals
    theirs = (document.currency, totals.net, totals.vat)
    same = theirs == (row.currency, row.net, row.vat)
    same |= bool(row.held or document.held) and theirs == (row.currency, -row.net, -row.vat)
    return not same or not (row.date_assumed or document.invoice_date in (None, row.invoice_date))


def _has_its_number(arriving: Arriving, row: Invoice) -> bool:
    department = arriving.department
    at_home = row.series == department.series or row.department_id == department.id
    return at_home and row.number == arriving.document.number


def _has_its_content(arriving: Arriving, stored: StoredDocument) -> bool:
    """Whether another source stated the same date, currency and lines' amounts.

    While it is not known whether the stored one is a credit note, its sign does not count.
    """
    row, document = stored.row, arriving.document
    if not stored.is_told_elsewhere(arriving) or row.currency != document.currency:
        return False
    if not row.date_assumed and document.invoice_date not in (None, row.invoice_date):
        return False
    stated = Counter((line.net, line.vat_rate) for line in document.lines)
    return any(
        stated == Counter((sign * net, rate) for net, rate, _ in stored.lines)
        for sign in ((1, -1) if row.held else (1,))
    )


def _is_in_other_department(arriving: Arriving, stored: StoredDocument) -> bool:
    """Whether it is the same document in a department that was only chosen for it at an import.

    Equal totals say so, and so does the customer with the day.
    """
    row, document = stored.row, arriving.document
    if row.excluded or row.department_id == arriving.department.id or row.kind is not document.kind:
        return False
    if row.number.lstrip("0") != document.number.lstrip("0"):
        return False
    chosen = DEPARTMENT in document.unstated or stored.origin == EHF
    dated = not row.date_assumed and row.invoice_date == document.invoice_date
    same_day = dated and row.customer_id == arriving.customer.id
    return chosen and (_sums(arriving, stored) or same_day)


def _sums(arriving: Arriving, stored: StoredDocument) -> bool:
    theirs = arriving.document.currency, arriving.totals.total
    return (stored.row.currency, stored.row.total) == theirs
