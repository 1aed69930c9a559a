"""The demo: an activated integration with keys and some sixty invoices, in sandbox mode only."""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.activation import activate
from so24.keys.credentials import NewKey, add_key
from so24.keys.departments import find_departments
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.people.users import ensure_demo_users
from so24.sandbox.books.seed import ACCOUNTS, BERGEN, CLIENTS, OSLO, STAVANGER
from so24.settings import CHECKOUT, Settings
from so24.sources.intake import import_files
from so24.store.people.origins import DEMO
from so24.store.tables.people_tables import Role
from so24.store.upkeep.upkeep import is_filled_by, is_untouched


def demo_folder() -> Path:
    """The folder of the demo data in the checkout."""
    return CHECKOUT / "data" / "demo"


DEMO_FILES: tuple[Path, ...] = (
    demo_folder() / "customers.xlsx",
    demo_folder() / "invoice-lines.xlsx",
    demo_folder() / "credit-notes.xlsx",
)


_DEMO = Actor("demo", Role.ADMIN, origin=DEMO)
_SERVICES = "Services 25 %"

# which department goes by which account; department 30 has no key, on purpose
_KEYS = (
    ("Oslo", OSLO, "oslo", "10", _SERVICES),
    ("Bergen", BERGEN, "bergen", "20", _SERVICES),
    ("Stavanger", STAVANGER, "stavanger", "40", None),
)


@dataclass(frozen=True)
class SandboxAccount:
    """An account of the sandbox that a key can be tried with; ``companies`` by Organization ID."""

    username: str
    password: str
    companies: Mapping[int, str]


def sandbox_accounts(settings: Settings) -> tuple[SandboxAccount, ...]:
    """The sandbox's own accounts, invented and printed; none in live mode."""
    if settings.live:
        return ()
    return tuple(
        SandboxAccount(
            each.username, each.password, {client: CLIENTS[client] for client in each.clients}
        )
        for each in ACCOUNTS
    )


def load_demo_once(installation: Installation) -> bool:
    """Fill an untouched store with the demo; False where the store is in use already.

    The sandbox must be running. Raises :class:`WrongUse` in live mode.
    """
    if installation.settings.live:
        raise WrongUse(say("The demo exists in sandbox mode only."))
    with (installation.settings.data_dir / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes may start at the same time
        with installation.db.reading() as session:
            if not is_untouched(session):
                return False
        _load(installation)
    return True


def holds_demo(installation: Installation) -> bool:
    """Whether the store holds the whole demo and no documents beside it, exported or not."""
    with installation.db.reading() as session:
        return is_filled_by(session, _DEMO.name)


def _load(installation: Installation) -> None:
    ensure_demo_users(installation)
    files = [(path.name, path.read_bytes()) for path in DEMO_FILES]
    import_files(Desk(installation, _DEMO), files)
    passwords = {account.username: account.password for account in ACCOUNTS}
    for name, organization_id, user, department, category in _KEYS:
        username = f"{user}@sandbox.example"
        found = find_departments(Desk(installation, _DEMO), [department])
        add_key(
            Desk(installation, _DEMO),
            NewKey(
                name=name,
                organization_id=organization_id,
                username=username,
                password=passwords[username],
                department_ids=found.ids,
                new_departments=found.new_numbers,
                category=category,
            ),
        )
    activate(Desk(installation, _DEMO))
