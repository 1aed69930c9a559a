"""``python -m so24.cli``: the same as ``so24``."""

from __future__ import annotations

from so24.cli import main

main()
