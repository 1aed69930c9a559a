"""Our description of the interface agrees with the service's and is strict about what we send."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from so24.office.interface.description import NAMESPACE, SERVICES, _schema_document, schema, wsdl

_XSD = "{http://www.w3.org/2001/XMLSchema}"
_PROJECT = Path(__file__).resolve().parents[2]

Occurrence = tuple[str, str, str, str]


def _vendor_folder() -> Path:
    named = os.environ.get("SO24_VENDOR_WSDL")
    folder = Path(named) if named else _PROJECT.parent / "shared" / "wsdl"
    if not any(folder.glob("*.wsdl")):
        pytest.skip(
            "the service's own WSDL files are not part of this project; "
            "set SO24_VENDOR_WSDL to a folder with them"
        )
    return folder


def _write_own(folder: Path) -> Path:
    for service in SERVICES:
        (folder / f"{service.name}.wsdl").write_bytes(wsdl(service.name))
    return folder


def _sequences(root: Any) -> Mapping[str, dict[str, Occurrence]]:
    """Each named record or call: its elements in order, with type and occurrence."""
    found: dict[str, dict[str, Occurrence]] = {}
    for part in root.iter(f"{_XSD}schema"):
        for named in part:
            elements = [e for e in named.iter(f"{_XSD}element") if e is not named]
            if named.get("name") and elements:
                found[named.get("name")] = {e.get("name"): _occurrence(e) for e in elements}
    return found


def _occurrence(element: Any) -> Occurrence:
    prefix, _, name = (element.get("type") or "any").rpartition(":")
    namespace = element.nsmap.get(prefix or None, "") if element.get("type") else ""
    bounds = element.get("minOccurs", "1"), element.get("maxOccurs", "1")
    return f"{{{namespace}}}{name}", *bounds, element.get("nillable", "false")


def _pairs() -> Iterator[tuple[str, Any, Any]]:
    theirs = {}
    for file in _vendor_folder().glob("*.wsdl"):
        root = etree.parse(str(file)).getroot()
        address = str(root.xpath("string(//*[local-name()='address']/@location)"))
        theirs[address.partition("24sevenoffice.com")[2]] = root
    for service in SERVICES:
        yield service.name, theirs[service.path], etree.fromstring(wsdl(service.name))


def test_every_record_is_a_restriction_of_the_services_own_in_its_order() -> None:
    for service, theirs, ours in _pairs():
        full = _sequences(theirs)
        for name, fields in _sequences(ours).items():
            where = f"{service} {name}"
            in_their_order = [field for field in full[name] if field in fields]
            assert list(fields) == in_their_order, where
            assert {field: full[name][field] for field in fields} == fields, where
            required = {field for field, kind in full[name].items() if kind[1] != "0"}
            assert required <= set(fields), where


def test_the_contract_check_finds_nothing_to_say(tmp_path: Path) -> None:
    folder = _vendor_folder()
    tool = folder.parent / "tools" / "contract24.py"
    if not tool.exists():
        pytest.skip("the independent contract check lies beside the service's WSDL files only")
    spec = importlib.util.spec_from_file_location("contract24", tool)
    assert spec is not None
    assert spec.loader is not None
    contract = importlib.util.module_from_spec(spec)
    sys.modules["contract24"] = contract
    spec.loader.exec_module(contract)
    own = contract.Contract(str(_write_own(tmp_path)))
    assert {name: len(s.ops) for name, s in own.services.items()} == {
        "Authenticate": 5,
        "CompanyService": 3,
        "ProductService": 3,
        "InvoiceService": 3,
        "ClientService": 3,
        "AccountService": 1,
        "ProjectService": 1,
    }
    assert contract.Contract(str(folder)).check_subset(own) == []


def _login(application: str) -> Any:
    return etree.fromstring(
        f'<Login xmlns="{NAMESPACE}"><credential><ApplicationId>{application}</ApplicationId>'
        "<Password>p</Password><Username>u</Username></credential></Login>"
    )


@pytest.mark.parametrize("service", [each.name for each in SERVICES])
def test_a_schema_is_whole_by_itself_whatever_other_threads_read_meanwhile(service: str) -> None:
    document = _schema_document(service)
    asked = ("import", "include", "redefine")  # of a loader that the whole process shares
    assert [each.tag for each in document.iter() if str(each.tag).endswith(asked)] == []
    assert etree.XMLSchema(document)


def test_the_schema_takes_a_guid_and_nothing_else_where_one_stands() -> None:
    checker = schema("Authenticate")
    assert checker.validate(_login("11111111-2222-4333-8444-555555555555"))
    assert not checker.validate(_login("not-a-guid"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("an order without IncludeVAT", "<CustomerId>1</CustomerId>"),
        ("fields in another order", "<IncludeVAT>false</IncludeVAT><CustomerId>1</CustomerId>"),
        ("an empty number", "<CustomerId/><IncludeVAT>false</IncludeVAT>"),
        ("an unknown status", "<OrderStatus>Fakturert</OrderStatus><IncludeVAT>0</IncludeVAT>"),
        ("an unknown field", "<IncludeVAT>false</IncludeVAT><Colour>red</Colour>"),
    ],
)
def test_the_schema_refuses(name: str, content: str) -> None:
    order = f"<InvoiceOrder>{content}</InvoiceOrder>"
    request = f'<SaveInvoices xmlns="{NAMESPACE}"><invoices>{order}</invoices></SaveInvoices>'
    assert not schema("InvoiceService").validate(etree.fromstring(request)), name


def test_the_descriptions_carry_no_default_values() -> None:
    for service in SERVICES:
        assert b" default=" not in wsdl(service.name), service.name
