"""Reads the XML of an answer by our description of the interface: tolerant in form, not in fact.

Accepted: elements in another order, elements that are absent or nil although the schema wants
them, elements of a newer service (dropped, one warning each). Not accepted, because the answer
could then not be trusted: another operation's answer, a DTD, a broken number or date, an element
twice. The .NET minimum values stand for "not set" and are read as ``None``, as are empty
elements.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from so24.errors import Refused, SessionLost, Throttled, Unknown
from so24.language.said import say
from so24.letters import hide_secrets, show_plainly
from so24.office.interface.description import NAMESPACE, Operation, ServiceInterface
from so24.office.interface.spec import InterfaceField
from so24.office.limits import announced_wait

log = logging.getLogger(__name__)

_ENVELOPE = "{http://schemas.xmlsoap.org/soap/envelope/}"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_LONGEST_FAULT = 600
_MOST_WARNINGS = 200
# The service reports these as a fault although the work may have been done.
_UNDECIDED = ("timeout", "timed out", "deadlock")  # in English: the service's own words

# A save repeats the request; only this of it is read, for all that counts is read back.
_TOLD_BY_SAVES = {
    "SaveInvoices": frozenset(("OrderId", "InvoiceId", "ReferenceNumber", "APIException")),
}

_MINIMUM_INTEGERS = {"short": -(2**15), "int": -(2**31), "long": -(2**63)}
_MINIMUM_DECIMAL = Decimal("-79228162514264337593543950335")
_NO_DATES = ("0001-01-01", "9999-12-31")
_EMPTY_GUID = "00000000-0000-0000-0000-000000000000"

_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Plain = str | int | bool | Decimal | dt.datetime | None

_warned: set[tuple[str, str]] = set()
_warned_lock = threading.Lock()


def read_answer(
    body: bytes,
    status: int,
    service: ServiceInterface,
    operation: Operation,
    *,
    secrets: tuple[str, ...] = (),
    end: float = math.inf,
) -> Any:
    """The result of ``operation`` as plain Python: records as dicts, arrays as lists, or None.

    What 24SevenOffice says, in a fault or in the exception of one item, comes without ``secrets``
    and without characters that a terminal obeys. Raises Refused or SessionLost for a fault,
    Throttled for a fault about the quota, and Unknown for a body that is not this operation's
    complete, readable answer, or is not read before ``end``, on the monotonic clock.
    """
    content = _body_element(body)
    if content.tag == f"{_ENVELOPE}Fault":
        raise _fault_error(content, secrets)
    name = f"{operation.name}Response"
    if content.tag != f"{{{NAMESPACE}}}{name}":
        other = _local_name(content)[:60]
        raise Unknown(
            say(
                "24SevenOffice answered {operation} with {other}.",
                operation=operation.name,
                other=f"{other!r}",
            )
        )
    if status != 200:
        raise Unknown(
            say(
                "24SevenOffice answered {operation} with HTTP status {status}.",
                operation=operation.name,
                status=status,
            )
        )
    if operation.name in _TOLD_BY_SAVES:
        _forget_echoes(content, _TOLD_BY_SAVES[operation.name])
    return (
        _Reading(service, secrets, end)
        .record(content, (operation.result,))
        .get(operation.result.name)
    )


def _local_name(element: etree._Element) -> str:
    # etree.QName raises where the namespace holds a brace, which XML allows
    return str(element.tag).rpartition("}")[2]


def _forget_echoes(content: etree._Element, told: frozenset[str]) -> None:
    for item in content.iterfind("*/*"):
        for part in list(item):
            if _local_name(part) not in told:
                item.remove(part)


def _body_element(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise Unknown(say("The answer is not well-formed XML.")) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unknown(say("The answer carries a document type; such answers are not read."))
    if root.tag != f"{_ENVELOPE}Envelope":
        raise Unknown(say("The answer is no SOAP message."))
    content = root.find(f"{_ENVELOPE}Body")
    if content is None or len(content) != 1:
        raise Unknown(say("The answer's SOAP body does not hold exactly one element."))
    return content[0]


def _fault_error(
    fault: etree._Element, secrets: tuple[str, ...]
) -> Refused | SessionLost | Throttled | Unknown:
    # Some servers put the parts of a fault in the envelope's namespace: only local names count.
    parts = {_local_name(part): str(part.xpath("string()")) for part in fault}
    words = tell_words(parts.get("faultstring", ""), secrets)[:_LONGEST_FAULT]
    if not words:
        return Unknown(say("24SevenOffice answered with a fault that says nothing."))
    wait = announced_wait(200, {}, words)
    if wait is not None:
        return Throttled(wait.sentence, wait.until)
    lowered = words.lower()
    if "not authenticated" in lowered:  # in English: the service's own words
        return SessionLost(say("The session with 24SevenOffice has ended ({words}).", words=words))
    if any(word in lowered for word in _UNDECIDED):
        return Unknown(say("24SevenOffice did not finish: {words}", words=words))
    return Refused(say("24SevenOffice refused: {words}", words=words))


def tell_words(text: str, secrets: tuple[str, ...]) -> str:
    """What 24SevenOffice says, as it may be shown and kept: whole, then without ``secrets``.

    They go before anything is cut or tidied, for what is left of one would not be recognised.
    """
    return show_plainly(" ".join(hide_secrets(text, secrets).split()))


@dataclass(frozen=True)
class _Reading:
    """How one answer is read: by which description, and until when."""

    service: ServiceInterface
    secrets: tuple[str, ...]
    end: float

    def record(self, element: etree._Element, fields: tuple[InterfaceField, ...]) -> dict[str, Any]:
        """The element's parts by name."""
        if time.monotonic() > self.end:
            raise Unknown(say("The answer could not be read before the call's time was up."))
        known = _by_tag(fields)
        record: dict[str, Any] = {}
        for child in element:
            field = known.get(child.tag)
            if field is None:
                _warn_once(element, child)
                continue
            value = self._value(child, field)
            if field.many:
                record.setdefault(field.name, []).append(value)
            elif field.name in record:
                raise Unknown(say("The answer holds {field} twice.", field=field.name))
            else:
                record[field.name] = value
        return record

    def _value(self, element: etree._Element, field: InterfaceField) -> Any:
        if element.get(_NIL) in ("true", "1") or field.type == "any":
            return None
        fields = self.service.records.get(field.type)
        if fields is None:
            if len(element):
                raise Unknown(
                    say("The answer's {field} holds elements instead of a value.", field=field.name)
                )
            kind = "string" if field.type in self.service.enums else field.type
            return read_plain(kind, element.text, field.name)
        record = self.record(element, fields)
        if field.type.startswith("ArrayOf"):
            return record.get(fields[0].name, [])
        if field.name == "APIException":
            return {
                name: value and tell_words(value, self.secrets) for name, value in record.items()
            }
        return record


