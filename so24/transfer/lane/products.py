"""Products of a lane: found in 24SevenOffice by number, compared exactly, or created there.

Only number and name travel; the key's category decides account and VAT of a new product.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.order.mapping import is_text, list_ids, map_product

CREATE_BATCH = 50


def recall_products(journey: Journey) -> None:
    """Know the products of the items that are linked already."""
    journey.products = journey.known_products(product_names(journey.items))


def resolve_products(journey: Journey, *, create: bool) -> list[str]:
    """Find the items' products that are not known, creating missing ones in the key's category.

    Returns the numbers that 24SevenOffice does not have; without ``create`` they stay unknown.
    """
    names = product_names(journey.items)
    missing = [number for number in names if number not in journey.products]
    absent: list[str] = []
    if missing:
        found, ambiguous = _find_products(journey, missing)
        journey.remember_products(found)
        _block_lines(journey, ambiguous, Reason.AMBIGUOUS_PRODUCT)
        absent = [each for each in missing if each not in found and each not in ambiguous]
        if absent and journey.key.category_id is None:
            _block_lines(journey, {number: number for number in absent}, Reason.NO_CATEGORY)
        elif absent and create:
            _create_products(journey, {number: names[number] for number in absent})
        recall_products(journey)
    reach("after products saved", journey.key.id)
    return absent


def product_names(items: Iterable[Item]) -> dict[str, str]:
    """The names of the items' products by number, in the order of the lines."""
    return {
        line.product_number: line.product_name
        for item in items
        for line in item.document.lines
        if not is_text(line)
    }


def _find_products(
    journey: Journey, missing: Sequence[str]
) -> tuple[dict[str, int], dict[str, str]]:
    by_number: dict[str, list[int]] = defaultdict(list)
    for product in journey.office.products():
        by_number[(product.number or "").strip()].append(product.id)
    found: dict[str, int] = {}
    ambiguous: dict[str, str] = {}
    for number in missing:
        hits = by_number.get(number, [])
        if len(hits) == 1:
            found[number] = hits[0]
        elif hits:
            ambiguous[number] = f"Product number {number} belongs to products {list_ids(hits)}."
    return found, ambiguous


def _block_lines(journey: Journey, words: dict[str, str], reason: Reason) -> None:
    moves = {}
    for item in journey.items:
        hits = [
            words[line.product_number]
            for line in item.document.lines
            if line.product_number in words
        ]
        if hits:
            moves[item] = Move(State.BLOCKED, reason, ", ".join(dict.fromkeys(hits)))
    journey.move(moves)


def _create_products(journey: Journey, names: dict[str, str]) -> None:
    category = journey.key.category_id
    if category is None:
        raise RuntimeError("products cannot be created without a category")
    for part in in_batches(names, CREATE_BATCH, lambda number: _mark(number) in journey.singly):
        concerned = _items_with(journey, part)
        journey.intend({item: Move(State.PREPARING, Reason.CREATING_PRODUCT) for item in concerned})
        new = [map_product(number, names[number], category) for number in part]
        try:
            outcomes = dict(zip(part, journey.office.create_products(new), strict=True))
        except (Refused, BadRequest) as refusal:
            if len(part) > 1:
                journey.try_singly(map(_mark, part), refusal)
            journey.refuse(concerned, Reason.REFUSED_PRODUCT, str(refusal))
            continue
        reach("after products answer", journey.key.id)
        journey.remember_products(
            {ours: each.id for ours, each in outcomes.items() if each.id and not each.problem}
        )
        problems = {
            ours: f"{ours}: {each.problem.message}"
            for ours, each in outcomes.items()
            if each.problem
        }
        _refuse_lines(journey, problems)


def _mark(number: str) -> tuple[str, str]:
    return "product", number


def _items_with(journey: Journey, numbers: Collection[str]) -> list[Item]:
    return [
        item
        for item in journey.items
        if any(line.product_number in numbers for line in item.document.lines)
    ]


def _refuse_lines(journey: Journey, problems: dict[str, str]) -> None:
    for item in list(journey.items):
        words = [
            problems[line.product_number]
            for line in item.document.lines
            if line.product_number in problems
        ]
        if words:
            journey.refuse([item], Reason.REFUSED_PRODUCT, " ".join(dict.fromkeys(words)))
