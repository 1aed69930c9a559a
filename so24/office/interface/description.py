"""Builds WSDL documents and XML schemas from ``interface.spec``, in memory.

The names, the namespaces, the order, the types and the paths are those of 24SevenOffice, because
both ends must agree on them; the text is ours. ``default=`` attributes are left out on purpose:
with the service's own defaults an empty number or date would pass the schema.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from lxml import etree

from so24.office.interface.spec import (
    NAMESPACE,
    SERVICES,
    InterfaceField,
    Operation,
    ServiceInterface,
    service_interface,
    vendor_address,
)

__all__ = [
    "GUID_NAMESPACE",
    "NAMESPACE",
    "SERVICES",
    "InterfaceField",
    "Operation",
    "ServiceInterface",
    "schema",
    "service_interface",
    "writing_wsdl",
    "wsdl",
]

GUID_NAMESPACE = "http://microsoft.com/wsdl/types/"

_XSD = "http://www.w3.org/2001/XMLSchema"
_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_HTTP = "http://schemas.xmlsoap.org/soap/http"
_PREFIXES = {"w": _WSDL, "x": _XSD, "soap": _SOAP, "t": NAMESPACE, "g": GUID_NAMESPACE}
_GUID_PATTERN = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_GUID = "g:guid"
_PLAIN_TYPES = frozenset(
    ("string", "int", "long", "short", "decimal", "double", "boolean", "dateTime")
)


@cache
def wsdl(service: str) -> bytes:
    """A minimal WSDL 1.1 document (SOAP 1.1, document/literal) of the named service."""
    return etree.tostring(_definitions(service_interface(service)), encoding="utf-8")


def writing_wsdl(service: str) -> bytes:
    """The same without the fields that so24 never sends.

    A writer made of it cannot send them by mistake, and works faster: its cost grows with every
    field that it knows, set or not.
    """
    whole = service_interface(service)
    records = {
        name: tuple(field for field in fields if not field.unsent)
        for name, fields in whole.records.items()
    }
    return etree.tostring(_definitions(replace(whole, records=records)), encoding="utf-8")


def schema(service: str) -> etree.XMLSchema:
    """The service's inline schemas compiled into one; every caller gets an object of its own.

    A compiled schema keeps the errors of its last use, so it must not be shared by threads.
    """
    return etree.XMLSchema(_schema_document(service))


def _schema_document(service: str) -> etree._Element:
    """One schema without imports, the type of GUIDs taken into our namespace.

    What a schema imports, libxml2 asks of a loader that the whole process shares, and that lxml
    takes away again at the end of any document that another thread reads meanwhile: the schema
    would then be compiled without what it imports, and would refuse every request from then on.
    """
    main, *others = etree.fromstring(wsdl(service)).iter(f"{{{_XSD}}}schema")
    for reference in list(main.iter(f"{{{_XSD}}}import")):
        main.remove(reference)
    for other in others:
        main.extend(list(other))
    for element in main.iter(f"{{{_XSD}}}element"):
        if element.get("type") == _GUID:
            element.set("type", _GUID.replace("g:", "t:"))
    return etree.fromstring(etree.tostring(main))  # a root of its own, with its prefixes


def _definitions(service: ServiceInterface) -> etree._Element:
    root = etree.Element(f"{{{_WSDL}}}definitions", nsmap=_PREFIXES)
    root.set("targetNamespace", NAMESPACE)
    _describe_types(_add(root, "w:types"), service)
    for operation in service.operations:
        for message, element in _messages(operation):
            part = _add(_add(root, "w:message", name=message), "w:part", name="body")
            part.set("element", f"t:{element}")
    calls = _add(root, "w:portType", name=f"{service.name}Calls")
    for operation in service.operations:
        call = _add(calls, "w:operation", name=operation.name)
        (sent, _), (received, _) = _messages(operation)
        _add(call, "w:input", message=f"t:{sent}")
        _add(call, "w:output", message=f"t:{received}")
    _describe_binding(root, service)
    port = _add(_add(root, "w:service", name=service.name), "w:port", name=f"{service.name}Soap")
    port.set("binding", f"t:{service.name}Soap")
    _add(port, "soap:address", location=vendor_address(service.host) + service.path)
    return root


def _messages(operation: Operation) -> tuple[tuple[str, str], tuple[str, str]]:
    name = operation.name
    return (f"{name}Call", name), (f"{name}Answer", f"{name}Response")


def _describe_binding(root: etree._Element, service: ServiceInterface) -> None:
    binding = _add(root, "w:binding", name=f"{service.name}Soap", type=f"t:{service.name}Calls")
    _add(binding, "soap:binding", transport=_HTTP, style="document")
    for operation in service.operations:
        call = _add(binding, "w:operation", name=operation.name)
        _add(call, "soap:operation", soapAction=operation.action, style="document")
        for direction in ("w:input", "w:output"):
            _add(_add(call, direction), "soap:body", use="literal")


def _describe_types(types: etree._Element, service: ServiceInterface) -> None:
    main = _add(types, "x:schema", elementFormDefault="qualified", targetNamespace=NAMESPACE)
    if service.has_guid:
        _add(main, "x:import", namespace=GUID_NAMESPACE)
        own = _add(types, "x:schema", targetNamespace=GUID_NAMESPACE)
        own.set("elementFormDefault", "qualified")
        _restrict(own, "guid", "x:pattern", (_GUID_PATTERN,))
    for operation in service.operations:
        call = _add(main, "x:element", name=operation.name)
        _list_fields(_add(call, "x:complexType"), operation.parameters)
        answer = _add(main, "x:element", name=f"{operation.name}Response")
        _list_fields(_add(answer, "x:complexType"), (operation.result,))
    for name, fields in service.records.items():
        _list_fields(_add(main, "x:complexType", name=name), fields)
    for name, words in service.enums.items():
        _restrict(main, name, "x:enumeration", words)


def _restrict(parent: etree._Element, name: str, facet: str, values: tuple[str, ...]) -> None:
    restriction = _add(_add(parent, "x:simpleType", name=name), "x:restriction", base="x:string")
    for value in values:
        _add(restriction, facet, value=value)


def _list_fields(parent: etree._Element, fields: tuple[InterfaceField, ...]) -> None:
    sequence = _add(parent, "x:sequence")
    for field in fields:
        element = _add(sequence, "x:element", name=field.name)
        element.set("minOccurs", "1" if field.required else "0")
        element.set("maxOccurs", "unbounded" if field.many else "1")
        if field.nillable:
            element.set("nillable", "true")
        if field.type != "any":
            element.set("type", _prefixed(field.type))


def _prefixed(type_name: str) -> str:
    if type_name in _PLAIN_TYPES:
        return f"x:{type_name}"
    return _GUID if type_name == "guid" else f"t:{type_name}"


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    prefix, _, name = tag.partition(":")
    return etree.SubElement(parent, f"{{{_PREFIXES[prefix]}}}{name}", attributes)
