"""What every command begins with: who acts, the installation, and the office within reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from so24.installation import open_installation
from so24.office.address import sandbox_folder
from so24.people.desk import Desk, process_user
from so24.people.roles import Actor
from so24.settings import Settings
from so24.store.people.origins import COMMAND_LINE
from so24.store.tables.people_tables import Role
from so24.store.upkeep.upkeep import explain_outage

if TYPE_CHECKING:
    from so24.sandbox.serve import SandboxHandle

LONGEST_ACTOR = 96


def operating_system_user() -> Actor:
    """Whoever runs the command: whoever may read the key material may do everything."""
    return Actor(f"os:{process_user()}"[:LONGEST_ACTOR], Role.ADMIN, origin=COMMAND_LINE)


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Open the installation that the settings describe, and close it at the end.

    Raises :class:`ConfigurationError` with a sentence where the settings, the data folder or the
    database cannot be used.
    """
    with explain_outage():
        installation = open_installation()
        try:
            yield Desk(installation, operating_system_user())
        finally:
            installation.close()


@contextmanager
def reach_office(settings: Settings) -> Iterator[SandboxHandle | None]:
    """See to it that the office can be reached while the command needs it.

    An installation with its own sandbox joins it, or serves it where no other process does; the
    handle is given, so that a long command can take over when the other process goes.
    """
    if not settings.own_sandbox:
        yield None
        return
    from so24.sandbox.serve import open_sandbox

    handle = open_sandbox(sandbox_folder(settings))
    try:
        yield handle
    finally:
        handle.close()
