"""The demo data that a sandbox installation begins with."""

from __future__ import annotations

from pathlib import Path

from so24.settings import CHECKOUT


def demo_folder() -> Path:
    """The folder of the demo data in the checkout."""
    return CHECKOUT / "data" / "demo"


DEMO_FILES: tuple[Path, ...] = (
    demo_folder() / "customers.xlsx",
    demo_folder() / "invoice-lines.xlsx",
    demo_folder() / "credit-notes.xlsx",
)
