"""Filters under names of one's own: saved, applied, renamed, deleted, by nobody else."""

from __future__ import annotations

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.people import logins
from so24.people.lists.views import (
    LONGEST_NAME,
    MOST_VIEWS,
    SavedView,
    delete_view,
    list_views,
    rename_view,
    save_view,
)
from so24.store.tables.people_tables import Role, User

pytestmark = pytest.mark.both
PAGE = "invoices"


@pytest.fixture
def fia(installation: Installation) -> str:
    """The secret of a login; another user is there, too."""
    with installation.db.writing() as session:
        for name in ("fia", "ada"):
            session.add(User(name=name, role=Role.FINANCE, password_hash="", must_change=False))
    return logins.open_session(installation, "fia")


def names(installation: Installation, secret: str, page: str = PAGE) -> list[str]:
    return [each.name for each in list_views(installation, secret, page)]


def test_views_are_kept_by_user_and_page_in_the_order_of_their_names(
    installation: Installation, fia: str
) -> None:
    save_view(installation, fia, PAGE, "  Østfold ", {"status": ["all"], "search": ["12"]})
    save_view(installation, fia, PAGE, "Credit notes", {"kind": ("credit",)})
    assert list_views(installation, fia, PAGE) == [
        SavedView("Credit notes", {"kind": ["credit"]}),
        SavedView("Østfold", {"search": ["12"], "status": ["all"]}),
    ]
    ada = logins.open_session(installation, "ada")
    assert names(installation, ada) == names(installation, fia, "history") == []
    with pytest.raises(WrongUse, match="no view Østfold any more"):
        delete_view(installation, ada, PAGE, "Østfold")
    with pytest.raises(WrongUse, match="no view Østfold any more"):
        rename_view(installation, ada, PAGE, "Østfold", "Mine")


def test_a_name_is_there_once_whatever_its_case(installation: Installation, fia: str) -> None:
    save_view(installation, fia, PAGE, "Mine", {"status": ["all"]})
    save_view(installation, fia, PAGE, "MINE", {"status": ["problems"]})
    assert list_views(installation, fia, PAGE) == [SavedView("MINE", {"status": ["problems"]})]
    save_view(installation, fia, PAGE, "Other", {})
    with pytest.raises(WrongUse, match="Another view has the name mine already"):
        rename_view(installation, fia, PAGE, "Other", "mine")
    rename_view(installation, fia, PAGE, "mine", "Mine")
    rename_view(installation, fia, PAGE, "Other", "Others'")
    delete_view(installation, fia, PAGE, "Mine")
    assert names(installation, fia) == ["Others'"]


def test_a_name_is_neither_empty_nor_long_and_views_are_not_without_end(
    installation: Installation, fia: str
) -> None:
    for wrong, words in ((" \u200b ", "Give the view a name"), ("x" * 41, "at most 40")):
        with pytest.raises(WrongUse, match=words):
            save_view(installation, fia, PAGE, wrong, {})
    for place in range(MOST_VIEWS):
        save_view(installation, fia, PAGE, f"{place:0{LONGEST_NAME}}", {})
    with pytest.raises(WrongUse, match="50 views already"):
        save_view(installation, fia, PAGE, "one more", {})
    save_view(installation, fia, PAGE, f"{0:0{LONGEST_NAME}}", {"status": ["all"]})


def test_nobody_without_a_login_has_views(installation: Installation) -> None:
    with pytest.raises(NotAllowed):
        list_views(installation, "no such secret", PAGE)
    with pytest.raises(NotAllowed):
        save_view(installation, "", PAGE, "Mine", {})
