"""How many requests a lane makes, and how long they take (pure).

The one place of this arithmetic: a lane is worked in chunks, every chunk is a pass of its own, and
what a chunk has found or created is known to the next. Reckoned is a run without trouble: nothing
lost, nothing refused, no session that ends on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from so24.office.gateway import MOST_IDS
from so24.transfer.lane.batches import in_chunks
from so24.transfer.lane.customers import CREATE_BATCH as CUSTOMERS_AT_ONCE
from so24.transfer.lane.products import CREATE_BATCH as PRODUCTS_AT_ONCE


@dataclass(frozen=True)
class MissingCustomer:
    """A customer without a link: whether its number is looked for among the cards, and the end.

    ``stays``: it is neither found nor created, so that the next chunk asks for it again.
    """

    id: int
    by_number: bool = False
    created: bool = True
    stays: bool = False


@dataclass(frozen=True)
class Task:
    """What one document asks of its lane, step by step.

    ``lists``: of the company's own lists; ``original``: how what a credit note credits is asked
    for, empty for invoices. A credit note that ``waits`` goes in a pass of its own, after the
    invoices of its chunk.
    """

    customer: MissingCustomer | None = None
    products: frozenset[str] = frozenset()
    looked_up: bool = True
    drafted: bool = True
    compared: bool = True
    invoiced: bool = True
    confirmed: bool = True
    twins: bool = False
    lists: frozenset[str] = frozenset()
    original: str = ""
    waits: bool = False


@dataclass(frozen=True)
class Terms:
    """The sizes that decide: documents a chunk, orders a call, and what the company's lists cost.

    ``opening`` is what the first proof of the company takes, ``company_pages`` and ``card_calls``
    the list of all customers and their cards; ``created_products`` are the numbers that are not in
    24SevenOffice.
    """

    chunk_size: int
    batch_size: int
    opening: int = 1
    company_pages: int = 1
    card_calls: int = 1
    created_products: frozenset[str] = frozenset()


def count_requests(tasks: Sequence[Task], terms: Terms) -> int:
    """The requests of a lane with these tasks, in their order."""
    known_customers: set[int] = set()
    known_products: set[str] = set()
    requests = 0
    passes = [each for chunk in in_chunks(tasks, terms.chunk_size) for each in _passes(chunk)]
    for number, chunk in enumerate(passes):
        requests += terms.opening if number == 0 else 1
        customers = _missing_customers(chunk, known_customers)
        requests += _customer_requests(customers, terms)
        known_customers |= {each.id for each in customers if not each.stays}
        products = {number for task in chunk for number in task.products} - known_products
        created = products & terms.created_products
        requests += bool(products) + _calls(created, PRODUCTS_AT_ONCE)
        known_products |= products
        requests += len({name for task in chunk for name in task.lists})
        requests += len({task.original for task in chunk if task.original})
        requests += _order_requests(chunk, terms.batch_size)
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


def _passes(chunk: Sequence[Task]) -> list[list[Task]]:
    first = [task for task in chunk if not task.waits]
    waiting = [task for task in chunk if task.waits]
    return [each for each in (first, waiting) if each]


def _missing_customers(chunk: Sequence[Task], known: Collection[int]) -> list[MissingCustomer]:
    found = {
        task.customer.id: task.customer
        for task in chunk
        if task.customer is not None and task.customer.id not in known
    }
    return list(found.values())


def _customer_requests(missing: list[MissingCustomer], terms: Terms) -> int:
    if not missing:
        return 0
    cards = terms.card_calls if any(each.by_number for each in missing) else 0
    created = [each for each in missing if each.created]
    return terms.company_pages + cards + _calls(created, CUSTOMERS_AT_ONCE)


def _order_requests(chunk: Sequence[Task], batch_size: int) -> int:
    """Looking up, setting twins inactive, drafts, reading back, invoicing, confirming."""
    return (
        # reckoned as if each document had a customer of its own
        _calls([task for task in chunk if task.looked_up], MOST_IDS)
        + any(task.twins for task in chunk)
        + _calls([task for task in chunk if task.drafted], batch_size)
        + _calls([task for task in chunk if task.compared], MOST_IDS)
        + _calls([task for task in chunk if task.invoiced], batch_size)
        + _calls([task for task in chunk if task.confirmed], MOST_IDS)
    )


def _calls(things: Collection[object], at_once: int) -> int:
    return -(-len(things) // at_once)
