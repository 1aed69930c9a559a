"""Where JSON is asked for, each event of the log is one line that a program can read."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from so24.log_lines import write_log_as


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of a library with a handler of its own, and what it writes."""
    logger, written = logging.getLogger("tests.log_lines"), io.StringIO()
    handler = logging.StreamHandler(written)
    logger.addHandler(handler)
    before = {id(each): each.formatter for each in (*logging.getLogger().handlers, handler)}
    yield logger, written
    logger.removeHandler(handler)
    for each in logging.getLogger().handlers:
        each.setFormatter(before.get(id(each)))


def test_an_event_is_one_line_of_json(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    write_log_as("json")
    logger.warning("Document %s waits\nin two lines", "10-1")
    try:
        raise OSError("no such folder")
    except OSError:
        logger.exception("Æsj")
    first, second = map(json.loads, written.getvalue().splitlines())
    assert first["message"] == "Document 10-1 waits\nin two lines"
    assert (first["level"], first["logger"]) == ("warning", "tests.log_lines")
    assert first["time"].endswith("+00:00")
    assert (second["message"], second["error"]) == ("Æsj", "OSError: no such folder")


def test_text_stays_as_it_is(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    write_log_as("text")
    logger.warning("as ever")
    assert written.getvalue() == "as ever\n"
