"""The peer's reading and writing: SOAP by the vendor's schema, with manners of its own.

Nothing of so24 is used here, so that a misunderstanding in so24 cannot be shared by its peer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from tests.contract.vendor import NAMESPACE, Field, Service

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_GUIDS = "guid"
Record = dict[str, Any]


@dataclass(frozen=True)
class Manners:
    """How a peer writes what the schema leaves open; ``answers_with`` are HTTP's ways.

    ``sentinels``: what is missing is written as the schema's default (.NET minimum values), not
    left out. ``spare``: a Save answer holds the new id and nothing else. ``lawful`` False leaves
    out even IncludeVAT, which the schema wants.
    """

    name: str
    prefix: str | None = "SOAP-ENV"
    payload_prefix: str | None = None
    answers_with: str = "length"  # or "chunks", or "close" (HTTP/1.0)
    offset: dt.tzinfo | None = dt.UTC
    sentinels: bool = False
    spare: bool = True
    lawful: bool = True
    upper_guids: bool = False
    encoding: str = "utf-8"
    pages_of_nothing: int = 0
    login_refusal: str = "empty"  # or "absent", or the words of a fault
    lost_session: str = "Session is not authenticated"  # or "" for an answer without identity
    ignores_active: bool = False
    turns_answers_round: bool = False


def read_request(service: Service, payload: etree._Element) -> Record:
    """The parameters of a call; the caller has checked it against the schema."""
    return _read(payload, service.types[etree.QName(payload).localname], service)


def _read(element: etree._Element, fields: tuple[Field, ...], service: Service) -> Record:
    known = {field.name: field for field in fields}
    record: Record = {}
    for child in element:
        field = known[etree.QName(child).localname]
        value: Any = None
        if child.get(f"{{{_XSI}}}nil") not in ("true", "1"):
            inner = service.types.get(field.type)
            value = _read(child, inner, service) if inner else _value(field.type, child.text or "")
        if field.many:
            record.setdefault(field.name, []).append(value)
        else:
            record[field.name] = value
    return record


def _value(kind: str, text: str) -> Any:
    if kind in ("int", "long", "short"):
        return int(text)
    if kind == "decimal":
        return Decimal(text)
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind == "dateTime":
        return dt.datetime.fromisoformat(text.strip())
    return text


def write_answer(service: Service, operation: str, result: Any, manners: Manners) -> bytes:
    """The answer of an operation whose result is ``result`` (None: without a result)."""
    name = f"{operation}Response"
    [field] = service.types[name]
    body, envelope = _envelope(manners)
    names: Any = {manners.payload_prefix: NAMESPACE}
    answer = etree.SubElement(body, f"{{{NAMESPACE}}}{name}", nsmap=names)
    _write(answer, (field,), {field.name: result}, service, manners)
    if manners.lawful and (fault := service.fault_of(answer)):
        raise AssertionError(f"the peer itself is wrong: {fault}")
    return _bytes(envelope, manners)


def write_fault(words: str, manners: Manners) -> bytes:
    """A SOAP fault; in the envelope's namespace where that is the default one."""
    body, envelope = _envelope(manners)
    fault = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    part = f"{{{ENVELOPE}}}" if manners.prefix is None else ""
    etree.SubElement(fault, f"{part}faultcode").text = f"{manners.prefix or 'e'}:Server"
    chain = f"System.Web.Services.Protocols.SoapException: Fault ---> {words}"
    etree.SubElement(fault, f"{part}faultstring").text = chain
    return _bytes(envelope, manners)


def _envelope(manners: Manners) -> tuple[etree._Element, etree._Element]:
    names: Any = {manners.prefix: ENVELOPE}
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap=names)
    return etree.SubElement(envelope, f"{{{ENVELOPE}}}Body"), envelope


def _bytes(envelope: etree._Element, manners: Manners) -> bytes:
    written: Any = etree.tostring(
        envelope, xml_declaration=True, encoding=manners.encoding, pretty_print=True
    )
    return bytes(written)


def _write(
    parent: etree._Element,
    fields: tuple[Field, ...],
    record: Mapping[str, Any],
    service: Service,
    manners: Manners,
) -> None:
    for field in fields:
        values = record.get(field.name)
        for value in values or [] if field.many else [values]:
            _write_one(parent, field, value, service, manners)


def _write_one(
    parent: etree._Element, field: Field, value: Any, service: Service, manners: Manners
) -> None:
    tag = f"{{{NAMESPACE}}}{field.name}"
    inner = service.types.get(field.type)
    if value is None:
        if field.default is not None and manners.sentinels:
            etree.SubElement(parent, tag).text = field.default
        elif field.required and manners.lawful:
            etree.SubElement(parent, tag).set(f"{{{_XSI}}}nil", "true")
        return
    element = etree.SubElement(parent, tag)
    if inner is None:
        element.text = _text(field.type, value, manners)
    elif isinstance(value, list):
        _write(element, inner, {inner[0].name: value}, service, manners)
    else:
        _write(element, inner, value, service, manners)


def _text(kind: str, value: Any, manners: Manners) -> str:
    if kind == "decimal":
        return _short(value)
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "dateTime":
        return str(value.astimezone(manners.offset).isoformat()).replace("+00:00", "Z")
    return str(value).upper() if kind == _GUIDS and manners.upper_guids else str(value)


def _short(amount: Decimal) -> str:
    """Without trailing zeros: 1250.00 is ``1250``, 1250.50 is ``1250.5``."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
