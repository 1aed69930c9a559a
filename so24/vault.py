"""The vault: seals passwords and session ids so that the database alone opens none of them."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from so24.errors import ConfigurationError


class Vault:
    """Encrypts with the newest key and decrypts with any of them (Fernet, so authenticated)."""

    def __init__(self, secret_keys: str) -> None:
        """``secret_keys``: Fernet keys, comma-separated, newest first."""
        try:
            keys = [Fernet(key.strip()) for key in secret_keys.split(",") if key.strip()]
            self._fernet = MultiFernet(keys)
        except (ValueError, TypeError):
            raise ConfigurationError(
                "SO24_SECRET_KEYS does not hold usable keys; `so24 secrets new` prints one."
            ) from None

    def seal(self, secret: str) -> str:
        """Encrypt a secret into text for the store."""
        return self._fernet.encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt; raises :class:`ConfigurationError` where none of the keys fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ConfigurationError(
                "A stored password cannot be read with the keys in SO24_SECRET_KEYS. "
                "Add the key it was sealed with, or replace the password."
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
