"""How a key gets into 24SevenOffice: stored session, guarded login, proof of the company.

Nothing may be written to a company before :mod:`so24.office.account` has seen it. At most one login
per key at a time and within ``SO24_LOGIN_PAUSE_SECONDS``, over all processes. One that was refused
parks the key: nobody tries again before its password is replaced, or a person's test succeeds.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import (
    LoginRefused,
    NotSent,
    OfficeError,
    SessionLost,
    So24Error,
    Throttled,
    WrongCompany,
    WrongUse,
)
from so24.installation import Installation
from so24.keys.routing import describe_refusal, keys_elsewhere, refused_at
from so24.language.said import say
from so24.office.account import Reached, prove_company
from so24.office.address import office_address
from so24.office.gateway import Office
from so24.office.limits import Pace
from so24.office.transport import Deadlines
from so24.settings import Settings
from so24.store.keys import keys as store
from so24.store.people.audit import record
from so24.store.people.origins import Origin
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.transfers.open_lanes import run_of_company

LAST_USE_TO = dt.timedelta(minutes=1)
NEXT_LOOK = dt.timedelta(seconds=0.25)  # while a login is under way elsewhere

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
    origin: Origin,
    before_call: BeforeCall | None = None,
    fresh_login: bool = False,
    for_jobs: bool = False,
) -> OpenedOffice:
    """Open the key's office: a gateway whose company is proven to be the key's.

    A disabled key opens too: it takes no new runs, but work under way must come to a true end.
    Only one key of an account works at a time: jobs of the others wait in the queue (``for_jobs``),
    and whoever else comes is told to wait.

    ``origin``: from where it is asked for, which the audit trail keeps where a login is refused.
    ``fresh_login``: a person tests the key. It logs in although a session is stored or the last
    login was refused, unless the last login is too recent. Raises :class:`WrongUse` for a deleted
    key, :class:`Throttled` with ``until`` where a login is needed too early, :class:`LoginRefused`
    and :class:`WrongCompany` (for a parked key without any call), and what calls raise.
    """
    key = _read_key(installation, key_id)
    claimed = None
    if not for_jobs:
        _leave_to_run(installation, key)
    if fresh_login:
        claimed = _claim_login(installation, key, though_refused=True)
    else:
        _refuse_parked(key)
    if claimed is None:
        opened = _reuse_session(installation, key, before_call, origin)
        if opened is not None:
            return opened
        claimed = _claim_login(installation, key, though_refused=fresh_login)
    if claimed is not None:
        return _log_in(installation, key, claimed, before_call, origin)
    # somebody else logs in, or has just done so; what they stored serves us as well
    current = _read_key(installation, key_id)
    if not fresh_login:
        _refuse_parked(current)
    if current.session_sealed != key.session_sealed:
        opened = _reuse_session(installation, current, before_call, origin)
        if opened is not None:
            return opened
    raise _too_early(installation, current)


def _leave_to_run(installation: Installation, key: Key) -> None:
    """Refuse to move the account into this key's company while a run uses it in another one."""
    with installation.db.reading() as session:
        for other in keys_elsewhere(key, store.living_keys(session)):
            run = run_of_company(session, other.client_id)
            if run is not None:
                raise WrongUse(
                    say(
                        "Run {run} is working by key “{other}”, which has the same account and "
                        "another company than key “{key}”. Try again when the run has ended.",
                        run=run,
                        other=other.name,
                        key=key.name,
                    )
                )


def _is_shared(installation: Installation, key: Key) -> bool:
    """Whether another key moves the account into another company, whatever was counted."""
    with installation.db.reading() as session:
        return bool(keys_elsewhere(key, store.living_keys(session)))


def _refuse_parked(key: Key) -> None:
    if key.login_refused_at is not None:
        raise LoginRefused(describe_refusal(key))
    if key.wrong_company_at is not None:
        raise WrongCompany(describe_refusal(key))


def _reuse_session(
    installation: Installation, key: Key, before_call: BeforeCall | None, origin: Origin
) -> OpenedOffice | None:
    if not key.session_sealed:
        return None
    session_id = installation.vault.unseal(key.session_sealed)
    password = installation.vault.unseal(key.password_sealed)
    office = office_for(installation, key.username, password, session_id, before_call)
    try:
        with _closed_on_error(office):
            return _prove_key(installation, key, office, origin)
    except SessionLost:
        with installation.db.lane_writing() as session:
            store.drop_session(session, key.row_id, key.session_sealed)
        return None


