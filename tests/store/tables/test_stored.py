"""What every row of the store is asked for: its id, which it has since it was stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from so24.installation import Installation
from so24.store.tables.document_tables import Product

ROOT = Path(__file__).resolve().parents[3] / "so24"


def test_a_row_has_its_id_once_it_is_stored(installation: Installation) -> None:
    row = Product(tenant="recman", number="1")
    with pytest.raises(TypeError, match="a row of Product has no id before it is stored"):
        _ = row.row_id
    with installation.db.writing() as session:
        session.add(row)
        session.flush()
        assert row.row_id == row.id


def test_no_row_without_an_id_is_taken_for_number_nought() -> None:
    hiding = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted(ROOT.rglob("*.py"))
        for line in path.read_text().splitlines()
        if ".id or 0" in line
    ]
    assert hiding == []
