"""A worker begins a call only while nobody else can have taken over its lanes."""

from __future__ import annotations

import time

import pytest

from so24.errors import LeaseLost
from so24.transfer.jobs.who_runs_jobs import Lease

AGO = 3600.0


def test_a_call_is_permitted_where_it_ends_within_the_lease() -> None:
    lease = Lease(60, longest_call=30)
    lease.renew(time.monotonic())
    lease.permit()()


@pytest.mark.parametrize("ago", [31.0, AGO])
def test_a_call_that_might_outlast_the_lease_is_not(ago: float) -> None:
    lease = Lease(60, longest_call=30)
    lease.renew(time.monotonic() - ago)
    with pytest.raises(LeaseLost):
        lease.permit()()


def test_without_a_heartbeat_and_after_the_end_nothing_is_permitted() -> None:
    lease = Lease(60, longest_call=30)
    with pytest.raises(LeaseLost):
        lease.permit()()
    lease.renew(time.monotonic())
    permit = lease.permit()
    lease.end()
    with pytest.raises(LeaseLost):
        permit()


def test_what_was_begun_before_a_gap_stays_stopped_when_the_database_is_back() -> None:
    lease = Lease(60, longest_call=30)
    lease.renew(time.monotonic() - AGO)
    before = lease.permit()
    lease.renew(time.monotonic())
    with pytest.raises(LeaseLost):
        before()
    lease.permit()()


def test_a_heartbeat_in_time_keeps_what_was_begun() -> None:
    lease = Lease(60, longest_call=30)
    lease.renew(time.monotonic() - 20)
    permit = lease.permit()
    lease.renew(time.monotonic())
    permit()
