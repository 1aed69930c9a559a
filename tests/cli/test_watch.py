"""``so24 watch``: a drop folder by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CommandLine
from tests.sources.report_files import line


@pytest.fixture
def folder(so24: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A drop folder, looked into without waiting."""
    monkeypatch.setenv("SO24_INBOX_SECONDS", "0.05")
    made = so24.folder / "inbox"
    made.mkdir()
    return made


def test_once_takes_in_what_lies_there_and_says_where_it_went(
    so24: CommandLine, folder: Path
) -> None:
    Path(so24.write_report(line())).rename(folder / "lines.xlsx")
    said = so24.well("watch", str(folder), "--once")
    assert "lines.xlsx: done/1 lines.xlsx" in said.err
    assert len(so24.well("invoices", "--json").json) == 1
    assert so24.well("watch", str(folder), "--once").err == f"Watching {folder}.\n"


def test_once_ends_with_1_where_something_was_refused(
    so24: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_INBOX", str(folder))
    (folder / "wages.csv").write_bytes(b"nothing of ours")
    (folder / "november").mkdir()
    said = so24("watch", "--once")
    assert said.code == 1
    assert "wages.csv: refused/1 wages.csv" in said.err
    assert "“november” is a folder and is left alone" in said.err
    assert "“november” is a folder and is left alone" in so24("check").out


def test_a_folder_has_to_be_named_and_to_be_there(so24: CommandLine) -> None:
    assert "Name a folder" in so24.refused("watch")
    assert "There is no folder" in so24.refused("watch", "nowhere")


def test_the_check_tells_of_a_folder_that_is_not_there(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_INBOX", str(so24.folder / "nowhere"))
    so24.well("import", so24.write_report(line()))
    said = so24("check")
    assert said.code == 1
    assert "there is no such folder" in said.out
