"""A request either fits the schema or names what does not; nothing of it is altered on the way."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from so24.errors import BadRequest
from so24.office.limits import Pace
from so24.office.outcomes import write_drafts
from so24.office.soap import encode_request
from so24.office.values import NewOrder, NewOrderRow, OrderToInvoice
from so24.office.writing import write_order, write_status
from tests.office.peers import NAMESPACE, office_at, peer, soap

ORDER = NewOrder(
    customer_id=7,
    reference="RM-OSL-1001",
    invoice_date=dt.date(2026, 3, 29),
    credit_days=14,
    rows=(
        NewOrderRow(3, "Work, week 12", Decimal("37.5"), Decimal("1E+3")),
        NewOrderRow(None, "As agreed by phone"),
    ),
    customer_name="Nordly Bygg AS",
    title="RecMan OSL 1001",
)


def _encoded(order: NewOrder) -> Any:
    request = encode_request(
        "InvoiceService", "SaveInvoices", {"invoices": {"InvoiceOrder": [write_order(order)]}}
    )
    return etree.fromstring(request).find(f".//{{{NAMESPACE}}}InvoiceOrder")


def _texts(element: Any, name: str) -> list[str]:
    return [found.text or "" for found in element.iter(f"{{{NAMESPACE}}}{name}")]


def test_an_order_leaves_with_plain_numbers_local_midnight_and_our_own_defaults() -> None:
    order = _encoded(ORDER)
    expected = {
        "Price": "1000",
        "Quantity": "37.5",
        "DateInvoiced": "2026-03-29T00:00:00",
        "DateOrdered": "2026-03-29T00:00:00",
        "IncludeVAT": "false",
        "Distributor": "Manual",
        "SendToFactoring": "false",
        "OrderStatus": "Draft",
        "PaymentTime": "14",
        "ReferenceNumber": "RM-OSL-1001",
    }
    assert {name: _texts(order, name) for name in expected} == {
        name: [text] for name, text in expected.items()
    }
    assert _texts(order, "Type") == ["Normal", "Text"]
    assert _texts(order, "SequenceNumber") == ["1", "2"]
    for never in ("OrderId", "InvoiceId", "Currency", "APIException"):
        assert _texts(order, never) == []


def test_a_change_of_status_sends_no_rows() -> None:
    change = write_status(OrderToInvoice(9, 7, dt.date(2026, 3, 29), "RM-OSL-1001"), "Invoiced")
    assert "InvoiceRows" not in change
    assert (change["OrderId"], change["IncludeVAT"]) == (9, False)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (replace(ORDER, status="Fakturert"), r"InvoiceOrder/OrderStatus"),
        (replace(ORDER, customer_id=2**31), r"InvoiceOrder/CustomerId"),
        (replace(ORDER, rows=(NewOrderRow(3, "x", Decimal("NaN"), Decimal(1)),)), "Quantity"),
        (
            replace(ORDER, rows=(NewOrderRow(3, "Work\x0b"),)),
            r"InvoiceRow\[1\]/Name .*U\+000B at position 5",
        ),
        (replace(ORDER, title="\ud83d"), r"InvoiceOrder\[1\]/InvoiceTitle .*U\+D83D"),
        (replace(ORDER, customer_name="a\x00"), r"CustomerName .*U\+0000 at position 2"),
    ],
)
def test_what_cannot_be_sent_is_named_and_never_leaves(order: NewOrder, words: str) -> None:
    with peer(soap("SaveInvoices", "")) as other, office_at(other.address) as office:
        with pytest.raises(BadRequest, match=words):
            office.save_orders(write_drafts([order]))
        assert (other.requests, office.calls) == ([], 0)


def test_a_bad_application_id_is_refused_without_being_shown() -> None:
    with peer(soap("Login", "")) as other, office_at(other.address) as office:
        office.account._credential["ApplicationId"] = "11111111-2222-4333-8444-555555555555 x"
        with pytest.raises(BadRequest) as caught:
            office.account.login()
        assert "Credential" in str(caught.value) or "ApplicationId" in str(caught.value)
        assert "11111111-2222" not in str(caught.value)


def test_before_call_hears_of_each_call_and_may_stop_it() -> None:
    heard: list[str] = []

    def stop(operation: str) -> None:
        heard.append(operation)
        raise KeyboardInterrupt

    hook: Callable[[str], None] = stop
    with peer(soap("Login", "")) as other, office_at(other.address, before_call=hook) as office:
        with pytest.raises(KeyboardInterrupt):
            office.categories()
        assert (heard, other.requests, office.calls) == (["GetCategories"], [], 0)


def test_zeep_logs_no_requests_even_when_everything_is_set_to_debug(
    caplog: pytest.LogCaptureFixture,
) -> None:
    credential = {
        "ApplicationId": "11111111-2222-4333-8444-555555555555",
        "Password": "correct-horse-battery",
        "Username": "ada@example.no",
    }
    with caplog.at_level(logging.DEBUG):
        encode_request("Authenticate", "Login", {"credential": credential})
        for name in ("zeep", "zeep.transports", "zeep.wsdl.bindings.soap", "zeep.client"):
            assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    assert "correct-horse-battery" not in caplog.text


def test_every_call_keeps_the_pace() -> None:
    waited: list[float] = []
    pace = Pace(2, 1, clock=lambda: 0.0, wait=waited.append)
    with peer(soap("GetCategories", "")) as other, office_at(other.address, pace=pace) as office:
        for _ in range(3):
            office.categories()
    assert waited == [0.5, 1.0]


@given(
    text=st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        min_size=1,
    )
)
def test_any_text_leaves_as_it_is(text: str) -> None:
    assert _texts(_encoded(replace(ORDER, title=text)), "InvoiceTitle") == [text]


@given(price=st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**15))
def test_any_price_leaves_exactly_and_without_an_exponent(price: Decimal) -> None:
    row = NewOrderRow(3, "Work", Decimal(1), price)
    (text,) = _texts(_encoded(replace(ORDER, rows=(row,))), "Price")
    assert "E" not in text
    assert Decimal(text) == price


def test_line_ends_are_made_the_ones_that_xml_keeps() -> None:
    assert _texts(_encoded(replace(ORDER, text="a\r\nb\rc")), "InvoiceText") == ["a\nb\nc"]
