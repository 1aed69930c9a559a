"""Products of a lane: found in 24SevenOffice by number, compared exactly, or created there.

Only number and name travel; the key's category for the line's VAT decides account and VAT of a new
product. A number that may mean a product there and may not is a question to a person
(``order.which_product``). Linked products are looked at again now and then, and whenever the list
is read anyway: to read it in every pass would cost each of them a request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused
from so24.keys.key_categories import categories_of
from so24.keys.key_fields import TaxKind
from so24.language.said import join_said, say
from so24.office.values import NewProduct, OfficeProduct, SaveOutcome
from so24.reasons import Reason
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import FoundBy, State
from so24.store.transfers.transfers import Move
from so24.transfer.checks.finding import Finding
from so24.transfer.lane.batches import in_batches
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass, Purpose, product_names
from so24.transfer.lane.look_up import block
from so24.transfer.order.mapping import map_product, product_kinds
from so24.transfer.order.which_product import AskProduct, ProductFile, ask_about_new

CREATE_BATCH = 50
BELIEVED_FOR = dt.timedelta(minutes=5)


def resolve_products(lane_pass: LanePass) -> list[str]:
    """Find the documents' products that are not known; returns those that are not there either.

    A pass that sends creates the missing ones; in another they stay unknown. A preview reads the
    list in any case.
    """
    names = product_names(lane_pass.documents)
    absent: list[str] = []
    if list_unsure(lane_pass, names) or (names and lane_pass.purpose is Purpose.PREVIEW):
        file = lane_pass.product_file = ProductFile(lane_pass.office.products())
        _look_again(lane_pass, file)
        missing = [number for number in names if number not in lane_pass.products]
        absent = _resolve_missing(lane_pass, missing, file)
        if absent and lane_pass.purpose is Purpose.SEND:
            _create_products(lane_pass, {number: names[number] for number in absent})
    reach("after products saved", lane_pass.key.id)
    return absent


def list_unsure(lane_pass: LanePass, numbers: Iterable[str]) -> set[str]:
    """The product numbers for which 24SevenOffice's list has to be read: not linked, or not seen
    there for a while.
    """
    linked, since = lane_pass.linked_products, now() - BELIEVED_FOR
    return {
        number
        for number in numbers
        if number not in linked or (linked[number].read_at or since) <= since
    }


def _look_again(lane_pass: LanePass, file: ProductFile) -> None:
    """See in the list what has become of the linked products; forget links to those that are gone.

    A document whose product is in doubt is at fault, and ends once it is known what was sent of it.
    """
    changes: dict[str, tuple[LinkedProduct, LinkedProduct | None]] = {}
    asked: dict[str, AskProduct] = {}
    for number, link in lane_pass.linked_products.items():
        match file.stand_by(number, link, now()):
            case AskProduct() as question:
                asked[number] = question
                changes[number] = link, replace(link, read_at=None)
            case now_linked:
                changes[number] = link, now_linked
    lane_pass.recorder.replace_products(changes)
    lane_pass.take_products({ours: new for ours, (_, new) in changes.items()})
    for doc, questions in _by_document(lane_pass, asked).items():
        doc.fault = doc.fault or Finding(questions[0].reason, _join(questions))


def _resolve_missing(lane_pass: LanePass, missing: Collection[str], file: ProductFile) -> list[str]:
    """Link what is there, ask about what comes near; returns the numbers that are to be created."""
    found: dict[str, LinkedProduct] = {}
    asked: dict[str, AskProduct] = {}
    for number in missing:
        match file.which_product(number, none_of_these=number in lane_pass.denied_products):
            case OfficeProduct() as product:
                found[number] = file.link(product, FoundBy.PRODUCT_NUMBER, now())
            case AskProduct() as question:
                asked[number] = question
    lane_pass.take_products(lane_pass.recorder.link_products(found))
    absent = [each for each in missing if each not in found and each not in asked]
    asked |= {
        number: question
        for number, question in ask_about_new(absent).items()
        if number not in lane_pass.denied_products
    }
    asked |= _list_impossible(lane_pass, set(absent) - asked.keys())
    _block_asked(lane_pass, asked)
    needed = product_names(lane_pass.documents)
    return [number for number in absent if number not in asked and number in needed]


def _list_impossible(lane_pass: LanePass, absent: Collection[str]) -> dict[str, AskProduct]:
    """Those that cannot be created: without a category, and the key's product for bare lines."""
    categories = categories_of(lane_pass.key)
    kinds = _kinds(lane_pass)
    default = lane_pass.key.default_product
    impossible = {
        number: AskProduct(Reason.NO_CATEGORY, number)
        for number in absent
        if categories.for_kind(kinds[number]) is None
    }
    if default in absent:
        words = say("It is {product}.", product=default)
        impossible[default] = AskProduct(Reason.DEFAULT_PRODUCT_MISSING, words)
    return impossible


