"""What happens to calls on their way: the gateway's caller, with the office model behind it.

The gateway above it is the product's own: what it sends, how it matches answers to what was sent,
and what it makes of records. Only SOAP, HTTP and the pace are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from so24.errors import NotSent, Refused, SessionLost, Throttled, Unknown
from so24.office.account import Account, AccountLists
from so24.office.gateway import Office
from so24.office.values import Quota
from tests.simulation.server import Server, Session, refused

DEADLINE = 10.0
LATE = ((2.0, 30.0), (2.0, 30.0), (30.0, 55.0))  # the last look comes after all of these


class Serving:
    """The server that answers at present."""

    server: Server


class SimulatedCaller:
    """Sends calls to the model, in the place of :class:`so24.office.calls.Caller`."""

    def __init__(self, before_call: Callable[[str], None] | None, session: str | None) -> None:
        self._before_call = before_call
        self._server = Serving.server
        self.while_waiting: Callable[[], None] | None = None
        self.session = session
        self.calls = 0
        self.seconds = 0.0
        self.quota = Quota()

    def close(self) -> None:
        """There is no connection."""

    def call(self, _service: str, operation: str, **parameters: Any) -> Any:
        """Carry out an operation."""
        return self._exchange(operation, parameters)

    def send(self, _service: str, operation: str, write: Callable[[], Any]) -> Any:
        """The same with items that ``write`` gives."""
        return self._exchange(operation, write())

    def _exchange(self, operation: str, sent: Any) -> Any:
        if self._before_call is not None:
            self._before_call(operation)
        self.calls += 1
        server = self._server
        server.scheduler.point(f"call {operation}")
        if self.while_waiting is not None:
            self.while_waiting()
        self._meet_trouble()
        if operation == "Login":
            return server.log_in(sent["credential"]["Username"])
        session = server.session(self.session)
        if not server.is_write(operation) and server.habits.strikes("session moved"):
            server.move(session)
        if operation == "GetIdentity":
            answer: Any = server.identity(session, session.client)
        elif operation == "GetIdentities":
            answer = [server.identity(session, each) for each in server.reach(session.account)]
        elif operation == "SetIdentityById":
            answer = server.choose(session, sent["identityId"])
        elif server.is_write(operation):
            answer = self._write(session, operation, sent)
        else:
            answer = server.read(session, operation, sent)
        server.scheduler.point(f"answer {operation}")
        return answer

    def _meet_trouble(self) -> None:
        """What keeps any call from being carried out."""
        habits, scheduler = self._server.habits, self._server.scheduler
        if scheduler.time < self._server.away_until:
            scheduler.rest(1.0)
            raise NotSent("24SevenOffice cannot be reached.")
        if habits.strikes("not sent"):
            raise NotSent("24SevenOffice cannot be reached.")
        if habits.strikes("throttled"):
            wait = scheduler.draw("waits").choice((None, 5.0, 90.0))
            until = None if wait is None else scheduler.now() + dt.timedelta(seconds=wait)
            raise Throttled("24SevenOffice asks us to wait.", until)
        if self.session and habits.strikes("session ends"):
            self._server.session(self.session).alive = False
            raise SessionLost("The session has ended.")

    def _write(self, session: Session, operation: str, items: Sequence[Mapping[str, Any]]) -> Any:
        server, habits = self._server, self._server.habits
        draw = server.scheduler.draw("writes")
        if habits.strikes("fault"):
            raise Refused("Object reference not set to an instance of an object.")
        if habits.strikes("lost before the write"):
            self._lose()
        if habits.strikes("late write"):
            client = session.client
            low, high = draw.choice(LATE)
            server.scheduler.land(
                draw.uniform(low, high), lambda: _land(server, client, operation, items)
            )
            self._lose()
        if len(items) > 1 and habits.strikes("half of a batch"):
            server.write(session.client, operation, items[: draw.randint(1, len(items) - 1)])
            raise Refused("Failure sending mail.")
        if habits.strikes("item refused"):
            return self._refuse_one(session, operation, items, saved=False)
        if habits.strikes("item refused after the write"):
            return self._refuse_one(session, operation, items, saved=True)
        return self._answer(session, operation, items)

    def _answer(self, session: Session, operation: str, items: Sequence[Mapping[str, Any]]) -> Any:
        server, habits = self._server, self._server.habits
        draw = server.scheduler.draw("writes")
        answers = server.write(session.client, operation, items)
        if habits.strikes("doubled request"):
            again = server.write(session.client, operation, items)
            answers = draw.choice((answers, again))
        if habits.strikes("doubled request, late"):
            client = session.client
            server.scheduler.land(
                draw.uniform(0.5, 30.0), lambda: _land(server, client, operation, items)
            )
        if habits.strikes("lost after the write"):
            self._lose()
        if habits.strikes("fault after the write"):
            raise Refused("Failure sending mail.")
        if habits.strikes("cut answer"):
            answers = answers[: draw.randint(0, len(answers) - 1)]
        if len(answers) > 1 and habits.strikes("reordered answer"):
            draw.shuffle(answers)
        server.note_answered(session.client, answers)
        return answers

    def _refuse_one(
        self, session: Session, operation: str, items: Sequence[Mapping[str, Any]], *, saved: bool
    ) -> Any:
        place = self._server.scheduler.draw("writes").randrange(len(items))
        kept = [item for at, item in enumerate(items) if saved or at != place]
        answers = self._server.write(session.client, operation, kept) if kept else []
        if saved:
            del answers[place]
        self._server.note_answered(session.client, answers)
        answers.insert(place, refused("Object reference not set to an instance of an object."))
        return answers

    def _lose(self) -> None:
        self._server.scheduler.point("no answer")
        self._server.scheduler.rest(DEADLINE)
        raise Unknown("24SevenOffice did not answer in time.")


def _land(server: Server, client: int, operation: str, items: Sequence[Mapping[str, Any]]) -> None:
    server.scheduler.tell("a write lands late")
    server.write(client, operation, items)


class SimulatedOffice(Office):
    """The product's gateway above a :class:`SimulatedCaller`."""

    def __init__(
        self,
        _address: str,
        _application_id: str,
        username: str,
        _password: str,
        *,
        session: str | None = None,
        before_call: Callable[[str], None] | None = None,
        **_more: Any,
    ) -> None:
        caller: Any = SimulatedCaller(before_call, session)
        self._caller = caller
        self._call = caller.call
        self.account = Account(caller, {"Username": username})
        self._pinned = None
        self.lists = AccountLists(caller.call)