def _log_in(
    installation: Installation,
    key: Key,
    claimed: dt.datetime,
    before_call: BeforeCall | None,
    origin: Origin,
) -> OpenedOffice:
    password = installation.vault.unseal(key.password_sealed)
    office = office_for(installation, key.username, password, None, before_call)
    with _closed_on_error(office):
        try:
            office.account.login()
        except LoginRefused as error:
            raise _note_refusal(installation, key, claimed, error, origin) from None
        except So24Error as error:
            left = isinstance(error, OfficeError) and not isinstance(error, NotSent)
            back = {} if left else {"last_login_at": key.last_login_at}
            installation.db.insisting(lambda s: store.end_login(s, key.row_id, claimed, **back))
            raise
        reach("after login", key.id)  # in English: a mark for tests
        # kept before the proof: a session of the wrong company spares the next login, too
        sealed = installation.vault.seal(office.session or "")
        with installation.db.lane_writing() as session:
            store.end_login(session, key.row_id, claimed, session_sealed=sealed)
        return _prove_key(installation, key, office, origin)


def _note_refusal(
    installation: Installation,
    key: Key,
    claimed: dt.datetime,
    error: LoginRefused,
    origin: Origin,
) -> LoginRefused:
    key.login_refused_at, key.wrong_company_at, key.refusal = now(), None, error.words

    def note(session: Session) -> None:
        store.end_login(session, key.row_id, claimed, session_sealed="")
        _park(session, key)
        action = say("login to 24SevenOffice refused")
        record(session, f"key {key.name}"[:96], action, key.username, origin=origin)

    installation.db.insisting(note)
    return LoginRefused(describe_refusal(key))


def _prove_key(
    installation: Installation, key: Key, office: Office, origin: Origin
) -> OpenedOffice:
    try:
        reached = prove_company(office.account, key.client_id)
    except WrongCompany as error:
        key.login_refused_at, key.wrong_company_at, key.refusal = None, now(), error.words

        def note(session: Session) -> None:
            _park(session, key)
            who, action = f"key {key.name}"[:96], say("wrong company refused")
            record(session, who, action, str(key.client_id), key.refusal, origin=origin)

        installation.db.insisting(note)
        raise WrongCompany(describe_refusal(key)) from None
    companies = key.companies or len(office.account.identities())
    _note_use(installation, key, reached.identity.client_name[:200], companies)
    if companies > 1 or _is_shared(installation, key):
        office.watch_company(key.client_id)
    return OpenedOffice(office, reached)


def _park(session: Session, refused: Key) -> None:
    """Leave the key to a person, unless one has replaced its password meanwhile."""
    row = store.known_key(session, refused.row_id, locked=True)
    if row.password_set_at == refused.password_set_at:
        row.login_refused_at = refused.login_refused_at
        row.wrong_company_at = refused.wrong_company_at
        row.refusal = refused.refusal


def _note_use(installation: Installation, key: Key, company: str, companies: int) -> None:
    """Keep when the key was last used, to the minute: a lane should not wait for more.

    A key that was parked is so no longer, unless it was refused anew meanwhile.
    """
    fresh = key.last_used_at is not None and now() - key.last_used_at < LAST_USE_TO
    known = (key.client_name, key.companies) == (company, companies)
    if fresh and known and refused_at(key) is None:
        return
    with installation.db.lane_writing() as session:
        row = store.known_key(session, key.row_id, locked=True)
        row.last_used_at = now()
        row.client_name = company
        row.companies = companies
        if refused_at(row) == refused_at(key):
            row.login_refused_at = row.wrong_company_at = None
            row.refusal = ""


@contextmanager
def _closed_on_error(office: Office) -> Iterator[None]:
    try:
        yield
    except BaseException:
        office.close()
        raise


def _claim_login(
    installation: Installation, key: Key, *, though_refused: bool
) -> dt.datetime | None:
    """The moment of the login that the key may do now, or None where it may not."""
    at = now()
    settings = installation.settings
    with installation.db.lane_writing() as session:
        mine = store.claim_login(
            session,
            key.row_id,
            at,
            not_after=at - dt.timedelta(seconds=settings.login_pause_seconds),
            until=at + dt.timedelta(seconds=settings.longest_call),
            though_refused=though_refused,
        )
    return at if mine else None


def _too_early(installation: Installation, key: Key) -> Throttled:
    pause = installation.settings.login_pause_seconds
    if key.login_until is not None and key.login_until > now():
        return Throttled(
            say(
                "Key “{key}” is logging in to 24SevenOffice at this moment; try again when that is "
                "done.",
                key=key.name,
            ),
            min(key.login_until, now() + NEXT_LOOK),
        )
    last = key.last_login_at or now()
    return Throttled(
        say(
            "Key “{key}” has logged in to 24SevenOffice less than {pause} seconds ago. "
            "24SevenOffice slows down accounts that log in often; try again after that.",
            key=key.name,
            pause=f"{pause:g}",
        ),
        last + dt.timedelta(seconds=pause),
    )


def _read_key(installation: Installation, key_id: int) -> Key:
    with installation.db.reading() as session:
        return store.known_key(session, key_id)
