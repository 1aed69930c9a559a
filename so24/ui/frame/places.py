"""Where the pages are, for links from one to another."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).resolve().parents[3] / "pages"
INVOICES = PAGES / "invoices.py"
RECEIPT = PAGES / "receipt.py"
HISTORY = PAGES / "history.py"
MARKETPLACE = PAGES / "activation.py"