def _block_asked(lane_pass: LanePass, asked: Mapping[str, AskProduct]) -> None:
    """End the documents with a line of these products, each with all that is asked of it."""
    by_reason: dict[Reason, dict[LaneDocument, str]] = {}
    for doc, questions in _by_document(lane_pass, asked).items():
        by_reason.setdefault(questions[0].reason, {})[doc] = _join(questions)
    for reason, words in by_reason.items():
        block(lane_pass, words, reason)


def _by_document(
    lane_pass: LanePass, asked: Mapping[str, AskProduct]
) -> dict[LaneDocument, list[AskProduct]]:
    found = {
        doc: list(
            dict.fromkeys(
                asked[line.product_number]
                for line in doc.document.lines
                if line.product_number in asked
            )
        )
        for doc in lane_pass.documents
    }
    return {doc: questions for doc, questions in found.items() if questions}


def _join(questions: Iterable[AskProduct]) -> str:
    """The words of all; bare product numbers in a list, sentences one after the other."""
    words = [each.words for each in questions]
    return join_said(words, " " if any(each.endswith(".") for each in words) else ", ")


def _create_products(lane_pass: LanePass, names: Mapping[str, str]) -> None:
    new = _map_new_products(lane_pass, names)
    for part in in_batches(names, CREATE_BATCH, lambda number: _mark(number) in lane_pass.singly):
        concerned = _documents_with(lane_pass, part)
        lane_pass.intend({doc: Move(State.PREPARING, Reason.CREATING_PRODUCT) for doc in concerned})
        try:
            answers = lane_pass.office.create_products([new[number] for number in part])
        except (Refused, BadRequest) as refusal:
            if len(part) > 1:
                lane_pass.try_singly(map(_mark, part), refusal)
            lane_pass.refuse(concerned, Reason.REFUSED_PRODUCT, refusal.words)
            continue
        reach("after products answer", lane_pass.key.id)
        _take_created(lane_pass, new, dict(zip(part, answers, strict=True)))


def _map_new_products(lane_pass: LanePass, names: Mapping[str, str]) -> dict[str, NewProduct]:
    """The products to create by number, each in the key's category for its first line's VAT."""
    categories, kinds = categories_of(lane_pass.key), _kinds(lane_pass)
    return {
        number: map_product(number, name, category.id)
        for number, name in names.items()
        if (category := categories.for_kind(kinds[number])) is not None
    }


def _take_created(
    lane_pass: LanePass, new: Mapping[str, NewProduct], outcomes: Mapping[str, SaveOutcome]
) -> None:
    made = {
        ours: LinkedProduct(each.id, FoundBy.CREATED, ours, new[ours].name, read_at=now())
        for ours, each in outcomes.items()
        if each.id and not each.problem
    }
    lane_pass.take_products(lane_pass.recorder.link_products(made))
    problems = {
        ours: f"{ours}: {each.problem.message}" for ours, each in outcomes.items() if each.problem
    }
    _refuse_lines(lane_pass, problems)


def _kinds(lane_pass: LanePass) -> dict[str, TaxKind]:
    return product_kinds(doc.document for doc in lane_pass.documents)


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
            lane_pass.refuse([doc], Reason.REFUSED_PRODUCT, join_said(dict.fromkeys(words)))
