"""Every error that so24 raises on purpose, in one tree.

::

    So24Error
    ├── WrongUse                 the request cannot be carried out as it was put
    │   ├── ConfigurationError   settings are missing or contradict (System Administrator)
    │   ├── NotAllowed           the user's role does not permit this
    │   ├── PasswordNeeded       the password was given too long ago for this
    │   ├── NotActivated         the integration is not activated in the Marketplace
    │   ├── ChangedMeanwhile     what was confirmed is not what would happen now
    │   └── UnreadableFile       a file cannot be imported at all
    ├── RunCancelled             somebody stopped the run; raised before its next write
    ├── LeaseLost                a worker that has lost the database begins no call
    ├── RecManError              a call to RecMan did not end well; nothing came in by it
    │   ├── RecManRefused        RecMan said no: the key, the scope or a field
    │   └── BudgetSpent          the day's calls to RecMan are used up: try tomorrow
    └── OfficeError              a call to 24SevenOffice did not end well
        ├── NotSent              nothing reached 24SevenOffice: safe to repeat
        ├── Throttled            24SevenOffice asked us to wait: safe to repeat after ``until``
        ├── BadRequest           our data cannot be sent as XML, found before sending
        ├── Refused              24SevenOffice said no
        │   ├── LoginRefused     user name, password or ApplicationId was not accepted
        │   └── WrongCompany     the key does not reach its Organization ID
        ├── SessionLost          the session has ended: log in once more, then look before sending
        └── Unknown              the call may or may not have been carried out: look, never resend
            ├── AnsweredOtherwise  an answer came, and was for something that was not sent
            └── CompanyMoved     the session has come to work in another company meanwhile

A problem with one invoice is not an error but a value in the run's result; what is raised here
concerns a whole call, file or request. Anything else that escapes is a bug.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


class So24Error(Exception):
    """Root of the tree; ``str(error)`` is a sentence that may be shown to the user."""

    @property
    def words(self) -> str:
        """The sentence as it was said, to be told in the reader's language."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class WrongUse(So24Error):
    """The request cannot be carried out as it was put; the message says what to change."""


class ConfigurationError(WrongUse):
    """A setting is missing or contradicts another; a System Administrator mends it."""


class NotAllowed(WrongUse):
    """The user's role does not permit this."""


class PasswordNeeded(WrongUse):
    """The user may do this, but has to give the password again first."""


class NotActivated(WrongUse):
    """The integration is not activated in the Marketplace."""


@dataclass(frozen=True)
class Difference:
    """What a document was when it was shown, and what it is now; in words, empty for nothing."""

    document: str
    what: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.document}: {self.what} was “{self.was}”, is now “{self.now}”."


class ChangedMeanwhile(WrongUse):
    """What a person has confirmed is not what would happen now; nothing was begun."""

    def __init__(self, message: str, differences: tuple[Difference, ...] = ()) -> None:
        super().__init__(message)
        self.differences = differences


class UnreadableFile(WrongUse):
    """A file that cannot be imported at all: no workbook, no known headings, too large, locked.

    Where several came together, ``filename`` is the one, and ``reason`` is about it alone.
    """

    def __init__(self, message: str, filename: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.filename = filename
        self.reason = reason or message


class RunCancelled(So24Error):
    """Somebody stopped the run; its next call is not made."""


class LeaseLost(So24Error):
    """A worker has not reached the database for too long to begin a call; its lane waits."""


class RecManError(So24Error):
    """A call to RecMan did not end well; its message never holds the key."""


class RecManRefused(RecManError):
    """RecMan said no to the key, the scope or a field; the message carries its own words."""


class BudgetSpent(RecManError):
    """No more calls to RecMan today, by our own count or by its words."""


class OfficeError(So24Error):
    """A call to 24SevenOffice did not end well."""


class NotSent(OfficeError):
    """Nothing reached 24SevenOffice (address, connection or TLS failed): safe to repeat."""


class Throttled(OfficeError):
    """24SevenOffice refuses for now (429, 503, quota): wait until ``until``, then repeat.

    ``until`` is an aware UTC time, or None where no time was announced.
    """

    def __init__(self, message: str, until: dt.datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class BadRequest(OfficeError):
    """Our data cannot be put into the request's schema; nothing was sent."""


class Refused(OfficeError):
    """24SevenOffice answered with a fault; ``str(error)`` carries its own words."""


class LoginRefused(Refused):
    """User name, password or ApplicationId was not accepted; never retried by itself."""


class SessionLost(OfficeError):
    """The session has ended; log in once more, then look before sending.

    No :class:`Refused`: what was sent is not at fault, so that no document may end by it.
    """


class WrongCompany(Refused):
    """The key reaches other companies than its Organization ID; nothing may be written."""


class Unknown(OfficeError):
    """No trustworthy answer came after the request had left: look, never resend."""


class CompanyMoved(Unknown):
    """The session works in another company than was proven: what was called may be there."""


class AnsweredOtherwise(Unknown):
    """The answer names other keys than were sent; ``ids`` are what it gave them, in that order."""

    def __init__(self, words: str, ids: Sequence[int | None]) -> None:
        super().__init__(words)
        self.ids = tuple(ids)
