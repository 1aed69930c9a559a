"""The key is part of every address that is called: what keeps it out of logs and sentences."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote, quote_plus

from so24.errors import WrongUse

SHORTEST, LONGEST = 8, 300
HIDDEN = "[key]"
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")
_quiet: ContextVar[bool] = ContextVar("so24_recman_quiet", default=False)


def read_key(text: str) -> str:
    """The key as it was pasted, without blanks around it.

    Raises :class:`WrongUse`, which does not quote it, where it can be no key.
    """
    key = text.strip()
    if not SHORTEST <= len(key) <= LONGEST or not re.fullmatch(r"[!-~]+", key):
        raise WrongUse(
            f"This is no key of RecMan: a key has {SHORTEST} to {LONGEST} letters and digits "
            "and no blanks. Copy it from System Settings > Database > API."
        )
    return key


def redact(text: str, key: str) -> str:
    """The text without the key, however it is quoted or spelled."""
    forms = {key, quote(key, safe=""), quote_plus(key), quote(key)}
    pattern = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)


@contextmanager
def silence() -> Iterator[None]:
    """Within it, the HTTP libraries log nothing of this thread's calls: they log addresses."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def _let_pass(_record: logging.LogRecord) -> bool:
    return not _quiet.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_let_pass)
