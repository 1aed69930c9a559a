"""Files as they came, on the pages: downloads ask who acts when they are pressed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.people import logins
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.people.audit import latest_events
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from tests.pages.conftest import OpenApp, press_number
from tests.pages.test_imports import tick
from tests.pages.test_invoices import press, texts
from tests.sources.ehf.bills import Sample, pack
from tests.sources.originals.test_document_files import PDF, TIMESHEET
from tests.sources.report_files import as_report, line

LINES = as_report(line({"Invoice date": "18.11.2026"}, number="900"))
ARCHIVE = pack(("a.xml", TIMESHEET), ("b.xml", Sample(number="1002").content))
Downloads = dict[str, Callable[[], bytes]]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """What each download on the page reads when it is pressed, by the name of its file."""
    made: Downloads = {}

    def note(_label: str, data: Callable[[], bytes], file_name: str, **_: object) -> None:
        made[file_name] = data

    monkeypatch.setattr("streamlit.download_button", note)
    return made


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Label and file name of each download on the page."""
    shown: list[tuple[str, str]] = []

    def note(label: str, file_name: str, **_: object) -> None:
        shown.append((label, file_name))

    monkeypatch.setattr("streamlit.download_button", note)
    return shown


def test_what_a_stranger_calls_a_file_is_neither_markup_nor_a_path(
    installation: Installation,
    finance: Actor,
    app: OpenApp,
    offered: list[tuple[str, str]],
) -> None:
    name = "![x](evil.png) **b** 01019012345 \u202efdp.exe"
    bill = TIMESHEET.replace(b"timer.pdf", name.encode())
    archive = pack((f"{name}.xml", bill))
    import_files(
        Desk(installation, finance), [("a.zip", archive)], department="10", new_department=True
    )
    ask_what_is_attached(show_document(app, "1001"), "1001")
    of_it = [each for each in offered if "evil" in "".join(each)]
    assert len(of_it) > 1, "its XML, and what is attached"
    for label, file_name in of_it:
        assert "\\[x\\]" in label
        assert "01019012345" not in label
        assert not set(label + file_name) & {"\u202e"}
        assert not set(file_name) & set("/\\*")


@pytest.fixture
def past(installation: Installation, finance: Actor) -> Installation:
    """A report, then an archive of two EHF files, one of them with attachments."""
    desk = Desk(installation, finance)
    import_files(desk, [("lines.xlsx", LINES)])
    import_files(desk, [("november.zip", ARCHIVE)], department="10")
    return installation


def test_an_import_gives_its_file_to_those_who_may(
    past: Installation, app: OpenApp, downloads: Downloads
) -> None:
    at = tick(app(Role.FINANCE, "imports"), 1)
    assert "xlsx :small[" in texts(at)
    assert "until 31.12." in texts(at)
    assert downloads["lines.xlsx"]() == LINES
    with past.db.reading() as session:
        event = latest_events(session)[0]
    assert (event.actor, event.action) == ("fia", "original given out")


def test_who_may_only_look_sees_that_it_is_kept_and_gets_nothing(
    past: Installation, app: OpenApp, downloads: Downloads
) -> None:
    at = tick(app(Role.ANALYST, "imports"), 1)
    assert "xlsx :small[" in texts(at)
    assert "lines.xlsx" not in downloads


def test_a_press_after_the_login_has_ended_gets_nothing(
    past: Installation, app: OpenApp, downloads: Downloads
) -> None:
    at = tick(app(Role.FINANCE, "imports"), 1)
    logins.close_session(past, at.session_state[session.SECRET])
    with pytest.raises(NotAllowed):
        downloads["lines.xlsx"]()


def test_of_many_files_one_is_chosen(
    installation: Installation, finance: Actor, app: OpenApp, downloads: Downloads
) -> None:
    files = [(f"{number}.xml", Sample(number=str(number)).content) for number in range(1, 7)]
    import_files(Desk(installation, finance), files, department="10", new_department=True)
    at = tick(app(Role.FINANCE, "imports"), 0)
    assert "1.xml" in downloads
    at.selectbox(key="originals_of_1").select_index(4).run()
    assert downloads["5.xml"]() == files[4][1]


def show_document(app: OpenApp, number: str) -> AppTest:
    """The overview with this document opened."""
    return open_number(app(Role.FINANCE, "invoices"), number)


def open_number(at: AppTest, number: str) -> AppTest:
    """Open this document of the overview."""
    return press_number(at, 0, list(at.dataframe[0].value["Number"]).index(number))


def ask_what_is_attached(at: AppTest, number: str) -> AppTest:
    """Press the button in the drawer, which a test finds closed after it, as it runs the page."""
    return open_number(press(at, "What is attached"), number)


def test_a_document_of_a_report_gives_the_report(
    past: Installation, app: OpenApp, downloads: Downloads
) -> None:
    at = show_document(app, "900")
    assert "Import 1, " in texts(at)
    assert downloads["lines.xlsx"]() == LINES


@pytest.mark.slow
def test_an_ehf_document_gives_its_own_xml_and_on_request_what_is_attached(
    past: Installation, app: OpenApp, downloads: Downloads
) -> None:
    at = show_document(app, "1001")
    assert downloads["a.xml"]() == TIMESHEET
    assert "timer.pdf" not in downloads
    ask_what_is_attached(at, "1001")
    assert downloads["timer.pdf"]() == PDF
    at = ask_what_is_attached(show_document(app, "1002"), "1002")
    assert "Nothing is attached to it" in texts(at)


def test_a_document_from_before_says_that_nothing_is_kept(
    economy: object, invoices: list[int], app: OpenApp
) -> None:
    assert "No original is kept" in texts(show_document(app, "1001"))
