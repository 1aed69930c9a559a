"""Key material: made anew, and in sandbox mode made once and kept in the data folder."""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr

from so24.errors import ConfigurationError


def new_secret_key() -> str:
    """A fresh Fernet key, as text."""
    return Fernet.generate_key().decode()


def new_cookie_key() -> str:
    """A fresh random key that signs the login cookie."""
    return secrets.token_urlsafe(48)


_MAKERS = {"secret_keys": new_secret_key, "cookie_key": new_cookie_key}


def own_secret(data_dir: Path, name: str, *, keep: bool) -> SecretStr:
    """The secret of a setting as the data folder has it; else a fresh one, kept there if asked.

    Raises :class:`ConfigurationError` where the folder cannot be used.
    """
    path = data_dir / f"{name}.txt"
    try:
        kept = path.read_text() if path.exists() else ""
        if not kept:
            kept = _MAKERS[name]()
            kept = _keep_secret(path, kept) if keep else kept
    except OSError as error:
        raise ConfigurationError(
            f"The data folder cannot be used: {error.strerror or error}. "
            "Set SO24_DATA_DIR to a folder that this user may write to."
        ) from None
    return SecretStr(kept)


def _keep_secret(path: Path, fresh: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(fresh)
    try:
        path.hardlink_to(draft)  # the first process wins, whoever else starts at the same time
    except FileExistsError:
        fresh = path.read_text()
    finally:
        draft.unlink()
    return fresh
