"""The gateway against the sandbox, over real SOAP and HTTP, and against odd lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from so24.errors import LoginRefused, SessionLost, Unknown
from so24.office.gateway import Office
from so24.office.limits import Pace
from so24.office.outcomes import write_drafts, write_invoicing
from so24.office.reading import read_synced_pages
from so24.office.values import NewCompany, NewOrder, NewOrderRow, NewProduct, OrderToInvoice
from so24.sandbox.books.seed import ACCOUNTS, CLIENTS
from so24.sandbox.serve import SandboxServer
from so24.settings import SANDBOX_APPLICATION
from tests.office.peers import office_at, peer, soap

DATE = dt.date(2026, 10, 31)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
TWO_COMPANIES = next(account for account in ACCOUNTS if len(account.clients) == 2)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with SandboxServer() as server:
        yield server.address


@pytest.fixture
def office(address: str) -> Iterator[Office]:
    account = TWO_COMPANIES
    pace = Pace(1000, 1000)
    with Office(
        address, SANDBOX_APPLICATION, account.username, account.password, pace=pace
    ) as opened:
        opened.account.login()
        yield opened


def _customer(office: Office, external_id: str) -> int:
    company = NewCompany(
        external_id, "Nordly Bygg & Bemanning AS", "999888777", "Storgata 1", "0155", "Oslo",
        "NO", "invoice@nordly.example", 14,
    )  # fmt: skip
    (outcome,) = office.create_companies([company])
    assert outcome.id is not None
    return outcome.id


def _draft(office: Office, customer: int, reference: str) -> int:
    category = office.categories()[0]
    (product,) = office.create_products([NewProduct(reference, "Work", category.id)])
    rows = (
        NewOrderRow(product.id, "Work, week 43", Decimal("1.5"), Decimal("100.10")),
        NewOrderRow(None, "Æ note – ≥ 1 hour"),
    )
    order = NewOrder(customer, reference, DATE, 14, rows, "Nordly", f"RecMan {reference}")
    (outcome,) = office.save_orders(write_drafts([order]))
    assert outcome.id is not None
    return outcome.id


def test_the_login_brings_a_session_that_a_later_office_can_use(
    office: Office, address: str
) -> None:
    later = Office(address, SANDBOX_APPLICATION, "nobody", "nothing", session=office.session)
    with later:
        assert later.account.current_identity() == office.account.current_identity()
        assert later.calls == 1


def test_a_wrong_password_is_refused(address: str) -> None:
    with Office(address, SANDBOX_APPLICATION, TWO_COMPANIES.username, "wrong") as office:
        with pytest.raises(LoginRefused):
            office.account.login()
        assert office.session is None


def test_a_session_that_nobody_knows_is_lost(address: str) -> None:
    with Office(address, SANDBOX_APPLICATION, "a", "b", session="0123456789") as office:
        with pytest.raises(SessionLost):
            office.account.current_identity()
        with pytest.raises(SessionLost):
            office.categories()


def test_another_company_of_the_account_can_be_chosen(office: Office) -> None:
    reached = {identity.client_id: identity for identity in office.account.identities()}
    assert {number: reached[number].client_name for number in reached} == {
        number: CLIENTS[number] for number in TWO_COMPANIES.clients
    }
    other = reached[TWO_COMPANIES.clients[1]]
    assert office.account.choose_identity(other.id)
    assert office.account.current_identity().client_id == other.client_id


def test_a_customer_is_created_and_found_by_its_external_id(office: Office) -> None:
    number = _customer(office, "RM-4711")
    found = {company.external_id: company.id for company in office.synced_companies()}
    assert found["RM-4711"] == number
    (company,) = office.company_cards([number])
    assert (company.name, company.type) == ("Nordly Bygg & Bemanning AS", "Business")
    assert (company.organization_number, company.block_invoice) == ("999888777", False)


def test_a_product_that_cannot_be_created_does_not_stop_the_others(office: Office) -> None:
    category = office.categories()[0]
    good, bad = office.create_products(
        [NewProduct("P-1", "Blåbær", category.id), NewProduct("P-2", "No category", 987654)]
    )
    assert (good.problem, bad.id) == (None, None)
    assert bad.problem is not None
    assert "987654" in bad.problem.message
    stored = {product.number: product for product in office.products()}
    assert (stored["P-1"].name, stored["P-1"].category_id) == ("Blåbær", category.id)
    assert "P-2" not in stored


def test_a_draft_is_read_back_invoiced_and_then_frozen(office: Office) -> None:
    customer = _customer(office, "RM-1")
    number = _draft(office, customer, "RM-OSL-1")
    (draft,) = office.orders([number])
    assert (draft.status, draft.invoice_id, draft.customer_id) == ("Draft", None, customer)
    assert (draft.total, draft.vat) == (Decimal("187.69"), Decimal("37.54"))
    assert [row.type for row in draft.rows] == ["Normal", "Text"]
    assert draft.rows[0].price == Decimal("100.10")
    to_invoice = OrderToInvoice(number, customer, DATE, "RM-OSL-1")
    (outcome,) = office.save_orders(write_invoicing([to_invoice], "Invoiced"))
    (invoiced,) = office.orders_of_customers([customer], LONG_AGO)
    assert (invoiced.status, invoiced.invoice_id) == ("Invoiced", outcome.invoice_id)
    assert (invoiced.date_invoiced, invoiced.rows) == (DATE, ())
    assert (invoiced.reference, invoiced.total) == ("RM-OSL-1", Decimal("187.69"))
    (refusal,) = office.retire_orders([to_invoice])
    assert refusal.problem is not None
    assert number in office.order_ids_since(LONG_AGO)


def test_a_draft_can_be_retired(office: Office) -> None:
    customer = _customer(office, "RM-2")
    number = _draft(office, customer, "RM-OSL-2")
    (outcome,) = office.retire_orders([OrderToInvoice(number, customer, DATE, "RM-OSL-2")])
    assert outcome.problem is None
    assert office.orders([number])[0].status == "Inactive"


def test_nothing_to_do_costs_no_call(office: Office) -> None:
    before = office.calls
    nothing: list[object] = [
        *office.company_cards([]), *office.orders([]), *office.create_companies([]),
        *office.create_products([]), *office.save_orders(write_drafts([])),
        *office.retire_orders([]), *office.orders_of_customers([], LONG_AGO),
    ]  # fmt: skip
    assert (nothing, office.calls) == ([], before)


def test_ids_are_asked_for_a_thousand_at_a_time() -> None:
    with peer(soap("GetInvoices", "")) as other, office_at(other.address) as office:
        assert office.orders(range(1, 2002)) == []
    assert [request.count(b"int>") // 2 for request in other.requests] == [1000, 1000, 1]


def test_a_day_of_payment_is_that_of_norway_and_a_minimum_is_none() -> None:
    orders = "".join(
        f"<InvoiceOrder><OrderId>{number}</OrderId><OrderStatus>Invoiced</OrderStatus>"
        f"{stated}</InvoiceOrder>"
        for number, stated in (
            (1, "<Paid>2026-11-11T23:00:00Z</Paid>"),
            (2, "<Paid>0001-01-01T00:00:00</Paid>"),
            (3, ""),
        )
    )
    with peer(soap("GetInvoices", orders)) as other, office_at(other.address) as office:
        found = {each.order_id: each.paid_on for each in office.payments([1, 2, 3])}
    assert found == {1: dt.date(2026, 11, 12), 2: None, 3: None}
    [request] = other.requests
    assert b"PaymentAmount" not in request  # it is written only, and registers a payment


def test_the_quota_is_told_after_a_call(office: Office) -> None:
    assert office.quota.remaining is not None
    assert office.quota.resets_at is not None
    assert office.quota.resets_at.tzinfo is not None


def _pages(total_pages: int | None, total_items: int | None, *pages: list[int]) -> list[int]:
    """Ids read from a service that has these pages and says these totals."""
    asked = 0

    def read_page(number: int) -> dict[str, object]:
        nonlocal asked
        asked += 1
        assert asked < 20, "the reading does not end"
        items = [{"CompanyId": item} for item in pages[min(number, len(pages)) - 1]]
        return {"TotalPages": total_pages, "TotalItems": total_items, "Items": items}

    return [company.id for company in read_synced_pages(read_page)]


@pytest.mark.parametrize(
    ("total_pages", "total_items", "pages", "expected"),
    [
        (2, 3, ([1, 2], [3]), [1, 2, 3]),
        (1, 3, ([1, 2], [3]), [1, 2, 3]),
        (None, 3, ([1, 2], [3]), [1, 2, 3]),
        (10**9, 3, ([1, 2], [3], []), [1, 2, 3]),
        (10**9, 10**9, ([1, 2],), [1, 2]),
        (-1, None, ([1, 2],), [1, 2]),
        (0, 0, ([],), []),
    ],
)
def test_the_list_of_companies_ends_whatever_its_totals_say(
    total_pages: int | None, total_items: int | None, pages: tuple[list[int]], expected: list[int]
) -> None:
    assert _pages(total_pages, total_items, *pages) == expected


def test_a_list_of_companies_that_never_ends_is_given_up() -> None:
    with pytest.raises(Unknown, match="does not end"):
        read_synced_pages(lambda number: {"TotalPages": 10**9, "Items": [{"CompanyId": number}]})
