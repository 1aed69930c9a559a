"""No page and nothing of the user interface brings a person or a desk along to a later press."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.authority import find_brought_along

ROOT = Path(__file__).resolve().parents[2]
CODE = [*sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "so24" / "ui").rglob("*.py"))]
DOWNLOADS = ROOT / "so24" / "ui" / "parts" / "downloads.py"


def test_nothing_brings_authority_along() -> None:
    found = {path.name: find_brought_along(path.read_text()) for path in CODE}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_files_are_given_away_in_one_place() -> None:
    giving = [path for path in CODE if "download_button" in path.read_text()]
    assert giving == [DOWNLOADS]


@pytest.mark.parametrize(
    "code",
    [
        "desk = require_page(P)\nst.download_button('x', data=lambda: read(desk))",
        "desk = require_page(P)\nshow_download(lambda asking: read(desk, wanted), P)",
        "user = session.current_user()\nst.button('x', on_click=f, args=(user.actor,))",
        "def draw(desk: Desk) -> None:\n    st.button('x', on_click=partial(f, desk))",
        "def draw(user: SignedIn | None) -> None:\n    st.Page(partial(refuse, user.actor, 1))",
        "def draw(desk: Desk):\n    def show():\n        read(desk)\n    st.fragment(show)()",
        "def draw(desk: Desk):\n    def do():\n        f(desk)\n    st.button('x', on_click=do)",
        "def draw(desk: Desk):\n    def f(): g()\n    def g(): read(desk)\n    st.fragment(f)()",
        "def draw(desk: Desk):\n    @st.fragment(run_every=1)\n    def show():\n        read(desk)",
        "@st.dialog('Send?')\ndef ask(desk: Desk, ids: list[int]) -> None:\n    read(desk)",
        "def draw(desk):\n    actor = desk.actor\n    other = actor\n    confirm('x', do, other)",
        "def draw():\n    desk = acting_desk()\n    st.selectbox('x', on_change=lambda: f(desk))",
        "def draw(x):\n    if (desk := Desk(x)):\n        st.button('x', on_click=lambda: f(desk))",
    ],
)
def test_what_is_brought_along_is_found(code: str) -> None:
    assert len(find_brought_along(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "desk = require_page(P)\npage = read_page(K, lambda start: list_them(desk, start))",
        "desk = require_page(P)\nshow_download(lambda desk: read(desk, wanted), P)",
        "desk = require_page(P)\nrows = read(desk)\nst.button('x', on_click=f, args=(rows[0],))",
        "desk = require_page(P)\nst.selectbox('x', on_change=lambda: f(acting_desk()))",
        "def draw(desk: Desk):\n    def show():\n        desk = acting_desk()\n        read(desk)\n"
        "    st.fragment(show)()",
    ],
)
def test_what_is_asked_for_later_or_used_at_once_is_not(code: str) -> None:
    assert find_brought_along(code) == []
