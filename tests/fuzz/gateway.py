"""24SevenOffice's answers: bent, read by the whole gateway, compared as expat reads them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any
from xml.etree import ElementTree

import requests
import urllib3
from requests.adapters import HTTPAdapter

from so24.errors import NotSent
from so24.office.gateway import Office
from so24.office.limits import Pace
from so24.office.outcomes import write_drafts
from so24.office.values import NewCompany, NewOrder, NewOrderRow, NewProduct, Order, SaveOutcome
from tests.fuzz.bending import WORDS, bend_bytes, bend_often, bend_xml
from tests.fuzz.expat import read_by_expat
from tests.fuzz.running import Target
from tests.office.peers import APPLICATION, PASSWORD, SESSION, envelope, result

SECRETS = (PASSWORD, SESSION, APPLICATION)
DAY = dt.date(2026, 11, 18)
ORDER = NewOrder(
    customer_id=7, reference="RM-10-1001", invoice_date=DAY, credit_days=14,
    rows=(NewOrderRow(3, "Vakt", Decimal(2), Decimal("100.00")),), customer_name="Nordvik AS",
    title="",
)  # fmt: skip
DRAFTS = write_drafts([ORDER])
_SAVED = (
    "<InvoiceOrder><OrderId>9</OrderId><ReferenceNumber>RM-10-1001</ReferenceNumber></InvoiceOrder>"
)
_PROBLEM = (
    "<InvoiceOrder><ReferenceNumber>RM-10-1001</ReferenceNumber><APIException><Type>Refused</Type>"
    f"<Message>{PASSWORD} {SESSION} is no customer</Message></APIException></InvoiceOrder>"
)
_ORDER = (
    "<InvoiceOrder><OrderId>{0}</OrderId><CustomerId>7</CustomerId>"
    "<OrderStatus>Invoiced</OrderStatus><InvoiceId>{0}5</InvoiceId>"
    "<DateInvoiced>2026-11-18T00:00:00</DateInvoiced><OrderTotalIncVat>{1}</OrderTotalIncVat>"
    "<OrderTotalVat>50.00</OrderTotalVat><ReferenceNumber>RM-10-{0}</ReferenceNumber><InvoiceRows>"
    "<InvoiceRow><ProductId>3</ProductId><Price>100.0</Price><Quantity>2.0</Quantity></InvoiceRow>"
    "</InvoiceRows></InvoiceOrder>"
)
_IDENTITY = (
    "<Id>aaaaaaaa-2222-4333-8444-555555555555</Id><Client><Id>4000000000</Id><Name>N</Name>"
    "</Client><User><Id>1</Id></User><IsCurrent>true</IsCurrent>"
)
_FAULT = (
    "<s:Fault><faultcode>s:Server</faultcode><faultstring>The category of {} does not exist."
    "</faultstring><detail/></s:Fault>"
)

Read = Callable[[Office], Any]
OPERATIONS: Mapping[str, tuple[Read, str]] = {
    "SaveInvoices": (lambda office: office.save_orders(DRAFTS), _SAVED),
    "SaveProducts": (
        lambda office: office.create_products([NewProduct("100", "Work", 7)]),
        "<Product><Id>5</Id><No>100</No></Product>",
    ),
    "SaveCompanies": (
        lambda office: office.create_companies([_new_company()]),
        "<Company><Id>7</Id><ExternalId>RM-5001</ExternalId></Company>",
    ),
    "GetInvoices": (
        lambda office: office.orders([1, 2]),
        _ORDER.format(1, "250.00") + _ORDER.format(2, "-99.5"),
    ),
    "GetCompanies": (
        lambda office: office.company_cards([7]),
        "<Company><Id>7</Id><Name>Nordvik</Name><ExternalId>RM-5001</ExternalId>"
        "<OrganizationNumber>100000008</OrganizationNumber><Type>Business</Type></Company>",
    ),
    "GetCompanySyncList": (
        lambda office: office.synced_companies(),
        "<TotalItems>1</TotalItems><Items><SyncCompany><Id>7</Id><Active>true</Active>"
        "<ExternalId>RM-5001</ExternalId></SyncCompany></Items>",
    ),
    "GetProducts": (
        lambda office: office.products(),
        "<Product><Id>5</Id><No>100</No><Name>Work</Name><CategoryId>7</CategoryId></Product>",
    ),
    "GetCategories": (
        lambda office: office.categories(),
        "<ProductCategory><Id>7</Id><No>1</No><Name>Services</Name></ProductCategory>",
    ),
    "GetIdentity": (lambda office: office.account.current_identity(), _IDENTITY),
    "GetIdentities": (
        lambda office: office.account.identities(), f"<Identity>{_IDENTITY}</Identity>",
    ),
    "Login": (lambda office: office.account.login(), "sess10nsess10nsess20n"),
    "GetOrderSyncList": (
        lambda office: office.order_ids_since(dt.datetime(2026, 11, 1, tzinfo=dt.UTC)),
        "<int>1</int><int>2</int>",
    ),
}  # fmt: skip


def _new_company() -> NewCompany:
    return NewCompany(
        external_id="RM-5001", name="Nordvik AS", organization_number="100000008",
        street="Tollbugata 4", postal_code="0152", city="Oslo", country="NO",
        invoice_email="", credit_days=14,
    )  # fmt: skip


class Answering(HTTPAdapter):
    """Stands where the network is, and gives the same answer to every request."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__()
        self._answer = status, dict(headers), body
        self.requests = 0

    def send(self, request: requests.PreparedRequest, *_more: Any, **_named: Any) -> Any:
        """Take the whole request, and answer it."""
        while request.body.read(2**16):  # type: ignore[union-attr]  # it is always a stream
            pass
        self.requests += 1
        status, headers, body = self._answer
        raw = urllib3.HTTPResponse(
            body=io.BytesIO(body), headers=headers, status=status, preload_content=False,
            decode_content=False,
        )  # fmt: skip
        return self.build_response(request, raw)


