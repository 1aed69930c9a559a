"""Upkeep of keys: list, rename, re-scope, what they send and how, disable, delete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.account import find_category
from so24.keys.coverage import refuse_overlaps
from so24.keys.credentials import categories_of, check_scope, checked_key_name
from so24.keys.in_use import idle_key
from so24.keys.routing import overlaps, scopes_of
from so24.people.roles import Actor, Permission, require
from so24.store import keys as store
from so24.store.audit import record
from so24.store.key_tables import Key, KeyMode, KeyState

LARGEST_TOLERANCE = Decimal("1.00")


@dataclass(frozen=True)
class KeyView:
    """A key as page and command line show it: everything but its secrets; times aware UTC.

    ``departments`` are number and name of those it is for specifically; ``overlap``: another
    usable key claims one of them, or all departments, too.
    """

    id: int
    name: str
    organization_id: int
    client_id: int
    client_name: str
    username: str
    all_departments: bool
    department_ids: tuple[int, ...]
    departments: tuple[str, ...]
    state: KeyState
    mode: KeyMode
    category_id: int | None
    category_name: str
    tolerance: Decimal
    credit_notes: bool
    overlap: bool
    pinned_by: str
    password_set_at: dt.datetime
    password_set_by: str
    tested_at: dt.datetime | None
    last_used_at: dt.datetime | None

    @property
    def scope(self) -> str:
        """The key's departments in words."""
        return "All departments" if self.all_departments else ", ".join(self.departments)


def list_keys(installation: Installation, actor: Actor) -> list[KeyView]:
    """All keys that are not deleted, by name, without any secret."""
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.reading() as session:
        keys = store.living_keys(session)
        served = store.served_departments(session)
        rows = store.all_departments(session)
    labels = {row.id: f"{row.number} {row.name}".strip() for row in rows if row.id}
    scopes = scopes_of(keys, served)
    doubled = {key.key_id for overlap in overlaps(scopes) for key in overlap.keys}
    return [
        _view(key, [each for each in labels if each in scope.department_ids], labels, doubled)
        for key, scope in zip(keys, scopes, strict=True)
    ]


def key_named(installation: Installation, actor: Actor, text: str) -> KeyView:
    """The key with this name, in any case, or this id; :class:`WrongUse` names those there are."""
    keys = list_keys(installation, actor)
    wanted = text.strip().casefold()
    found = [key for key in keys if key.name.casefold() == wanted] or [
        key for key in keys if str(key.id) == wanted
    ]
    if not found:
        known = ", ".join(f"“{key.name}”" for key in keys) or "none yet"
        raise WrongUse(f"There is no key “{text.strip()[:80]}”. Keys: {known}.")
    return found[0]


def rename_key(installation: Installation, actor: Actor, key_id: int, name: str) -> None:
    """Give the key another name; raises :class:`WrongUse` where another key has it."""
    require(actor, Permission.MANAGE_KEYS)
    name = checked_key_name(name)
    with installation.db.writing() as session:
        store.lock_keys(session)
        key = store.known_key(session, key_id)
        store.refuse_taken_name(session, name, apart_from=key_id)
        record(session, actor.name, "key renamed", key.name, f"now {name}")
        key.name = name


def rescope_key(
    installation: Installation,
    actor: Actor,
    key_id: int,
    *,
    all_departments: bool,
    department_ids: Sequence[int] = (),
) -> None:
    """Make the key serve these departments; raises :class:`WrongUse` where that overlaps."""
    require(actor, Permission.MANAGE_KEYS)
    check_scope(all_departments, department_ids)
    with installation.db.writing() as session:
        store.lock_keys(session)
        key = store.known_key(session, key_id)
        numbers = [store.known_department(session, each).number for each in department_ids]
        key.all_departments = all_departments
        store.replace_served(session, key_id, set(department_ids))
        refuse_overlaps(
            store.living_keys(session),
            store.served_departments(session),
            store.all_departments(session),
        )
        scope = "all departments" if all_departments else f"departments {', '.join(numbers)}"
        record(session, actor.name, "key re-scoped", key.name, scope)


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


def disable_key(installation: Installation, actor: Actor, key_id: int) -> None:
    """Take the key out of new runs; work under way comes to its end."""

    def change(key: Key) -> str:
        key.state = KeyState.DISABLED
        return ""

    _change(installation, actor, key_id, "key disabled", change)


def enable_key(installation: Installation, actor: Actor, key_id: int) -> None:
    """Let new runs use the key again; raises :class:`WrongUse` where it overlaps another."""
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.writing() as session:
        store.lock_keys(session)
        key = store.known_key(session, key_id)
        key.state = KeyState.USABLE
        refuse_overlaps(
            store.living_keys(session),
            store.served_departments(session),
            store.all_departments(session),
        )
        record(session, actor.name, "key enabled", key.name)


def delete_key(installation: Installation, actor: Actor, key_id: int) -> None:
    """Delete the key and wipe its password; its transfers keep their history.

    Raises :class:`WrongUse` while transfers that are not at their end need it.
    """
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.writing() as session:
        store.lock_keys(session)
        key = store.known_key(session, key_id)
        waiting = store.open_transfers(session, key_id)
        if waiting:
            raise WrongUse(
                f"Key “{key.name}” cannot be deleted while transfers in progress need it "
                f"({waiting}). Wait for them, or cancel their run; disable the key to keep it "
                "from new runs."
            )
        key.state = KeyState.DELETED
        key.password_sealed = key.session_sealed = ""
        store.replace_served(session, key_id, ())
        record(session, actor.name, "key deleted", key.name)


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


def _view(
    key: Key, department_ids: Sequence[int], labels: dict[int, str], doubled: set[int]
) -> KeyView:
    assert key.id is not None  # noqa: S101 - a stored row has its id
    same = {
        name: getattr(key, name)
        for name in KeyView.__dataclass_fields__
        if name not in {"department_ids", "departments", "overlap"}
    }
    return KeyView(
        **same,
        department_ids=tuple(department_ids),
        departments=tuple(labels[each] for each in department_ids),
        overlap=key.id in doubled,
    )
