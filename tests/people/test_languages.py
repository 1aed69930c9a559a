"""A user's language is the user's own: before the installation's, and before the browser's."""

from __future__ import annotations

import pytest

from so24.errors import WrongUse
from so24.installation import Installation
from so24.people import logins
from so24.people.desk import Desk
from so24.people.languages import choose_own_language, language_for, set_language
from so24.people.roles import Actor
from tests.people.conftest import AddPerson, events

BOKMAL, ENGLISH = "nb-NO,nb;q=0.9", "en-GB"


@pytest.mark.parametrize(
    ("chosen", "installed", "accepted", "told"),
    [
        ("en", "nb", BOKMAL, "en"),
        ("nb", "en", ENGLISH, "nb"),
        (None, "nb", ENGLISH, "nb"),
        (None, "en", BOKMAL, "en"),
        (None, "", BOKMAL, "nb"),
        (None, "", "", "en"),
    ],
)
def test_the_users_choice_comes_before_the_installations_and_that_before_the_browser(
    installation: Installation,
    add_person: AddPerson,
    chosen: str | None,
    installed: str,
    accepted: str,
    told: str,
) -> None:
    settings = installation.settings.model_copy(update={"language": installed})
    secret = logins.open_session(installation, add_person("fia"))
    choose_own_language(installation, secret, chosen)
    assert language_for(logins.verify(installation, secret), settings, accepted) == told
    nobody = language_for(None, settings, accepted)
    assert nobody == (installed or ("nb" if accepted == BOKMAL else "en"))


@pytest.mark.both
def test_a_choice_is_recorded_once_and_can_be_taken_back(
    installation: Installation, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    for chosen in ("nb", "nb", None):
        choose_own_language(installation, secret, chosen)
    said = [event for event in events(installation) if event[1] == "language chosen"]
    assert sorted(said) == [("fia", "language chosen", "fia")] * 2
    found = logins.verify(installation, secret)
    assert found is not None
    assert found.language is None


def test_at_the_command_line_it_is_set_for_a_user_and_only_to_one_that_there_is(
    installation: Installation, add_person: AddPerson, admin: Actor
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    set_language(Desk(installation, admin), "Fia", "nb")
    found = logins.verify(installation, secret)
    assert found is not None
    assert found.language == "nb"
    with pytest.raises(WrongUse, match="does not speak"):
        set_language(Desk(installation, admin), "fia", "tlh")
    with pytest.raises(WrongUse, match="does not speak"):
        choose_own_language(installation, secret, "no")
