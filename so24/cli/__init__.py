"""The command line ``so24``: one module per group of commands, each opens, calls and prints."""

from __future__ import annotations

from so24.cli.program import main

__all__ = ["main"]
