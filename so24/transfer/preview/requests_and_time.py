"""What an export takes: the requests of a lane, the quota that they use, and the time (pure).

The one place of this arithmetic: a lane is worked in chunks, every chunk is a pass of its own, and
what a chunk has found or created is known to the next. Reckoned is a run without trouble: nothing
lost, nothing refused, no session that ends on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from so24.language.said import say, say_count
from so24.office.gateway import MOST_IDS
from so24.office.values import Quota
from so24.settings import Settings
from so24.store.tables.ground import now
from so24.transfer.lane.batches import in_chunks
from so24.transfer.lane.customers import CREATE_BATCH as CUSTOMERS_AT_ONCE
from so24.transfer.lane.products import CREATE_BATCH as PRODUCTS_AT_ONCE
from so24.transfer.lane.same_numbers import AT_ONCE as INVOICED_AT_ONCE
from so24.transfer.preview.forecast import LookResult, PreviewLane


@dataclass(frozen=True)
class MissingCustomer:
    """A customer without a link, and the end that it comes to.

    ``stays``: it is neither found nor created, so that the next chunk asks for it again.
    """

    id: int
    created: bool = True
    stays: bool = False


class DocumentSteps(NamedTuple):
    """What one document asks of its lane, step by step.

    ``read_again`` is a linked customer whose card has changed. ``lists``: of the company's own
    lists; ``credited``: how what a credit note credits is asked for, empty for invoices. A credit
    note that ``waits`` goes in a pass of its own, after the invoices of its chunk.
    """

    customer: MissingCustomer | None = None
    read_again: int | None = None
    products: frozenset[str] = frozenset()
    looked_up: bool = True
    drafted: bool = True
    compared: bool = True
    invoiced: bool = True
    confirmed: bool = True
    second_drafts: bool = False
    lists: frozenset[str] = frozenset()
    credited: str = ""
    waits: bool = False


@dataclass(frozen=True)
class LaneSizes:
    """The sizes that decide: documents a chunk, orders a call, and what the company's lists cost.

    ``opening`` is what the first proof of the company takes, ``company_pages`` and ``card_calls``
    the list of all customers and their cards; ``created_products`` are the numbers that are not in
    24SevenOffice. ``watched``: the company is looked at beside each write and what was read of
    orders, as the account reaches several. ``same_numbers``: documents go in the order of their
    numbers, the first alone, and are looked for by these before drafts and each invoicing.
    """

    chunk_size: int
    batch_size: int
    opening: int = 1
    company_pages: int = 1
    card_calls: int = 1
    created_products: frozenset[str] = frozenset()
    watched: bool = False
    same_numbers: bool = False


def count_requests(documents: Sequence[DocumentSteps], sizes: LaneSizes) -> int:
    """The requests of a lane with these documents, in their order."""
    known_customers: set[int] = set()
    known_products: set[str] = set()
    requests = 0
    chunks = in_chunks(documents, sizes.chunk_size)
    passes = [each for chunk in chunks for each in _passes(chunk)]
    if sizes.same_numbers:
        passes = [*_passes_in_order(chunks)]
    for number, chunk in enumerate(passes):
        requests += sizes.opening if number == 0 else 1
        customers = _missing_customers(chunk, known_customers)
        again = {each.read_again for each in chunk if each.read_again} - known_customers
        requests += sizes.company_pages + bool(again) + _customer_requests(customers, sizes)
        known_customers |= {each.id for each in customers if not each.stays} | again
        products = {number for each in chunk for number in each.products} - known_products
        created = products & sizes.created_products
        requests += bool(products) + _calls(created, PRODUCTS_AT_ONCE)
        looked = _looked_up(chunk, customers)
        if sizes.watched:
            made = [each for each in customers if each.created]
            saves = _calls(made, CUSTOMERS_AT_ONCE) + _calls(created, PRODUCTS_AT_ONCE)
            requests += 2 * (saves + _order_writes(chunk, sizes)) + _looks(chunk, looked)
            requests += _number_reads(chunk, sizes)
        known_products |= products
        requests += len({name for each in chunk for name in each.lists})
        requests += len({each.credited for each in chunk if each.credited})
        requests += _order_reads(chunk, looked) + _order_writes(chunk, sizes)
        requests += _number_reads(chunk, sizes)
    return requests


def reckon_seconds(requests: int, round_trip: float, per_second: float, burst: int) -> float:
    """Seconds that so many requests take one after the other, within a key's pace."""
    return max(requests * round_trip, (requests - burst) / per_second)


def finish_of(lanes: Iterable[tuple[int, float]], at_once: int) -> float:
    """Seconds until all lanes, given as company and seconds, are done by so many at once.

    Lanes of one company are worked one after the other.
    """
    by_company: dict[int, float] = {}
    for company, seconds in lanes:
        by_company[company] = by_company.get(company, 0.0) + seconds
    longest = max(by_company.values(), default=0.0)
    return max(longest, sum(by_company.values()) / at_once)


def _passes(chunk: Sequence[DocumentSteps]) -> list[list[DocumentSteps]]:
    first = [each for each in chunk if not each.waits]
    waiting = [each for each in chunk if each.waits]
    return [each for each in (first, waiting) if each]


