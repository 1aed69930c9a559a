"""The headings that files are recognised by: one table, English first, then Norwegian and aliases.

RecMan's own words are those of its reports *Invoice lines* and *Credit notes*. Headings are
compared without case, points and doubled blanks, and with ``number``/``nummer`` shortened, so
that ``Customer Number``, ``Customer no.`` and ``customer no`` are one. A field takes the first of
its headings that the sheet has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from so24.identifiers import tidy_identifier
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


NUMBER_HEADINGS: dict[str, DocumentKind | None] = {
    "Invoice no. / Credit note no.": None,
    "Fakturanr. / Kreditnotanr.": None,
    "Credit note no.": DocumentKind.CREDIT_NOTE,
    "Kreditnotanr.": DocumentKind.CREDIT_NOTE,
    "Kreditnota nr.": DocumentKind.CREDIT_NOTE,
    "Invoice no.": None,  # also the heading of lists that hold both kinds
    "Fakturanr.": None,
    "Faktura nr.": None,
}

LINES = Layout(
    "invoice lines",
    ("number", "customer_number"),
    ("net", "quantity", "unit_price", "vat_rate"),
    (
        # 26 characters leave room for the series within the reference that travels
        Field("number", tuple(NUMBER_HEADINGS), required=True, longest=26),
        Field("line_date", ("Date", "Dato")),
        Field("invoice_date", ("Invoice date", "Fakturadato", "Faktura dato")),
        Field("quantity", ("Quantity", "Qty.", "Antall"), required=True),
        Field("unit_price", ("Price", "Unit price", "Pris", "Enhetspris"), required=True),
        Field(
            "net",
            (
                "Sum excl. VAT",
                "Sum ex. VAT",
                "Net",
                "Sum eks. mva.",
                "Sum ekskl. mva.",
                "Netto",
            ),
            required=True,
        ),
        Field("discount", ("Discount %", "Discount", "Rabatt %", "Rabatt")),
        Field("vat_rate", ("VAT %", "VAT rate", "Mva. %", "Mva-sats", "Mva sats"), required=True),
        Field("vat", ("VAT", "VAT amount", "Mva.", "Mva-beløp")),
        Field("total", ("Sum incl. VAT", "Sum inc. VAT", "Sum inkl. mva.", "Brutto")),
        Field("currency", ("Currency", "Valuta"), longest=3),
        Field("product_name", ("Product", "Product name", "Produkt", "Vare"), longest=300),
        Field("text", ("Article", "Description", "Artikkel", "Beskrivelse", "Tekst"), longest=300),
        Field("product_number", ("Product no.", "Produktnr.", "Varenr."), longest=100),
        Field("customer_number", ("Customer no.", "Kundenr."), required=True, longest=40),
        Field("customer_name", ("Company", "Customer", "Firma", "Selskap", "Kunde"), longest=200),
        Field("project_number", ("Project no.", "Prosjektnr."), longest=40),
        Field("project_name", ("Project", "Prosjekt"), longest=200),
        Field("department_number", ("Department no.", "Avdelingsnr."), longest=32),
        Field("department_name", ("Department", "Avdeling"), longest=200),
        Field(
            "our_reference",
            ("Our invoice reference.", "Our reference", "Vår fakturareferanse", "Vår referanse"),
            longest=200,
        ),
    ),
)

CUSTOMERS = Layout(
    "customers",
    ("number", "name"),
    ("organization_number", "address", "postal_code", "city", "invoice_email", "credit_days"),
    (
        Field("number", ("Customer no.", "Kundenr."), required=True, longest=40),
        Field(
            "name",
            ("Company", "Name", "Customer", "Company name", "Firma", "Navn", "Selskap", "Kunde"),
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
                "Org. nr.",
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
                "Invoice email",
                "E-mail",
                "Email",
                "Faktura e-post",
                "Fakturae-post",
                "Faktura-e-post",
                "E-post",
                "Epost",
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

CREDITS = Layout(
    "credit notes",
    ("number", "credited_number", "customer_number"),
    ("credit_date", "total"),
    (
        Field(
            "number",
            ("Credit note no.", "Kreditnotanr.", "Kreditnota nr."),
            required=True,
            longest=26,
        ),
        Field(
            "credit_date",
            ("Credit note date", "Kreditnotadato", "Kreditnota dato", "Dato kreditnota"),
        ),
        Field(
            "credited_number",
            ("Invoice no.", "Fakturanr.", "Faktura nr."),
            required=True,
            longest=26,
        ),
        Field("customer_number", ("Customer no.", "Kundenr."), required=True, longest=40),
        Field("total", ("Sum credit note", "Sum kreditnota", "Kreditnota sum")),
        Field("currency", ("Currency", "Valuta"), longest=3),
    ),
)

LAYOUTS = (LINES, CUSTOMERS, CREDITS)


def normalise(heading: str) -> str:
    """The heading as it is compared."""
    text = re.sub(r"[.:]", "", tidy_identifier(heading).casefold())
    text = re.sub(r"number\b", "no", re.sub(r"nummer\b", "nr", text))
    return " ".join(text.split()).replace(" %", "%")


def kind_of_number_heading(heading: str) -> DocumentKind | None:
    """The kind that the number column's heading states, if it states one."""
    return _NUMBER_KINDS.get(normalise(heading))


def match_fields(layout: Layout, headings: list[str]) -> dict[str, int]:
    """The column of each field that the headings name, first come first; one column, one field."""
    places: dict[str, int] = {}
    for index, heading in enumerate(headings):
        places.setdefault(normalise(heading), index)
    found: dict[str, int] = {}
    for field in layout.fields:
        named = (places[normal] for normal in map(normalise, field.headings) if normal in places)
        column = next(named, None)
        if column is not None:
            found[field.name] = column
    return found


_NUMBER_KINDS = {normalise(heading): kind for heading, kind in NUMBER_HEADINGS.items()}
