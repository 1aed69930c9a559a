"""The strangers: open connections of browsers with which nobody has signed in yet.

Each keeps a session of Streamlit's in memory, and anybody who reaches the port may open one, for
the login page is drawn by it. So there are only so many at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count

# The login pages that colleagues behind one address leave open; a session takes some 100 kB.
MOST_OF_A_SOURCE = 64
MOST_IN_ALL = 512


class Strangers:
    """Who is connected without a login, by source and by the browser's mark.

    Connections come and go in the server's loop, people sign in in the threads of script runs.
    """

    def __init__(self) -> None:
        self._visits: dict[int, tuple[str, str, Callable[[], None]]] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()

    def admit(
        self, source: str, mark: str, when_welcome: Callable[[], None] = lambda: None
    ) -> int | None:
        """The number of a new visit, or None where there are as many as there may be.

        ``when_welcome`` is called once when somebody has signed in with this browser.
        """
        with self._lock:
            of_source = sum(each == source for each, *_ in self._visits.values())
            if of_source >= MOST_OF_A_SOURCE or len(self._visits) >= MOST_IN_ALL:
                return None
            number = next(self._numbers)
            self._visits[number] = (source, mark, when_welcome)
            return number

    def welcome(self, mark: str) -> None:
        """Count the browser's connections no more: somebody has signed in with it."""
        with self._lock:
            known = [number for number, (_, each, _) in self._visits.items() if each == mark]
            for when_welcome in [self._visits.pop(number)[2] for number in known]:
                when_welcome()

    def is_stranger(self, number: int) -> bool:
        """Whether the connection is still one of a browser that nobody has signed in with."""
        return number in self._visits

    def part(self, number: int) -> None:
        """Forget a visit whose session is gone."""
        with self._lock:
            self._visits.pop(number, None)


strangers = Strangers()
