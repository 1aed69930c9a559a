"""Where 24SevenOffice is reached: the live service, a given address, or this machine's sandbox."""

from __future__ import annotations

from pathlib import Path

from so24.errors import ConfigurationError
from so24.language.said import say
from so24.settings import OFFICE_LIVE, Settings


def sandbox_folder(settings: Settings) -> Path:
    """The folder of the installation's own sandbox: its books, its lock, its address."""
    return settings.data_dir / "sandbox"


def office_address(settings: Settings) -> str:
    """The base address of the office; the vendor's fixed service paths follow it.

    Raises :class:`ConfigurationError` where this installation's own sandbox is not running.
    """
    if settings.office_url:
        return settings.office_url
    if settings.live:
        return OFFICE_LIVE
    file = sandbox_folder(settings) / "address"
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        raise ConfigurationError(
            say("The sandbox is not running. Start the dashboard, or run `so24 sandbox`.")
        ) from None
