"""Reads ``interface.spec``: the services, operations, records and enums that so24 uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

NAMESPACE = "http://24sevenOffice.com/webservices"
MAIN_HOST = "api"

_FIELD = re.compile(r"(\w+):(\w+)([!~*=]*)")
_OPERATION = re.compile(r"(\w+) \((.*?)\) -> \((.*?)\)")


@dataclass(frozen=True)
class InterfaceField:
    """One element of a record or call; ``type`` is a plain XSD type, guid, any, record or enum.

    ``unsent`` ones are read in answers, and so24 never sends them.
    """

    name: str
    type: str
    required: bool = False
    nillable: bool = False
    many: bool = False
    unsent: bool = False


@dataclass(frozen=True)
class Operation:
    """One call: its request element has ``name``, its answer ``name`` + ``Response``."""

    name: str
    parameters: tuple[InterfaceField, ...]
    result: InterfaceField

    @property
    def action(self) -> str:
        """The SOAPAction, without quotes."""
        return f"{NAMESPACE}/{self.name}"


@dataclass(frozen=True)
class ServiceInterface:
    """One service: path below the base address, operations, records and enums, in file order.

    ``host`` is the first word of the vendor's host that serves it.
    """

    name: str
    path: str
    operations: tuple[Operation, ...]
    records: Mapping[str, tuple[InterfaceField, ...]]
    enums: Mapping[str, tuple[str, ...]]
    has_guid: bool
    host: str = MAIN_HOST

    def operation(self, name: str) -> Operation:
        """The operation of that name; KeyError when the service has none."""
        for operation in self.operations:
            if operation.name == name:
                return operation
        raise KeyError(f"{self.name} has no operation {name}")


def vendor_address(host: str) -> str:
    """The vendor's own base address of a host of the description."""
    return f"https://{host}.24sevenoffice.com"


def _read_spec(text: str) -> tuple[ServiceInterface, ...]:
    sections = re.split(r"(?m)^service ", text)[1:]
    return tuple(_read_service(section) for section in sections)


def _read_service(section: str) -> ServiceInterface:
    head, *lines = _joined_lines(section)
    name, path, *host = head.split()
    operations: list[Operation] = []
    records: dict[str, tuple[InterfaceField, ...]] = {}
    enums: dict[str, tuple[str, ...]] = {}
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind == "op":
            operations.append(_read_operation(rest))
        elif kind == "type":
            records[rest.split()[0]] = _read_fields(rest)
        elif kind == "enum":
            title, *words = rest.split()
            enums[title] = tuple(words)
        elif kind != "guid":
            raise ValueError(f"interface.spec: cannot read the line {line!r}")
    return ServiceInterface(
        name, path, tuple(operations), MappingProxyType(records), MappingProxyType(enums),
        "guid" in lines, *host,
    )  # fmt: skip


def _joined_lines(section: str) -> Iterator[str]:
    kept = "\n".join(line for line in section.splitlines() if line[:1] != "#")
    for line in re.sub(r"\n[ \t]+", " ", kept).splitlines():
        if line.strip():
            yield line.strip()


def _read_operation(text: str) -> Operation:
    match = _OPERATION.fullmatch(text)
    if match is None:
        raise ValueError(f"interface.spec: cannot read the operation {text!r}")
    return Operation(match[1], _read_fields(match[2]), _read_fields(match[3])[0])


def _read_fields(text: str) -> tuple[InterfaceField, ...]:
    return tuple(
        InterfaceField(name, kind, "!" in marks, "~" in marks, "*" in marks, "=" in marks)
        for name, kind, marks in _FIELD.findall(text)
    )


SERVICES: tuple[ServiceInterface, ...] = _read_spec(
    resources.files(__package__).joinpath("interface.spec").read_text(encoding="utf-8")
)


def service_interface(name: str) -> ServiceInterface:
    """The service of that name; KeyError when so24 does not use it."""
    for service in SERVICES:
        if service.name == name:
            return service
    raise KeyError(f"so24 uses no service {name}")
