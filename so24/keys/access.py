"""How a key gets into 24SevenOffice: stored session, guarded login, proof of the company.

Nothing may be written to a company before :mod:`so24.keys.proof` has seen it. At most one login per
key within ``SO24_LOGIN_PAUSE_SECONDS``, over all processes; a refused one is not retried.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from so24.crashpoints import reach
from so24.errors import LoginRefused, NotSent, SessionLost, Throttled, WrongCompany
from so24.installation import Installation
from so24.keys.proof import Reached, prove_company
from so24.office.address import office_address
from so24.office.gateway import Office
from so24.office.limits import Pace
from so24.office.transport import Deadlines
from so24.settings import Settings
from so24.store.keys import keys as store
from so24.store.people.audit import record
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key

LAST_USE_TO = dt.timedelta(minutes=1)

BeforeCall = Callable[[str], None]

_paces: dict[tuple[str, str], Pace] = {}
_paces_lock = threading.Lock()


@dataclass(frozen=True)
class OpenedOffice:
    """A gateway whose company is proven; the one who opened it may write to that company."""

    office: Office
    reached: Reached


def office_for(
    installation: Installation,
    username: str,
    password: str,
    session: str | None = None,
    before_call: BeforeCall | None = None,
) -> Office:
    """A gateway for this account, with the installation's deadlines; no call is made.

    All gateways of one account in this process share one pace.
    """
    return Office(
        office_address(installation.settings),
        installation.settings.application_id,
        username,
        password,
        session=session,
        deadlines=deadlines(installation.settings),
        pace=shared_pace(installation, username),
        before_call=before_call,
    )


def shared_pace(installation: Installation, username: str) -> Pace:
    """The one pace of this account in this process: a new gateway must not start afresh."""
    settings = installation.settings
    account = (office_address(settings), username.casefold())
    with _paces_lock:
        if account not in _paces:
            _paces[account] = Pace(settings.pace_per_second, settings.pace_burst)
        return _paces[account]


def deadlines(settings: Settings) -> Deadlines:
    """How long a call may take, by the settings; after that it is given up as unknown."""
    return Deadlines(settings.connect_seconds, settings.deadline, settings.deadline)


def open_office(
    installation: Installation,
    key_id: int,
    *,
    before_call: BeforeCall | None = None,
    fresh_login: bool = False,
) -> OpenedOffice:
    """Open the key's office: a gateway whose company is proven to be the key's.

    A disabled key opens too: it takes no new runs, but work under way must come to a true end.
    ``fresh_login`` logs in although a session is stored, unless the last login is too recent.
    Raises :class:`WrongUse` for a deleted key, :class:`Throttled` with ``until`` where a login
    is needed too early, :class:`LoginRefused`, :class:`WrongCompany`, and what calls raise.
    """
    key = _read_key(installation, key_id)
    claimed = _claim_login(installation, key) if fresh_login else None
    if claimed is None:
        opened = _reuse_session(installation, key, before_call)
        if opened is not None:
            return opened
        claimed = _claim_login(installation, key)
    if claimed is not None:
        return _log_in(installation, key, claimed, before_call)
    # somebody else has just logged in; what they stored serves us as well
    current = _read_key(installation, key_id)
    if current.session_sealed != key.session_sealed:
        opened = _reuse_session(installation, current, before_call)
        if opened is not None:
            return opened
    raise _too_early(installation, current)


def _reuse_session(
    installation: Installation, key: Key, before_call: BeforeCall | None
) -> OpenedOffice | None:
    if not key.session_sealed:
        return None
    session_id = installation.vault.unseal(key.session_sealed)
    password = installation.vault.unseal(key.password_sealed)
    office = office_for(installation, key.username, password, session_id, before_call)
    try:
        with _closed_on_error(office):
            return _prove_key(installation, key, office)
    except SessionLost:
        with installation.db.writing() as session:
            store.drop_session(session, _id(key), key.session_sealed)
        return None


def _log_in(
    installation: Installation, key: Key, claimed: dt.datetime, before_call: BeforeCall | None
) -> OpenedOffice:
    password = installation.vault.unseal(key.password_sealed)
    office = office_for(installation, key.username, password, None, before_call)
    with _closed_on_error(office):
        try:
            office.account.login()
        except NotSent:
            with installation.db.writing() as session:
                store.release_login(session, _id(key), claimed, key.last_login_at)
            raise
        except LoginRefused as error:
            raise _note_refusal(installation, key, error) from None
        reach("after login", key.id)
        # kept before the proof: a session of the wrong company spares the next login, too
        sealed = installation.vault.seal(office.session or "")
        with installation.db.writing() as session:
            store.known_key(session, _id(key)).session_sealed = sealed
        return _prove_key(installation, key, office)


def _note_refusal(installation: Installation, key: Key, error: LoginRefused) -> LoginRefused:
    with installation.db.writing() as session:
        store.known_key(session, _id(key)).session_sealed = ""
        record(session, f"key {key.name}"[:96], "login to 24SevenOffice refused", key.username)
    return LoginRefused(
        f"Key “{key.name}” ({key.username}) could not log in: {error} A System Administrator "
        "replaces its password under Credentials."
    )


def _prove_key(installation: Installation, key: Key, office: Office) -> OpenedOffice:
    try:
        reached = prove_company(office, key.client_id)
    except WrongCompany as error:
        with installation.db.writing() as session:
            action = "wrong company refused"
            record(session, f"key {key.name}"[:96], action, str(key.client_id), str(error))
        raise WrongCompany(f"Key “{key.name}”: {error}") from None
    _note_use(installation, key, reached.identity.client_name[:200])
    return OpenedOffice(office, reached)


def _note_use(installation: Installation, key: Key, company: str) -> None:
    """Keep when the key was last used, to the minute: a lane should not wait for more."""
    fresh = key.last_used_at is not None and now() - key.last_used_at < LAST_USE_TO
    if fresh and key.client_name == company:
        return
    with installation.db.writing() as session:
        row = store.known_key(session, _id(key))
        row.last_used_at = now()
        row.client_name = company


@contextmanager
def _closed_on_error(office: Office) -> Iterator[None]:
    try:
        yield
    except BaseException:
        office.close()
        raise


def _claim_login(installation: Installation, key: Key) -> dt.datetime | None:
    """The moment of the login that the key may do now, or None where it is too early."""
    at = now()
    pause = dt.timedelta(seconds=installation.settings.login_pause_seconds)
    with installation.db.writing() as session:
        return at if store.claim_login(session, _id(key), at, not_after=at - pause) else None


def _too_early(installation: Installation, key: Key) -> Throttled:
    pause = installation.settings.login_pause_seconds
    last = key.last_login_at or now()
    return Throttled(
        f"Key “{key.name}” has logged in to 24SevenOffice less than {pause:g} seconds ago. "
        "24SevenOffice slows down accounts that log in often; try again after that.",
        last + dt.timedelta(seconds=pause),
    )


def _read_key(installation: Installation, key_id: int) -> Key:
    with installation.db.reading() as session:
        return store.known_key(session, key_id)


def _id(key: Key) -> int:
    assert key.id is not None  # noqa: S101 - a stored row has its id
    return key.id