_tags: dict[int, tuple[tuple[InterfaceField, ...], Mapping[str, InterfaceField]]] = {}


def _by_tag(fields: tuple[InterfaceField, ...]) -> Mapping[str, InterfaceField]:
    # By identity: hashing fifty fields for each element would cost more than the reading.
    held = _tags.get(id(fields))
    if held is None or held[0] is not fields:
        held = (fields, {f"{{{NAMESPACE}}}{field.name}": field for field in fields})
        _tags[id(fields)] = held
    return held[1]


def _warn_once(parent: etree._Element, child: etree._Element) -> None:
    pair = (_local_name(parent)[:60], _local_name(child)[:60])
    with _warned_lock:
        if pair in _warned or len(_warned) >= _MOST_WARNINGS:
            return
        _warned.add(pair)
    log.warning("24SevenOffice sends %s in %s, which so24 does not know: dropped.", *pair[::-1])


def read_plain(kind: str, text: str | None, name: str) -> Plain:
    """The value of an element's ``text`` as XSD type ``kind``, or None for "not set".

    Raises Unknown, naming the element, where the text is no such value.
    """
    if kind == "string":
        return text or None
    trimmed = (text or "").strip()
    if not trimmed:
        return None
    try:
        return _READERS[kind](kind, trimmed)
    except (ValueError, OverflowError):
        raise Unknown(say("The answer's {name} is no {kind}.", name=name, kind=kind)) from None


def _read_integer(kind: str, text: str) -> int | None:
    if not _INTEGER.fullmatch(text):
        raise ValueError
    number = int(text)
    return None if number == _MINIMUM_INTEGERS[kind] else number


def _read_decimal(_kind: str, text: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(text):
        raise ValueError
    number = Decimal(text)
    return None if number == _MINIMUM_DECIMAL else number


def _read_boolean(_kind: str, text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError
    return text in ("true", "1")


def _read_time(_kind: str, text: str) -> dt.datetime | None:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError
    date, clock, fraction, zone = match.groups()
    if date in _NO_DATES:
        return None
    # .NET writes seven digits of a second, Python keeps six.
    digits = (fraction or "0")[:6].ljust(6, "0")
    return dt.datetime.fromisoformat(f"{date}T{clock or '00:00:00'}.{digits}{zone or ''}")


def _read_guid(_kind: str, text: str) -> str | None:
    guid = text.lower()
    if not _GUID.fullmatch(guid):
        raise ValueError
    return None if guid == _EMPTY_GUID else guid


_READERS: dict[str, Callable[[str, str], Plain]] = {
    "short": _read_integer,
    "int": _read_integer,
    "long": _read_integer,
    "decimal": _read_decimal,
    "boolean": _read_boolean,
    "dateTime": _read_time,
    "guid": _read_guid,
}
