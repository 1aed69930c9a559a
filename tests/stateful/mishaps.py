"""What can go wrong while lanes are worked: faults of the service, and deeds amid a pass."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from so24.crashpoints import CRASH_POINTS
from so24.sandbox.wire.faults import WRITES, Fault

NEVER = 10**9  # seconds until a late write lands by itself
DEEDS = (
    "crash", "crash", "take over", "take over", "stop", "land", "expire", "edit",
    "delete draft", "invoice draft", "enter with reference", "enter without reference",
)  # fmt: skip


@dataclass(frozen=True)
class Amid:
    """Something that happens when a worker comes to a named point for the ``nth`` time."""

    deed: str
    point: str
    nth: int
    number: int


Mishap = Fault | Amid

_NTH = st.integers(1, 2)
_LOST = st.sampled_from(("lost_before", "lost_after", "cut", "close", "late", "late", "late"))
_LOST_WRITES = st.builds(
    Fault,
    kind=_LOST,
    operation=st.just("SaveInvoices"),
    only=st.sampled_from(WRITES),
    nth=_NTH,
    seconds=st.just(NEVER),
)
_LOST_MASTER_DATA = st.builds(
    Fault,
    kind=_LOST,
    operation=st.sampled_from(("SaveCompanies", "SaveProducts")),
    seconds=st.just(NEVER),
)
_HIDDEN_ORDERS = st.builds(
    Fault,
    kind=st.just("hidden"),
    operation=st.just("SaveInvoices"),
    only=st.just("draft"),
    reads=st.sampled_from((1, 2, -1)),
)
_TROUBLE = st.builds(
    Fault,
    kind=st.sampled_from(("throttle", "expire", "fault", "html")),
    operation=st.sampled_from(("SaveInvoices", "GetInvoices", "GetIdentity", "SaveCompanies")),
    nth=_NTH,
    status=st.just(503),
)
_SILENCE = st.builds(
    Fault,
    kind=st.just("html"),
    operation=st.just("GetInvoices"),
    nth=st.integers(1, 4),
    times=st.just(0),
    status=st.just(503),
)
_AMID = st.builds(
    Amid,
    deed=st.sampled_from(DEEDS),
    point=st.sampled_from(CRASH_POINTS),
    nth=_NTH,
    number=st.integers(0, 5),
)
MISHAP: st.SearchStrategy[Mishap] = st.one_of(
    _LOST_WRITES, _LOST_WRITES, _AMID, _AMID, _LOST_MASTER_DATA, _HIDDEN_ORDERS, _TROUBLE, _SILENCE
)
MISHAPS = st.lists(MISHAP, max_size=2)
