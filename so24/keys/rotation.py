"""Changing the key material: everything sealed is sealed anew with the newest key."""

from __future__ import annotations

from so24.installation import Installation
from so24.people.roles import Actor, Permission, require
from so24.store.keys.keys import living_keys
from so24.store.people.audit import record
from so24.store.upkeep.upkeep import reseal_columns


def rotate_secrets(installation: Installation, actor: Actor) -> int:
    """Seal all stored passwords and sessions with the newest of ``SO24_SECRET_KEYS``.

    Returns how many there were; the older keys may go from the settings afterwards. All or
    nothing: raises :class:`so24.errors.ConfigurationError` where none of the keys fits one.
    """
    require(actor, Permission.MANAGE_KEYS)
    vault = installation.vault

    def reseal(sealed: str) -> str:
        vault.unseal(sealed)  # says in a sentence that none of the keys fits
        return vault.reseal(sealed)

    with installation.db.writing() as session:
        count = reseal_columns(session, reseal)
        record(session, actor.name, "secrets rotated", "SO24_SECRET_KEYS", f"{count} values")
    return count


def unreadable_keys(installation: Installation, actor: Actor) -> list[str]:
    """The names of keys whose stored password none of ``SO24_SECRET_KEYS`` opens."""
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.reading() as session:
        keys = living_keys(session)
    return [key.name for key in keys if not installation.vault.opens(key.password_sealed)]
