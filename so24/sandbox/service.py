"""One SOAP exchange, without HTTP: request in, answer out, everything between in the books.

``HANDLERS`` names the operations of each service and the handler that carries each out.

::

    request -> quota -> latency -> interface (schema, values) -> faults
            -> session, maintenance, handler, in one transaction -> interface -> answer
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from so24.sandbox.books import companies, identities, lists, orders
from so24.sandbox.books.books import Books, Call, CallCounts, Clock, from_micros, micros
from so24.sandbox.books.edits import invoice_by_hand
from so24.sandbox.books.identities import COOKIE, expire_sessions, find_session, move_session
from so24.sandbox.wire.codec import Fields, Interface, write_fault
from so24.sandbox.wire.faults import HABITS, Fault, Faults, reverse_rows, rewrite_orders
from so24.sandbox.wire.quota import HourlyQuota, Limits, LoginThrottle
from so24.sandbox.wire.recording import Recorder
from so24.sandbox.wire.records import interface
from so24.sandbox.wire.refusals import UNPROCESSED, CallFault, HttpRefusal, Page, html_page

Handler = Callable[[Call, Fields], Any]

HANDLERS: dict[str, dict[str, Handler]] = {
    "Authenticate": {
        "Login": identities.login,
        "HasSession": identities.has_session,
        "GetIdentity": identities.get_identity,
        "GetIdentities": identities.get_identities,
        "SetIdentityById": identities.set_identity_by_id,
    },
    "CompanyService": {
        "GetCompanies": companies.get_companies,
        "SaveCompanies": companies.save_companies,
        "GetCompanySyncList": companies.get_company_sync_list,
    },
    "ProductService": {
        "GetProducts": lists.get_products,
        "SaveProducts": lists.save_products,
        "GetCategories": lists.get_categories,
    },
    "InvoiceService": {
        "GetInvoices": orders.get_invoices,
        "SaveInvoices": orders.save_invoices,
        "GetOrderSyncList": orders.get_order_sync_list,
    },
    "ClientService": {
        "GetUsers": lists.get_users,
        "GetDepartmentList": lists.get_department_list,
        "GetCurrencyList": lists.get_currency_list,
    },
    "AccountService": {"GetTaxCodeList": lists.get_tax_code_list},
    "ProjectService": {"GetProjectList": lists.get_project_list},
}


def postpone(call: Call, service: str, operation: str, body: bytes, due: dt.datetime) -> None:
    """Keep a call that nobody waits for any more; it is carried out when it is due."""
    call.books.change(
        "insert into late(due, client, service, operation, body) values(?, ?, ?, ?, ?)",
        micros(due), call.client, service, operation, body,
    )  # fmt: skip


def land(books: Books, clock: Clock, until: dt.datetime | None) -> int:
    """Carry out the postponed calls that are due by ``until`` (None: all); how many they were.

    Each works at the time at which it was due. Doing so only when the next request comes in looks
    the same from outside, and needs no clockwork. A call that ends in a fault leaves no trace.
    """
    limit = None if until is None else micros(until)
    rows = books.rows(
        "select id, due, client, service, operation, body from late "
        "where ? is null or due <= ? order by due, id",
        limit, limit,
    )  # fmt: skip
    for number, due, client, service, operation, body in rows:
        books.change("delete from late where id = ?", number)
        time = min(from_micros(due), clock.now())
        with suppress(CallFault):
            late = Call(books, time, acting_client=client)
            HANDLERS[service][operation](late, interface(service).read(operation, body))
    return len(rows)


log = logging.getLogger(__name__)

# Kinds of fault that carry the call out all the same.
_PERFORMED = frozenset({"lost_after", "cut", "hidden", "expire"})


@dataclass(frozen=True)
class Request:
    """A POST as it came in; ``cookie`` is the session id it carries."""

    path: str
    action: str | None
    content_type: str
    cookie: str | None
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What goes back. ``page`` None: the connection closes without an answer.

    ``hold`` seconds before it does; ``reset`` closes it the hard way; ``cut`` sends half.
    """

    page: Page | None
    hold: float = 0
    reset: bool = False
    cut: bool = False


@dataclass(frozen=True)
class _Job:
    """A request that has been understood."""

    service: Interface
    operation: str
    parameters: Fields
    request: Request


