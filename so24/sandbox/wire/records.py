"""What the handlers share about records: columns asked for, lengths, one exception per item."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from so24.sandbox.wire.codec import Fields, Interface
from so24.sandbox.wire.refusals import DATABASE, TOO_LONG, UNPROCESSED, CallFault, ItemRefused

_ADDRESS = {
    "Street": 250, "State": 100, "PostalCode": 16, "PostalArea": 100, "Name": 100, "City": 100,
    "Country": 2,
}  # fmt: skip
# The longest text of each field, as documented by 24SevenOffice.
LENGTHS: Mapping[str, Mapping[str, int]] = {
    "Address": _ADDRESS,
    "Company": {
        "OrganizationNumber": 20, "Name": 200, "FirstName": 50, "NickName": 200, "Url": 255,
        "Country": 2, "InvoiceLanguage": 2, "GlnNumber": 13,
    },
    "Product": {
        "Name": 125, "Description": 500, "EAN1": 50, "No": 100, "StockLocation": 100,
        "SupplierProductCode": 50, "SupplierProductName": 250,
    },
    "InvoiceOrder": {
        "CustomerName": 100, "CustomerDeliveryName": 250, "CustomerDeliveryPhone": 25,
        "YourReference": 50, "InvoiceTitle": 300, "InvoiceText": 750, "OCR": 32,
        "CustomerOrgNo": 20, "InvoiceEmailAddress": 250, "ProductionNumber": 20,
        "ReferenceNumber": 50, "DeliveryAlternative": 250, "GLNNumber": 13,
    },
    "InvoiceRow": {"Name": 300},
}  # fmt: skip


@cache
def interface(service: str) -> Interface:
    """The service's interface, read once per process."""
    return Interface(service)


def items(parent: Fields | None, name: str) -> list[Fields]:
    """The elements of a list record; nil ones and a missing list are left out."""
    return [item for item in (parent or {}).get(name, []) if item is not None]


def values(parent: Fields | None, name: str) -> list[object]:
    """The plain values of a list record such as ``ArrayOfInt``."""
    return [value for value in (parent or {}).get(name, []) if value is not None]


def asked_columns(service: str, record: str, properties: Fields | None) -> frozenset[str]:
    """The columns that a look-up asked for; only these are filled in the answer.

    Raises :class:`CallFault` for a name that the record does not have. Assumed: the service may
    well ignore such a name, but then a misspelt column would read as empty.
    """
    asked = frozenset(str(name) for name in values(properties, "string"))
    unknown = sorted(asked - interface(service).columns(record))
    if unknown:
        raise CallFault(f"{UNPROCESSED}{record} has no property '{unknown[0]}'")
    return asked


def given(search: Fields | None) -> Fields:
    """The search parameters that are not empty."""
    return {name: value for name, value in (search or {}).items() if value not in (None, "")}


def pick(record: Fields, columns: frozenset[str]) -> Fields:
    """The record with nothing but the columns asked for."""
    return {name: value for name, value in record.items() if name in columns}


def check_lengths(kind: str, record: Fields) -> None:
    """Raise :class:`ItemRefused` when a text is longer than 24SevenOffice documents."""
    for name, longest in LENGTHS[kind].items():
        text = record.get(name)
        if text is not None and len(text) > longest:
            raise ItemRefused(TOO_LONG, f"{name} cannot be longer than {longest} characters")
    for address in (record.get("Addresses") or {}).values():
        check_lengths("Address", address or {})


def save_each(sent: list[Fields], save: Callable[[Fields], Fields]) -> list[Fields]:
    """Save item by item, in order; a refused one is echoed with its ``APIException``."""
    answers = []
    for item in sent:
        try:
            answers.append(save(item))
        except ItemRefused as refusal:
            trace = f"   at {refusal.type_name}.Throw()"
            problem = {"Type": refusal.type_name, "Message": str(refusal), "StackTrace": trace}
            answers.append(item | {"APIException": problem})
    return answers


def refuse_unknown(kind: str, number: object) -> ItemRefused:
    """The exception for a reference to something that is not there."""
    return ItemRefused(DATABASE, f"{kind} {number} does not exist")


def matches(pattern: str | None, text: str | None) -> bool:
    """Whether ``text`` fits a search text: ``%`` stands for anything, case does not count."""
    if not pattern:
        return True
    parts = (re.escape(part) for part in pattern.strip().split("%"))
    fit = re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)
    return fit.fullmatch((text or "").strip()) is not None
