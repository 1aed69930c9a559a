"""Tries to prove something: counted before they are made, so that none is free, and few at once.

A try is charged as a failure first and the charge is taken back where it succeeds: however many
processes try at the same moment, no more pass than the delays allow. Of one place one try is made
at a time, in a whole process :data:`AT_ONCE` passwords are checked at a time; the rest waits its
turn, of one place :data:`MOST_WAITING` at most, so that a whole office may come at eight o'clock.
Whoever is refused unchecked for a delay waits as long as a check takes, so that nobody learns what
was checked.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from so24.installation import Installation
from so24.people.delays import (
    BY_NAME,
    BY_PLACE,
    FORGOTTEN_AFTER,
    FailureCount,
    Patience,
    is_remembered,
)
from so24.people.visitors import Visitor
from so24.store.people import failures, people
from so24.store.tables.ground import now
from so24.store.tables.people_tables import FailureTally

PRESENT_PASSWORD = "present password"  # noqa: S105 # in English: a name of what is tried
_COMPANY_LOGIN = "company login"  # in English: as above
AT_ONCE = 2
MOST_WAITING = 50
WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Counted:
    """One thing whose failures are counted together.

    ``what`` is tried: checks of the same take equally long. ``name`` is the user's whom a success
    clears, empty where it clears only its own charge.
    """

    what: str
    key_hash: str
    patience: Patience
    name: str = ""


def count_sign_in(installation: Installation, name: str, visitor: Visitor) -> tuple[Counted, ...]:
    """What a try to sign in counts for: the name from this place, and the place."""
    by_name = _counted(installation, BY_NAME, name, "password", name, visitor.place)
    return by_name, _counted(installation, BY_PLACE, "", "place", visitor.place)


def count_code(installation: Installation, name: str, visitor: Visitor) -> tuple[Counted, ...]:
    """What a try to give a code counts for: the name, wherever it is made, for the password is out.

    A browser that the user has signed in with before counts by itself.
    """
    place = visitor.place if visitor.known else "anywhere"
    return (_counted(installation, BY_NAME, name, "code", name, place),)


def count_own(installation: Installation, name: str, what: str) -> tuple[Counted, ...]:
    """What a try of somebody counts for who is signed in already, or nearly."""
    return (_counted(installation, BY_NAME, name, what, name),)


def count_company_login(installation: Installation, visitor: Visitor) -> tuple[Counted, ...]:
    """What a try counts for that comes back from the company login: the place, by itself.

    Where the provider is out of order, those who sign in by their passwords are not slowed down.
    """
    return (_counted(installation, BY_PLACE, "", _COMPANY_LOGIN, visitor.place),)


def try_elsewhere(
    installation: Installation, counted: Sequence[Counted], check: Callable[[], bool]
) -> bool:
    """As :func:`try_to_prove` where somebody else checks, so that nobody waits for a turn here.

    A success clears all that is counted: nothing can be guessed by trying.
    """
    if not _charge(installation, counted):
        return False
    if not check():
        return False
    with installation.db.writing() as session:
        for each in counted:
            failures.forget_failures(session, each.key_hash)
    return True


def try_to_prove(
    installation: Installation,
    counted: Sequence[Counted],
    place: str,
    check: Callable[[], bool],
) -> bool:
    """Whether ``check`` was made and succeeded; it is not made where a delay is under way.

    One that did not succeed stays counted, as long as it is remembered.
    """
    with _queue.turn_of(place) as is_ours:
        if not is_ours:
            return False
        if _is_delayed(installation, counted):
            _queue.pause(counted[0].what)
            return False
        with _queue.slot() as is_free:
            if not is_free:
                return False
            if not _charge(installation, counted):
                _queue.pause(counted[0].what)
                return False
            proved = _queue.measure(counted[0].what, check)
        if proved:
            _take_back(installation, counted)
        return proved


def failures_of(session: Session, counted: Counted) -> int:
    """How many tries have failed in a row."""
    row = failures.read_tallies(session, [counted.key_hash]).get(counted.key_hash)
    tally = row and FailureCount(row.failures, row.last_at)
    return tally.failures if tally and is_remembered(tally, now()) else 0


class _Queue:
    """Who may try now, in this process."""

    def __init__(self) -> None:
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._turns: dict[str, tuple[threading.Lock, int]] = {}
        self._check_seconds: dict[str, float] = {}

    @contextmanager
    def turn_of(self, place: str) -> Iterator[bool]:
        """Wait until nobody else of the same place tries; False where too many do, or too long."""
        with self._lock:
            turn, waiting = self._turns.get(place, (threading.Lock(), 0))
            self._turns[place] = turn, waiting + 1
        is_ours = waiting <= MOST_WAITING and turn.acquire(timeout=WAIT_SECONDS)
        try:
            yield is_ours
        finally:
            if is_ours:
                turn.release()
            with self._lock:
                turn, waiting = self._turns.pop(place)
                if waiting > 1:
                    self._turns[place] = turn, waiting - 1

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """Wait until few enough checks are under way; False where that takes too long."""
        is_free = self._slots.acquire(timeout=WAIT_SECONDS)
        try:
            yield is_free
        finally:
            if is_free:
                self._slots.release()

    def measure(self, what: str, check: Callable[[], bool]) -> bool:
        """Make the check, and remember how long it took."""
        began = time.monotonic()
        proved = check()
        self._check_seconds[what] = time.monotonic() - began
        return proved

    def pause(self, what: str) -> None:
        """Wait as long as the last check of this took."""
        time.sleep(self._check_seconds.get(what, 0.0))


_queue = _Queue()


def _counted(installation: Installation, patience: Patience, name: str, *parts: str) -> Counted:
    key = installation.settings.cookie_key.get_secret_value().encode()
    digest = hmac.new(key, repr(parts).encode(), hashlib.sha256).hexdigest()
    return Counted(parts[0], digest, patience, name)


def _is_delayed(installation: Installation, counted: Sequence[Counted]) -> bool:
    with installation.db.reading() as session:
        return _must_wait(session, counted, now())


def _must_wait(session: Session, counted: Sequence[Counted], moment: datetime) -> bool:
    rows = failures.read_tallies(session, [each.key_hash for each in counted])
    return any(
        each.patience.earliest_try(FailureCount(row.failures, row.last_at), moment) > moment
        for each in counted
        if (row := rows.get(each.key_hash)) is not None
    )


def _charge(installation: Installation, counted: Sequence[Counted]) -> bool:
    """Count a failure beforehand; False where somebody else's has begun a delay meanwhile."""
    moment = now()
    with installation.db.writing() as session:
        if _must_wait(session, counted, moment):
            return False
        failures.forget_old_failures(session, moment - FORGOTTEN_AFTER)
        rows = failures.read_tallies(session, [each.key_hash for each in counted])
        for each in counted:
            row = rows.get(each.key_hash)
            if row is None:
                user = people.user_named(session, each.name) if each.name else None
                row = FailureTally(
                    key_hash=each.key_hash,
                    user_id=user.id if user else None,
                    failures=0,
                    last_at=moment,
                )
            row.failures, row.last_at = row.failures + 1, moment
            session.add(row)
    return True


def _take_back(installation: Installation, counted: Sequence[Counted]) -> None:
    with installation.db.writing() as session:
        rows = failures.read_tallies(session, [each.key_hash for each in counted])
        for each in counted:
            row = rows.get(each.key_hash)
            if row is None:
                continue
            row.failures = 0 if each.name else row.failures - 1
            if row.failures <= 0:
                failures.forget_failures(session, each.key_hash)
