"""Half of a login: the right password of a user who has a second factor.

It is no login session and stands nowhere in the store. Whoever holds it can do nothing but give a
code for it, for five minutes, and not after the password has changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from so24.errors import ConfigurationError
from so24.store.tables.ground import now
from so24.store.tables.people_tables import User
from so24.vault import Vault

LASTS = dt.timedelta(minutes=5)
_KIND = "half a login"  # so that no other sealed text is taken for one


@dataclass(frozen=True)
class HalfLogin:
    """Whose password was given, and which one."""

    name: str
    mark: str

    def is_over_for(self, user: User) -> bool:
        """Whether the user has another password by now."""
        return self.mark != _mark(user)


def seal_half(vault: Vault, user: User) -> str:
    """Half of a login of this user, who has given the password, as text for nobody to read."""
    return vault.seal(json.dumps([_KIND, user.name, _mark(user), (now() + LASTS).isoformat()]))


def open_half(vault: Vault, half: str) -> HalfLogin | None:
    """Read what :func:`seal_half` has made; None where it was not, and when its time is over."""
    try:
        kind, name, mark, until = json.loads(vault.unseal(half))
        is_open = kind == _KIND and now() < dt.datetime.fromisoformat(until)
    except (ConfigurationError, ValueError, TypeError):
        return None
    return HalfLogin(name, mark) if is_open else None


def _mark(user: User) -> str:
    """Tells one password of the user from the next."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()
