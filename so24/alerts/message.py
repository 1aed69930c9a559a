"""What an alert says, in the language of who gets it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.dates import format_moment
from so24.language.reader import ENGLISH, speaking
from so24.language.said import say
from so24.language.telling import tell
from so24.letters import show_plainly
from so24.settings import Settings
from so24.store.alerts.deliveries import Owed
from so24.store.tables.alert_tables import AlertKind

TITLES = {
    AlertKind.RUN: say("A run has ended with problems"),
    AlertKind.KEY: say("A key does not work"),
    AlertKind.WAITING: say("Documents have been in transfer for long"),
    AlertKind.LEDGER: say("24SevenOffice and so24 do not agree"),
    AlertKind.SCHEDULE: say("What is to be done by itself needs somebody"),
}
RECOVERIES = {
    AlertKind.KEY: say("The key works again, or is not in use any more"),
    AlertKind.WAITING: say("Nothing of the run is in transfer any more"),
    AlertKind.LEDGER: say("24SevenOffice and so24 agree again"),
    AlertKind.SCHEDULE: say("The schedule does its work again, or is off"),
}
_PAGES = {
    AlertKind.RUN: "receipt?run={subject}",
    AlertKind.KEY: "credentials",
    AlertKind.WAITING: "receipt?run={subject}",
    AlertKind.LEDGER: "ledger",
    AlertKind.SCHEDULE: "start",
}


@dataclass(frozen=True)
class Message:
    """A message to one address; ``id`` is the same whenever it is sent again."""

    id: str
    title: str
    lines: tuple[str, ...]
    link: str = ""

    @property
    def body(self) -> str:
        """All of it as text."""
        return "\n\n".join(filter(None, (*self.lines, self.link)))


def language_of_message(chosen: str | None, settings: Settings) -> str:
    """The language that the reader has ``chosen``, else the installation's, else English."""
    return chosen or settings.language or ENGLISH


def compose(owed: Owed, settings: Settings, language: str) -> Message:
    """The message of an alert or of its recovery."""
    with speaking(language):
        title = tell((RECOVERIES if owed.recovery else TITLES)[owed.kind])
        before = tell("Before: {words}", words=tell(owed.words))
        told = before if owed.recovery else tell(owed.words)
        at = tell("so24, {moment}", moment=format_moment(owed.at))
    way = "recovered" if owed.recovery else "raised"
    link = _PAGES[owed.kind].format(subject=owed.subject)
    return Message(
        id=f"alert-{owed.delivery_id}-{way}",
        title=show_plainly(title),
        lines=(show_plainly(told), at),
        link=f"{settings.public_url.rstrip('/')}/{link}" if settings.public_url else "",
    )


def compose_trial(number: int, moment: dt.datetime, language: str) -> Message:
    """A message that only shows that messages arrive."""
    with speaking(language):
        lines = (
            tell("This is what an alert of so24 looks like. Nothing is wrong."),
            tell("so24, {moment}", moment=format_moment(moment)),
        )
        title = tell("An alert on trial")
    return Message(f"trial-{number}-{moment:%Y%m%d%H%M%S%f}", title, lines)
