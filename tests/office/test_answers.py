"""Answers are read tolerantly in form and strictly in fact."""

from __future__ import annotations

import datetime as dt
import logging
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.errors import Unknown
from so24.office import answers
from so24.office.answers import read_answer, read_plain
from so24.office.cards import read_card
from so24.office.interface.description import service_interface
from so24.office.reading import read_identity, read_order
from so24.office.values import NORWAY, norwegian_date, search_time
from tests.office.peers import result

INVOICES = service_interface("InvoiceService")


def _orders(content: str) -> Any:
    body = result("GetInvoices", content).encode()
    return read_answer(body, 200, INVOICES, INVOICES.operation("GetInvoices"))


def _order(fields: str) -> Any:
    return _orders(f"<InvoiceOrder>{fields}</InvoiceOrder>")[0]


def test_elements_may_come_in_any_order_and_required_ones_may_be_missing() -> None:
    order = read_order(
        _order(
            "<ReferenceNumber>RM-A-7</ReferenceNumber><OrderStatus>Draft</OrderStatus>"
            "<InvoiceRows><InvoiceRow><Price>9.5</Price><ProductId>3</ProductId></InvoiceRow>"
            "</InvoiceRows><OrderTotalIncVat>125.5</OrderTotalIncVat><OrderId>9</OrderId>"
        )
    )
    assert (order.order_id, order.reference, order.total) == (9, "RM-A-7", Decimal("125.50"))
    assert [(row.product_id, row.price) for row in order.rows] == [(3, Decimal("9.5"))]


def test_an_identity_may_come_without_the_flags_that_the_schema_requires() -> None:
    service = service_interface("Authenticate")
    content = "<Id>AAAAAAAA-2222-4333-8444-555555555555</Id><Client><Id>4000000000</Id></Client>"
    body = result("GetIdentity", content).encode()
    record = read_answer(body, 200, service, service.operation("GetIdentity"))
    identity = read_identity(record)
    assert identity.id == "aaaaaaaa-2222-4333-8444-555555555555"
    assert (identity.client_id, identity.is_current) == (4_000_000_000, False)


def test_unknown_elements_are_dropped_with_one_warning(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_warned", set())
    with caplog.at_level(logging.WARNING, logger="so24.office.answers"):
        for _ in range(3):
            record = _order("<OrderId>1</OrderId><Mood><OrderId>2</OrderId></Mood>")
            assert record == {"OrderId": 1}
    assert [entry.getMessage() for entry in caplog.records] == [
        "24SevenOffice sends Mood in InvoiceOrder, which so24 does not know: dropped."
    ]


def test_a_status_of_a_newer_service_is_passed_on_as_its_word() -> None:
    assert _order("<OrderStatus>Teleported</OrderStatus>")["OrderStatus"] == "Teleported"


@pytest.mark.parametrize(
    "field",
    [
        "<InvoiceId>-2147483648</InvoiceId>",
        "<InvoiceId/>",
        '<InvoiceId xsi:nil="true"/>',
        "<OrderTotalIncVat>-79228162514264337593543950335</OrderTotalIncVat>",
        "<DateInvoiced>0001-01-01T00:00:00</DateInvoiced>",
        "<DateInvoiced>0001-01-01T00:00:00Z</DateInvoiced>",
        "<Currency><Unit>-32768</Unit></Currency>",
        "<ReferenceNumber></ReferenceNumber>",
        '<InvoiceRows xsi:nil="1"/>',
    ],
)
def test_what_means_not_set_is_read_as_missing(field: str) -> None:
    order = read_order(_order(f"<OrderId>1</OrderId><OrderStatus>Web</OrderStatus>{field}"))
    missing = (order.invoice_id, order.total, order.date_invoiced, order.reference, order.currency)
    assert missing == (None, None, None, None, None)
    assert order.rows == ()


def test_the_empty_guid_is_read_as_missing() -> None:
    assert read_plain("guid", "00000000-0000-0000-0000-000000000000", "Id") is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int", "12,5"), ("int", "1e3"), ("int", "१२"), ("int", "five"), ("decimal", "NaN"),
        ("decimal", "INF"), ("decimal", "1 250.00"), ("decimal", "12,50"), ("decimal", "1E9"),
        ("boolean", "yes"), ("dateTime", "22.11.2026"), ("dateTime", "2026-13-01T00:00:00"),
        ("dateTime", "20261122"), ("dateTime", "2026-11-22T25:00:00"), ("guid", "123"),
    ],
)  # fmt: skip
def test_a_broken_value_makes_the_answer_untrustworthy(kind: str, text: str) -> None:
    with pytest.raises(Unknown, match="Total is no"):
        read_plain(kind, text, "Total")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-12-31T23:00:00Z", dt.date(2027, 1, 1)),
        ("2026-06-30T22:00:00Z", dt.date(2026, 7, 1)),
        ("2026-06-30T21:59:59Z", dt.date(2026, 6, 30)),
        ("2027-01-01T00:00:00+01:00", dt.date(2027, 1, 1)),
        ("2027-01-01T00:00:00", dt.date(2027, 1, 1)),
        ("2027-01-01T00:00:00.0000000", dt.date(2027, 1, 1)),
        ("2027-01-01", dt.date(2027, 1, 1)),
    ],
)
def test_a_time_is_read_as_the_date_in_norway(text: str, date: dt.date) -> None:
    time = read_plain("dateTime", text, "DateInvoiced")
    assert isinstance(time, dt.datetime)
    assert norwegian_date(time) == date


def test_seven_digits_of_a_second_are_cut_to_six() -> None:
    time = read_plain("dateTime", "2026-11-22T08:00:00.1234567Z", "DateChanged")
    assert time == dt.datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=dt.UTC)


def test_a_search_limit_reaches_back_under_either_reading_of_its_zone() -> None:
    limit = dt.datetime(2026, 11, 22, 8, 0, 30, tzinfo=dt.UTC)
    sent = search_time(limit)
    assert sent.tzinfo is None
    assert sent.replace(tzinfo=NORWAY) < limit
    assert sent.replace(tzinfo=dt.UTC) < limit


def test_a_record_that_lacks_what_it_is_known_by_is_not_believed() -> None:
    with pytest.raises(Unknown, match="InvoiceOrder without OrderStatus"):
        read_order(_order("<OrderId>1</OrderId>"))
    with pytest.raises(Unknown, match="Company without Id"):
        read_card({"Name": "Nordly AS"})


@given(
    text=st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        min_size=1,
    )
)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert _order(f"<InvoiceTitle>{escape(text)}</InvoiceTitle>") == {"InvoiceTitle": text}


@given(amount=st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**12))
def test_any_amount_comes_back_exactly(amount: Decimal) -> None:
    assert read_plain("decimal", format(amount, "f"), "Price") == amount
