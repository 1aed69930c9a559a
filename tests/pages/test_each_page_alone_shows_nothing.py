"""A page's file run by itself, past the frame, shows nothing to anybody."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people import users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.ui.frame.session import PAGES
from so24.ui.frame.shell import ENTRIES
from tests.pages.conftest import PATIENCE, sign_in

NAMES = sorted(path.name for path in PAGES.glob("*.py"))


def test_every_page_file_is_in_the_navigation_and_the_other_way_round() -> None:
    assert sorted(f"{entry.name}.py" for entry in ENTRIES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_without_a_login_it_shows_one_sentence(installation: Installation, name: str) -> None:
    at = AppTest.from_file(str(PAGES / name), default_timeout=PATIENCE).run()
    assert_nothing_but(at, "Please log in first.")


@pytest.mark.parametrize("name", NAMES)
def test_with_a_one_time_password_it_shows_no_more(
    installation: Installation, admin: Actor, name: str
) -> None:
    users.add_user(Desk(installation, admin), "kari", Role.ADMIN)
    at = AppTest.from_file(str(PAGES / name), default_timeout=PATIENCE)
    sign_in(at, installation, "kari")
    assert_nothing_but(at.run(), "Please log in first.")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.name))
def test_its_guard_asks_for_the_permission_of_the_navigation(
    installation: Installation, entry: object
) -> None:
    name, permission = getattr(entry, "name", ""), getattr(entry, "permission", None)
    text = (PAGES / f"{name}.py").read_text()
    assert permission is not None
    assert f"require_page(Permission.{permission.name})" in text


def assert_nothing_but(at: AppTest, sentence: str) -> None:
    """Nothing stands on the page besides this error."""
    assert not at.exception
    assert [error.value for error in at.error] == [sentence]
    assert len(at.main) == 1
    assert len(at.sidebar) == 0
