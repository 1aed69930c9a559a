"""In which language texts are told to a user: chosen by the user alone, or on the command line."""

from __future__ import annotations

from so24.errors import WrongUse
from so24.installation import Installation
from so24.language.reader import LANGUAGES, choose_language
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.logins import SignedIn, origin_of
from so24.people.own_logins import known_login
from so24.people.roles import Permission
from so24.people.visitors import Visitor
from so24.settings import Settings
from so24.store.people import people
from so24.store.people.audit import record

CHOSEN = "language chosen"  # in English: a code of the audit trail
AS_THE_BROWSER = "browser"


def language_for(user: SignedIn | None, settings: Settings, accepted: str) -> str:
    """In which language the user reads, or who is not known yet, with this ``Accept-Language``.

    What the user has chosen comes before what the installation says, and that before the browser.
    """
    chosen = user.language if user is not None else None
    return chosen or settings.language or choose_language(accepted)


def choose_own_language(
    installation: Installation, secret: str, chosen: str | None, visitor: Visitor | None = None
) -> None:
    """Keep the language of whoever has this login; None: that of each browser.

    Raises :class:`WrongUse` for one that so24 does not speak.
    """
    _check(chosen)
    with installation.db.writing() as session:
        login, user = known_login(installation, session, secret)
        if user.language == chosen:
            return
        user.language = chosen
        origin = origin_of(login, visitor)
        record(session, user.name, CHOSEN, user.name, chosen or AS_THE_BROWSER, origin=origin)


def set_language(desk: Desk, name: str, chosen: str | None) -> None:
    """Set a user's language, for who works at the command line; raises as the user's own choice."""
    desk.require(Permission.MANAGE_USERS)
    _check(chosen)
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        if user.language != chosen:
            user.language = chosen
            desk.record(session, CHOSEN, user.name, chosen or AS_THE_BROWSER)


def _check(chosen: str | None) -> None:
    if chosen is not None and chosen not in LANGUAGES:
        raise WrongUse(say("so24 does not speak this language."))
