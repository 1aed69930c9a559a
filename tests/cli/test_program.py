"""The program itself: what it tells before any command."""

from __future__ import annotations

from importlib.metadata import version

from tests.cli.conftest import CommandLine


def test_the_version_is_told_without_any_settings(so24: CommandLine) -> None:
    assert so24.well("--version").out == f"so24 {version('so24')}\n"
