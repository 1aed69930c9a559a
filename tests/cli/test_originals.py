"""Files as they came, by the command line: listed, given back, purged, and in every back-up."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from so24.installation import open_installation
from so24.settings import Settings
from so24.store.tables.document_tables import Import
from tests.cli.conftest import CommandLine
from tests.sources.ehf.bills import Sample, pack
from tests.sources.originals.test_document_files import PDF, TIMESHEET
from tests.sources.report_files import line


def written(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_import_lists_its_files_and_gives_them_back(so24: CommandLine) -> None:
    path = Path(so24.write_report(line()))
    so24.well("import", str(path))
    [listed] = so24.well("imports", "--json").json
    [original] = listed["originals"]
    assert original["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (original["name"], original["size"]) == (path.name, path.stat().st_size)
    assert original["kept_until"].endswith("-12-31")
    assert so24.well("imports", "1", "--json").json["originals"] == [original]
    assert original["sha256"] in so24.well("imports", "1").err
    assert "Original" in so24.well("imports").out
    for name in ("report.xlsx", "report (2).xlsx"):
        so24.well("imports", "1", "--original", str(so24.folder / "out"))
        assert written(so24.folder / "out")[name] == path.read_bytes()
    events = so24.well("audit", "--kind", "original given out", "--json").json
    assert [each["subject"] for each in events] == ["report.xlsx"] * 2


def test_a_file_that_was_refused_is_given_back_too(so24: CommandLine) -> None:
    wrong = so24.folder / "wages.csv"
    wrong.write_bytes(b"nothing of ours")
    so24.refused("import", str(wrong))
    so24.well("imports", "1", "--original", str(so24.folder / "out"))
    assert written(so24.folder / "out") == {"wages.csv": b"nothing of ours"}
    assert so24("imports", "1").code == 1


def test_a_document_gives_back_its_own_xml_and_what_is_attached(so24: CommandLine) -> None:
    archive = so24.folder / "november.zip"
    archive.write_bytes(pack(("a.xml", TIMESHEET), ("b.xml", Sample(number="1002").content)))
    so24.well("import", str(archive), "--department", "10", "--new-department")
    so24.well("originals", "get", "1001", "--to", str(so24.folder / "out"))
    assert written(so24.folder / "out") == {
        "a.xml": TIMESHEET,
        "timer.pdf": PDF,
        "timer (2).pdf": b"1;2\n",
        "Bilde 3.png": b"\x89PNG",
    }
    assert base64.b64decode(base64.b64encode(PDF)) == PDF


def test_a_document_of_reports_gives_back_the_files_of_every_import_that_changed_it(
    so24: CommandLine,
) -> None:
    first = Path(so24.write_report(line(), name="first.xlsx"))
    changed = line({"Price": 1, "Sum excl. VAT": 7.5})
    second = Path(so24.write_report(changed, name="second.xlsx"))
    so24.well("import", str(first))
    so24.well("import", str(second))
    so24.well("originals", "get", "1001", "--to", str(so24.folder / "out"))
    assert written(so24.folder / "out") == {
        "first.xlsx": first.read_bytes(), "second.xlsx": second.read_bytes(),
    }  # fmt: skip
    so24.well("originals", "get", "1001", "--import", "1", "--to", str(so24.folder / "one"))
    assert list(written(so24.folder / "one")) == ["first.xlsx"]
    said = so24.refused("originals", "get", "1001", "--import", "9", "--to", "x")
    assert "No original of 1001 is kept" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("imports", "--original", "x"), "Give the ID of the import"),
        (("imports", "9", "--original", "x"), "There is no import 9"),
    ],
)
def test_what_cannot_be_given_back_is_told(
    so24: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    assert words in so24.refused(*arguments)


def grow_old() -> None:
    """Let every import have been nine years ago."""
    installation = open_installation(Settings())
    with installation.db.writing() as session:
        session.execute(sa.update(Import).values(at=sa.text("'2017-01-01 12:00:00'")))
        session.execute(sa.text("UPDATE invoice SET invoice_date = '2017-01-01'"))
    installation.close()


def test_a_purge_tells_what_would_go_and_deletes_it_only_when_it_is_told_to(
    so24: CommandLine,
) -> None:
    so24.well("import", so24.write_report(line()))
    assert "No original's time is over" in so24.well("originals", "purge").err
    grow_old()
    assert "the time of 1 is over" in so24("check").out
    said = so24("originals", "purge")
    assert said.code == 2
    assert "The time of 1 originals is over: their last days were 31.12.2022" in said.err
    assert "Nothing is deleted: say --yes" in said.err
    assert so24.well("imports", "--json").json[0]["originals"][0]["purged_at"] is None
    assert "1 are deleted" in so24.well("originals", "purge", "--yes").err
    assert so24.well("imports", "--json").json[0]["originals"][0]["purged_at"] is not None
    assert "report.xlsx was purged" in so24.refused("imports", "1", "--original", "x")
    [event] = so24.well("audit", "--kind", "originals purged", "--json").json
    assert event["detail"].startswith("1 files, ")


def test_a_restored_back_up_gives_an_original_back_bit_by_bit(so24: CommandLine) -> None:
    report = Path(so24.write_report(line()))
    archive = so24.folder / "november.zip"
    archive.write_bytes(pack(("a.xml", Sample(number="1002").content)))
    so24.well("import", str(report))
    so24.well("import", str(archive), "--department", "10")
    so24.well("db", "backup", "copy.bak")
    for each in (so24.folder / "data").glob("so24.db*"):
        each.unlink()
    so24.well("db", "restore", "copy.bak")
    for import_id, path in ((1, report), (2, archive)):
        folder = so24.folder / f"out{import_id}"
        so24.well("imports", str(import_id), "--original", str(folder))
        assert written(folder) == {path.name: path.read_bytes()}
