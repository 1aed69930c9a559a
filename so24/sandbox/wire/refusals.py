"""The ways in which the sandbox says no, and the words it uses for it.

::

    Refusal
    ├── ItemRefused    one item of a save: becomes that item's ``APIException``, the rest is saved
    ├── CallFault      the whole call: becomes a SOAP fault
    └── HttpRefusal    before SOAP: a plain HTTP answer (quota, throttled login, maintenance)

The class names of ``Type`` are .NET names. ``DATABASE`` and ``MISSING`` have been seen in real
answers; the others are invented in the same style, because 24SevenOffice publishes no list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_LIBRARY = "Office24Seven.Library"
DATABASE = f"{_LIBRARY}.Data.DataBaseServerException"
MISSING = f"{_LIBRARY}.Core.ParameterNotFoundException"
TOO_LONG = f"{_LIBRARY}.Core.ParameterTooLongException"
READ_ONLY = f"{_LIBRARY}.Core.ParameterReadOnlyException"
FROZEN = f"{_LIBRARY}.Economy.InvoiceOrder.OrderIsLockedException"
MISMATCH = f"{_LIBRARY}.Economy.InvoiceOrder.ReferenceMismatchException"
BLOCKED = f"{_LIBRARY}.Economy.InvoiceOrder.CustomerIsBlockedException"

UNPROCESSED = "Server was unable to process request. ---> "
UNREADABLE = "Server was unable to read request. ---> "


class Refusal(Exception):
    """Root of the tree; ``str(refusal)`` is what the caller is told."""


class ItemRefused(Refusal):
    """One item cannot be saved; ``type_name`` is the .NET class name of its ``APIException``."""

    def __init__(self, type_name: str, message: str) -> None:
        super().__init__(message)
        self.type_name = type_name


class CallFault(Refusal):
    """The call as a whole is refused; ``code`` is the fault code without prefix."""

    def __init__(self, text: str, code: str = "Server", status: int = 500) -> None:
        super().__init__(text)
        self.code = code
        self.status = status


class HttpRefusal(Refusal):
    """The request does not get as far as SOAP."""

    def __init__(
        self,
        status: int,
        text: str,
        headers: Mapping[str, str] | None = None,
        content_type: str = "text/plain; charset=utf-8",
    ) -> None:
        super().__init__(text)
        self.status = status
        self.headers = dict(headers or {})
        self.content_type = content_type


@dataclass(frozen=True)
class Page:
    """A complete HTTP answer; ``headers`` come on top of type and length."""

    status: int
    body: bytes
    content_type: str = "text/xml; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def html_page(status: int, title: str) -> Page:
    """The kind of page that a web server in front of the service answers with."""
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><br></body></html>"
    return Page(status, body.encode(), "text/html; charset=utf-8")
