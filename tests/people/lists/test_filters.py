"""What somebody has chosen to see on a list is remembered, for that person alone."""

from __future__ import annotations

import pytest

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.people import logins
from so24.people.lists.filters import recall_filters, remember_filters
from so24.store.tables.people_tables import Role, User

pytestmark = pytest.mark.both


def test_choices_are_kept_by_page_and_user(installation: Installation) -> None:
    with installation.db.writing() as session:
        for name in ("fia", "ada"):
            session.add(User(name=name, role=Role.FINANCE, password_hash="", must_change=False))
    fia, ada = (logins.open_session(installation, name) for name in ("fia", "ada"))
    assert recall_filters(installation, fia, "invoices") == {}
    remember_filters(installation, fia, "invoices", {"status": ["all"], "kind": ("a", "b")})
    remember_filters(installation, fia, "history", {"user": ["Ægir"]})
    again = logins.open_session(installation, "fia")
    assert recall_filters(installation, again, "invoices") == {
        "status": ["all"],
        "kind": ["a", "b"],
    }
    assert recall_filters(installation, again, "history") == {"user": ["Ægir"]}
    assert recall_filters(installation, ada, "invoices") == {}
    remember_filters(installation, fia, "invoices", {})
    assert recall_filters(installation, again, "invoices") == {}


def test_nobody_without_a_login_is_told_or_remembered(installation: Installation) -> None:
    for ended in ("", "no such secret"):
        with pytest.raises(NotAllowed):
            recall_filters(installation, ended, "invoices")
        with pytest.raises(NotAllowed):
            remember_filters(installation, ended, "invoices", {"status": ["all"]})
