"""Products of a lane: found in 24SevenOffice by number, compared exactly, or created there.

Only number and name travel; the key's category decides account and VAT of a new product.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass, Purpose, product_names
from so24.transfer.lane.look_up import block
from so24.transfer.order.mapping import list_ids, map_product

CREATE_BATCH = 50


def resolve_products(lane_pass: LanePass) -> list[str]:
    """Find the documents' products that are not known; returns those that are not there either.

    A pass that sends creates the missing ones in the key's category; in another they stay unknown.
    """
    names = product_names(lane_pass.documents)
    missing = [number for number in names if number not in lane_pass.products]
    absent: list[str] = []
    if missing:
        found, ambiguous = _find_products(lane_pass, missing)
        lane_pass.products |= lane_pass.recorder.link_products(found)
        _block_lines(lane_pass, ambiguous, Reason.AMBIGUOUS_PRODUCT)
        absent = [each for each in missing if each not in found and each not in ambiguous]
        if absent and lane_pass.key.category_id is None:
            _block_lines(lane_pass, {number: number for number in absent}, Reason.NO_CATEGORY)
        elif absent and lane_pass.purpose is Purpose.SEND:
            _create_products(lane_pass, {number: names[number] for number in absent})
    reach("after products saved", lane_pass.key.id)
    return absent


def _find_products(
    lane_pass: LanePass, missing: Sequence[str]
) -> tuple[dict[str, int], dict[str, str]]:
    by_number: dict[str, list[int]] = defaultdict(list)
    for product in lane_pass.office.products():
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


def _block_lines(lane_pass: LanePass, words: dict[str, str], reason: Reason) -> None:
    blocked = {}
    for doc in lane_pass.documents:
        hits = [
            words[line.product_number]
            for line in doc.document.lines
            if line.product_number in words
        ]
        if hits:
            blocked[doc] = ", ".join(dict.fromkeys(hits))
    block(lane_pass, blocked, reason)


def _create_products(lane_pass: LanePass, names: dict[str, str]) -> None:
    category = lane_pass.key.category_id
    if category is None:
        raise RuntimeError("products cannot be created without a category")
    for part in in_batches(names, CREATE_BATCH, lambda number: _mark(number) in lane_pass.singly):
        concerned = _documents_with(lane_pass, part)
        lane_pass.intend({doc: Move(State.PREPARING, Reason.CREATING_PRODUCT) for doc in concerned})
        new = [map_product(number, names[number], category) for number in part]
        try:
            outcomes = dict(zip(part, lane_pass.office.create_products(new), strict=True))
        except (Refused, BadRequest) as refusal:
            if len(part) > 1:
                lane_pass.try_singly(map(_mark, part), refusal)
            lane_pass.refuse(concerned, Reason.REFUSED_PRODUCT, str(refusal))
            continue
        reach("after products answer", lane_pass.key.id)
        made = {ours: each.id for ours, each in outcomes.items() if each.id and not each.problem}
        lane_pass.products |= lane_pass.recorder.link_products(made)
        problems = {
            ours: f"{ours}: {each.problem.message}"
            for ours, each in outcomes.items()
            if each.problem
        }
        _refuse_lines(lane_pass, problems)


def _mark(number: str) -> tuple[str, str]:
    return "product", number


def _documents_with(lane_pass: LanePass, numbers: Collection[str]) -> list[LaneDocument]:
    return [
        doc
        for doc in lane_pass.documents
        if any(line.product_number in numbers for line in doc.document.lines)
    ]


def _refuse_lines(lane_pass: LanePass, problems: dict[str, str]) -> None:
    for doc in list(lane_pass.documents):
        words = [
            problems[line.product_number]
            for line in doc.document.lines
            if line.product_number in problems
        ]
        if words:
            lane_pass.refuse([doc], Reason.REFUSED_PRODUCT, " ".join(dict.fromkeys(words)))