def _passes_in_order(chunks: Iterable[Sequence[DocumentSteps]]) -> Iterator[list[DocumentSteps]]:
    """The passes of a lane that goes by RecMan's numbers, at most.

    A credit note that waits begins a new one, and so does whatever stands behind the lane's first
    document, though it is looked up with it.
    """
    proven = False
    for chunk in chunks:
        parts: list[list[DocumentSteps]] = [[]]
        for each in chunk:
            if each.waits and parts[-1]:
                parts.append([])
            parts[-1].append(each)
        for part in parts:
            first = next((each for each in part if each.invoiced), None)
            if first is None or proven:
                yield part
                continue
            proven = True
            yield [each if each is first else _only_looked(each) for each in part]
            if behind := [each for each in part if each.invoiced and each is not first]:
                yield behind


def _only_looked(steps: DocumentSteps) -> DocumentSteps:
    if not steps.invoiced:
        return steps
    return steps._replace(drafted=False, compared=False, invoiced=False, confirmed=False)


def _missing_customers(
    chunk: Sequence[DocumentSteps], known: Collection[int]
) -> list[MissingCustomer]:
    found = {
        each.customer.id: each.customer
        for each in chunk
        if each.customer is not None and each.customer.id not in known
    }
    return list(found.values())


def _customer_requests(missing: list[MissingCustomer], sizes: LaneSizes) -> int:
    if not missing:
        return 0
    created = [each for each in missing if each.created]
    again = sizes.company_pages if created else 0  # whether another installation has made them too
    return sizes.card_calls + _calls(created, CUSTOMERS_AT_ONCE) + again


def _looked_up(
    chunk: Sequence[DocumentSteps], customers: Iterable[MissingCustomer]
) -> list[DocumentSteps]:
    """The documents whose customers' orders are read first: a card made just now has none."""
    made = {each.id for each in customers if each.created}
    return [
        each
        for each in chunk
        if each.looked_up and not (each.customer is not None and each.customer.id in made)
    ]


def _order_reads(chunk: Sequence[DocumentSteps], looked: Sequence[DocumentSteps]) -> int:
    """Looking up, looking again, confirming."""
    return (
        # reckoned as if each document had a customer of its own
        _calls(looked, MOST_IDS)
        + _calls([each for each in chunk if each.compared], MOST_IDS)
        + _calls([each for each in chunk if each.confirmed], MOST_IDS)
    )


def _looks(chunk: Sequence[DocumentSteps], looked: Sequence[DocumentSteps]) -> int:
    """How many of these three there are, whatever their number of calls."""
    again = any(each.compared for each in chunk)
    return bool(looked) + again + any(each.confirmed for each in chunk)


def _order_writes(chunk: Sequence[DocumentSteps], sizes: LaneSizes) -> int:
    """Setting second drafts inactive, drafts, invoicing."""
    return (
        any(each.second_drafts for each in chunk)
        + _calls([each for each in chunk if each.drafted], sizes.batch_size)
        + _invoicing_calls(chunk, sizes)
    )


def _invoicing_calls(chunk: Sequence[DocumentSteps], sizes: LaneSizes) -> int:
    at_once = min(INVOICED_AT_ONCE, sizes.batch_size) if sizes.same_numbers else sizes.batch_size
    return _calls([each for each in chunk if each.invoiced], at_once)


def _number_reads(chunk: Sequence[DocumentSteps], sizes: LaneSizes) -> int:
    """Looking for invoices of the documents' numbers: before drafts, and before each invoicing."""
    if not (sizes.same_numbers and any(each.confirmed for each in chunk)):
        return 0
    return 1 + _invoicing_calls(chunk, sizes)


def _calls(things: Collection[object], at_once: int) -> int:
    return -(-len(things) // at_once)


@dataclass(frozen=True)
class Estimate:
    """What one lane takes. ``looked_up``: reckoned after a look, else the most that is planned.

    ``quota`` is what 24SevenOffice announced last, unknown before a look; ``seconds`` include
    waiting for its reset where it does not suffice.
    """

    key_id: int
    client_id: int
    requests: int
    looked_up: bool
    quota: Quota
    seconds: float

    @property
    def suffices(self) -> bool:
        """Whether the quota is known not to be used up on the way."""
        return self.quota.remaining is None or self.quota.remaining >= self.requests


def estimate_lane(settings: Settings, lane: PreviewLane, looked: LookResult | None) -> Estimate:
    """The lane's estimate, by the look where there was one without a problem."""
    if looked is None or looked.problem:
        return Estimate(lane.key_id, lane.client_id, lane.requests, False, Quota(), lane.seconds)
    pace = settings.pace_per_second, settings.pace_burst
    seconds = reckon_seconds(looked.requests, looked.round_trip, *pace)
    quota = looked.quota
    estimate = Estimate(lane.key_id, lane.client_id, looked.requests, True, quota, seconds)
    if estimate.suffices or quota.resets_at is None:
        return estimate
    wait = max(0.0, (quota.resets_at - now()).total_seconds())
    return replace(estimate, seconds=seconds + wait)


def finish_seconds(settings: Settings, estimates: Iterable[Estimate]) -> float:
    """Seconds until all lanes are done, worked as one process works them."""
    lanes = [(each.client_id, each.seconds) for each in estimates]
    return finish_of(lanes, settings.lanes_at_once)


def describe_requests(estimate: Estimate) -> str:
    """How many requests, and how many are left, in words without a full stop."""
    count = estimate.requests
    requests = (
        say_count("{number} request", "{number} requests", count)
        if estimate.looked_up
        else say_count("at most {number} request", "at most {number} requests", count)
    )
    left = estimate.quota.remaining
    if left is None:
        return requests
    if estimate.suffices:
        return say("{requests}, {left} left", requests=requests, left=left)
    return say(
        "{requests}, {left} left: the run waits for the next period", requests=requests, left=left
    )
