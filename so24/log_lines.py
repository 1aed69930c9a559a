"""The log as lines of JSON, one an event, for those who gather logs (``SO24_LOG=json``)."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Literal


class JsonLines(logging.Formatter):
    """Writes a record as one line: ``time`` (UTC), ``level``, ``logger``, ``message``, ``error``.

    ``error`` is the last line of what was raised, where something was: its class and its words.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        told = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                "T", "milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told["error"] = f"{type(error).__name__}: {error}"
        return json.dumps(told, ensure_ascii=False)


def write_log_as(form: Literal["text", "json"]) -> None:
    """Give every handler that this process has by now the form that the setting asks for.

    Handlers of libraries are meant as well: a line of theirs among ours would break a reader.
    """
    if form == "text":
        return
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    known = (logging.getLogger(name) for name in logging.root.manager.loggerDict)
    for logger in (root, *known):
        for handler in logger.handlers:
            handler.setFormatter(JsonLines())
