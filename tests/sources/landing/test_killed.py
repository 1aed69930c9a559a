"""An import that is killed while it lands leaves whole documents and no files behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import func, select

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents import content
from so24.sources.intake import CHUNK, import_files
from so24.store.tables.document_tables import Import, Invoice, InvoiceLine
from tests.recovery.processes import ROOT, clean
from tests.sources.report_files import as_csv, as_grid, line

DOCUMENTS = 2 * CHUNK + 200
LINES = 2


def large_report() -> bytes:
    """So large that its bytes stand on disk."""
    words = "x" * 280
    rows = [
        line({"Article": f"{part} {words}", "Product": words[:100]}, number=str(number))
        for number in range(DOCUMENTS)
        for part in range(LINES)
    ]
    report = as_csv(as_grid(rows), ";", "utf-8")
    blank = b" " * 30_000 + b"\r\n"
    return report + blank * (content._FEW // len(blank))


def files_in(folder: Path) -> set[str]:
    """What lies there, but for the database's own files, which come and go."""
    return {each.name for each in folder.rglob("*") if "so24.db" not in each.name}


@pytest.mark.long
@pytest.mark.parametrize("chunks", [1, 2])
def test_what_has_landed_is_whole_and_the_same_file_brings_the_rest(
    installation: Installation, finance: Actor, tmp_path: Path, chunks: int
) -> None:
    settings = installation.settings
    path = tmp_path / "report.csv"
    path.write_bytes(large_report())
    before = files_in(settings.data_dir)
    done = subprocess.run(
        [sys.executable, "-m", "tests.sources.landing.victim", str(path), str(chunks * CHUNK)],
        cwd=ROOT,
        env={
            **clean(),
            "SO24_DATA_DIR": str(settings.data_dir),
            "SO24_DATABASE_URL": settings.database_url,
            "SO24_SECRET_KEYS": settings.secret_keys.get_secret_value(),
            "SO24_COOKIE_KEY": settings.cookie_key.get_secret_value(),
        },
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert files_in(settings.data_dir) <= before
    with installation.db.reading() as session:
        landed = session.exec(select(func.count()).select_from(Invoice)).one()
        lines = session.exec(select(func.count()).select_from(InvoiceLine)).one()
        [cut_off] = session.exec(select(Import))
    assert (landed, lines, cut_off.remarks) == (chunks * CHUNK, landed * LINES, None)
    [report] = import_files(Desk(installation, finance), [(path.name, path.read_bytes())])
    assert (report.added, report.unchanged) == (DOCUMENTS - landed, landed)
    assert report.refused == ()
