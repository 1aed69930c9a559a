"""The headings that files are recognised by: one table, English first, then Norwegian and aliases.

RecMan's own words are those of its reports *Invoice lines* and *Credit notes*. Of a heading only
its letters, digits and percent signs count: not case, accents, blanks, line breaks, hyphens,
points, brackets or what nobody sees; ``number``, ``nummer`` and ``nr`` are ``no``, and ``percent``
is ``%``. So ``Customer Number``, ``Customer-no.`` and ``customer no`` are one, and ``MVA-%``,
``Mva (%)`` and ``mva prosent``. A field takes the first of its headings that the sheet has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from so24.identifiers import tidy_identifier
from so24.language.said import join_said, say
from so24.letters import fold
from so24.store.tables.document_tables import DocumentKind


@dataclass(frozen=True)
class Field:
    """A field of a row: its headings, best first, and the most characters it may hold."""

    name: str
    headings: tuple[str, ...]
    required: bool = False
    longest: int = 0


@dataclass(frozen=True)
class Layout:
    """One kind of table, recognised by all headings of ``marks`` and any one of ``hints``."""

    name: str
    marks: tuple[str, ...]
    hints: tuple[str, ...]
    fields: tuple[Field, ...]


NUMBER_HEADINGS: dict[str, DocumentKind | None] = {  # in English: or not; headings as they are
    "Invoice no. / Credit note no.": None,
    "Fakturanr. / Kreditnotanr.": None,
    "Credit note no.": DocumentKind.CREDIT_NOTE,
    "Kreditnotanr.": DocumentKind.CREDIT_NOTE,
    "Invoice no.": None,  # also the heading of lists that hold both kinds
    "Fakturanr.": None,
}

LINES = Layout(  # in English: or not; headings as they are
    say("invoice lines"),
    ("number", "customer_number"),
    ("net", "quantity", "unit_price", "vat_rate"),
    (
        # 26 characters leave room for the series within the reference that travels
        Field("number", tuple(NUMBER_HEADINGS), required=True, longest=26),
        Field("line_date", ("Date", "Dato")),
        Field("invoice_date", ("Invoice date", "Fakturadato")),
        Field("quantity", ("Quantity", "Qty.", "Antall"), required=True),
        Field(
            "unit_price",
            (
                "Price",
                "Unit price",
                "Price excl. VAT",
                "Pris",
                "Enhetspris",
                "Pris eks. mva.",
                "Pris ekskl. mva.",
            ),
            required=True,
        ),
        Field(
            "net",
            (
                "Sum excl. VAT",
                "Sum ex. VAT",
                "Sum excluding VAT",
                "Net",
                "Net amount",
                "Total excl. VAT",
                "Amount excl. VAT",
                "Sum eks. mva.",
                "Sum ekskl. mva.",
                "Sum eksl. mva.",
                "Beløp eks. mva.",
                "Beløp ekskl. mva.",
                "Total eks. mva.",
                "Nettobeløp",
                "Sum uten mva.",
                "Netto",
            ),
            required=True,
        ),
        Field("discount", ("Discount %", "Discount", "Rabatt %", "Rabatt")),
        Field(
            "vat_rate",
            (
                "VAT %",
                "% VAT",
                "VAT in %",
                "VAT rate",
                "VAT rate %",
                "Mva. %",
                "% mva.",
                "Mva. i %",
                "Mva-sats",
                "Mva-sats %",
                "Merverdiavgift %",
                "Merverdiavgift i %",
            ),
            required=True,
        ),
        Field("vat", ("VAT", "VAT amount", "Mva.", "Mva-beløp")),
        Field(
            "total",
            (
                "Sum incl. VAT",
                "Sum inc. VAT",
                "Sum including VAT",
                "Sum inkl. mva.",
                "Sum med mva.",
                "Brutto",
            ),
        ),
        Field("currency", ("Currency", "Valuta"), longest=3),
        Field("product_name", ("Product", "Product name", "Produkt", "Vare"), longest=300),
        Field("text", ("Article", "Description", "Artikkel", "Beskrivelse", "Tekst"), longest=300),
        Field("product_number", ("Product no.", "Produktnr.", "Varenr."), longest=100),
        Field("customer_number", ("Customer no.", "Kundenr."), required=True, longest=40),
        Field(
            "customer_name",
            (
                *("Company", "Customer", "Company name", "Customer name"),
                *("Firma", "Selskap", "Kunde", "Firmanavn", "Kundenavn"),
            ),
            longest=200,
        ),
        Field("project_number", ("Project no.", "Prosjektnr."), longest=40),
        Field("project_name", ("Project", "Prosjekt"), longest=200),
        Field("department_number", ("Department no.", "Avdelingsnr."), longest=32),
        Field("department_name", ("Department", "Avdeling"), longest=200),
        Field(
            "our_reference",
            ("Our invoice reference.", "Our reference", "Vår fakturareferanse", "Vår referanse"),
            longest=200,
        ),
        # not in RecMan's report as it is, but in lists that people make of it
        Field("due_date", ("Due date", "Date due", "Forfallsdato", "Forfall")),
        Field("kid", ("KID", "KID no.", "KID-nr."), longest=40),
        Field("delivery_date", ("Delivery date", "Leveringsdato")),
        Field(
            "your_reference",
            (
                *("Your reference", "Your invoice reference", "Customer reference", "Your ref."),
                *("Deres referanse", "Deres fakturareferanse", "Kundereferanse", "Deres ref."),
            ),
            longest=200,
        ),
        Field(
            "order_reference",
            (
                *("Order reference", "Purchase order no.", "Customer order no."),
                *("Ordrereferanse", "Bestillingsnr.", "Innkjøpsordrenr.", "Kundens ordrenr."),
            ),
            longest=200,
        ),
        Field(
            "note",
            ("Invoice note", "Invoice text", "Fakturanotat", "Fakturatekst"),
            longest=2000,
        ),
    ),
)

CUSTOMERS = Layout(  # in English: or not; headings as they are
    say("customers"),
    ("number", "name"),
    ("organization_number", "address", "postal_code", "city", "invoice_email", "credit_days"),
    (
        Field("number", ("Customer no.", "Kundenr."), required=True, longest=40),
        Field(
            "name",
            (
                *("Company", "Name", "Customer", "Company name", "Customer name"),
                *("Firma", "Navn", "Selskap", "Kunde", "Firmanavn", "Kundenavn"),
            ),
            required=True,
            longest=200,
        ),
        Field(
            "organization_number",
            (
                "Organization number",
                "Organisation number",
                "Org. no.",
                "Organisasjonsnummer",
                "Org.nr.",
            ),
            longest=20,
        ),
        Field(
            "address",
            ("Address", "Street", "Invoice address", "Adresse", "Fakturaadresse", "Postadresse"),
            longest=250,
        ),
        Field(
            "postal_code",
            ("Postal code", "Zip", "Zip code", "Postcode", "Postnr."),
            longest=16,
        ),
        Field("city", ("City", "Town", "Poststed", "By"), longest=100),
        Field("country", ("Country", "Country code", "Land", "Landkode"), longest=60),
        Field(
            "invoice_email",
            (
                "Invoice e-mail",
                "E-mail",
                "Faktura e-post",
                "E-post",
            ),
            longest=250,
        ),
        Field(
            "credit_days",
            (
                "Credit days",
                "Credit time",
                "Payment terms",
                "Kredittdager",
                "Kredittid",
                "Forfallsdager",
                "Betalingsfrist",
            ),
        ),
    ),
)

CREDITS = Layout(  # in English: or not; headings as they are
    say("credit notes"),
    ("number", "credited_number", "customer_number"),
    ("credit_date", "total"),
    (
        Field(
            "number",
            ("Credit note no.", "Kreditnotanr."),
            required=True,
            longest=26,
        ),
        Field(
            "credit_date",
            ("Credit note date", "Kreditnotadato", "Dato kreditnota"),
        ),
        Field(
            "credited_number",
            ("Invoice no.", "Fakturanr."),
            required=True,
            longest=26,
        ),
        Field("customer_number", ("Customer no.", "Kundenr."), required=True, longest=40),
        Field("total", ("Sum credit note", "Sum kreditnota", "Kreditnota sum")),
        Field("currency", ("Currency", "Valuta"), longest=3),
    ),
)

LAYOUTS = (LINES, CUSTOMERS, CREDITS)
# what a file with tables of several kinds is an import of
_SEVERAL = {
    frozenset((CREDITS.name, CUSTOMERS.name)): say("credit notes and customers"),
    frozenset((CREDITS.name, LINES.name)): say("credit notes and invoice lines"),
    frozenset((CUSTOMERS.name, LINES.name)): say("customers and invoice lines"),
    frozenset((CREDITS.name, CUSTOMERS.name, LINES.name)): say(
        "credit notes and customers and invoice lines"
    ),
}

_LONGEST = 200
_SHOWN, _LISTED = 60, 12
_SIGNS = str.maketrans({"#": " no ", "ø": "o", "æ": "ae"})
_NUMBERS = re.compile(r"(number|nummer|nr)\b")
_PERCENT = re.compile(r"\b(per ?cent|prosent|pct|pst)\b")


@lru_cache(2_000)
def normalise(heading: str) -> str:
    """The heading as it is compared; empty for a text that is too long for any."""
    if len(heading) > _LONGEST:
        return ""
    text = unicodedata.normalize("NFKD", fold(tidy_identifier(heading)).translate(_SIGNS))
    text = _NUMBERS.sub("no", _PERCENT.sub("%", text))
    return "".join(sign for sign in text if sign.isalnum() or sign == "%")


def kind_of_number_heading(heading: str) -> DocumentKind | None:
    """The kind that the number column's heading states, if it states one."""
    return _NUMBER_KINDS.get(normalise(heading))


