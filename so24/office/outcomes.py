"""Requests that save orders, and which answer of a Save call belongs to which item sent.

The order of the answers is not documented. Position is believed only where nothing in the answer
speaks against it; a key that all answers carry (our reference, ExternalId, product number) wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from so24.errors import AnsweredOtherwise, Unknown
from so24.language.said import say
from so24.office import writing
from so24.office.reading import assigned
from so24.office.soap import encode_request
from so24.office.values import NewOrder, OrderToInvoice, Problem, SaveOutcome

_LONGEST_MESSAGE = 1000


@dataclass(frozen=True)
class SavedKind:
    """One Save call: its names, the field with the id, and the key an item is recognised by."""

    service: str
    operation: str
    parameter: str
    element: str
    id_field: str
    key_field: str


ORDERS = SavedKind(
    "InvoiceService", "SaveInvoices", "invoices", "InvoiceOrder", "OrderId", "ReferenceNumber"
)
COMPANIES = SavedKind("CompanyService", "SaveCompanies", "companies", "Company", "Id", "ExternalId")
PRODUCTS = SavedKind("ProductService", "SaveProducts", "products", "Product", "Id", "No")


def match_outcomes(
    kind: SavedKind, sent: Sequence[Mapping[str, Any]], result: Any
) -> list[SaveOutcome]:
    """One outcome for each item of ``sent``, in that order.

    Raises Unknown where the answers cannot be told apart for certain: another number of them, a
    key that was not sent (AnsweredOtherwise), another order's id, or neither an id nor a problem.
    """
    answers = result or []
    if len(answers) != len(sent) or any(answer is None for answer in answers):
        raise Unknown(
            say(
                "{sent} items were sent to 24SevenOffice, {answers} came back.",
                sent=len(sent),
                answers=len(answers),
            )
        )
    ordered = _in_sent_order(kind.key_field, sent, answers)
    given = [assigned(answer.get(kind.id_field)) for answer in ordered]
    for item, answer in zip(sent, ordered, strict=True):
        _check_pair(kind, item, answer, given)
    return [_read_outcome(kind, answer) for answer in ordered]


def _in_sent_order(
    key_field: str, sent: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    wanted = [_key(item, key_field) for item in sent]
    by_key = {_key(answer, key_field): answer for answer in answers}
    if None in by_key or len(by_key) != len(answers) or set(by_key) != set(wanted):
        return answers
    return [by_key[key] for key in wanted]


def _check_pair(
    kind: SavedKind, item: Mapping[str, Any], answer: Mapping[str, Any], given: list[int | None]
) -> None:
    key = _key(answer, kind.key_field)
    if key is not None and key != _key(item, kind.key_field):
        words = say("24SevenOffice answered for {key}, which is not what was sent.", key=f"{key!r}")
        raise AnsweredOtherwise(words, given)
    sent_id, answered_id = item.get(kind.id_field), assigned(answer.get(kind.id_field))
    if sent_id is not None and answered_id not in (None, sent_id):
        raise Unknown(
            say(
                "{id_field} {sent_id} was sent, {answered_id} came back.",
                id_field=kind.id_field,
                sent_id=sent_id,
                answered_id=answered_id,
            )
        )


def _read_outcome(kind: SavedKind, answer: Mapping[str, Any]) -> SaveOutcome:
    problem = _read_problem(answer.get("APIException"))
    given = assigned(answer.get(kind.id_field))
    if given is None and problem is None:
        raise Unknown(
            say(
                "24SevenOffice answered without {id_field} and without a reason.",
                id_field=kind.id_field,
            )
        )
    return SaveOutcome(given, assigned(answer.get("InvoiceId")), problem)


def _read_problem(exception: Mapping[str, Any] | None) -> Problem | None:
    if not exception or not (exception.get("Type") or exception.get("Message")):
        return None
    message = (exception.get("Message") or "").strip()[:_LONGEST_MESSAGE]
    return Problem(exception.get("Type") or "", message)


def _key(record: Mapping[str, Any], key_field: str) -> str | None:
    value = record.get(key_field)
    return str(value).strip() or None if value is not None else None


Booked = Literal["Invoiced", "ForInvoicing"]


@dataclass(frozen=True)
class WrittenOrders:
    """A request to save orders, written but not sent: its fields and its bytes."""

    sent: list[writing.Fields]
    request: bytes


def write_drafts(orders: Sequence[NewOrder]) -> WrittenOrders:
    """Write the request that creates these orders; raises BadRequest where one cannot be sent."""
    sent = [writing.write_order(order) for order in orders]
    return WrittenOrders(sent, encode_saving(ORDERS, sent))


def show_request(request: bytes, stand_ins: Mapping[int, str]) -> str:
    """A request as people read it: indented, ids that stand in for others as «words»."""
    root = etree.fromstring(request)
    for element in root.iter("{*}CustomerId", "{*}ProductId"):
        number = int(element.text or 0)
        if number in stand_ins:
            element.text = f"«{stand_ins[number]}»"
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode"))


def write_invoicing(orders: Sequence[OrderToInvoice], status: Booked) -> WrittenOrders:
    """Write the request that invoices these orders, or hands them over for approval."""
    sent = [writing.write_status(order, status) for order in orders]
    return WrittenOrders(sent, encode_saving(ORDERS, sent))


def encode_saving(kind: SavedKind, sent: list[writing.Fields]) -> bytes:
    """The request of a Save call; raises BadRequest where an item does not fit the schema."""
    return encode_request(kind.service, kind.operation, {kind.parameter: {kind.element: sent}})
