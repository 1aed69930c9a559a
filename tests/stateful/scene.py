"""The scene of one history: an installation of its own with two keys, and a sandbox of its own."""

from __future__ import annotations

import logging
import tempfile
from functools import cache
from pathlib import Path

from pydantic import SecretStr
from sqlmodel import select

from so24.installation import open_installation
from so24.keys.activation import activate
from so24.keys.credentials import NewKey, add_key
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.admin import edit, read_books
from so24.sandbox.books.seed import BERGEN, OSLO
from so24.sandbox.runner import SandboxServer
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.quota import Limits
from so24.settings import Settings
from so24.store.tables.document_tables import Invoice
from so24.store.tables.people_tables import Role
from so24.vault import new_cookie_key, new_secret_key
from tests.crash.invariants import secrets_of
from tests.stateful.recman import DOCUMENTS, Paper, issue, list_customers

ADMIN = Actor("ada", Role.ADMIN)
FINANCE = Actor("fia", Role.FINANCE)
KEYS = {"10": (OSLO, "oslo"), "20": (BERGEN, "bergen")}
NO_LIMITS = Limits(requests_per_hour=10**9, logins_per_minute=10**9)
SETTLE_SECONDS = 0.01


class Scene:
    """Everything that a history happens to; ``invoice_ids`` by the documents' index."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="so24-history-")
        self.server = SandboxServer(limits=NO_LIMITS).start()
        folder = Path(self._folder.name)
        (folder / "so24.db").write_bytes(_prepared_database())
        self.installation = open_installation(_settings(folder, self.server.address))
        self.secrets: set[str] = set()
        self.log = _Log()
        logging.getLogger().addHandler(self.log)
        with self.installation.db.reading() as session:
            numbers = {each.number: each.id or 0 for each in session.exec(select(Invoice))}
        self.invoice_ids = [numbers[Paper(index).number] for index in range(len(DOCUMENTS))]

    def close(self) -> None:
        """Leave nothing behind."""
        logging.getLogger().removeHandler(self.log)
        self.installation.close()
        self.server.stop()
        self._folder.cleanup()

    def restart(self) -> None:
        """End the process and begin another on the same database; only the store remembers."""
        self.note_secrets()
        self.installation.close()
        self.installation = open_installation(self.installation.settings)

    def note_secrets(self) -> None:
        """Remember the sessions of this moment: they must not be found anywhere later on."""
        self.secrets |= secrets_of(self.installation)

    def books(self) -> dict[int, Fields]:
        """Every client's books by id."""
        return {client["id"]: client for client in read_books(self.server.sandbox)["clients"]}

    def edit(self, action: str, client: int, **parameters: object) -> Fields:
        """Do something by hand inside the sandbox."""
        return edit(self.server.sandbox, action, client, **parameters)


class _Log(logging.Handler):
    """All that is logged while a history goes on."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))

    @property
    def text(self) -> str:
        return "\n".join(self._lines)


@cache
def _secrets() -> tuple[SecretStr, SecretStr]:
    return SecretStr(new_secret_key()), SecretStr(new_cookie_key())


def _settings(folder: Path, address: str) -> Settings:
    secret_keys, cookie_key = _secrets()
    return Settings(
        _env_file=None,
        mode="sandbox",
        data_dir=folder,
        secret_keys=secret_keys,
        cookie_key=cookie_key,
        database_url="",
        office_url=address,
        demo=False,
        batch_size=2,
        settle_seconds=SETTLE_SECONDS,
        patience_seconds=0.05,
        read_seconds=10,
        login_pause_seconds=0,
        pace_per_second=1e6,
        pace_burst=10**6,
    )


@cache
def _prepared_database() -> bytes:
    """A migrated database with keys, customers and documents, made once per process."""
    with tempfile.TemporaryDirectory(prefix="so24-history-") as name, SandboxServer() as server:
        folder = Path(name)
        installation = open_installation(_settings(folder, server.address))
        activate(Desk(installation, ADMIN))
        for department, (client, account) in KEYS.items():
            add_key(Desk(installation, ADMIN), _new_key(department, client, account))
        list_customers(installation, ADMIN)
        issue(installation, ADMIN, [Paper(index) for index in range(len(DOCUMENTS))])
        installation.close()
        return (folder / "so24.db").read_bytes()


def _new_key(department: str, client: int, account: str) -> NewKey:
    return NewKey(
        name=account,
        organization_id=client,
        username=f"{account}@sandbox.example",
        password=f"sandbox-{account}",
        new_departments=(department,),
        category=1,
    )
