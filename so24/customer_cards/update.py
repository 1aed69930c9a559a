"""Bringing customers in 24SevenOffice up to date: shown first, done when a person confirms it.

No lane does this. What a person has seen is bound to the confirmation by its fingerprint: the
cards are read once more, and where anything is other than it was shown, nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from so24.customer_cards.differences import (
    ChosenField,
    CustomerDifference,
    Differences,
    correction_of,
    find_differences,
)
from so24.errors import OfficeError, WrongUse
from so24.installation import Installation
from so24.keys.access import OpenedOffice, open_office
from so24.language.said import say
from so24.office.cards import Card
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys.keys import known_key
from so24.store.links.links import linked_customers
from so24.store.tables.document_tables import Customer
from so24.store.tables.key_tables import Key
from so24.transfer.lane.batches import in_chunks

SAVE_BATCH = 50


@dataclass(frozen=True)
class Updated:
    """What became of a confirmed update: customers' numbers, and refusals in words."""

    numbers: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class _Compared:
    differences: Differences
    pairs: dict[int, tuple[Customer, Card]]


def read_differences(desk: Desk, key_id: int) -> Differences:
    """Compare all customers linked in the key's company with their cards, read now.

    To look needs no leave to write: neither the person's nor the key's.
    """
    with desk.reading(Permission.EXPORT) as session:
        key = known_key(session, key_id)
    opened = open_office(desk.installation, key_id, origin=desk.actor.origin)
    with opened.office:
        return _compare(desk.installation, key, opened).differences


def update_customers(
    desk: Desk, key_id: int, seen: str, chosen: Collection[ChosenField] | None = None
) -> Updated:
    """Write the differences that the person has seen, by their fingerprint, or the chosen of them.

    Raises :class:`WrongUse` where they are others now, or where nothing is chosen, and what a call
    raises; what was written before that is in the audit trail, and another look shows what is left.
    """
    desk.require(Permission.MANAGE_KEYS)
    key = _allowed_key(desk.installation, key_id)
    opened = open_office(desk.installation, key_id, origin=desk.actor.origin)
    with opened.office:
        compared = _compare(desk.installation, key, opened)
        found = compared.differences
        if not seen or found.fingerprint != seen:
            raise WrongUse(
                say(
                    "The differences are not those that were shown: RecMan or 24SevenOffice has "
                    "changed since. Nothing was written; look at them again."
                )
            )
        wanted = found.customers if chosen is None else found.choose(chosen)
        if not wanted:
            raise WrongUse(say("None of the differences is chosen. Nothing was written."))
        detail = say(
            "fingerprint {fingerprint}, {count} of {all} fields",
            fingerprint=seen,
            count=_count_fields(wanted),
            all=_count_fields(found.customers),
        )
        desk.note("customer update confirmed", key.name, detail)
        numbers: list[str] = []
        refused: list[str] = []
        for batch in in_chunks(wanted, SAVE_BATCH):
            _save_batch(desk, opened, compared, batch, numbers, refused)
    return Updated(tuple(numbers), tuple(refused))


def _count_fields(customers: Sequence[CustomerDifference]) -> int:
    return sum(len(each.fields) for each in customers)


def _allowed_key(installation: Installation, key_id: int) -> Key:
    with installation.db.reading() as session:
        key = known_key(session, key_id)
        if not key.update_customers:
            raise WrongUse(
                say(
                    "Key “{key}” does not allow customer updates. A System Administrator allows "
                    "them under Credentials.",
                    key=key.name,
                )
            )
        return key


def _compare(installation: Installation, key: Key, opened: OpenedOffice) -> _Compared:
    with installation.db.reading() as session:
        linked = linked_customers(session, key.client_id)
    cards = {card.id: card for card in opened.office.company_cards([each for _, each in linked])}
    pairs = {
        customer.row_id: (customer, cards[company_id])
        for customer, company_id in linked
        if company_id in cards
    }
    return _Compared(find_differences(linked, cards.values()), pairs)


def _save_batch(
    desk: Desk,
    opened: OpenedOffice,
    compared: _Compared,
    batch: Sequence[CustomerDifference],
    numbers: list[str],
    refused: list[str],
) -> None:
    changes = [correction_of(*compared.pairs[each.customer_id], each.fields) for each in batch]
    try:
        outcomes = opened.office.correct_companies(changes)
    except OfficeError as error:
        numbers_sent = ", ".join(each.number for each in batch)
        desk.note("customer update failed", numbers_sent[:200], str(error))
        raise
    for each, outcome in zip(batch, outcomes, strict=True):
        if outcome.problem:
            refused.append(f"{each.number} {each.name}: {outcome.problem.message}")
            continue
        numbers.append(each.number)
        detail = "; ".join(f"{one.title}: “{one.theirs}” → “{one.ours}”" for one in each.fields)
        subject = f"customer {each.number}, company {each.company_id}"
        desk.note("customer updated", subject, detail)
