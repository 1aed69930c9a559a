"""The switchboard of faults: what shall go wrong, at which call, how often.

==================  ==============================================================================
``lost_before``     nothing is done, the connection closes without an answer
``lost_after``      the call is carried out, the connection closes without an answer
``late``            the connection closes at once, the call is carried out ``seconds`` later
``hidden``          orders made by the call are not found in the next ``reads`` look-ups
                    (-1: until they are revealed)
``cut``             the call is carried out, the answer breaks off half-way
``fault``           nothing is done, a SOAP fault with ``text``
``html``            nothing is done, an HTML page with ``status``
``throttle``        nothing is done, 429 with ``Retry-After: seconds``
``expire``          all sessions end before the call is looked at
``close``           nothing is done, the connection is reset
``doubled``         the call is carried out twice, as by a proxy that repeats it; the second answers
``renamed``         the references of the orders sent are changed to small letters
``redated``         the invoice dates of the orders sent are moved by ``seconds``
``shuffled``        the orders that are read have their rows in the reverse order
``by_hand``         somebody invoices something by hand in the same company right before the call
``moved``           the session works in another company of the account's from before the call on
==================  ==============================================================================

With ``performed`` the kinds ``fault``, ``html`` and ``throttle`` carry the call out first. With
``hold`` a lost answer keeps the connection open that many seconds before it closes.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from so24.errors import WrongUse
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.records import items

KINDS = (
    "lost_before", "lost_after", "late", "hidden", "cut", "fault", "html", "throttle", "expire",
    "close", "doubled", "renamed", "redated", "shuffled", "by_hand", "moved",
)  # fmt: skip
HABITS = frozenset({"doubled", "renamed", "redated", "shuffled", "by_hand", "moved"})
WRITES = ("draft", "invoicing")
_DRAFT = frozenset({"Draft"})
_INVOICING = frozenset({"Invoiced", "ForInvoicing"})


@dataclass(frozen=True)
class Fault:
    """One thing that shall go wrong.

    ``operation`` None means any; ``only`` narrows SaveInvoices to calls that write drafts or that
    invoice. It strikes at the ``nth`` matching call from now on and the ``times`` - 1 after it
    (0: at every one from there).
    """

    kind: str
    operation: str | None = None
    only: str | None = None
    nth: int = 1
    times: int = 1
    seconds: float = 0
    reads: int = -1
    text: str = "Server was unable to process request. ---> Sandbox fault"
    status: int = 500
    performed: bool = False
    hold: float = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise WrongUse(f"There is no fault '{self.kind}'; there are {', '.join(KINDS)}.")
        if self.only not in (None, *WRITES):
            raise WrongUse(f"A fault can be only for {' or '.join(WRITES)}, not '{self.only}'.")


class Faults:
    """The faults that are armed, and the delay of every answer; safe to use from any thread."""

    def __init__(self, latency_ms: float = 0) -> None:
        self.latency_ms = latency_ms
        self._armed: list[tuple[Fault, int]] = []
        self._lock = threading.Lock()

    def arm(self, *faults: Fault) -> None:
        """Let these happen, besides those armed already."""
        with self._lock:
            self._armed.extend((fault, 0) for fault in faults)

    def clear(self) -> None:
        """Let nothing more happen; the delay stays."""
        with self._lock:
            self._armed.clear()

    def armed(self) -> list[dict[str, Any]]:
        """The faults still to come, with the number of calls ``seen`` by each."""
        with self._lock:
            return [asdict(fault) | {"seen": seen} for fault, seen in self._armed]

    def strike(self, operation: str, parameters: Fields) -> Fault | None:
        """Count a call; the first fault that strikes it, if any."""
        write = kind_of_write(operation, parameters)
        struck: Fault | None = None
        with self._lock:
            kept = []
            for fault, seen in self._armed:
                if struck is None and _concerns(fault, operation, write):
                    seen += 1
                    if seen >= fault.nth:
                        struck = fault
                if not fault.times or seen < fault.nth + fault.times - 1:
                    kept.append((fault, seen))
            self._armed = kept
        return struck


def kind_of_write(operation: str, parameters: Fields) -> frozenset[str]:
    """Which of ``draft`` and ``invoicing`` a SaveInvoices call does; empty for other calls."""
    if operation != "SaveInvoices":
        return frozenset()
    orders = items(parameters.get("invoices"), "InvoiceOrder")
    states = {order.get("OrderStatus") for order in orders}
    kinds = {"draft": _DRAFT & states, "invoicing": _INVOICING & states}
    return frozenset(kind for kind, found in kinds.items() if found)


def rewrite_orders(fault: Fault, parameters: Fields) -> Fields:
    """The parameters of a SaveInvoices call as an office with a habit takes them."""
    orders = items(parameters.get("invoices"), "InvoiceOrder")
    changed = [_rewrite_order(fault, order) for order in orders]
    return {**parameters, "invoices": {"InvoiceOrder": changed}}


def _rewrite_order(fault: Fault, order: Fields) -> Fields:
    reference, date = order.get("ReferenceNumber"), order.get("DateInvoiced")
    if fault.kind == "renamed" and reference:
        return {**order, "ReferenceNumber": reference.lower()}
    if fault.kind == "redated" and date:
        return {**order, "DateInvoiced": date + dt.timedelta(seconds=fault.seconds)}
    return order


def reverse_rows(result: Fields) -> Fields:
    """The answer of GetInvoices with the rows of each order the other way round."""
    orders = [
        {**order, "InvoiceRows": {"InvoiceRow": rows[::-1]}} if rows else order
        for order in items(result, "InvoiceOrder")
        for rows in (items(order.get("InvoiceRows"), "InvoiceRow"),)
    ]
    return {**result, "InvoiceOrder": orders}


def _concerns(fault: Fault, operation: str, write: frozenset[str]) -> bool:
    if fault.operation not in (None, operation):
        return False
    return fault.only is None or fault.only in write


_TYPES = {"nth": int, "times": int, "reads": int, "status": int, "seconds": float, "hold": float}


def read_fault(given: Mapping[str, object]) -> Fault:
    """A fault from JSON or text values by field name; raises :class:`WrongUse` on any other."""
    known = {field.name for field in fields(Fault)}
    unknown = sorted(set(given) - known)
    if unknown or "kind" not in given:
        raise WrongUse(f"A fault has a kind and may have {', '.join(sorted(known - {'kind'}))}.")
    values: dict[str, Any] = dict(given)
    for name, convert in _TYPES.items():
        if name in values:
            try:
                values[name] = convert(values[name])
            except (TypeError, ValueError):
                raise WrongUse(f"'{values[name]}' is no number for {name}.") from None
    if isinstance(values.get("performed"), str):
        values["performed"] = values["performed"] in ("yes", "true", "1")
    return Fault(**values)


def parse_fault(text: str) -> Fault:
    """A fault from the command line: ``kind[:Operation][,field=value]…``.

    ``lost_after:SaveInvoices,only=draft,nth=2`` loses the answer of the second draft write.
    Raises :class:`WrongUse` when it cannot be read.
    """
    head, *rest = text.split(",")
    kind, _, operation = head.partition(":")
    given: dict[str, object] = {"kind": kind, "operation": operation or None}
    for part in rest:
        name, equals, value = part.partition("=")
        if not equals:
            raise WrongUse(f"'{part}' in the fault '{text}' is not of the form field=value.")
        given[name] = value
    return read_fault(given)
