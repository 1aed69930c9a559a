"""Each file is kept as it came, once, and belongs to its import and to what it brought."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from so24.errors import ConfigurationError, NotAllowed, UnreadableFile, WrongUse
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import REFUSED_FILE, import_files
from so24.sources.originals.finding import (
    list_bringings,
    list_import_files,
    read_original,
    safe_name,
    write_original,
)
from so24.sources.originals.keeping import PIECE, keep_files, name_apart, pack
from so24.store.documents.originals import KeptFile
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Import
from so24.store.tables.original_tables import OriginalFile, OriginalPiece
from so24.store.tables.transfer_tables import State
from tests.sources.acts import bring, send, stored
from tests.sources.ehf.bills import Sample
from tests.sources.ehf.bills import pack as pack_archive
from tests.sources.report_files import as_csv, as_grid, as_report, customer, line

LINES = as_csv(as_grid([line(), line(number="1002")]), ";", "utf-8-sig")


def kept_files(installation: Installation, actor: Actor, import_id: int) -> tuple[KeptFile, ...]:
    """The files of one import."""
    return list_import_files(Desk(installation, actor), [import_id]).get(import_id, ())


def content_of(installation: Installation, actor: Actor, file: KeptFile) -> bytes:
    """A file's bytes, read back."""
    return b"".join(read_original(Desk(installation, actor), file.id))


@pytest.mark.slow
@pytest.mark.both
def test_every_file_of_an_import_comes_back_bit_by_bit(
    installation: Installation, finance: Actor, tmp_path: Path
) -> None:
    archive = pack_archive(("a.xml", Sample().content))
    given = [("lines.csv", LINES), ("customers.xlsx", as_report(customer())), ("e.zip", archive)]
    reports = import_files(Desk(installation, finance), given, department="10")
    for (name, content), report in zip(given, reports, strict=True):
        [file] = kept_files(installation, finance, report.import_id)
        assert (file.name, file.size) == (name, len(content))
        assert content_of(installation, finance, file) == content
        path = write_original(Desk(installation, finance), file, tmp_path / "out")
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.both
def test_the_same_bytes_are_kept_once_whoever_brings_them_and_by_whatever_name(
    installation: Installation, finance: Actor, admin: Actor
) -> None:
    import_files(Desk(installation, finance), [("a.csv", LINES), ("b.csv", LINES)])
    import_files(Desk(installation, admin), [("c.csv", LINES)])
    with installation.db.reading() as session:
        [original] = session.exec(select(OriginalFile)).all()
    assert original.size == len(LINES)
    assert original.packed_size < len(LINES)
    names = [kept_files(installation, finance, each)[0].name for each in (1, 2, 3)]
    assert sorted(names) == ["a.csv", "b.csv", "c.csv"]


def test_a_large_file_is_kept_and_read_in_pieces(
    installation: Installation, finance: Actor
) -> None:
    content = os.urandom(PIECE) + b"x" * PIECE + b"end"
    assert [(packed, len(kept) < PIECE) for packed, kept in pack(content)] == [
        (False, False), (True, True), (False, True),
    ]  # fmt: skip
    keep_files(Desk(installation, finance), [("large", content)])
    with installation.db.reading() as session:
        assert len(session.exec(select(OriginalPiece.position)).all()) == 3
    with pytest.raises(UnreadableFile):
        import_files(Desk(installation, finance), [("large", content)])
    [file] = kept_files(installation, finance, 1)
    pieces = list(read_original(Desk(installation, finance), file.id))
    assert max(map(len, pieces)) <= PIECE
    assert b"".join(pieces) == content


def test_a_document_is_linked_to_each_import_that_brought_it_or_changed_it(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(), line(number="1002"))
    bring(installation, finance, line(), line({"Price": 1, "Sum excl. VAT": 7.5}, number="1002"))
    send(installation, stored(installation), State.TRANSFERRED)
    bring(installation, finance, line({"Price": 2, "Sum excl. VAT": 15}))  # is flagged
    brought = {
        number: [
            each.import_id
            for each in list_bringings(
                Desk(installation, finance), stored(installation, number).invoice_id
            )
        ]
        for number in ("1001", "1002")
    }
    assert brought == {"1001": [3, 1], "1002": [2, 1]}


