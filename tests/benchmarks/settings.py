"""The settings of an installation that is measured: nothing of its own makes it wait."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from so24.settings import Settings
from so24.vault import new_cookie_key, new_secret_key


def unhurried_settings(folder: Path, office_url: str, database_url: str = "") -> Settings:
    """Fresh key material, a pace without limit and no pause between logins."""
    return Settings(
        _env_file=None,
        data_dir=folder,
        database_url=database_url,
        office_url=office_url,
        secret_keys=SecretStr(new_secret_key()),
        cookie_key=SecretStr(new_cookie_key()),
        login_pause_seconds=0,
        pace_per_second=10_000,
        pace_burst=10_000,
    )