@dataclass
class Sandbox:
    """A 24SevenOffice: its books, its clock, its limits and what shall go wrong."""

    books: Books
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    recorder: Recorder = field(default_factory=lambda: Recorder(None))
    clock: Clock = field(default_factory=Clock)
    calls: CallCounts = field(default_factory=CallCounts)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._quota = HourlyQuota(self.limits)
        self._logins = LoginThrottle(self.limits)
        self.interfaces = {interface(name).path.lower(): interface(name) for name in HANDLERS}

    def answer(self, request: Request) -> Reply:
        """Answer one request; never raises."""
        service = self.interfaces.get(request.path.lower())
        if service is None:
            return Reply(html_page(404, "404 - File or directory not found."))
        headers: dict[str, str] = {}
        try:
            operation = service.operation(request.action)
            with self.calls.running(operation, request.cookie):
                headers |= self._quota.spend(self.clock.now())
                self.stopping.wait(self.faults.latency_ms / 1000)
                answer = self._carry_out(service, operation, request)
        except (CallFault, HttpRefusal) as refusal:
            answer = Reply(_page_of(refusal))
        except Exception as error:
            log.exception("The sandbox failed in a call of %s", service.service)
            answer = Reply(_page_of(CallFault(f"{UNPROCESSED}{type(error).__name__}")))
        if answer.page is not None:
            page = replace(answer.page, headers={**headers, **answer.page.headers})
            answer = replace(answer, page=page)
        self._record(request, answer)
        return answer

    def land(self, until: dt.datetime | None = None) -> int:
        """Carry out the late calls due by ``until`` (None: all of them); how many they were."""
        with self.books.transaction():
            return land(self.books, self.clock, until)

    def _carry_out(self, service: Interface, operation: str, request: Request) -> Reply:
        if request.content_type.partition(";")[0].strip().lower() != "text/xml":
            raise CallFault("The content type must be text/xml.", "Client", 415)
        job = _Job(service, operation, service.read(operation, request.body), request)
        self.land(self.clock.now())
        fault = self.faults.strike(operation, job.parameters)
        return Reply(self._perform(job)) if fault is None else self._misbehave(fault, job)

    def _misbehave(self, fault: Fault, job: _Job) -> Reply:
        if fault.kind == "close":
            return Reply(None, reset=True)
        if fault.kind == "expire":
            with self.books.transaction():
                expire_sessions(self.books)
        if fault.kind == "late":
            with self.books.transaction():
                due = self.clock.now() + dt.timedelta(seconds=fault.seconds)
                call = self._open_call(job)
                postpone(call, job.service.service, job.operation, job.request.body, due)
        page: Page | None = None
        if fault.performed or fault.kind in _PERFORMED:
            page = self._perform(job, fault.reads if fault.kind == "hidden" else 0)
        if fault.kind in ("cut", "hidden", "expire"):
            return Reply(page, cut=fault.kind == "cut")
        if fault.kind in HABITS:
            return Reply(self._perform_by_habit(fault, job))
        if fault.kind == "fault":
            raise CallFault(fault.text)
        if fault.kind == "html":
            return Reply(html_page(fault.status, "Runtime Error"))
        if fault.kind == "throttle":
            raise HttpRefusal(429, "Too many requests.", {"Retry-After": f"{fault.seconds:.0f}"})
        return Reply(None, hold=fault.hold)

    def _perform_by_habit(self, fault: Fault, job: _Job) -> Page:
        if fault.kind == "doubled":
            self._perform(job)
        if fault.kind == "moved":
            with self.books.transaction():
                move_session(self._open_call(job))
        if fault.kind == "by_hand":
            with self.books.transaction():
                invoice_by_hand(self._open_call(job))
        if fault.kind in ("renamed", "redated"):
            job = replace(job, parameters=rewrite_orders(fault, job.parameters))
        return self._perform(job, turn=reverse_rows if fault.kind == "shuffled" else None)

    def _perform(
        self, job: _Job, hide_reads: int = 0, turn: Callable[[Fields], Fields] | None = None
    ) -> Page:
        with self.books.transaction():
            call = self._open_call(job)
            call.hide_reads = hide_reads
            if job.service.service != "Authenticate":
                self._refuse_maintenance(call.client)
            result = HANDLERS[job.service.service][job.operation](call, job.parameters)
            result = turn(result) if turn else result
        headers = {}
        if call.cookie:
            headers["Set-Cookie"] = f"{COOKIE}={call.cookie}; path=/; HttpOnly; SameSite=Lax"
        return Page(200, job.service.write(job.operation, result), headers=headers)

    def _open_call(self, job: _Job) -> Call:
        now, seconds = self.clock.now(), self.limits.session_seconds
        session = find_session(self.books, job.request.cookie, now, seconds)
        return Call(self.books, now, session, self._logins, seconds)

    def _refuse_maintenance(self, client: int) -> None:
        row = self.books.row("select maintenance from client where id = ?", client)
        if row[0]:
            page = html_page(503, "Service Unavailable")
            raise HttpRefusal(503, page.body.decode(), content_type=page.content_type)

    def _record(self, request: Request, answer: Reply) -> None:
        page = None if answer.cut else answer.page
        # a page for browsers is no answer in the interface's terms; its status tells what it was
        spoken = page is not None and page.content_type.startswith("text/xml")
        self.recorder.write(
            request.path, request.action, request.content_type, request.body,
            page.body if page and spoken else None, page.status if page else None,
        )  # fmt: skip


def _page_of(refusal: CallFault | HttpRefusal) -> Page:
    if isinstance(refusal, CallFault):
        return Page(refusal.status, write_fault(refusal))
    return Page(refusal.status, str(refusal).encode(), refusal.content_type, refusal.headers)
