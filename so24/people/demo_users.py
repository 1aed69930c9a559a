"""Demo users: one of each role, in sandbox mode only, their passwords shown on the login page.

In live mode they are never made, and :mod:`so24.people.logins` refuses those that an earlier
sandbox has left in the same database.
"""

from __future__ import annotations

from dataclasses import dataclass

from so24.installation import Installation
from so24.people.passwords import hash_password
from so24.store.people import people
from so24.store.people.audit import record
from so24.store.tables.people_tables import Role, User


@dataclass(frozen=True)
class DemoUser:
    """A user that everybody may know."""

    name: str
    role: Role
    password: str


DEMO_USERS = (
    DemoUser("ada", Role.ADMIN, "ada-demo-2026"),
    DemoUser("fia", Role.FINANCE, "fia-demo-2026"),
    DemoUser("ann", Role.ANALYST, "ann-demo-2026"),
)


def shown_demo_users(installation: Installation) -> tuple[DemoUser, ...]:
    """The demo users to be shown on the login page: none in live mode or with ``DEMO`` off."""
    settings = installation.settings
    return DEMO_USERS if settings.demo and not settings.live else ()


def ensure_demo_users(installation: Installation) -> None:
    """Make the demo users that are missing; safe to repeat, and does nothing in live mode.

    A user of the same name that somebody added is left alone.
    """
    with installation.db.reading() as session:
        taken = {user.name for user in people.all_users(session)}
    missing = [demo for demo in shown_demo_users(installation) if demo.name not in taken]
    hashes = {demo.name: hash_password(demo.password) for demo in missing}
    with installation.db.writing() as session:
        for demo in missing:
            if people.user_named(session, demo.name) is not None:
                continue  # another process was faster
            session.add(
                User(
                    name=demo.name,
                    role=demo.role,
                    password_hash=hashes[demo.name],
                    must_change=False,
                    demo=True,
                )
            )
            record(session, "so24", "user added", demo.name, "demo user")
