"""What people are told where the company login does not end well, and what the audit trail keeps.

The words say what to do and nothing of what was wrong with an answer; that is in the audit trail.
"""

from __future__ import annotations

import enum

from so24.errors import So24Error
from so24.language.said import say


class LoginWord(enum.StrEnum):
    """A sentence of the login page."""

    OFF = say("There is no company login here. Sign in with your password.")
    OTHER_HOST = say(
        "The company login could not begin from there. Open so24's own login page and begin again."
    )
    SILENT = say(
        "The company login does not answer. Try again in a minute, or sign in with your "
        "password if you have one."
    )
    DENIED = say(
        "The company login was cancelled, or does not let you use so24. Try again, or ask "
        "whoever manages your company's accounts."
    )
    NOT_BEGUN_HERE = say(
        "This sign-in was not begun in this browser, was used already, or took longer than "
        "ten minutes. Begin again here."
    )
    UNTRUSTED = say(
        "The answer of the company login cannot be trusted, and opens nothing. Try again; if "
        "it happens again, ask a System Administrator: the audit trail says why."
    )
    CLOCKS = say(
        "The clocks of so24 and of the company login do not agree, so its answer opens "
        "nothing. Tell whoever runs so24."
    )
    UNKNOWN = say(
        "Your company account opens no user of so24. Ask a System Administrator to link it "
        "to your user, or whether your user is deactivated."
    )
    WAIT = say("There were several failed attempts before. Wait a minute, then begin again.")
    OTHER_PERSON = say(
        "You have confirmed with another account than the one that is signed in here; "
        "nothing is confirmed."
    )
    NOT_ASKED_AGAIN = say(
        "The company login has not asked again who you are, so nothing is confirmed. Ask a "
        "System Administrator: the provider must support prompt=login and auth_time."
    )
    LOGIN_ENDED = say("Your login has ended meanwhile. Please sign in again.")


class CompanyLoginRefused(So24Error):
    """The company login did not end well; ``reason`` is for the audit trail and has no secret."""

    def __init__(self, word: LoginWord, reason: str) -> None:
        super().__init__(str(word))
        self.word = word
        self.reason = reason
