"""What a preview has shown of each document, its fingerprint, and what has changed since.

A person confirms what was shown. The same facts are gathered again in the transaction that starts
the run, from the store alone; 24SevenOffice itself is looked at by every lane anyway.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from so24.amounts import format_amount
from so24.dates import format_date
from so24.errors import ChangedMeanwhile, Difference, WrongUse
from so24.installation import Installation
from so24.people.roles import Actor, Permission, require
from so24.store.documents import Document
from so24.store.key_tables import Key, KeyMode
from so24.store.previews import keep_preview, kept_preview
from so24.store.runs import NewTransfer
from so24.store.transfer_tables import State
from so24.transfer.item import Item
from so24.transfer.mapping import fingerprint_order, is_text, map_customer
from so24.transfer.reasons import CATALOGUE
from so24.transfer.rehearsal import Rehearsal, RehearsedPlan, stand_in

Facts = tuple[tuple[str, str], ...]
_NOT_CHOSEN = "not selected"
_CHOSEN = "selected"
_WRITTEN = "Fields of the order"  # told only where nothing else says what has changed


@dataclass(frozen=True)
class SeenDocument:
    """The facts of one document, as pairs of a name and a text; ``number`` with its series."""

    invoice_id: int
    number: str
    facts: Facts


@dataclass(frozen=True)
class Seen:
    """All that a preview rests on, in the order of the documents' ids."""

    documents: tuple[SeenDocument, ...]

    @property
    def fingerprint(self) -> str:
        """A hash of all facts: 64 hexadecimal digits."""
        return hashlib.sha256(write_seen(self).encode()).hexdigest()


@dataclass(frozen=True)
class Confirmed:
    """What a person has said yes to, and the ids of all documents that are chosen now."""

    seen: Seen
    chosen: tuple[int, ...]

    @classmethod
    def of(cls, seen: Seen) -> Confirmed:
        """Just the documents that were shown."""
        return cls(seen, tuple(each.invoice_id for each in seen.documents))


def write_seen(seen: Seen) -> str:
    """The facts as JSON, always the same text for the same facts."""
    rows = [[each.invoice_id, each.number, each.facts] for each in seen.documents]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_seen(text: str) -> Seen:
    """The facts that :func:`write_seen` has written."""
    return Seen(
        tuple(
            SeenDocument(invoice_id, number, tuple((name, value) for name, value in facts))
            for invoice_id, number, facts in json.loads(text)
        )
    )


def keep_seen(installation: Installation, actor: Actor, seen: Seen) -> None:
    """Keep what was shown for a while, to be confirmed by its fingerprint in another process."""
    require(actor, Permission.EXPORT)
    with installation.db.writing() as session:
        keep_preview(session, seen.fingerprint, write_seen(seen), actor.name)


def recall_seen(installation: Installation, actor: Actor, fingerprint: str) -> Seen:
    """What was shown under this fingerprint; raises :class:`WrongUse` where that is not known."""
    require(actor, Permission.EXPORT)
    with installation.db.reading() as session:
        facts = kept_preview(session, fingerprint.strip().lower())
    if facts is None:
        raise WrongUse(
            "No dry run of the last two weeks has this fingerprint. Nothing was sent: make a new "
            "dry run and confirm that."
        )
    return read_seen(facts)


def see(plan: RehearsedPlan) -> Seen:
    """Gather what there is to see of a plan; its rehearsals are good for looking at only then."""
    facts: dict[int, Facts] = {}
    for lane in plan.lanes:
        facts |= _see_lane(lane)
    seen = [
        SeenDocument(
            new.invoice_id,
            _number(plan.documents[new.invoice_id]),
            (*_see_plan(new, plan.documents[new.invoice_id]), *facts.get(new.invoice_id, ())),
        )
        for new in plan.planned
    ]
    return Seen(tuple(sorted(seen, key=lambda each: each.invoice_id)))


