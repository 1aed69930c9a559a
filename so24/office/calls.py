"""One key's way to 24SevenOffice: session, pace, quota and the call itself."""

from __future__ import annotations

import datetime as dt
import html
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from so24.calls.tally import tally_call
from so24.errors import OfficeError, Throttled
from so24.language.said import change_values, say
from so24.letters import hide_secrets
from so24.office.answers import read_answer
from so24.office.interface.description import service_interface
from so24.office.limits import Pace
from so24.office.soap import encode_request
from so24.office.transport import OF_A_LIST, Transport, bound_of_save
from so24.office.values import Quota

log = logging.getLogger(__name__)

# Shorter ones would blacken ordinary words, and thereby give themselves away.
_SHORTEST_SECRET = 4


class Caller:
    """Sends one call at a time and gives back its result; repeats nothing.

    ``before_call`` is given the operation's name right before each request leaves and may raise
    to stop it. ``while_waiting`` is called when a request has left and must return at once.
    ``session`` may be set at any time; ``calls`` counts the requests that were sent, and
    ``seconds`` adds up how long they took.
    """

    def __init__(
        self,
        transport: Transport,
        pace: Pace,
        secrets: tuple[str, ...],
        before_call: Callable[[str], None] | None,
    ) -> None:
        self._transport = transport
        self._pace = pace
        self._secrets = secrets
        self._before_call = before_call
        self.while_waiting: Callable[[], None] | None = None
        self._sessions: list[str] = []  # one that was given up may still be good
        self._session: str | None = None
        self.calls = 0
        self.seconds = 0.0

    @property
    def session(self) -> str | None:
        """The session that calls are made in."""
        return self._session

    @session.setter
    def session(self, session: str | None) -> None:
        self._session = session
        if session:
            self._sessions.append(session)

    @property
    def quota(self) -> Quota:
        """Calls left, as the last answer announced them."""
        return self._transport.quota

    def close(self) -> None:
        """Give the connections back; the session stays valid."""
        self._transport.close()

    def call(self, service: str, operation: str, **parameters: Any) -> Any:
        """The operation's result as :func:`so24.office.answers.read_answer` gives it.

        Raises any OfficeError except WrongCompany; no text of theirs holds a secret of the key.
        """
        return self.send(service, operation, lambda: encode_request(service, operation, parameters))

    def send(self, service: str, operation: str, write: Callable[[], bytes]) -> Any:
        """The same with a request that ``write`` makes, or has made before."""
        try:
            request = write()
            self._respect_quota()
            self._pace.take()
            if self._before_call:
                self._before_call(operation)
            return self._exchange(service, operation, request)
        except OfficeError as error:
            # what so24 says itself may quote what it was to send
            secrets = self._known_secrets()
            error.args = (change_values(error.words, lambda each: hide_secrets(each, secrets)),)
            raise

    def _exchange(self, service: str, operation: str, request: bytes) -> Any:
        interface = service_interface(service)
        call = interface.operation(operation)
        begun = time.monotonic()
        self.calls += 1
        outcome = "no answer"  # in English: for the log
        try:
            answer = self._transport.post(
                interface.path, call.action, request, self.session, self.while_waiting,
                host=interface.host,
                bound=OF_A_LIST if operation.startswith("Get") else bound_of_save(request),
            )  # fmt: skip
            outcome = f"HTTP {answer.status}"
            return read_answer(
                answer.body, answer.status, interface, call,
                secrets=self._known_secrets(), end=answer.end,
            )  # fmt: skip
        finally:
            took = time.monotonic() - begun
            self.seconds += took
            tally_call(operation, outcome)
            log.info("%s: %s after %.3f s", operation, outcome, took)

    def _respect_quota(self) -> None:
        quota = self.quota
        if quota.remaining != 0 or quota.resets_at is None:
            return
        if quota.resets_at > dt.datetime.now(dt.UTC):
            raise Throttled(
                say(
                    "24SevenOffice's limit of calls is used up; so24 waits for the announced reset."
                ),
                quota.resets_at,
            )

    def _known_secrets(self) -> tuple[str, ...]:
        """What must not be repeated, as it is and as programs write it into other text."""
        known = [
            secret
            for secret in (*self._secrets, *self._sessions)
            if len(secret) >= _SHORTEST_SECRET
        ]
        dressed = (form(secret) for secret in known for form in (html.escape, quote, repr))
        return tuple({*known, *(each.strip("'\"") for each in dressed)})