def test_a_file_that_is_refused_as_a_whole_is_kept_with_the_reason(
    installation: Installation, finance: Actor
) -> None:
    with pytest.raises(UnreadableFile):
        import_files(Desk(installation, finance), [("a.csv", LINES), ("b.csv", b"no report")])
    with installation.db.reading() as session:
        [row] = session.exec(select(Import)).all()
        actions = [each.action for each in latest_events(session)]
    assert (row.kind, row.refused, row.remarks is None) == (REFUSED_FILE, 1, False)
    assert "b.csv cannot be imported" in row.report
    [file] = kept_files(installation, finance, row.row_id)
    assert content_of(installation, finance, file) == b"no report"
    assert actions == ["import"]


def test_a_file_that_is_larger_than_may_be_imported_is_told_of_and_not_kept(
    installation: Installation, finance: Actor
) -> None:
    most = installation.settings.upload_megabytes * 2**20
    with pytest.raises(UnreadableFile):
        import_files(Desk(installation, finance), [("a.csv", b"x" * (most + 1))])
    assert kept_files(installation, finance, 1) == ()
    with installation.db.reading() as session:
        assert session.get_one(Import, 1).kind == REFUSED_FILE


def test_each_giving_out_is_audited_and_is_not_for_who_may_only_look(
    installation: Installation, finance: Actor, analyst: Actor
) -> None:
    import_files(Desk(installation, finance), [("01019012345.csv", LINES)])
    [file] = kept_files(installation, analyst, 1)
    with pytest.raises(NotAllowed):
        read_original(Desk(installation, analyst), file.id)
    read_original(Desk(installation, finance), file.id)
    with installation.db.reading() as session:
        event = latest_events(session)[0]
    assert (event.actor, event.action) == ("fia", "original given out")
    assert "01019012345" not in event.subject


def test_bytes_that_are_not_as_they_came_are_told(
    installation: Installation, finance: Actor
) -> None:
    import_files(Desk(installation, finance), [("a.csv", LINES)])
    [file] = kept_files(installation, finance, 1)
    for forged in ((False, LINES + b"1"), (True, b"no zlib")):
        with installation.db.writing() as session:
            session.execute(sa.update(OriginalPiece).values(packed=forged[0], content=forged[1]))
        with pytest.raises(ConfigurationError, match="not in the database as it came"):
            content_of(installation, finance, file)


def test_an_original_that_is_not_there_is_told(installation: Installation, finance: Actor) -> None:
    with pytest.raises(WrongUse, match="no original 7"):
        read_original(Desk(installation, finance), 7)


def test_two_files_of_one_name_are_told_apart() -> None:
    files = [("a.xml", b"1"), ("a.xml", b"2"), ("a (2).xml", b"3"), ("b", b"4"), ("b", b"5")]
    assert [name for name, _ in name_apart(files)] == [
        "a.xml", "a (2).xml", "a (2) (2).xml", "b", "b (2)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("lines.xlsx", "lines.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\æ.csv", "æ.csv"),
        ("a\x00b\u202etxt.exe", "a_b_txt.exe"),
        ("..", "file"),
        ("", "file"),
        (".hidden", "hidden"),
        ("x" * 400 + ".xml", "x" * 150 + ".xml"),
    ],
)
def test_a_name_that_a_stranger_chose_leads_nowhere(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_nothing_that_is_there_is_overwritten(
    installation: Installation, finance: Actor, tmp_path: Path
) -> None:
    import_files(Desk(installation, finance), [("a.csv", LINES)])
    [file] = kept_files(installation, finance, 1)
    (tmp_path / "a.csv").write_text("mine")
    assert write_original(Desk(installation, finance), file, tmp_path).name == "a (2).csv"
    assert (tmp_path / "a.csv").read_text() == "mine"