def require_unchanged(was: Seen, now: Seen) -> None:
    """Raise :class:`ChangedMeanwhile` with all differences, if there are any."""
    differences = tuple(list_differences(was, now))
    if not differences:
        return
    count = len({each.document for each in differences})
    documents = "1 document is" if count == 1 else f"{count} documents are"
    raise ChangedMeanwhile(
        f"Nothing was sent: {documents} not as the preview has shown. Look at the differences and "
        "confirm again.",
        differences,
    )


def list_differences(was: Seen, now: Seen) -> Iterator[Difference]:
    """What differs, by document and fact; a document of one side only is one difference."""
    before = {each.invoice_id: each for each in was.documents}
    after = {each.invoice_id: each for each in now.documents}
    for invoice_id in sorted({*before, *after}):
        old, new = before.get(invoice_id), after.get(invoice_id)
        if old is None or new is None:
            number = (old or new or now.documents[0]).number
            words = (_NOT_CHOSEN, _CHOSEN) if old is None else (_CHOSEN, _NOT_CHOSEN)
            yield Difference(number, "Selection", *words)
            continue
        yield from _compare_facts(new.number, dict(old.facts), dict(new.facts))


def _compare_facts(number: str, was: dict[str, str], now: dict[str, str]) -> Iterator[Difference]:
    found = [
        Difference(number, name, was.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys((*was, *now))
        if was.get(name, "") != now.get(name, "")
    ]
    if was.get("Plan") != now.get("Plan"):  # the rest follows from that
        found = [each for each in found if each.what in ("Plan", "Total")]
    told = [each for each in found if each.what != _WRITTEN]
    yield from told or found


def _see_plan(new: NewTransfer, document: Document) -> Facts:
    reason = CATALOGUE.get(new.reason)
    why = " ".join(part for part in (f"{reason.title}." if reason else "", new.words) if part)
    invoice = document.invoice
    return (
        ("Plan", "will be sent" if new.state is State.QUEUED else why),
        ("Total", format_amount(invoice.total, invoice.currency)),
    )


def _see_lane(rehearsal: Rehearsal) -> dict[int, Facts]:
    linked = {item: item.company_id for item in rehearsal.items}
    products = dict(rehearsal.products)
    stand_in(rehearsal)
    rules = _see_key(rehearsal.key)
    return {
        item.id: (
            *rules,
            *_see_item(item, linked[item], products),
            (_WRITTEN, fingerprint_order(rehearsal.order_for(item))[:16]),
        )
        for item in rehearsal.items
    }


def _see_key(key: Key) -> Facts:
    end = "for approval" if key.mode is KeyMode.APPROVAL else "invoiced"
    category = f"{key.category_name or key.category_id}" if key.category_id is not None else "none"
    return (
        ("Key", f"{key.name}, company {key.client_id}"),
        ("Rules", f"{end}, tolerance {format_amount(key.tolerance)}, category {category}"),
        ("Carries", f"{key.carried or 'nothing more'}; tax codes {key.tax_codes or 'none'}"),
    )


def _see_item(
    item: Item, company_id: int | None, products: dict[str, int]
) -> Iterator[tuple[str, str]]:
    invoice, customer = item.document.invoice, item.document.customer
    card = map_customer(customer)
    values = (card.name, card.organization_number, card.street, card.postal_code, card.city,
              card.country, card.invoice_email)  # fmt: skip
    known = "not linked yet" if company_id is None else f"company {company_id}"
    yield "Customer", f"{customer.number}, {known}"
    yield "Customer's card", ", ".join(value for value in values if value)
    numbers = {line.product_number: line for line in item.document.lines if not is_text(line)}
    yield "Products", ", ".join(_product(number, products) for number in sorted(numbers))
    yield "Bound order", str(item.binding.order_id) if item.binding else "none"
    yield "Invoice date", format_date(invoice.invoice_date)
    yield "Due date", format_date(invoice.due_date)
    yield "Net and VAT", f"{format_amount(invoice.net)} and {format_amount(invoice.vat)}"
    yield "Lines", str(len(item.document.lines))


def _product(number: str, products: dict[str, int]) -> str:
    known = products.get(number)
    return f"{number} not linked yet" if known is None else f"{number} is product {known}"


def _number(document: Document) -> str:
    return f"{document.invoice.series}-{document.invoice.number}"
