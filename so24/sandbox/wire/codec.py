"""SOAP 1.1 envelopes <-> plain Python, driven by the XSD inside a service's WSDL.

Written without the client's SOAP library, so that both ends cannot share one mistake. A record is
a ``Fields`` dict by element name: an element left out has no key, ``xsi:nil`` is None, an empty
one is ``''``. Repeated elements are lists.

Texts are read and written as a .NET service in Oslo does it. Times without a zone are Norwegian
local time; every time is answered in UTC with ``Z``. The .NET minimum values mean "not given" and
are read as None. Numbers with decimals are ``Decimal``.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from so24.office.interface.description import NAMESPACE, schema, wsdl
from so24.sandbox.wire.refusals import UNREADABLE, CallFault

OSLO = ZoneInfo("Europe/Oslo")
NOT_GIVEN = frozenset({"-2147483648", "-79228162514264337593543950335", "-32768"})

Value = str | int | Decimal | bool | dt.datetime
_SPECIAL = re.compile("[&<>\r]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
Fields = dict[str, Any]
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
_NIL = f"{{{_XSI}}}nil"
_HEAD = (
    f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{ENVELOPE}" '
    f'xmlns:xsi="{_XSI}"><soap:Body>'
)
_TAIL = "</soap:Body></soap:Envelope>"


def read_text(text: str) -> str:
    """A string as it stands."""
    return text


def read_whole(text: str) -> int | None:
    """An int, long or short; None for the minimum value. ValueError when it is no number."""
    return None if text in NOT_GIVEN else int(text)


def read_number(text: str) -> Decimal | None:
    """A decimal or double; None for the minimum value. ValueError when it is not finite."""
    if text in NOT_GIVEN:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"'{text}' is not a number") from None
    if not number.is_finite():
        raise ValueError(f"'{text}' is not a finite number")
    return number


def read_truth(text: str) -> bool:
    """A boolean, in either of its two spellings."""
    if text.strip() in ("true", "1"):
        return True
    if text.strip() in ("false", "0"):
        return False
    raise ValueError(f"'{text}' is not a boolean")


@lru_cache(maxsize=4096)
def read_time(text: str) -> dt.datetime | None:
    """A dateTime as aware UTC; None for year 1.

    ValueError when it is no time, or a Norwegian local time that the clocks skip in spring.
    """
    time = dt.datetime.fromisoformat(text.strip())
    if time.year == 1:
        return None
    if time.tzinfo is not None:
        return time.astimezone(dt.UTC)
    utc = time.replace(tzinfo=OSLO).astimezone(dt.UTC)
    if utc.astimezone(OSLO).replace(tzinfo=None) != time:
        raise ValueError(f"'{text}' does not exist in the time zone of the server")
    return utc


READERS: dict[str, Callable[[str], Value | None]] = {
    "int": read_whole,
    "long": read_whole,
    "short": read_whole,
    "decimal": read_number,
    "double": read_number,
    "boolean": read_truth,
    "dateTime": read_time,
}


def write_value(value: Value) -> str:
    """The value as XML text, escaped; a time must be aware."""
    if isinstance(value, str):
        return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return write_time(value)
    return str(value)


def write_time(time: dt.datetime) -> str:
    """An aware time as UTC with ``Z``."""
    return time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Element:
    """One element of a record; ``fields`` are those of its own record, None for a plain value."""

    name: str
    type: str
    many: bool
    required: bool
    nillable: bool


class Interface:
    """One service as its WSDL describes it: reads its requests, writes its answers."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.description = wsdl(service)
        root = etree.fromstring(self.description)
        self._records = {
            _record_key(kind.tag == f"{_XSD}element", kind.get("name", "")): _elements(kind)
            for part in root.iter(f"{_XSD}schema")
            for kind in part.iterchildren(f"{_XSD}complexType", f"{_XSD}element")
        }
        self._operations = {
            call.get("soapAction", ""): operation.get("name", "")
            for operation in root.iter(f"{_WSDL}operation")
            for call in operation.iterchildren(f"{_SOAP}operation")
        }
        self.address = next(root.iter(f"{_SOAP}address")).get("location", "")
        self.path = "/" + self.address.split("/", 3)[3]
        self._schema = schema(service)
        self._schema_lock = threading.Lock()

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations of the service."""
        return tuple(self._operations.values())

    def columns(self, record: str) -> frozenset[str]:
        """The element names of a record type."""
        return frozenset(self._records[_record_key(False, record)])

    def operation(self, action: str | None) -> str:
        """The operation that a SOAPAction header names; raises :class:`CallFault` on any other."""
        if not action:
            raise CallFault("Unable to handle request without a valid SOAPAction.", "Client")
        name = self._operations.get(action.strip('"'))
        if name is None:
            raise CallFault(
                "Server did not recognize the value of HTTP Header SOAPAction: "
                f"{action.strip(chr(34))}.",
                "Client",
            )
        return name

    def read(self, operation: str, body: bytes) -> Fields:
        """The parameters of a request; raises :class:`CallFault` when it breaks the schema."""
        payload = _payload(body)
        if payload.tag != f"{{{NAMESPACE}}}{operation}":
            raise CallFault("The body does not belong to the SOAPAction.", "Client")
        with self._schema_lock:  # a compiled schema keeps the errors of its last use
            try:
                self._schema.assertValid(payload)
            except etree.DocumentInvalid as error:
                raise CallFault(
                    f"{UNREADABLE}Instance validation error: {error}", "Client"
                ) from None
        try:
            return self._read_fields(payload, self._records[_record_key(True, operation)])
        except ValueError as error:
            raise CallFault(f"{UNREADABLE}Instance validation error: {error}", "Client") from None

    def _read_fields(self, node: etree._Element, elements: dict[str, Element]) -> Fields:
        fields: Fields = {}
        for child in node:
            if not isinstance(child.tag, str):
                continue
            element = elements[child.tag.rpartition("}")[2]]
            value = self._read_value(child, element)
            if element.many:
                fields.setdefault(element.name, []).append(value)
            elif value is not None or child.get(_NIL) is not None:
                fields[element.name] = value
        return fields

    def _read_value(self, node: etree._Element, element: Element) -> Any:
        if node.get(_NIL) in ("true", "1"):
            return None
        record = self._records.get(_record_key(False, element.type))
        if record is not None:
            return self._read_fields(node, record)
        return READERS.get(element.type, read_text)(node.text or "")

    def write(self, operation: str, result: Any) -> bytes:
        """The envelope that answers ``operation``; ``result`` None leaves the result element out.

        Fields that the interface does not know are left out.
        """
        name = f"{operation}Response"
        (element,) = self._records[_record_key(True, name)].values()
        parts = [_HEAD, f'<{name} xmlns="{NAMESPACE}">']
        parts.extend(self._write_element(element, result))
        parts.extend((f"</{name}>", _TAIL))
        return "".join(parts).encode()

    def _write_element(self, element: Element, value: Any) -> Iterator[str]:
        if value is None:
            if element.nillable and element.required:
                yield f'<{element.name} xsi:nil="true"/>'
            return
        record = self._records.get(_record_key(False, element.type))
        for one in value if element.many else (value,):
            yield f"<{element.name}>"
            if record is None:
                yield write_value(one)
            else:
                for inner in record.values():
                    if inner.name in one or inner.required:
                        yield from self._write_element(inner, one.get(inner.name))
            yield f"</{element.name}>"


def write_fault(fault: CallFault) -> bytes:
    """The envelope of a SOAP 1.1 fault, its children unqualified as the standard wants them."""
    return (
        f"{_HEAD}<soap:Fault><faultcode>soap:{fault.code}</faultcode>"
        f"<faultstring>{write_value(str(fault))}</faultstring><detail/></soap:Fault>{_TAIL}"
    ).encode()


def _record_key(is_message: bool, name: str) -> str:
    # A message's root element and a record type may have the same name.
    return f"message {name}" if is_message else name


def _elements(kind: etree._Element) -> dict[str, Element]:
    return {
        one.get("name", ""): Element(
            name=one.get("name", ""),
            type=one.get("type", "any").rpartition(":")[2],
            many=one.get("maxOccurs") == "unbounded",
            required=one.get("minOccurs") != "0",
            nillable=one.get("nillable") == "true",
        )
        for one in kind.iter(f"{_XSD}element")
        if one is not kind
    }


def _payload(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise CallFault(f"{UNREADABLE}{error.msg}", "Client") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise CallFault("DTD is prohibited in this XML document.", "Client")
    content = root.find(f"{{{ENVELOPE}}}Body")
    if root.tag != f"{{{ENVELOPE}}}Envelope" or content is None or len(content) != 1:
        raise CallFault("Possible SOAP version mismatch.", "VersionMismatch")
    return content[0]
