"""What is put away on disk comes back as it was, and nothing of it is left behind."""

from __future__ import annotations

import os
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

from so24.errors import UnreadableFile
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents import spool
from so24.sources.documents.spool import Shelf, Spool
from so24.sources.intake import land_sources, read_sources
from so24.sources.sheets.cells.cell import Cell, ScaledNumber, ShownNumber
from so24.sources.sheets.cells.texts import read_text
from tests.sources.report_files import as_csv, as_grid, line, read_file


@pytest.fixture(params=[1, 100, 1 << 16])
def buffer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Bytes that are written at once: each thing by itself, some, or all."""
    monkeypatch.setattr(spool, "_BUFFER", request.param)
    return int(request.param)


@pytest.mark.usefixtures("buffer")
def test_things_are_taken_by_their_places_in_any_order() -> None:
    shelf: Shelf[str] = Shelf()
    things = [f"thing {number}" * (number % 7) for number in range(500)]
    assert [shelf.put(thing) for thing in things] == list(range(500))
    assert [shelf.take(place) for place in (499, 0, 250, *range(500))] == [
        things[place] for place in (499, 0, 250, *range(500))
    ]


@pytest.mark.usefixtures("buffer")
@pytest.mark.parametrize("length", [0, 1, 127, 128, 129, 1_000])
def test_a_sequence_on_disk_is_the_sequence(length: int) -> None:
    things: Spool[int] = Spool()
    for number in range(length):
        things.append(number)
    plain = list(range(length))
    assert (list(things), len(things), things[:], things[5:300:7]) == (
        plain, length, plain, plain[5:300:7]
    )  # fmt: skip
    assert [things[-place] for place in range(1, length + 1)] == plain[::-1]
    assert things == plain
    assert things != [*plain, 1]
    with pytest.raises(IndexError):
        things[length]


def test_what_a_cell_shows_is_not_lost_on_disk() -> None:
    shelf: Shelf[tuple[Cell, ...]] = Shelf()
    cells = (ShownNumber(Decimal(101), "K-0101"), ScaledNumber(1001), Decimal("1.50"))
    back = shelf.take(shelf.put(cells))
    assert (back, list(map(type, back))) == (cells, list(map(type, cells)))
    assert [read_text(cell) for cell in back] == ["K-0101", "1001", "1.5"]


def large_report() -> bytes:
    rows = [line({"Article": f"Vakt {each}"}, number=str(each)) for each in range(700)]
    return as_csv(as_grid(rows), ";", "utf-8")


def test_rows_on_disk_have_no_name_there_and_are_gone_with_what_read_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    source = read_file("report.csv", large_report())
    (opened,) = map(os.stat, files_open_in(tmp_path))
    assert (opened.st_nlink, opened.st_mode & 0o077) == (0, 0)
    assert list(tmp_path.iterdir()) == []
    assert [each.number for each in source.documents] == [str(each) for each in range(700)]
    del source
    assert files_open_in(tmp_path) == []


def files_open_in(folder: Path) -> list[Path]:
    links = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return [each for each in links if str(os.readlink(each)).startswith(str(folder))]


def test_what_an_import_reads_stands_in_the_data_folder(
    installation: Installation, finance: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")  # often memory itself
    desk = Desk(installation, finance)
    sources = read_sources(desk, [("report.csv", large_report())])
    known = set(files_open_in(desk.settings.data_dir))
    (report,) = land_sources(desk, sources, files=[("report.csv", large_report())])
    assert report.added == 700
    del sources
    assert len(known - set(files_open_in(desk.settings.data_dir))) == 1


def test_a_disk_without_room_refuses_the_file_with_the_folder_and_the_mend(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def write(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", write)
    with pytest.raises(UnreadableFile, match=r"no room .* No space left on device; make room"):
        read_file("report.csv", large_report())
