"""One running installation: its settings, its database, its vault, wired once per process."""

from __future__ import annotations

from dataclasses import dataclass

from so24.keys.vault import Vault
from so24.settings import Settings, read_settings
from so24.store.engine import Database
from so24.store.migrate import upgrade


@dataclass(frozen=True)
class Installation:
    """What every service needs at hand."""

    settings: Settings
    db: Database
    vault: Vault

    def close(self) -> None:
        """Close the database connections."""
        self.db.dispose()


def open_installation(settings: Settings | None = None) -> Installation:
    """Open the installation that the settings describe, its database brought up to date.

    Raises :class:`so24.errors.ConfigurationError` where a setting cannot be used.
    """
    settings = settings or read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    vault = Vault(settings.secret_keys.get_secret_value())
    upgrade(settings.database, settings.data_dir)
    return Installation(settings, Database(settings.database), vault)
