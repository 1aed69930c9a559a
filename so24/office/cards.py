"""Customer cards as they are read to be corrected, and what a correction sends.

Only the fields that change are sent, beside the id. Whether a part of an address or of the list of
e-mail addresses may be left out is not documented; so the whole of either goes back as it was
read, with the change in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from so24.office.outcomes import SavedKind
from so24.office.reading import Record, required
from so24.office.writing import Fields, given

# only columns that are asked for come back filled; the others hold defaults that look like data
CARD_COLUMNS = (
    "Id", "ExternalId", "OrganizationNumber", "Name", "FirstName", "Type", "Country", "Addresses",
    "EmailAddresses", "PaymentTime", "BlockInvoice",
)  # fmt: skip
SUPPLIER, BUSINESS = "Supplier", "Business"
# cards are told apart by their ids, since no other field need be sent
CORRECTIONS = SavedKind("CompanyService", "SaveCompanies", "companies", "Company", "Id", "Id")


@dataclass(frozen=True)
class Card:
    """A customer card; the address is the one for invoices, or the postal one without it.

    Empty texts stand for what the card lacks; ``type`` is a word. ``name`` is a person's last name
    where ``first_name`` is not empty. ``home`` is the country of the address, or the card's own.
    ``record`` is the card as it was read.
    """

    id: int
    external_id: str
    type: str
    name: str
    organization_number: str
    street: str
    postal_code: str
    city: str
    country: str
    invoice_email: str
    credit_days: int | None
    first_name: str = ""
    home: str = ""
    emails: frozenset[str] = frozenset()
    block_invoice: bool = False
    record: Record = field(repr=False, compare=False, default_factory=dict)

    @property
    def full_name(self) -> str:
        """The name as people say it."""
        return f"{self.first_name} {self.name}".strip()


@dataclass(frozen=True)
class Correction:
    """New values for some fields of a card; None leaves a field as it is."""

    card: Card
    name: str | None = None
    organization_number: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    invoice_email: str | None = None
    credit_days: int | None = None


def read_card(record: Record) -> Card:
    """A card of :data:`CARD_COLUMNS`."""
    address = _address(record)[1]
    emails = {
        kind: text
        for kind, email in (record.get("EmailAddresses") or {}).items()
        if (text := _text((email or {}).get("Value")))
    }
    country = _text(address.get("Country"))
    return Card(
        id=required(record, "Id", "Company"),
        external_id=_text(record.get("ExternalId")),
        type=_text(record.get("Type")) or "None",
        name=_text(record.get("Name")),
        organization_number=_text(record.get("OrganizationNumber")),
        street=_text(address.get("Street")),
        postal_code=_text(address.get("PostalCode")),
        city=_text(address.get("PostalArea")) or _text(address.get("City")),
        country=country,
        invoice_email=emails.get("Invoice", ""),
        credit_days=record.get("PaymentTime"),
        first_name=_text(record.get("FirstName")),
        home=country or _text(record.get("Country")),
        emails=frozenset(emails.values()),
        block_invoice=bool(record.get("BlockInvoice")),
        record=record,
    )


def write_correction(change: Correction) -> Fields:
    """The card's id and what changes of it, addresses and e-mail addresses as a whole."""
    record = change.card.record
    sent: Fields = {
        "Id": change.card.id,
        "OrganizationNumber": change.organization_number,
        "Name": change.name,
        "PaymentTime": change.credit_days,
    }
    parts = {
        "Street": change.street,
        "PostalCode": change.postal_code,
        "PostalArea": change.city,
        "City": change.city,
        "Country": change.country,
    }
    if any(value is not None for value in parts.values()):
        kind, address = _address(record)
        kept = given(record.get("Addresses"))
        sent["Addresses"] = kept | {kind: given(address) | given(parts)}
    if change.invoice_email is not None:
        kept = given(record.get("EmailAddresses"))
        invoice = given(kept.get("Invoice")) | {"Value": change.invoice_email}
        sent["EmailAddresses"] = kept | {"Invoice": invoice}
    return given(sent)


def _address(record: Record) -> tuple[str, Mapping[str, Any]]:
    """The kind of the address that is compared, and the address itself."""
    addresses = record.get("Addresses") or {}
    for kind in ("Invoice", "Post"):
        if given(addresses.get(kind)):
            return kind, addresses[kind]
    return "Invoice", {}


def _text(value: object) -> str:
    return str(value or "").strip()
