"""What becomes of the documents that go by a key: category, mode, credit notes, tolerance.

They are chosen while nothing is in transfer by the key, see :mod:`so24.keys.in_use`; whether it
sends credit notes at all may be changed at any time, for a lane asks before it sends any.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlmodel import Session

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.account import find_category
from so24.keys.credentials import categories_of
from so24.keys.in_use import idle_key
from so24.people.roles import Actor, Permission, require
from so24.store.keys import keys as store
from so24.store.people.audit import record
from so24.store.tables.key_tables import Key, KeyMode

LARGEST_TOLERANCE = Decimal("1.00")


def set_category(
    installation: Installation, actor: Actor, key_id: int, wanted: int | str | None
) -> None:
    """Choose the category for new products by id, number or name; None chooses none.

    It must be one of the account's own, which is asked now, and the key must not be in use; else
    :class:`WrongUse`.
    """
    chosen = None
    if wanted is not None and wanted != "":
        chosen = find_category(categories_of(installation, actor, key_id), wanted)

    def change(key: Key) -> str:
        key.category_id = chosen.id if chosen else None
        key.category_name = chosen.name[:200] if chosen else ""
        return f"{chosen.name} ({chosen.id})" if chosen else "none"

    _change(installation, actor, key_id, "key category set", change, idle_key)


def set_mode(installation: Installation, actor: Actor, key_id: int, mode: KeyMode) -> None:
    """Choose what becomes of the key's orders: booked at once, or left for approval.

    Raises :class:`WrongUse` while the key is in use.
    """

    def change(key: Key) -> str:
        key.mode = mode
        return mode.value

    _change(installation, actor, key_id, "key mode set", change, idle_key)


def set_credit_notes(installation: Installation, actor: Actor, key_id: int, on: bool) -> None:
    """Let new runs send credit notes by the key, or block them."""

    def change(key: Key) -> str:
        key.credit_notes = on
        return "on" if on else "off"

    _change(installation, actor, key_id, "key credit notes set", change)


def set_tolerance(
    installation: Installation, actor: Actor, key_id: int, tolerance: Decimal
) -> None:
    """Set the accepted difference of totals, 0.00 to 1.00 in the invoice's currency.

    Raises :class:`WrongUse` for another amount, and while the key is in use.
    """
    fits = tolerance.is_finite() and Decimal(0) <= tolerance <= LARGEST_TOLERANCE
    if not fits or tolerance != round(tolerance, 2):
        raise WrongUse("The tolerance is an amount from 0,00 to 1,00 with two decimals.")

    def change(key: Key) -> str:
        key.tolerance = round(tolerance, 2)
        return str(key.tolerance)

    _change(installation, actor, key_id, "key tolerance set", change, idle_key)


def _change(
    installation: Installation,
    actor: Actor,
    key_id: int,
    action: str,
    change: Callable[[Key], str],
    find: Callable[[Session, int], Key] = store.known_key,
) -> None:
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.writing() as session:
        key = find(session, key_id)
        record(session, actor.name, action, key.name, change(key))
