"""One running installation: its settings, its database, its vault, wired once per process."""

from __future__ import annotations

from dataclasses import dataclass

from so24.errors import ConfigurationError
from so24.language.said import say
from so24.settings import Settings, read_settings
from so24.store.database.engine import Database
from so24.store.database.migrate import upgrade
from so24.store.upkeep.upkeep import explain_outage
from so24.vault import Vault


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

    Raises :class:`so24.errors.ConfigurationError` where a setting, the data folder or the database
    cannot be used.
    """
    settings = settings or read_settings()
    vault = Vault(settings.secret_keys.get_secret_value())
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with explain_outage():
            upgrade(settings.database, settings.data_dir)
    except OSError as error:
        raise ConfigurationError(
            say(
                "The data folder cannot be used: {why}. Set SO24_DATA_DIR to a folder that this "
                "user may write to.",
                why=error.strerror or error,
            )
        ) from None
    return Installation(settings, Database(settings.database), vault)
