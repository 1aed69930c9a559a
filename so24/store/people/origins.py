"""From where something is done, as a line of the audit trail keeps it; it holds no secret.

A person who has signed in is known by the address, as far as trusted proxies tell it, by the login
and by the browser. Whatever else acts says in one word which part of so24 it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from so24.language.said import say
from so24.letters import show_plainly
from so24.store.tables.people_tables import LONGEST_BROWSER, LONGEST_LOGIN, LONGEST_SOURCE


@dataclass(frozen=True)
class Origin:
    """The place something came from; where somebody has signed in, the login and the browser, too.

    ``source``: an address, or what of so24 acts; never empty. ``login``: the short mark by which
    its owner finds the login under *Account*, which opens nothing. All three are one line without
    anything that a terminal would obey, and no longer than the columns that keep them.
    """

    source: str
    login: str = ""
    browser: str = ""

    def __post_init__(self) -> None:
        """Bring the three into their form; raises :class:`ValueError` where there is no source."""
        for name, longest in (
            ("source", LONGEST_SOURCE),
            ("login", LONGEST_LOGIN),
            ("browser", LONGEST_BROWSER),
        ):
            plain = " ".join(show_plainly(getattr(self, name)).split())
            object.__setattr__(self, name, plain[:longest])
        if not self.source:
            raise ValueError("a line of the audit trail needs its source")


UNKNOWN_SOURCE = say("unknown address")
UNKNOWN = Origin(UNKNOWN_SOURCE)
COMMAND_LINE = Origin(say("command line"))
DROP_FOLDER = Origin(say("drop folder"))
WORKER = Origin(say("worker"))  # jobs, in whichever process they run
START = Origin(say("start of so24"))
DEMO = Origin(say("demo"))
SCHEDULE = Origin(say("schedule"))
