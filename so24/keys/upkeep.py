"""Upkeep of keys: they are listed, disabled and deleted, and what is sealed is sealed anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.errors import WrongUse
from so24.keys.departments import refuse_overlaps
from so24.keys.number_settings import tell_other_series, tell_sharing
from so24.keys.routing import Parked, overlaps, scopes_of, why_parked
from so24.language.said import join_said, say, say_count
from so24.letters import fold
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys import keys as store
from so24.store.tables.key_tables import Key, KeyMode, KeyState, Numbers
from so24.store.transfers import open_lanes
from so24.store.upkeep.day_heads import seal_anew
from so24.store.upkeep.upkeep import reseal_columns


@dataclass(frozen=True)
class KeyView:
    """A key as page and command line show it: everything but its secrets; times aware UTC.

    ``departments`` are number and name of those it is for specifically; ``overlap``: another
    usable key claims one of them, or all departments, too; ``sharing``: what other keys of the
    company mean for its numbers, as sentences, empty for nothing; ``parked``: why so24 does nothing
    by it until somebody mends it, with who does that and how, empty where it may be used.
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
    numbers: Numbers
    sharing: str
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
        return say("All departments") if self.all_departments else ", ".join(self.departments)

    @property
    def company(self) -> str:
        """The name and client id of the company that the key reaches."""
        return store.label_company(self.client_name, self.client_id)


@dataclass(frozen=True)
class MappedDepartment:
    """A department of ours that the key serves, and 24SevenOffice's for it, if one is chosen."""

    id: int
    label: str
    office_id: int | None
    office_name: str


def list_keys(desk: Desk) -> list[KeyView]:
    """All keys that are not deleted, by name, without any secret."""
    with desk.reading(Permission.MANAGE_KEYS) as session:
        keys = store.living_keys(session)
        served = store.served_departments(session)
        rows = store.all_departments(session)
        other_series = {key.id: tell_other_series(session, key) for key in keys}
    labels = {row.id: row.label for row in rows if row.id}
    scopes = scopes_of(keys, served)
    doubled = {key.key_id for overlap in overlaps(scopes) for key in overlap.keys}
    return [
        _view(
            key,
            [each for each in labels if each in scope.department_ids],
            labels,
            doubled=key.id in doubled,
            sharing=join_said([tell_sharing(key, keys), other_series[key.id]]),
            parked=why_parked(key, desk.vault),
        )
        for key, scope in zip(keys, scopes, strict=True)
    ]


def key_named(desk: Desk, text: str) -> KeyView:
    """The key with this name, in any case, or this id; :class:`WrongUse` names those there are."""
    keys = list_keys(desk)
    found = [key for key in keys if fold(key.name) == fold(text)] or [
        key for key in keys if str(key.id) == text.strip()
    ]
    if not found:
        known = join_said((say("“{name}”", name=key.name) for key in keys), by=", ") or say(
            "none yet"
        )
        raise WrongUse(
            say("There is no key “{text}”. Keys: {known}.", text=text.strip()[:80], known=known)
        )
    return found[0]


def read_department_map(desk: Desk, key_id: int) -> tuple[MappedDepartment, ...]:
    """The departments that the key serves or served, with 24SevenOffice's for each."""
    with desk.reading(Permission.MANAGE_KEYS) as session:
        key = store.known_key(session, key_id)
        served = store.served_departments(session)
        mapped = {row.department_id: row for row in store.department_map(session, key_id)}
        rows = store.all_departments(session)
    chosen = {row.department_id for row in served if row.key_id == key_id} | mapped.keys()
    return tuple(
        MappedDepartment(
            row.id,
            row.label,
            mapped[row.id].office_id if row.id in mapped else None,
            mapped[row.id].office_name if row.id in mapped else "",
        )
        for row in rows
        if row.id and (row.id in chosen or key.all_departments)
    )


def disable_key(desk: Desk, key_id: int) -> None:
    """Take the key out of new runs; work under way comes to its end."""
    _set_state(desk, key_id, KeyState.DISABLED, say("key disabled"))


def enable_key(desk: Desk, key_id: int) -> None:
    """Let new runs use the key again; raises :class:`WrongUse` where it overlaps another."""
    _set_state(desk, key_id, KeyState.USABLE, say("key enabled"))


def _set_state(desk: Desk, key_id: int, state: KeyState, action: str) -> None:
    with desk.writing(Permission.MANAGE_KEYS) as session:
        key = store.known_key(session, key_id)
        key.state = state
        if state is KeyState.USABLE:
            refuse_overlaps(session)
        desk.record(session, action, key.name)


def delete_key(desk: Desk, key_id: int) -> None:
    """Delete the key and wipe its password; its transfers keep their history.

    Raises :class:`WrongUse` while transfers that are not at their end need it.
    """
    with desk.writing(Permission.MANAGE_KEYS) as session:
        key = store.known_key(session, key_id)
        waiting = open_lanes.count_open(session, key_id=key_id)
        if waiting:
            raise WrongUse(
                say(
                    "Key “{key}” cannot be deleted while transfers in progress need it "
                    "({waiting}). Wait for them, or cancel their run; disable the key to keep it "
                    "from new runs.",
                    key=key.name,
                    waiting=waiting,
                )
            )
        key.state = KeyState.DELETED
        key.password_sealed = key.session_sealed = ""
        store.replace_served(session, key_id, ())
        desk.record(session, say("key deleted"), key.name)


def rotate_secrets(desk: Desk) -> int:
    """Seal all stored passwords and sessions with the newest of ``SO24_SECRET_KEYS``.

    Returns how many there were; the older keys may go from the settings afterwards. All or
    nothing: raises :class:`so24.errors.ConfigurationError` where none of the keys fits one.
    """
    desk.require(Permission.MANAGE_KEYS)
    vault = desk.vault

    def reseal(sealed: str) -> str:
        vault.unseal(sealed)  # says in a sentence that none of the keys fits
        return vault.reseal(sealed)

    with desk.writing(Permission.MANAGE_KEYS) as session:
        count = reseal_columns(session, reseal)
        seal_anew(session, vault.has_signed, vault.sign)
        desk.record(
            session,
            say("secrets rotated"),
            "SO24_SECRET_KEYS",
            say_count("{number} value", "{number} values", count),
        )
    return count


def unreadable_keys(desk: Desk) -> list[str]:
    """The names of keys whose stored password none of ``SO24_SECRET_KEYS`` opens."""
    with desk.reading(Permission.MANAGE_KEYS) as session:
        keys = store.living_keys(session)
    return [key.name for key in keys if not desk.vault.opens(key.password_sealed)]


def _view(
    key: Key,
    department_ids: Sequence[int],
    labels: dict[int, str],
    *,
    doubled: bool,
    sharing: str,
    parked: Parked | None,
) -> KeyView:
    same = {
        name: getattr(key, name)
        for name in KeyView.__dataclass_fields__
        if name not in {"department_ids", "departments", "sharing", "overlap", "parked"}
    }
    return KeyView(
        **same,
        department_ids=tuple(department_ids),
        departments=tuple(labels[each] for each in department_ids),
        sharing=sharing,
        overlap=doubled,
        parked=parked.words if parked else "",
    )
