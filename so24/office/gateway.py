"""``Office``: one key's access to 24SevenOffice, everything that so24 may ask of it.

Nothing is repeated here, neither writes nor reads, and a lost session is only reported: the
lane decides, because every lane begins with looking. Every method may raise NotSent, Throttled,
BadRequest, Refused, SessionLost or Unknown of :mod:`so24.errors`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Self

from so24.office import reading, writing
from so24.office.account import Account, AccountLists, check_company
from so24.office.calls import Caller
from so24.office.cards import (
    CARD_COLUMNS,
    CORRECTIONS,
    Card,
    Correction,
    read_card,
    write_correction,
)
from so24.office.limits import Pace
from so24.office.outcomes import (
    COMPANIES,
    ORDERS,
    PRODUCTS,
    SavedKind,
    WrittenOrders,
    encode_saving,
    match_outcomes,
)
from so24.office.reading import read_synced_pages
from so24.office.transport import Deadlines, Transport
from so24.office.values import (
    Category,
    NewCompany,
    NewProduct,
    OfficeProduct,
    Order,
    OrderPayment,
    OrderToInvoice,
    Quota,
    SaveOutcome,
    SyncedCompany,
    search_time,
)

MOST_IDS = 1000
_LONG_AGO = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)


class Office:
    """One key's calls; not to be shared by keys, since the session decides on the company.

    ``before_call`` is given the operation's name right before each request leaves and may raise
    to stop it. ``pace`` should outlive the object when a key is used again soon; without one a
    fresh bucket of 20 calls, two a second, is taken. ``calls`` counts the requests sent;
    ``account`` logs in and chooses the company; ``lists`` reads what the company has set up:
    departments, currencies, employees, tax codes, projects.
    """

    def __init__(
        self,
        address: str,
        application_id: str,
        username: str,
        password: str,
        *,
        session: str | None = None,
        deadlines: Deadlines | None = None,
        pace: Pace | None = None,
        before_call: Callable[[str], None] | None = None,
    ) -> None:
        credential = {
            "ApplicationId": application_id, "Password": password, "Username": username,
        }  # fmt: skip
        secrets = (application_id, password)
        transport = Transport(address, deadlines)
        self._caller = Caller(transport, pace or Pace(), secrets, before_call)
        self._caller.session = session
        self._call = self._caller.call
        self.account = Account(self._caller, credential)
        self._pinned: int | None = None
        self.lists = AccountLists(self._call)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back; the session stays valid."""
        self._caller.close()

    def watch_company(self, client_id: int) -> None:
        """Look before and after each write whether the session still works in this company.

        For an account that reaches several: whoever uses it may move its session, if the company
        belongs to the account. Each look is a request.
        """
        self._pinned = client_id

    def check_company(self) -> None:
        """See that what was just read is the company's; raises :class:`CompanyMoved` else.

        No call is made where the account cannot be moved.
        """
        if self._pinned is not None:
            check_company(self.account, self._pinned)

    def use_waits(self, work: Callable[[], None]) -> None:
        """Have ``work`` called whenever a request has left; it must return at once."""
        self._caller.while_waiting = work

    @property
    def session(self) -> str | None:
        """The id of the session in use: a secret, to be stored encrypted only."""
        return self._caller.session

    @property
    def quota(self) -> Quota:
        """Calls left, as the last answer announced them."""
        return self._caller.quota

    @property
    def calls(self) -> int:
        """How many requests were sent."""
        return self._caller.calls

    @property
    def seconds(self) -> float:
        """How long the requests took in all, waiting for the pace not included."""
        return self._caller.seconds

    # -- customers and products ---------------------------------------------------------------

    def synced_companies(self) -> list[SyncedCompany]:
        """Every company, active or not, with the mark of its state; 1,000 a call."""
        return read_synced_pages(self._synced_page)

    def _synced_page(self, number: int) -> Any:
        # Active is required by the schema; nil asks for both.
        return self._call(
            "CompanyService",
            "GetCompanySyncList",
            syncSearchParameters={"Page": number, "Active": None},
        )

    def company_cards(self, ids: Sequence[int]) -> list[Card]:
        """The customers with these ids; unknown ids are missing from the answer."""
        found: list[Card] = []
        for chunk in _chunks(ids):
            result = self._call(
                "CompanyService",
                "GetCompanies",
                searchParams={"CompanyIds": writing.write_integers(chunk)},
                returnProperties=writing.write_names(CARD_COLUMNS),
            )
            found += reading.read_list(result, read_card)
        return found

    def correct_companies(self, changes: Sequence[Correction]) -> list[SaveOutcome]:
        """Change customers in one call; one outcome each, in the same order."""
        return self._save(CORRECTIONS, [write_correction(each) for each in changes])

    def create_companies(self, companies: Sequence[NewCompany]) -> list[SaveOutcome]:
        """Create customers in one call; one outcome each, in the same order."""
        return self._save(COMPANIES, [writing.write_company(company) for company in companies])

    def categories(self) -> list[Category]:
        """All product categories."""
        columns = writing.write_names(reading.CATEGORY_COLUMNS)
        result = self._call("ProductService", "GetCategories", returnProperties=columns)
        return reading.read_list(result, reading.read_category)

    def products(self) -> list[OfficeProduct]:
        """All products, expired ones too, in one call."""
        result = self._call(
            "ProductService",
            "GetProducts",
            searchParams={"DateChanged": search_time(_LONG_AGO)},
            returnProperties=writing.write_names(reading.PRODUCT_COLUMNS),
        )
        return reading.read_list(result, reading.read_product)

    def create_products(self, products: Sequence[NewProduct]) -> list[SaveOutcome]:
        """Create products in one call; one outcome each, in the same order."""
        return self._save(PRODUCTS, [writing.write_product(product) for product in products])

    # -- orders -------------------------------------------------------------------------------

    def orders_of_customers(
        self,
        customer_ids: Sequence[int],
        changed_after: dt.datetime,
        *,
        rows: bool = False,
        currency: bool = False,
    ) -> list[Order]:
        """Orders of these customers changed after an aware time, with rows and currency as told."""
        since = search_time(changed_after)
        columns = _order_columns(rows=rows, currency=currency)
        return self._orders_by("CustomerIds", customer_ids, columns, ChangedAfter=since)

    def orders(
        self, order_ids: Sequence[int], *, rows: bool = True, currency: bool = False
    ) -> list[Order]:
        """The orders with these ids, with rows and currency as told; unknown ids are missing."""
        columns = _order_columns(rows=rows, currency=currency)
        return self._orders_by("OrderIds", order_ids, columns)

    def ledger_orders(self, order_ids: Sequence[int]) -> list[Order]:
        """The orders with these ids as a ledger shows them, with dates and currency, no rows."""
        return self._orders_by("OrderIds", order_ids, reading.LEDGER_COLUMNS)

    def orders_of_invoices(self, invoice_ids: Sequence[int]) -> list[Order]:
        """The orders that have become these invoices, with dates and currency, no rows."""
        return self._orders_by("InvoiceIds", invoice_ids, reading.LEDGER_COLUMNS)

    def _orders_by(
        self, search: str, ids: Sequence[int], columns: Sequence[str], **more: Any
    ) -> list[Order]:
        return [
            order
            for chunk in _chunks(ids)
            for order in self._read_orders({search: writing.write_integers(chunk), **more}, columns)
        ]

    def order_ids_since(self, registered_after: dt.datetime) -> list[int]:
        """Ids of all orders registered after an aware time."""
        return self._synced_orders({"RegisteredAfter": search_time(registered_after)})

    def order_ids_changed_since(self, changed_after: dt.datetime) -> list[int]:
        """Ids of all orders changed after an aware time, whenever they were registered."""
        times = {"ChangedAfter": changed_after, "RegisteredAfter": _LONG_AGO}
        return self._synced_orders({name: search_time(each) for name, each in times.items()})

    def _synced_orders(self, search: writing.Fields) -> list[int]:
        result = self._call("InvoiceService", "GetOrderSyncList", syncParams=search)
        return [number for number in result or [] if number is not None]

    def payments(self, order_ids: Sequence[int]) -> list[OrderPayment]:
        """What is stated of these orders' payment, 1,000 a call; unknown ids are missing."""
        found: list[OrderPayment] = []
        for chunk in _chunks(order_ids):
            search = {"OrderIds": writing.write_integers(chunk)}
            found += reading.read_list(
                self._search_orders(search, reading.PAYMENT_COLUMNS), reading.read_payment
            )
        return found

    def _read_orders(self, search: writing.Fields, columns: Sequence[str]) -> list[Order]:
        return reading.read_list(self._search_orders(search, columns), reading.read_order)

    def _search_orders(self, search: writing.Fields, columns: Sequence[str]) -> Any:
        of_rows = reading.ROW_COLUMNS if "InvoiceRows" in columns else ()
        return self._call(
            "InvoiceService",
            "GetInvoices",
            searchParams=search,
            invoiceReturnProperties=writing.write_names(columns),
            rowReturnProperties=writing.write_names(of_rows),
        )

    def retire_orders(self, orders: Sequence[OrderToInvoice]) -> list[SaveOutcome]:
        """Set existing orders to Inactive in one call."""
        return self._save(ORDERS, [writing.write_status(order, "Inactive") for order in orders])

    def save_orders(self, orders: WrittenOrders) -> list[SaveOutcome]:
        """Create or invoice the written orders in one call; one outcome each, in the same order."""
        return self._save(ORDERS, orders.sent, lambda: orders.request)

    def _save(
        self,
        kind: SavedKind,
        sent: list[writing.Fields],
        write: Callable[[], bytes] | None = None,
    ) -> list[SaveOutcome]:
        if not sent:
            return []
        write = write or partial(encode_saving, kind, sent)
        self.check_company()
        answer = self._caller.send(kind.service, kind.operation, write)
        self.check_company()
        return match_outcomes(kind, sent, answer)


def _order_columns(*, rows: bool, currency: bool) -> tuple[str, ...]:
    columns = reading.COMPARED_COLUMNS if rows else reading.ORDER_COLUMNS
    return (*columns, "Currency") if currency else columns


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS))
