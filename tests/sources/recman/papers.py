"""Invoices and registers as the stand-in holds them: invented names, numbers as texts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.sources.recman.standin import Rows, StandIn

ORE = Decimal("0.01")


def line(net: str = "1000.00", rate: str = "25", **changes: Any) -> dict[str, Any]:
    """A line of one piece."""
    return {
        "description": "Vakter uke 47", "productNumber": "1003", "productName": "Vakt",
        "quantity": "1.000", "unitPrice": net, "net": net, "vatPercent": rate, **changes,
    }  # fmt: skip


def invoice(number: str = "1001", *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An invoice whose totals are those of its lines, with some members changed."""
    lines = lines or (line(),)
    net = sum((Decimal(each["net"]) for each in lines), Decimal("0.00"))
    by_rate: dict[str, Decimal] = {}
    for each in lines:
        rate = each["vatPercent"]
        by_rate[rate] = by_rate.get(rate, Decimal(0)) + Decimal(each["net"])
    vat = sum(
        ((part * Decimal(rate) / 100).quantize(ORE, ROUND_HALF_UP)
         for rate, part in by_rate.items()),
        Decimal("0.00"),
    )  # fmt: skip
    return {
        "invoiceNumber": number, "invoiceDate": "2026-11-18", "dueDate": "2026-12-02",
        "created": "2026-11-18 09:12:44", "companyId": "71", "projectId": "55",
        "currency": "NOK", "net": str(net), "vat": str(vat), "total": str(net + vat),
        "kid": "0012345678903", "yourReference": "Bestilling 12",
        "lines": {str(900 + place): each for place, each in enumerate(lines)}, **changes,
    }  # fmt: skip


def companies() -> Rows:
    """Two customers."""
    return {
        "71": {
            "companyId": "71", "name": "Nordvik Logistikk AS", "companyNumber": "5001",
            "vatNumber": "NO 100 000 008 MVA", "invoiceEmail": "faktura@nordvik.example",
            "creditTime": "14",
            "invoiceAddress": {"address1": "Tollbugata 4", "postalCode": "0152",
                               "city": "Oslo", "country": ""},
        },
        "72": {
            "companyId": "72", "name": "Fjordbygg AS", "companyNumber": "5002",
            "vatNumber": "123", "invoiceEmail": "", "creditTime": "30", "invoiceAddress": [],
        },
    }  # fmt: skip


def scopes(*invoices: dict[str, Any]) -> dict[str, Rows]:
    """All scopes, with these invoices."""
    return {
        "invoice": {str(4000 + place): each for place, each in enumerate(invoices)},
        "company": companies(),
        "project": {"55": {"number": "P-7", "name": "Lager Alnabru", "departmentId": "3",
                           "invoiceRefUserId": "8"}},
        "department": {"3": {"name": "Oslo", "number": "10", "corporationId": "1"},
                       "4": {"name": "Bergen", "number": "20", "corporationId": "1"}},
        "user": {"8": {"firstName": "Ola", "lastName": "Eksempel"}},
        "corporation": {"1": {"name": "Nordlys Bemanning AS"}},
    }  # fmt: skip


def stand_in(*invoices: dict[str, Any], **behaviour: Any) -> StandIn:
    """A RecMan with these invoices, by default one."""
    return StandIn(scopes(*(invoices or (invoice(),))), **behaviour)
