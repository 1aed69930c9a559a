"""The optional fields of the orders that go by a key: the catalogue, and what a key has chosen.

Product numbers, quantities, prices, the customer, our reference number and the due date, as days
of credit, always travel. Everything here is for each key to choose; what 24SevenOffice documents
is on for a new key, the rest is off until it has been tried in the account.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from so24.errors import WrongUse
from so24.language.said import say, say_as
from so24.store.tables.key_tables import Key

HOME_CURRENCY = "NOK"
_KNOWN_RATES = 10_000

TaxKind = Decimal | str  # a VAT rate in per cent, or a category of ``CATEGORIES``
# VAT categories of UNCL5305 without VAT that are booked otherwise than the plain zero rate (Z):
# which of an account's codes they are is for its accountant to say, not for the rate
CATEGORIES: Mapping[str, str] = {
    "E": say("exempt from VAT"),
    "AE": say("reverse charge"),
    "K": say("supply within the EEA"),
    "G": say_as("VAT category", "export"),
    "O": say("outside the scope of VAT"),
}


class KeyField(enum.StrEnum):
    """The optional fields, by the codes that the store and the command line use."""

    KID = "kid"
    YOUR_REFERENCE = "your_reference"
    OUR_REFERENCE = "our_reference"
    INVOICE_TEXT = "invoice_text"
    INVOICE_EMAIL = "invoice_email"
    DELIVERY_DATE = "delivery_date"
    PROJECT = "project"
    PROJECT_MUST_EXIST = "project_must_exist"
    CURRENCY = "currency"


@dataclass(frozen=True)
class FieldEntry:
    """One entry of the catalogue: words for people, and what is known about its effect.

    ``longest`` is the number of characters that 24SevenOffice documents, None where it has none.
    ``default``: on for a new key.
    """

    code: KeyField
    title: str
    effect: str
    longest: int | None = None
    default: bool = False


FIELD_ENTRIES: tuple[FieldEntry, ...] = (
    FieldEntry(KeyField.KID, "KID",
           say("Becomes the order's OCR, so that payments find the invoice."), longest=32,
           default=True),
    FieldEntry(KeyField.YOUR_REFERENCE, say("Your reference"),
           say("The customer's reference or contact, printed on the invoice."), longest=50,
           default=True),
    FieldEntry(KeyField.OUR_REFERENCE, say("Our reference"),
           say("Becomes the employee of exactly this name; one that 24SevenOffice does not know is "
               "left out, and the receipt says so.")),
    FieldEntry(KeyField.INVOICE_TEXT, say("Invoice text"),
           say("The note of the document, as text on 24SevenOffice's invoice. How line breaks look "
               "there is not documented."), longest=750),
    FieldEntry(KeyField.INVOICE_EMAIL, say("Invoice e-mail"),
           say("The customer's address for invoices. Nothing is mailed by so24's orders; it serves "
               "whoever sends the invoice again from 24SevenOffice."), longest=250),
    FieldEntry(KeyField.DELIVERY_DATE, say("Delivery date"),
           say("The document's date of delivery. Whether 24SevenOffice takes it for periods of "
               "account is not documented.")),
    FieldEntry(KeyField.PROJECT, say("Project"),
           say("The open project of this number: its id and name, or a name that begins with the "
               "number. One that is missing is left out, and the receipt says so.")),
    FieldEntry(KeyField.PROJECT_MUST_EXIST, say("Block documents whose project is missing"),
           say("Instead of leaving the project out.")),
    FieldEntry(KeyField.CURRENCY, say("Foreign currency"),
           say("Documents in another currency than NOK, with the rate of 24SevenOffice's own "
               "table. How the rate is applied is not documented: try it with one invoice for "
               "approval.")),
)  # fmt: skip

TITLES: Mapping[KeyField, str] = {option.code: option.title for option in FIELD_ENTRIES}
LONGEST: Mapping[KeyField, int] = {
    option.code: option.longest for option in FIELD_ENTRIES if option.longest is not None
}


@dataclass(frozen=True)
class KeyFields:
    """The fields that a key has chosen; ``tax_codes`` pair a kind of VAT with the account's code.

    Without tax codes 24SevenOffice decides about VAT, by the product's category.
    """

    fields: frozenset[KeyField] = frozenset()
    tax_codes: tuple[tuple[TaxKind, int], ...] = ()

    def carries(self, field: KeyField) -> bool:
        """Whether the field travels."""
        return field in self.fields

    def tax_code(self, rate: Decimal, category: str = "") -> int | None:
        """The account's code for a line of this rate and VAT category, or None.

        A category of ``CATEGORIES`` has a code of its own; the one of the rate 0 is not for it.
        """
        return dict(self.tax_codes).get(category if category in CATEGORIES else rate)


NO_KEY_FIELDS = KeyFields()


def key_fields_of(key: Key) -> KeyFields:
    """The choice as the key keeps it."""
    codes = json.loads(key.tax_codes) if key.tax_codes else {}
    return KeyFields(
        frozenset(KeyField(code) for code in key.carried.split(",") if code),
        tuple(
            (kind if kind in CATEGORIES else Decimal(kind), int(code))
            for kind, code in codes.items()
        ),
    )


def write_key_fields(fields: Iterable[KeyField]) -> str:
    """The fields as the key keeps them, in the catalogue's order."""
    chosen = set(fields)
    return ",".join(option.code for option in FIELD_ENTRIES if option.code in chosen)


def write_tax_codes(codes: Mapping[TaxKind, int]) -> str:
    """The tax codes as the key keeps them, by kind of VAT; empty without any."""
    return write_kinds(codes)


def write_kinds(chosen: Mapping[TaxKind, object]) -> str:
    """What is chosen for kinds of VAT, as JSON by falling rate, then categories; empty for none."""
    if not chosen:
        return ""
    rates = sorted((kind for kind in chosen if isinstance(kind, Decimal)), reverse=True)
    kinds: list[TaxKind] = [*rates, *(kind for kind in CATEGORIES if kind in chosen)]
    return json.dumps({format_kind(kind): chosen[kind] for kind in kinds}, ensure_ascii=False)


def read_kind(text: str) -> TaxKind:
    """A kind of VAT as people write it, ``25`` or ``ae``; raises :class:`WrongUse` for no kind."""
    if text.upper() in CATEGORIES:
        return text.upper()
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise WrongUse(
            say(
                "“{text}” is neither a VAT rate such as 25 nor one of {known}.",
                text=text[:20],
                known=", ".join(CATEGORIES),
            )
        ) from None


def format_kind(kind: TaxKind) -> str:
    """``25`` or ``AE``, as people write it with a code."""
    return kind if isinstance(kind, str) else format_rate(kind)


def name_kind(text: str) -> str:
    """``25 %`` or ``0 %, reverse charge (AE)``; the text is one of :func:`format_kind`."""
    if text in CATEGORIES:
        return say("0 %, {category} ({code})", category=CATEGORIES[text], code=text)
    return f"{text} %"


def format_rate(rate: Decimal) -> str:
    """``25`` or ``11.11``: a rate without idle zeros."""
    return _write_rate(rate) if rate else "0"


@lru_cache(_KNOWN_RATES)
def _write_rate(rate: Decimal) -> str:
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


DEFAULT_KEY_FIELDS = write_key_fields(option.code for option in FIELD_ENTRIES if option.default)