def write_input(operation: str, status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    """An input: operation and status, a line for each header, an empty one, and the body."""
    told = [f"{operation} {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\n".join(told).encode() + b"\n\n" + body


def read_input(content: bytes) -> tuple[str, int, dict[str, str], bytes]:
    """Back from an input."""
    head, _, body = content.partition(b"\n\n")
    first, *rest = head.decode("latin-1").split("\n")
    operation, status = first.split(" ")
    headers = dict(each.split(": ", 1) for each in rest)
    return operation, int(status), headers, body


_XML = {"Content-Type": "text/xml; charset=utf-8"}
_HEADERS = (
    ("Content-Type", ("text/xml", "text/html", "application/soap+xml", "", PASSWORD, "x" * 300)),
    ("Content-Encoding", ("gzip", "deflate", "br", "identity", "gzip, gzip", "x")),
    ("Retry-After", ("5", "-1", "9" * 40, "Wed, 21 Oct 2026 07:28:00 GMT", "x", "1e9", "")),
    ("APILimitRemaining", ("0", "-1", "9" * 40, "x", "")),
    ("APILimitReset", ("2027-01-01T10:00:00Z", "9999-12-31T23:59:59Z", "0", "x", "9" * 40)),
    ("Location", ("/login",)),
)
_STATUSES = (200,) * 12 + (500,) * 4 + (202, 204, 206, 301, 302, 400, 401, 403, 404, 429, 502, 503)


def good_inputs() -> list[bytes]:
    """A good answer to each operation, a refusal of one item, and faults."""
    good = [
        write_input(name, 200, _XML, result(name, content).encode())
        for name, (_, content) in OPERATIONS.items()
    ]
    good.append(write_input("SaveInvoices", 200, _XML, result("SaveInvoices", _PROBLEM).encode()))
    for operation in ("SaveInvoices", "GetInvoices", "Login"):
        words = envelope(_FAULT.format(f"{PASSWORD} {SESSION} {APPLICATION}"))
        good.append(write_input(operation, 500, _XML, words.encode()))
    # what is written and read most is bent most
    return good + good[:1] * 4 + good[3:4] * 4


def bend(random: Random, content: bytes) -> bytes:
    """Bend the body, and sometimes the status or a header."""
    operation, status, headers, body = read_input(content)
    if random.random() < 0.08:
        status = random.choice(_STATUSES)
    if random.random() < 0.08:
        name, values = random.choice(_HEADERS)
        headers = {**headers, name: random.choice(values)}
    if random.random() < 0.9:
        body = bend_often(bend_xml)(random, body)
    elif random.random() < 0.2:
        body = random.choice(WORDS).encode(errors="replace")
    else:
        body = bend_bytes(random, body)
    return write_input(operation, status, headers, body)


def read(content: bytes) -> Any:
    """What the gateway makes of it; one call is one request, whatever the answer is."""
    operation, status, headers, body = read_input(content)
    answering = Answering(status, headers, body)
    with Office(
        "http://127.0.0.1:1", APPLICATION, "ada@example.no", PASSWORD,
        session=SESSION, pace=Pace(1e9, 10**9),
    ) as office:  # fmt: skip
        office._caller._transport._http.mount("http://", answering)
        try:
            value = OPERATIONS[operation][0](office)
        except NotSent as error:
            raise AssertionError("a request has left and is said not to have") from error
        finally:
            if operation.startswith("Save") and answering.requests > 1:
                raise AssertionError("a write was repeated")
    return value


def compare(content: bytes, value: Any) -> str:
    """Orders and outcomes say what the records of the answer say, as expat reads them."""
    if not isinstance(value, list) or not isinstance(next(iter(value), None), Order | SaveOutcome):
        return ""
    *_, body = read_input(content)
    root = read_by_expat(body)
    if root is None:
        return "expat does not read it, and the gateway does"
    records = [{_name(part): _text(part) for part in each} for each in root.iter()]
    for each in value:
        wanted = dict(_order(each) if isinstance(each, Order) else _outcome(each))
        if not any(_says(record, wanted) for record in records):
            return f"no record says {wanted}"
        problem = each.problem if isinstance(each, SaveOutcome) else None
        if problem and any(secret in problem.message for secret in SECRETS):
            return "a problem shows a secret"
    return ""


def _order(order: Order) -> Iterator[tuple[str, Any]]:
    yield "OrderId", order.order_id
    yield "OrderStatus", order.status
    for name, value in (
        ("OrderTotalIncVat", order.total),
        ("InvoiceId", order.invoice_id),
        ("ReferenceNumber", order.reference),
    ):
        if value is not None:
            yield name, value


def _outcome(outcome: SaveOutcome) -> Iterator[tuple[str, Any]]:
    if outcome.id is not None:
        yield "OrderId Id", outcome.id
    if outcome.invoice_id is not None:
        yield "InvoiceId", outcome.invoice_id


def _says(record: Mapping[str, str], wanted: Mapping[str, Any]) -> bool:
    return all(
        any(_is_same(record.get(name, ""), value) for name in names.split())
        for names, value in wanted.items()
    )


def _is_same(text: str, value: Any) -> bool:
    if isinstance(value, str):
        return text.strip() == value.strip()
    try:
        return bool(Decimal(text) == value)
    except InvalidOperation:
        return False


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).strip()


def targets() -> list[Target]:
    """All operations."""
    return [Target("24SevenOffice answers", 45, good_inputs(), bend, read, compare, SECRETS)]