def place_headings(headings: Iterable[str]) -> dict[str, int]:
    """The column of each heading as it is compared, first come first."""
    places: dict[str, int] = {}
    for index, heading in enumerate(headings):
        places.setdefault(normalise(heading), index)
    places.pop("", None)
    return places


def match_fields(layout: Layout, places: Mapping[str, int]) -> dict[str, int]:
    """The column of each field that the headings name; one column, one field."""
    found: dict[str, int] = {}
    for field in layout.fields:
        named = (places[normal] for normal in map(normalise, field.headings) if normal in places)
        column = next(named, None)
        if column is not None:
            found[field.name] = column
    return found


def name_missing(layout: Layout, columns: Collection[str]) -> list[str]:
    """The headings of the fields that a table of the layout needs, and that it lacks."""
    missing = [
        field.headings[0] for field in layout.fields if field.required and field.name not in columns
    ]
    if layout is LINES and "department_number" not in columns and "department_name" not in columns:
        missing.append("Department no.")  # in English: a heading as it is
    return missing


def name_kinds(kinds: Collection[str]) -> str:
    """What a file with tables of these layouts, by their names, is an import of."""
    return next(iter(kinds)) if len(kinds) == 1 else _SEVERAL[frozenset(kinds)]


def join_by_and(names: Iterable[str]) -> str:
    """One name, or several with the word that joins them between each two."""
    first, *others = names
    for each in others:
        first = say("{one} and {other}", one=first, other=each)
    return first


def name_headings(headings: Iterable[str]) -> str:
    """Headings as a sentence lists them, not more than a few."""
    named = [say("“{heading}”", heading=heading[:_SHOWN]) for heading in headings]
    listed = join_said(named[:_LISTED], by=", ")
    return join_said([listed, "…"]) if len(named) > _LISTED else listed


_NUMBER_KINDS = {normalise(heading): kind for heading, kind in NUMBER_HEADINGS.items()}
