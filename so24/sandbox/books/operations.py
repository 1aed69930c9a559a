"""The operations of each service and the handler that carries each out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from so24.sandbox.books import companies, identities, lists, order_search, orders, products
from so24.sandbox.books.books import Books, from_micros, micros
from so24.sandbox.books.calls import Call, Clock
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.records import interface
from so24.sandbox.wire.refusals import CallFault

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
        "GetProducts": products.get_products,
        "SaveProducts": products.save_products,
        "GetCategories": products.get_categories,
    },
    "InvoiceService": {
        "GetInvoices": order_search.get_invoices,
        "SaveInvoices": orders.save_invoices,
        "GetOrderSyncList": order_search.get_order_sync_list,
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
