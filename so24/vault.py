"""Key material, and the vault: the database alone opens no password and seals no day.

Keys are made anew, and in sandbox mode made once and kept in the data folder.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from so24.errors import ConfigurationError
from so24.language.said import say


class Vault:
    """Encrypts with the newest key and decrypts with any of them (Fernet, so authenticated)."""

    def __init__(self, secret_keys: str) -> None:
        """``secret_keys``: Fernet keys, comma-separated, newest first."""
        try:
            given = [key.strip() for key in secret_keys.split(",") if key.strip()]
            self._fernet = MultiFernet([Fernet(key) for key in given])
        except (ValueError, TypeError):
            raise ConfigurationError(
                say("SO24_SECRET_KEYS does not hold usable keys; `so24 secrets new` prints one.")
            ) from None

        # a key of its own for each purpose, derived by a hash
        self._signing = [_derive(key) for key in given]

    def sign(self, text: str) -> str:
        """The HMAC-SHA256 of the text by the newest key, as 64 hex digits."""
        return _mac(self._signing[0], text)

    def has_signed(self, text: str, signature: str) -> bool:
        """Whether any of the keys has made this signature of the text."""
        return any(hmac.compare_digest(_mac(key, text), signature) for key in self._signing)

    def seal(self, secret: str) -> str:
        """Encrypt a secret into text for the store."""
        return self._fernet.encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt; raises :class:`ConfigurationError` where none of the keys fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ConfigurationError(
                say(
                    "A stored password cannot be read with the keys in SO24_SECRET_KEYS. Add the "
                    "key it was sealed with, or replace the password."
                )
            ) from None

    def opens(self, sealed: str) -> bool:
        """Whether any of the keys fits."""
        try:
            self.unseal(sealed)
        except ConfigurationError:
            return False
        return True

    def reseal(self, sealed: str) -> str:
        """Encrypt an already sealed secret anew with the newest key."""
        return self._fernet.rotate(sealed.encode()).decode()


def _derive(key: str) -> bytes:
    return hashlib.sha256(f"so24 heads of days {key}".encode()).digest()  # in English: a mark


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


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
            say(
                "The data folder cannot be used: {why}. Set SO24_DATA_DIR to a folder that this "
                "user may write to.",
                why=error.strerror or error,
            )
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
