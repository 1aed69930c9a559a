"""Upkeep of keys: list, rename, re-scope, disable, delete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.coverage import refuse_overlaps
from so24.keys.credentials import check_scope, checked_key_name
from so24.keys.parked import Parked, why_parked
from so24.keys.routing import overlaps, scopes_of
from so24.people.roles import Actor, Permission, require
from so24.store.keys import keys as store
from so24.store.people.audit import record
from so24.store.tables.key_tables import Key, KeyMode, KeyState


@dataclass(frozen=True)
class KeyView:
    """A key as page and command line show it: everything but its secrets; times aware UTC.

    ``departments`` are number and name of those it is for specifically; ``overlap``: another
    usable key claims one of them, or all departments, too; ``parked``: why so24 does nothing by it
    until somebody mends it, with who does that and how, empty where it may be used.
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
    parked: str
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
        _view(
            key,
            [each for each in labels if each in scope.department_ids],
            labels,
            doubled=key.id in doubled,
            parked=why_parked(key, installation.vault),
        )
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


def disable_key(installation: Installation, actor: Actor, key_id: int) -> None:
    """Take the key out of new runs; work under way comes to its end."""
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.writing() as session:
        key = store.known_key(session, key_id)
        key.state = KeyState.DISABLED
        record(session, actor.name, "key disabled", key.name)


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


def _view(
    key: Key,
    department_ids: Sequence[int],
    labels: dict[int, str],
    *,
    doubled: bool,
    parked: Parked | None,
) -> KeyView:
    assert key.id is not None  # noqa: S101 - a stored row has its id
    same = {
        name: getattr(key, name)
        for name in KeyView.__dataclass_fields__
        if name not in {"department_ids", "departments", "overlap", "parked"}
    }
    return KeyView(
        **same,
        department_ids=tuple(department_ids),
        departments=tuple(labels[each] for each in department_ids),
        overlap=doubled,
        parked=parked.words if parked else "",
    )
