"""No history of deeds books a document twice, loses one, or leaves one stuck.

``SO24_LONG=1`` tells thousands of histories, never the same ones, and shrinks what it finds.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import traceback

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from so24.store.links import links
from so24.store.transfers import transfers
from so24.transfer.lane import invoice as invoicing
from so24.transfer.lane import lane, waiting
from so24.transfer.lane import look_up as lookup
from tests.crash.mutations import MUTATIONS
from tests.stateful.machine import AnyHistory

pytestmark = pytest.mark.slow

LONG = os.environ.get("SO24_LONG") == "1"
# threads decide some orders anew each time, so a failing history is told as it is, not shrunk
ORDINARY = settings(
    derandomize=True,
    database=None,
    max_examples=30,
    stateful_step_count=20,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
THOROUGH = settings(
    ORDINARY,
    derandomize=False,
    max_examples=2000,
    stateful_step_count=50,
    phases=[Phase.generate, Phase.shrink],
)


@pytest.fixture(autouse=True)
def _small_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses as short as the deadlines here."""
    monkeypatch.setattr(waiting, "SHORTEST_PAUSE", dt.timedelta(seconds=0.005))


def test_any_history_keeps_every_promise() -> None:
    run_state_machine_as_test(AnyHistory, settings=settings(ORDINARY, max_examples=3))


@pytest.mark.long
def test_many_histories_keep_every_promise() -> None:
    run_state_machine_as_test(AnyHistory, settings=THOROUGH if LONG else ORDINARY)


@pytest.mark.parametrize(
    "mutation",
    [pytest.param("bind_each_its_own", marks=pytest.mark.long), "call_drafts_transferred"],
)
def test_a_broken_protocol_does_not_survive_a_hundred_histories(
    mutation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # set to what they are, so that they are that again after the test
    monkeypatch.setattr(lane, "look_up", lookup.look_up)
    monkeypatch.setattr(lane, "invoice_orders", invoicing.invoice_orders)
    monkeypatch.setattr(invoicing, "_confirm", invoicing._confirm)
    monkeypatch.setattr(transfers, "bind_orders", links.bind_orders)
    MUTATIONS[mutation]()
    some = settings(ORDINARY, max_examples=100, report_multiple_bugs=False)
    with pytest.raises(Exception) as failure:  # noqa: PT011 - several in one, where threads differ
        run_state_machine_as_test(AnyHistory, settings=some)
    # an order too many, or one that is there and not as the store says
    assert re.search("I[123]: ", "".join(traceback.format_exception(failure.value)))
