"""What is dropped into the folder comes in once, and goes to its place with a note beside it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from so24.errors import ConfigurationError
from so24.installation import Installation
from so24.people.desk import Desk, process_user
from so24.people.roles import Actor
from so24.sources.documents.content import Content
from so24.sources.import_reports import list_imports, read_report
from so24.sources.inbox import watch
from so24.sources.inbox.taking_in import MOST_ATTEMPTS
from so24.sources.inbox.watch import Inbox
from so24.sources.intake import REFUSED_FILE, read_sources
from so24.sources.originals.finding import list_import_files, read_original
from so24.store.people.audit import LogFilter, latest_events
from tests.sources.acts import stored
from tests.sources.ehf.bills import Sample, pack
from tests.sources.inbox.conftest import drop, left, placed
from tests.sources.report_files import as_csv, as_grid, as_report, customer, line

LINES = as_report(line())
CUSTOMERS = as_report(customer())


def imports(installation: Installation, finance: Actor) -> list[tuple[str, str, int]]:
    """File, kind and documents added, of every import in the order of their numbers."""
    found, _ = list_imports(Desk(installation, finance), LogFilter())
    return [(each.filename, each.kind, each.added) for each in reversed(found)]


def look(inbox: Inbox, times: int = 2) -> None:
    """As many looks as a file needs to be taken in."""
    for _ in range(times):
        inbox.look()


@pytest.mark.both
def test_what_lies_there_in_one_look_comes_in_together_and_is_moved_with_a_note(
    inbox: Inbox, installation: Installation, finance: Actor, folder: Path
) -> None:
    drop(folder, "a lines.xlsx", as_report(line(), line({"Price": "?"}, number="1002")))
    drop(folder, "b customers.xlsx", CUSTOMERS)
    look(inbox, 1)
    assert (placed(folder), inbox.waiting) == ([], True)
    look(inbox, 1)
    assert (left(folder), inbox.waiting) == ([], False)
    assert placed(folder) == ["done/1 b customers.xlsx", "done/2 a lines.xlsx"]
    note = (folder / "done" / "2 a lines.xlsx.txt").read_text()
    assert "Import 2, " in note
    assert f"by inbox:{process_user()}: a lines.xlsx (invoice lines)" in note
    assert "1 document added, 1 row refused." in note
    assert "Invoice lines, row 3, Price: " in note
    assert stored(installation).customer.completed  # the list was landed first
    [file] = list_import_files(Desk(installation, finance), [2])[2]
    content = b"".join(read_original(Desk(installation, finance), file.id))
    assert content == (folder / "done" / "2 a lines.xlsx").read_bytes()
    with installation.db.reading() as session:
        actors = {each.actor for each in latest_events(session) if each.action == "import"}
    assert actors == {f"inbox:{process_user()}"}


def test_a_file_that_cannot_be_read_is_refused_and_costs_the_others_nothing(
    inbox: Inbox, installation: Installation, finance: Actor, folder: Path
) -> None:
    drop(folder, "lines.xlsx", LINES)
    drop(folder, "wages.xlsx", b"no workbook")
    look(inbox)
    assert placed(folder) == ["done/1 lines.xlsx", "refused/2 wages.xlsx"]
    assert imports(installation, finance) == [
        ("lines.xlsx", "invoice lines", 1), ("wages.xlsx", REFUSED_FILE, 0),
    ]  # fmt: skip
    note = (folder / "refused" / "2 wages.xlsx.txt").read_text()
    assert "wages.xlsx cannot be imported" in note
    assert "Nothing of the other files" not in note


def test_a_file_whose_rows_were_all_refused_goes_where_the_refused_are(
    inbox: Inbox, folder: Path
) -> None:
    drop(folder, "lines.csv", as_csv(as_grid([line({"Price": "?"})]), ";", "utf-8"))
    look(inbox)
    assert placed(folder) == ["refused/1 lines.csv"]


def test_the_same_file_dropped_again_is_imported_again_and_changes_nothing(
    inbox: Inbox, installation: Installation, finance: Actor, folder: Path
) -> None:
    for _ in range(2):
        drop(folder, "lines.xlsx", LINES)
        look(inbox)
    assert placed(folder) == ["done/1 lines.xlsx", "done/2 lines.xlsx"]
    assert read_report(Desk(installation, finance), 2)[1].unchanged == 1


def test_ehf_files_are_of_the_department_that_their_folder_names(
    inbox: Inbox, installation: Installation, folder: Path
) -> None:
    drop(folder, "0 lines.xlsx", as_report(line(number="900")))
    look(inbox)
    drop(folder, "Department 10/one.xml", Sample(number="1001").content)
    drop(folder, "Department 10/two.xml", Sample(number="1002", code="999").content)
    drop(folder, "department Oslo/more.zip", pack(("x.xml", Sample(number="1003").content)))
    look(inbox)
    assert placed(folder) == [
        "done/1 0 lines.xlsx", "done/2 one.xml", "done/3 more.zip", "refused/2 two.xml",
    ]  # fmt: skip
    for number in ("1001", "1003"):
        assert stored(installation, number).department.number == "10"
    fine = (folder / "done" / "2 one.xml.txt").read_text()
    assert "Other EHF files came with it" in fine
    assert "Refused:" not in fine
    assert "two.xml, row" in (folder / "refused" / "2 two.xml.txt").read_text()


def test_a_folder_of_a_department_that_is_not_known_refuses_with_the_ones_that_are(
    inbox: Inbox, folder: Path
) -> None:
    drop(folder, "department 77/one.xml", Sample().content)
    look(inbox)
    assert placed(folder) == ["refused/1 one.xml"]
    assert "There is no department “77”" in (folder / "refused" / "1 one.xml.txt").read_text()


def test_a_file_that_grows_or_is_open_for_writing_is_waited_for(inbox: Inbox, folder: Path) -> None:
    path = drop(folder, "lines.xlsx", LINES[:100])
    look(inbox, 1)
    with path.open("ab") as writer:
        writer.write(LINES[100:200])
        writer.flush()
        look(inbox, 3)
        assert left(folder) == ["lines.xlsx"]
        writer.write(LINES[200:])
    look(inbox)
    assert placed(folder) == ["done/1 lines.xlsx"]


def test_an_empty_file_is_given_a_minute_to_be_filled(inbox: Inbox, folder: Path) -> None:
    path = drop(folder, "lines.xlsx", b"")
    look(inbox, 3)
    assert left(folder) == ["lines.xlsx"]
    long_ago = time.time() - 120
    os.utime(path, (long_ago, long_ago))
    look(inbox)
    assert placed(folder) == ["refused/1 lines.xlsx"]


@pytest.mark.parametrize(
    "name",
    [".~lock.a.xlsx#", "~$a.xlsx", "a.xlsx.part", "a.csv.crdownload", "a.tmp", ".a.xlsx", "a.csv~",
     "Thumbs.db"],
)  # fmt: skip
def test_what_programs_leave_while_they_write_is_left_alone(
    inbox: Inbox, folder: Path, troubles: list[str], name: str
) -> None:
    drop(folder, name, LINES)
    look(inbox, 3)
    assert (folder / name).exists()
    assert (placed(folder), troubles, inbox.waiting) == ([], [], False)


def test_links_folders_and_pipes_are_left_and_told_of_once_each(
    inbox: Inbox, folder: Path, troubles: list[str], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(LINES)
    (folder / "link.xlsx").symlink_to(secret)
    (folder / "november").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "two\nlines.csv").write_bytes(LINES)
    look(inbox, 4)
    assert placed(folder) == []
    assert [words.split(" is ")[0] for words in troubles[:3]] == [
        "“link.xlsx”", "“november”", "“pipe.csv”",
    ]  # fmt: skip
    assert troubles[3].startswith("'two\\nlines.csv' has a name that cannot be written")
    assert len(troubles) == 4


def test_the_name_of_what_is_left_makes_no_line_of_its_own_in_a_log(
    inbox: Inbox, folder: Path, troubles: list[str]
) -> None:
    (folder / "a\n2026-11-30 INFO forged \x1b[31m\u202efdp").mkdir()
    look(inbox, 3)
    [told] = troubles
    assert "“a 2026-11-30 INFO forged \\u001b[31m\\u202efdp” is" in told


def test_a_file_that_is_too_large_is_refused_and_its_bytes_are_not_kept(
    inbox: Inbox, installation: Installation, finance: Actor, folder: Path
) -> None:
    with drop(folder, "huge.csv", b"").open("r+b") as file:
        file.truncate(installation.settings.upload_megabytes * 2**20 + 100)
    look(inbox)
    assert placed(folder) == ["refused/1 huge.csv"]
    assert list_import_files(Desk(installation, finance), [1]) == {}


def test_a_file_that_cannot_be_moved_is_imported_once_and_moved_when_it_can_be(
    inbox: Inbox,
    installation: Installation,
    finance: Actor,
    folder: Path,
    troubles: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [0.0]
    monkeypatch.setattr(watch, "_clock", lambda: clock[0])
    drop(folder, "lines.xlsx", LINES)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(inbox.folder, "write_note", fail)
        for _ in range(20):
            inbox.look()
            clock[0] += 30
        assert left(folder) == ["lines.xlsx"]
    assert len(troubles) == 1
    assert "is left where it is (No space left on device)" in troubles[0]
    clock[0] += 1000
    look(inbox)
    assert placed(folder) == ["done/1 lines.xlsx"]
    assert imports(installation, finance) == [("lines.xlsx", "invoice lines", 1)]


def test_a_file_that_may_not_be_read_is_tried_again_and_keeps_no_other_out(
    inbox: Inbox, folder: Path, troubles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(watch, "_clock", lambda: clock[0])
    drop(folder, "lines.xlsx", LINES)
    locked = drop(folder, "locked.xlsx", CUSTOMERS)
    read = type(inbox.folder).read

    def refuse(arrival: object, most: int) -> Content | None:
        if getattr(arrival, "name", "") == "locked.xlsx" and locked.stat().st_mode & 0o400 == 0:
            raise PermissionError(13, "Permission denied")
        return read(inbox.folder, arrival, most)  # type: ignore[arg-type] # as it came

    monkeypatch.setattr(inbox.folder, "read", refuse)  # root, as whom tests may run, reads all
    locked.chmod(0o000)
    look(inbox)
    clock[0] += 400
    look(inbox)
    assert placed(folder) == ["done/1 lines.xlsx"]
    assert len(troubles) == 2  # of the two together, then of the one
    locked.chmod(0o600)
    clock[0] += 400
    look(inbox)
    assert placed(folder) == ["done/1 lines.xlsx", "done/2 locked.xlsx"]


def test_a_file_that_stops_so24_is_refused_in_the_end_and_stops_no_other(
    installation: Installation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "good.xlsx", LINES)
    drop(folder, "poison.xlsx", CUSTOMERS)

    def die(desk: Desk, files: list[tuple[str, bytes]], *, department: str) -> object:
        if any(name == "poison.xlsx" for name, _ in files):
            raise KeyboardInterrupt
        return read_sources(desk, files, department=department)

    monkeypatch.setattr("so24.sources.inbox.taking_in.read_sources", die)
    for _ in range(MOST_ATTEMPTS):
        process = Inbox(installation, folder)
        with pytest.raises(KeyboardInterrupt):
            look(process)
        process.close()
    assert placed(folder) == ["done/1 good.xlsx"]
    process = Inbox(installation, folder)
    look(process)
    process.close()
    assert placed(folder) == ["done/1 good.xlsx", "refused/2 poison.xlsx"]
    note = (folder / "refused" / "2 poison.xlsx.txt").read_text()
    assert "was begun with 5 times" in note


@pytest.mark.both
def test_one_process_at_a_time_watches_a_folder(
    inbox: Inbox, installation: Installation, folder: Path
) -> None:
    other = Inbox(installation, folder)
    drop(folder, "lines.xlsx", LINES)
    look(inbox, 1)
    assert other.look() == watch.STANDBY_SECONDS
    assert placed(folder) == []
    inbox.close()
    look(other)
    other.close()
    assert placed(folder) == ["done/1 lines.xlsx"]


def test_two_at_once_take_each_file_in_once(
    installation: Installation, finance: Actor, folder: Path
) -> None:
    for number in range(8):
        drop(folder, f"{number}.xlsx", as_report(line(number=str(number))))
    pair = [Inbox(installation, folder) for _ in range(2)]
    threads = [threading.Thread(target=look, args=(each, 4)) for each in pair]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for one in pair:
        one.close()
    assert left(folder) == []
    assert [added for _, _, added in imports(installation, finance)] == [1] * 8


def test_a_folder_that_is_not_there_or_may_not_be_written_is_told(
    installation: Installation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="There is no folder"):
        Inbox(installation, folder / "none")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system", str(folder / "done"))

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(ConfigurationError, match=r"cannot be watched: Read-only file system"):
        Inbox(installation, folder)


def test_a_folder_that_goes_away_is_told_and_looked_for_again(
    inbox: Inbox, folder: Path, troubles: list[str]
) -> None:
    away = folder.rename(folder.with_name("away"))
    look(inbox)
    assert len(troubles) == 1
    assert "cannot be read: No such file or directory" in troubles[0]
    away.rename(folder)
    drop(folder, "lines.xlsx", LINES)
    look(inbox)
    assert placed(folder) == ["done/1 lines.xlsx"]


def test_no_note_and_no_word_shows_a_personal_number(
    inbox: Inbox, folder: Path, troubles: list[str]
) -> None:
    (folder / "01019012346").mkdir()
    drop(folder, "01019012345.csv", as_csv(as_grid([line({"Price": "01019012345"})]), ";", "utf-8"))
    look(inbox)
    [path] = placed(folder)
    assert "[personal number]" in (folder / f"{path}.txt").read_text()
    assert "01019012345" not in (folder / f"{path}.txt").read_text()
    assert troubles
    assert "01019012346" not in troubles[0]


def test_of_many_files_that_cannot_be_read_each_is_told_why(inbox: Inbox, folder: Path) -> None:
    for number in range(6):
        drop(folder, f"{number}.xlsx", b"%PDF" if number % 2 else as_report(line(number="9")))
    look(inbox)
    assert [path.partition("/")[0] for path in placed(folder)] == ["done"] * 3 + ["refused"] * 3


def test_nothing_in_done_is_ever_overwritten(inbox: Inbox, folder: Path) -> None:
    drop(folder, "done/1 lines.xlsx", b"of an earlier database")
    drop(folder, "lines.xlsx", LINES)
    look(inbox)
    assert (folder / "done" / "1 lines.xlsx").read_bytes() == b"of an earlier database"
    assert (folder / "done" / "1 lines (2).xlsx").read_bytes() == LINES


def test_whoever_may_drop_files_may_read_what_became_of_them(
    installation: Installation, folder: Path
) -> None:
    folder.chmod(0o2770)
    before = os.umask(0o077)  # as of a service
    watched = Inbox(installation, folder)
    drop(folder, "lines.xlsx", LINES).chmod(0o640)
    look(watched)
    watched.close()
    os.umask(before)
    assert (folder / "done").stat().st_mode & 0o7777 == 0o2770
    for name in ("1 lines.xlsx", "1 lines.xlsx.txt"):
        assert (folder / "done" / name).stat().st_mode & 0o777 == 0o640


def test_a_very_long_name_has_room_for_its_note(inbox: Inbox, folder: Path) -> None:
    drop(folder, "å" * 120 + ".xlsx", LINES)
    look(inbox)
    [path] = placed(folder)
    assert path.endswith(".xlsx")
    assert (folder / f"{path}.txt").exists()
