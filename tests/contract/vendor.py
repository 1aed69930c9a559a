"""The vendor's interface files, where they are at hand: what is allowed on the wire.

They belong to 24SevenOffice and are no part of the project. Tests that need them look into the
folder ``../shared/wsdl`` beside the project, or where ``SO24_VENDOR_WSDL`` points.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SO24_VENDOR_WSDL") or ROOT.parent / "shared" / "wsdl")
NAMESPACE = "http://24sevenOffice.com/webservices"
_FILES = tuple(f"24so-{name}Service.wsdl" for name in ("auth", "company", "product", "invoice"))
_XS = "{http://www.w3.org/2001/XMLSchema}"
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"


@dataclass(frozen=True)
class Field:
    """One element of a type: what it holds, and what the schema says of its absence."""

    name: str
    type: str
    many: bool
    required: bool
    nillable: bool
    default: str | None


@dataclass(frozen=True)
class Service:
    """One service: its path in lower case, its types by name, its operations by SOAPAction."""

    path: str
    schema: etree.XMLSchema
    types: Mapping[str, tuple[Field, ...]]
    operations: Mapping[str, str]

    def fault_of(self, payload: etree._Element) -> str:
        """What the vendor's schema does not allow in the message; empty where all is well."""
        alone = etree.fromstring(etree.tostring(payload))
        if self.schema.validate(alone):
            return ""
        errors: Any = self.schema.error_log
        return str(errors[0].message)


def is_at_hand() -> bool:
    """Whether the vendor's files are there."""
    return all((FOLDER / name).is_file() for name in _FILES)


def read_services() -> dict[str, Service]:
    """The four services that so24 uses, by path."""
    services = [_read_service(FOLDER / name) for name in _FILES]
    return {service.path: service for service in services}


def _read_service(file: Path) -> Service:
    root = etree.parse(file, etree.XMLParser(no_network=True, remove_comments=True)).getroot()
    types: dict[str, tuple[Field, ...]] = {}
    for schema in root.iter(f"{_XS}schema"):
        for declared in schema:
            if declared.tag in (f"{_XS}complexType", f"{_XS}element"):
                types[str(declared.get("name"))] = _read_fields(declared)
    operations = {
        str(each.get("soapAction")): str(operation.get("name"))
        for operation in root.iter(f"{_WSDL}operation")
        for each in operation.iter(f"{_SOAP}operation")
    }
    address = str(next(root.iter(f"{_SOAP}address")).get("location"))
    return Service(urlsplit(address).path.lower(), _compile(root), types, operations)


def _read_fields(declared: etree._Element) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=str(each.get("name")),
            type=str(each.get("type") or "any").rpartition(":")[2],
            many=each.get("maxOccurs") == "unbounded",
            required=each.get("minOccurs") != "0",
            nillable=each.get("nillable") == "true",
            default=each.get("default"),
        )
        for each in declared.iter(f"{_XS}element")
        if each is not declared and each.get("name")
    )


class _Parts(etree.Resolver):
    """Finds the schemas of one interface file by the names given to them here."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        super().__init__()
        self._parts = parts

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        answer: Any = self.resolve_string
        return answer(self._parts[system_url], context)


def _compile(root: etree._Element) -> etree.XMLSchema:
    """One schema of all the file's schemas, which import each other without saying where from."""
    found = root.findall(f"{_WSDL}types/{_XS}schema")
    places = {str(each.get("targetNamespace")): f"part:{n}" for n, each in enumerate(found)}
    for each in found:
        for wanted in each.findall(f"{_XS}import"):
            if wanted.get("namespace") in places:
                wanted.set("schemaLocation", places[str(wanted.get("namespace"))])
    parts = {places[str(each.get("targetNamespace"))]: etree.tostring(each) for each in found}
    imports = "".join(f'<import namespace="{n}" schemaLocation="{p}"/>' for n, p in places.items())
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_Parts(parts))
    whole = f'<schema xmlns="{_XS[1:-1]}">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(whole.encode(), parser))
