"""A SOAP caller made of string joins: it shares no code with the client or with the sandbox.

Every envelope that comes back is checked against the interface description's schema.
"""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from so24.office.interface.description import schema, service_interface

NAMESPACE = "http://24sevenOffice.com/webservices"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
APPLICATION = "00000000-0000-4000-8000-000000000024"
NIL = object()

Tree = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What came back; ``result`` is the content of the result element, ``fault`` a fault's text."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    result: Any = None
    fault: str | None = None

    def records(self, name: str) -> list[Any]:
        """The records of a list result."""
        found = (self.result or {}).get(name, [])
        return found if isinstance(found, list) else [found]

    def record(self, name: str) -> dict[str, Any]:
        """The only record of a list result."""
        one: dict[str, Any]
        (one,) = self.records(name)
        return one


class Caller:
    """Calls one sandbox over one kept connection, with at most one session."""

    def __init__(self, address: str, timeout: float = 5) -> None:
        self._connection = http.client.HTTPConnection(address.removeprefix("http://"))
        self._connection.timeout = timeout
        self.session: str | None = None

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def login(self, username: str, password: str, **credential: str) -> Reply:
        """Log in; the session is used from then on."""
        given = {"ApplicationId": APPLICATION, **credential}
        given |= {"Password": password, "Username": username}
        reply = self.call("Authenticate", "Login", {"credential": given})
        self.session = reply.result or None
        return reply

    def call(self, service: str, operation: str, parameters: Tree | None = None) -> Reply:
        """Call an operation; elements are sent in the order given."""
        return self.post(service, operation, envelope(operation, parameters or {}))

    def post(self, service: str, operation: str, body: str) -> Reply:
        """Send an envelope as it stands."""
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{NAMESPACE}/{operation}"',
        }
        if self.session:
            headers["Cookie"] = f"ASP.NET_SessionId={self.session}"
        path = service_interface(service).path
        try:
            self._connection.request("POST", path, body.encode(), headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        return _read_reply(service, response.status, dict(response.headers), content)

    def save_order(self, order: Tree) -> dict[str, Any]:
        """Save one order; its echo."""
        return self.save_orders([order])[0]

    def save_orders(self, orders: Sequence[Tree]) -> list[dict[str, Any]]:
        """Save orders; their echoes."""
        parameters = {"invoices": {"InvoiceOrder": list(orders)}}
        return self.call("InvoiceService", "SaveInvoices", parameters).records("InvoiceOrder")

    def find_orders(
        self, search: Tree, columns: str = "OrderId", row_columns: str = ""
    ) -> list[dict[str, Any]]:
        """Look orders up; columns separated by blanks."""
        parameters = {
            "searchParams": search,
            "invoiceReturnProperties": {"string": columns.split()},
            "rowReturnProperties": {"string": row_columns.split()},
        }
        reply = self.call("InvoiceService", "GetInvoices", parameters)
        assert reply.fault is None, reply.fault
        return reply.records("InvoiceOrder")


def envelope(operation: str, parameters: Tree) -> str:
    """A SOAP 1.1 envelope."""
    return (
        f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        f'<s:Body><{operation} xmlns="{NAMESPACE}">{_inner(parameters)}</{operation}></s:Body>'
        "</s:Envelope>"
    )


def _inner(tree: Tree) -> str:
    return "".join(
        _element(name, one)
        for name, value in tree.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _element(name: str, value: Any) -> str:
    if value is NIL:
        return f'<{name} i:nil="true"/>'
    return f"<{name}>{_inner(value) if isinstance(value, Mapping) else escape(str(value))}</{name}>"


@cache
def _schema(service: str) -> etree.XMLSchema:
    return schema(service)


def _read_reply(service: str, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    if not headers.get("Content-Type", "").startswith("text/xml"):
        return Reply(status, headers, body)
    payload = etree.fromstring(body)[0][0]
    if payload.tag == f"{{{ENVELOPE}}}Fault":
        return Reply(status, headers, body, fault=payload.findtext("faultstring"))
    _schema(service).assertValid(payload)
    return Reply(status, headers, body, result=_plain(payload[0]) if len(payload) else None)


def _plain(element: etree._Element) -> Any:
    if not len(element):
        return element.text or ""
    plain: dict[str, Any] = {}
    for child in element:
        name, value = etree.QName(child).localname, _plain(child)
        if name in plain:
            old = plain[name]
            plain[name] = [*old, value] if isinstance(old, list) else [old, value]
        else:
            plain[name] = value
    return plain
