"""What a test looks at afterwards: calls in the sandbox, the audit trail, all that is kept."""

from __future__ import annotations

from so24.installation import Installation
from so24.sandbox.runner import Control, SandboxServer
from so24.store.people.audit import latest_events
from tests.crash.traces import database_text


def logins(office: SandboxServer) -> int:
    """How many times anybody logged in."""
    return int(Control(office.address).calls()["operations"].get("Login", 0))


def audited(installation: Installation) -> list[tuple[str, str, str]]:
    """Actor, action and subject of the audit trail, oldest first."""
    with installation.db.reading() as session:
        events = latest_events(session)
    return [(event.actor, event.action, event.subject) for event in reversed(events)]


def everything_kept(installation: Installation) -> bytes:
    """All bytes of the data folder, and every row of a database that is elsewhere."""
    folder = installation.settings.data_dir
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return kept if installation.db.embedded else kept + database_text(installation).encode()
