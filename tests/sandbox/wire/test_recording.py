"""Recorded traffic: complete, valid, and without secrets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.sandbox.wire.recording import mask
from tests.sandbox.caller import NIL, Caller, envelope

SHARED = Path(__file__).resolve().parents[4] / "shared"
VENDOR = Path(os.environ.get("SO24_VENDOR_WSDL", SHARED / "wsdl"))
CHECK = SHARED / "tools" / "contract24.py"


def record_every_operation(file: Path) -> str:
    """One call of each operation and one fault; the session they ran under."""
    with SandboxServer(record=file) as server:
        caller = Caller(server.address)
        caller.login("oslo@sandbox.example", "sandbox-oslo")
        for operation in ("HasSession", "GetIdentity", "GetIdentities"):
            caller.call("Authenticate", operation)
        identity = caller.call("Authenticate", "GetIdentity").result["Id"]
        caller.call("Authenticate", "SetIdentityById", {"identityId": identity})
        record_books(caller)
        server.faults.arm(Fault("fault"), Fault("lost_after"))
        caller.call("Authenticate", "HasSession")
        with pytest.raises(ConnectionError):
            caller.call("Authenticate", "HasSession")
        caller.close()
        assert caller.session
        return caller.session


def record_books(caller: Caller) -> None:
    company = {"companies": {"Company": [{"Name": "Fjell AS"}, {"ExternalId": "RM-1"}]}}
    caller.call("CompanyService", "SaveCompanies", company)
    search = {"searchParams": {"CompanyName": "%"}, "returnProperties": {"string": ["Id", "Name"]}}
    caller.call("CompanyService", "GetCompanies", search)
    pages = {"syncSearchParameters": {"Page": 1, "Active": NIL}}
    caller.call("CompanyService", "GetCompanySyncList", pages)
    caller.call("ProductService", "GetCategories", {"returnProperties": {"string": ["Id"]}})
    product = {"products": {"Product": {"Name": "Hours", "CategoryId": 1, "No": "1001"}}}
    caller.call("ProductService", "SaveProducts", product)
    columns = {"returnProperties": {"string": ["Id", "No", "TaxRate", "DateChanged"]}}
    caller.call("ProductService", "GetProducts", {"searchParams": {}, **columns})
    rows = {"InvoiceRow": {"ProductId": 501, "Price": "99.50", "Quantity": "7.5"}}
    order = {"CustomerId": 30001, "OrderStatus": "Invoiced", "IncludeVAT": "false"}
    caller.save_orders([order | {"InvoiceRows": rows}, order])
    caller.find_orders(
        {"CustomerIds": {"int": [30001]}},
        "OrderId InvoiceId CustomerName DateChanged DateOrdered OrderTotalVat InvoiceRows",
        "RowId ProductId ProductNo VatRate Price Quantity Type SequenceNumber",
    )
    since = {"syncParams": {"RegisteredAfter": "2000-01-01T00:00:00"}}
    caller.call("InvoiceService", "GetOrderSyncList", since)


def test_every_exchange_is_one_line(tmp_path: Path) -> None:
    record_every_operation(tmp_path / "traffic.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "traffic.jsonl").read_text().splitlines()]
    assert len(lines) == 17
    assert set(lines[0]) == {"path", "soapaction", "headers", "request", "response", "status"}
    assert [line["status"] for line in lines[-2:]] == [500, None]
    assert lines[-1]["response"] is None


def test_no_password_session_or_cookie_is_recorded(tmp_path: Path) -> None:
    session = record_every_operation(tmp_path / "traffic.jsonl")
    text = (tmp_path / "traffic.jsonl").read_text()
    assert "<Password>***</Password>" in text
    assert "<LoginResult>***</LoginResult>" in text
    for secret in ("sandbox-oslo", session, "ASP.NET_SessionId"):
        assert secret not in text


def test_a_message_that_may_hide_a_password_is_not_recorded_at_all() -> None:
    assert mask(b"<Password>open sesame</Passwor") == ""
    split = envelope("Login", {"credential": {"Password": "a"}}).replace(">a<", ">a<b/>c<")
    masked = mask(split.encode())
    assert ">c<" not in masked
    assert "***" in masked


@pytest.mark.skipif(
    not (VENDOR.is_dir() and CHECK.is_file()),
    reason="needs the vendor's own descriptions (SO24_VENDOR_WSDL) and the contract check",
)
def test_recorded_traffic_fits_the_vendors_own_descriptions(tmp_path: Path) -> None:
    record_every_operation(tmp_path / "traffic.jsonl")
    check = subprocess.run(
        [sys.executable, CHECK, "--wsdl", VENDOR, tmp_path / "traffic.jsonl"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "17 exchanges, 0 with errors" in check.stdout, check.stdout + check.stderr
    assert check.returncode == 0
