"""A press on *Sign in* is answered once, however many runs of the script bring it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from so24.installation import Installation
from so24.people import logins
from so24.ui.frame.tab_login import TabLogin
from tests.pages.conftest import PASSWORD
from tests.people.conftest import events

WRONG = "wrong-password"


@pytest.mark.parametrize(
    ("password", "event"), [(PASSWORD, "login"), (WRONG, "login refused")], ids=["right", "wrong"]
)
def test_a_press_that_several_runs_bring_at_once_is_answered_and_recorded_once(
    installation: Installation, password: str, event: str
) -> None:
    tab, runs = TabLogin(), 4
    begun = Barrier(runs)

    def bring(_run: int) -> bool:
        answers = tab.answers
        begun.wait()
        return tab.answer(installation, "fia", password, answers)

    with ThreadPoolExecutor(runs) as pool:
        answers = list(pool.map(bring, range(runs)))
    assert answers == [password == PASSWORD] * runs
    assert [action for _, action, _ in events(installation)] == [event]
    assert tab.is_refused == (password == WRONG)


def test_what_has_been_submitted_waits_until_it_is_answered(installation: Installation) -> None:
    tab = TabLogin()
    assert not tab.is_unanswered("", "")
    assert tab.is_unanswered("fia", WRONG)
    tab.answer(installation, "fia", WRONG, tab.answers)
    assert not tab.is_unanswered("fia", WRONG)
    assert tab.is_unanswered("fia", PASSWORD)
    assert tab.is_unanswered("fi", "a" + WRONG)


def test_pressing_again_with_the_same_wrong_password_is_another_attempt(
    installation: Installation,
) -> None:
    tab = TabLogin()
    for _ in range(2):
        assert not tab.answer(installation, "fia", WRONG, tab.answers)
    assert len(events(installation)) == 2


def test_another_password_counts_though_a_wrong_one_was_answered_meanwhile(
    installation: Installation,
) -> None:
    tab = TabLogin()
    before = tab.answers
    assert not tab.answer(installation, "fia", WRONG, before)
    assert tab.answer(installation, "fia", PASSWORD, before)
    assert not tab.is_refused
    assert logins.verify(installation, tab.secret) is not None


def test_no_password_is_kept(installation: Installation) -> None:
    tab = TabLogin()
    tab.answer(installation, "fia", PASSWORD, tab.answers)
    assert PASSWORD not in repr(vars(tab))
