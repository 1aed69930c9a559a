"""What a test looks at afterwards: calls in the sandbox, the audit trail, the data folder."""

from __future__ import annotations

from so24.installation import Installation
from so24.sandbox.control import Control
from so24.sandbox.runner import SandboxServer
from so24.store.audit import latest_events


def logins(office: SandboxServer) -> int:
    """How many times anybody logged in."""
    return int(Control(office.address).calls()["operations"].get("Login", 0))


def audited(installation: Installation) -> list[tuple[str, str, str]]:
    """Actor, action and subject of the audit trail, oldest first."""
    with installation.db.reading() as session:
        events = latest_events(session)
    return [(event.actor, event.action, event.subject) for event in reversed(events)]


def everything_kept(installation: Installation) -> bytes:
    """All bytes of the data folder: database, its log, and whatever else is there."""
    folder = installation.settings.data_dir
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
