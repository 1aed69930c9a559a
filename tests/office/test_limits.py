"""The service's limits are understood in each way that it tells them."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.errors import Throttled
from tests.office.peers import SPOKEN_LIMIT, fault, http, office_at, peer, refusal_of, result, soap


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"APILimitReset": "2027-01-01T11:00:00Z"}, dt.datetime(2027, 1, 1, 11, tzinfo=dt.UTC)),
        (
            {"Retry-After": "Fri, 01 Jan 2027 12:00:00 GMT"},
            dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC),
        ),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_throttled_call_says_until_when(
    headers: dict[str, str], until: dt.datetime | None
) -> None:
    refused = refusal_of(http("", "429 Too Many", headers=headers))
    assert isinstance(refused, Throttled)
    assert refused.until == until


def test_retry_after_in_seconds_counts_from_now() -> None:
    refused = refusal_of(http("", "503 Later", headers={"Retry-After": "90"}))
    assert isinstance(refused, Throttled)
    assert refused.until is not None
    wait = refused.until - dt.datetime.now(dt.UTC)
    assert dt.timedelta(seconds=60) < wait <= dt.timedelta(seconds=90)


def test_a_limit_in_words_says_until_when() -> None:
    refused = refusal_of(fault(SPOKEN_LIMIT))
    assert isinstance(refused, Throttled)
    assert refused.until == dt.datetime(2027, 1, 1, 10, tzinfo=dt.UTC)


def test_the_text_of_an_invoice_does_not_pass_for_a_limit() -> None:
    row = f"<InvoiceOrder><OrderId>1</OrderId><OrderStatus>Draft</OrderStatus><ReferenceNumber>{SPOKEN_LIMIT}</ReferenceNumber></InvoiceOrder>"  # noqa: E501 - one element
    with peer(soap("GetInvoices", row)) as other, office_at(other.address) as office:
        assert office.orders([1])[0].reference == SPOKEN_LIMIT


def test_a_used_up_quota_stops_the_next_call_before_it_leaves() -> None:
    reset = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).replace(microsecond=0)
    headers = {"APILimitRemaining": "0", "APILimitReset": reset.isoformat()}
    reply = http(result("GetCategories", ""), headers=headers)
    with peer(reply) as other, office_at(other.address) as office:
        assert office.categories() == []
        assert office.quota.remaining == 0
        with pytest.raises(Throttled) as caught:
            office.categories()
        assert (caught.value.until, len(other.requests)) == (reset, 1)
