"""Half of a login: what a user has proved first, where a code of the second factor is owing.

That is the right password, or who it is by the company login. It is no login session and stands
nowhere in the store. Whoever holds it can do nothing but give a code for it, for five minutes, and
not after the password, or the company identity, has changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from so24.errors import ConfigurationError
from so24.store.tables.ground import now
from so24.store.tables.people_tables import CompanyIdentity, User
from so24.vault import Vault

LASTS = dt.timedelta(minutes=5)
_KIND = "half a login"  # so that no other sealed text is taken for one


@dataclass(frozen=True)
class CompanyProof:
    """What the company's provider has said of how it recognised somebody.

    ``asked_at``: when it last asked the person to prove it (aware UTC), None where it does not say.
    ``second_factor``: whether that included what these settings count as a second factor.
    """

    asked_at: dt.datetime | None
    second_factor: bool = False


@dataclass(frozen=True)
class HalfLogin:
    """Who has proved something first; ``mark`` tells which password, or which identity.

    ``company`` is None where it was the password.
    """

    name: str
    mark: str
    company: CompanyProof | None = None


def seal_half(vault: Vault, half: HalfLogin) -> str:
    """Half of a login as text for nobody to read."""
    company = half.company
    asked_at = company.asked_at.isoformat() if company and company.asked_at else ""
    until = (now() + LASTS).isoformat()
    return vault.seal(json.dumps([_KIND, half.name, half.mark, until, bool(company), asked_at]))


def open_half(vault: Vault, half: str) -> HalfLogin | None:
    """Read what :func:`seal_half` has made; None where it was not, and when its time is over."""
    try:
        kind, name, mark, until, by_company, asked = json.loads(vault.unseal(half))
        is_open = kind == _KIND and now() < dt.datetime.fromisoformat(until)
        asked_at = dt.datetime.fromisoformat(asked) if asked else None
    except (ConfigurationError, ValueError, TypeError):
        return None
    company = CompanyProof(asked_at) if by_company else None
    return HalfLogin(name, mark, company) if is_open else None


def mark_password(user: User) -> str:
    """Tells one password of the user from the next."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()


def mark_identity(identity: CompanyIdentity | None) -> str:
    """Tells one company identity of the user from the next, and from none."""
    who = repr((identity.issuer, identity.subject)) if identity else ""
    return hashlib.sha256(who.encode()).hexdigest()
