"""What the checks are given, and what they find in a document.

A finding is an error, which blocks the document, or a warning, which does not. The context is what
they have to know beside the document itself, the same for many documents.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from so24.dates import today
from so24.keys.key_fields import KeyFields
from so24.keys.routing import NoWay
from so24.language.said import join_said, say
from so24.reasons import Reason, ReasonCard
from so24.settings import Settings
from so24.store.documents.neighbours import Habit, Others, UsualTotal
from so24.transfer.order.vat_doubts import VatKnowledge

_LISTED = 6


class Severity(enum.StrEnum):
    """Whether a finding blocks its document."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One finding: a reason of the catalogue, the particulars, and the field that it concerns.

    ``words`` are whole sentences, or empty where the card's title says it all.
    """

    reason: Reason
    words: str = ""
    field: str = say("document")

    @property
    def severity(self) -> Severity:
        """A doubt never blocks; every other reason does."""
        return Severity.WARNING if self.card.doubt else Severity.ERROR

    @property
    def card(self) -> ReasonCard:
        """The card with the title, the remedy, and who mends it."""
        return self.reason.card

    @property
    def sentence(self) -> str:
        """The finding in full: what it is, and the particulars."""
        return join_said([self.card.sentence, self.words])


def list_errors(errors: Sequence[Finding]) -> str:
    """The particulars for a receipt whose card is the first error's: its words, then the others.

    At most six findings are written out. An excluded document is told nothing but why.
    """
    first, *others = errors
    if first.reason == Reason.EXCLUDED:
        return first.words
    told = [first.words] if first.words else []
    for each in others[: _LISTED - 1]:
        told.append(each.words if each.reason == first.reason else each.sentence)
    if len(errors) > _LISTED:
        told.append(say("And {count} more.", count=len(errors) - _LISTED))
    return join_said(told)


@dataclass(frozen=True)
class KeyProducts:
    """What is known of the products of a key's company, and the key's name."""

    key: str
    known: VatKnowledge


@dataclass(frozen=True)
class CheckContext:
    """The rules of the installation and the neighbours of the documents.

    What is not known is empty. ``closed_until``: the last day of the closed period. ``vat_rates``:
    per cent. ``usual``: the customers' usual totals. ``documents_alike``, ``numbers_alike``: other
    documents with the same customer, date and total, or the same number but for leading zeros, by
    invoice id.
    ``said_by``: who has said of documents that the firm they are made out to is their customer.
    ``keyless``: why no key serves these departments, by id. Of the departments' keys
    ``key_fields`` are what they carry, ``key_products`` what is known of the products of their
    companies, and ``default_products`` the numbers of the products of lines that have none.
    """

    today: dt.date | None = None
    closed_until: dt.date | None = None
    vat_rates: frozenset[Decimal] = frozenset()
    usual: Mapping[Habit, UsualTotal] = field(default_factory=dict)
    documents_alike: Mapping[int, Others] = field(default_factory=dict)
    numbers_alike: Mapping[int, Others] = field(default_factory=dict)
    said_by: Mapping[int, str] = field(default_factory=dict)
    keyless: Mapping[int, NoWay] = field(default_factory=dict)
    key_fields: Mapping[int, KeyFields] = field(default_factory=dict)
    key_products: Mapping[int, KeyProducts] = field(default_factory=dict)
    default_products: Mapping[int, str] = field(default_factory=dict)


def rules_of(settings: Settings) -> CheckContext:
    """The installation's own rules: all that a plan needs, and no query."""
    return CheckContext(
        today=today(), closed_until=settings.closed_until, vat_rates=settings.known_vat_rates
    )
