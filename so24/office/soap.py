"""Turns a call into the bytes of a SOAP 1.1 request that our description allows.

zeep knows the order and the namespaces, but lets wrong words, ranges and formats through; hence
every request is checked against the schema before it leaves. The parsed descriptions are shared
by the whole process: they hold nothing of any key. zeep itself is loaded with the first request:
it takes longer than most commands that never send one.
"""

from __future__ import annotations

import importlib
import io
import logging
import re
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from lxml import etree

from so24.errors import BadRequest
from so24.language.said import say
from so24.office.interface import description

# On DEBUG zeep writes whole requests, and with them passwords, into the log.
logging.getLogger("zeep").setLevel(logging.WARNING)
for _name in ("zeep.transports", "zeep.wsdl", "zeep.xsd"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMESPACE = re.compile(r"\{[^}]*\}")
_PREFIX = re.compile(r"\b\w+:")
_building = threading.Lock()


def load_zeep() -> None:
    """Load zeep now, for a process that waits for work: the first request need not wait then."""
    importlib.import_module("zeep.wsdl")


def encode_request(service: str, operation: str, parameters: Mapping[str, Any]) -> bytes:
    """The complete request of one call; ``parameters`` in zeep's shape (dicts, lists, values).

    Raises BadRequest, naming the element, where a value does not fit the schema or a text holds
    a character that XML cannot carry. Line ends become plain LF, as every XML reader would make
    them. An unknown element name is a bug and raises TypeError.
    """
    writer = _writer(service)
    from zeep.exceptions import ValidationError

    try:
        envelope = writer.create(operation, _clean_fields(parameters, operation))
    except (ValidationError, ValueError, ArithmeticError) as error:
        raise BadRequest(say("{what} cannot be sent: {why}", what=operation, why=error)) from None
    writer.check(envelope, operation)
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="utf-8"))


class _Writer:
    """One service's parsed description and schema; a schema object serves one thread at a time."""

    def __init__(self, service: str) -> None:
        from zeep import Client, Settings
        from zeep.transports import Transport
        from zeep.wsdl import Document

        # zeep is typed in part only; what is not must not be called from typed code
        new_client: Any = Client
        new_transport: Any = Transport
        settings = Settings(
            strict=True,
            forbid_dtd=True,
            forbid_entities=True,
            forbid_external=True,
            xml_huge_tree=False,
        )
        source = io.BytesIO(description.writing_wsdl(service))
        self._client = new_client(Document(source, new_transport(), settings=settings))
        self._schema = description.schema(service)
        self._checking = threading.Lock()

    def create(self, operation: str, parameters: Mapping[str, Any]) -> Any:
        return self._client.create_message(self._client.service, operation, **parameters)

    def check(self, envelope: etree._Element, operation: str) -> None:
        with self._checking:
            if self._schema.validate(envelope[-1][0]):
                return
            errors: Any = self._schema.error_log
            found = errors[0]
            path, message = found.path or "", found.message
        element = _PREFIX.sub("", path).strip("/") or operation
        raise BadRequest(
            say(
                "{what} cannot be sent: {why}",
                what=element,
                why=_NAMESPACE.sub("", message),
            )
        )


@cache
def _build_writer(service: str) -> _Writer:
    return _Writer(service)


def _writer(service: str) -> _Writer:
    with _building:
        return _build_writer(service)


def _clean_fields(fields: Mapping[str, Any], path: str) -> dict[str, Any]:
    return {name: _clean(value, f"{path}/{name}") for name, value in fields.items()}


def _clean(value: Any, path: str) -> Any:
    if isinstance(value, str):
        return _clean_text(value, path)
    if isinstance(value, Mapping):
        return _clean_fields(value, path)
    if isinstance(value, list):
        return [_clean(item, f"{path}[{i}]") for i, item in enumerate(value, start=1)]
    return value


def _clean_text(text: str, path: str) -> str:
    match = _NOT_XML.search(text)
    if match:
        raise BadRequest(
            say(
                "{what} cannot be sent: the character U+{code} at position {position} does not "
                "exist in XML. Remove it in RecMan.",
                what=path,
                code=f"{ord(match[0]):04X}",
                position=match.start() + 1,
            )
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
