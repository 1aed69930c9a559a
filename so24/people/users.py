"""Users: add, list, change role, deactivate, reset and change passwords.

Users are never deleted, so that the history keeps its names. Every change ends the user's login
sessions, so that it counts at once and not at the next login.

In sandbox mode there are demo users, one of each role, whose passwords the login page shows. In
live mode they are never made, and :mod:`so24.people.logins` refuses those that an earlier sandbox
has left in the same database.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass

from so24.errors import WrongUse
from so24.installation import Installation
from so24.language.said import say
from so24.people import logins
from so24.people.desk import Desk
from so24.people.passwords import (
    DEMO_PASSWORDS,
    check_rule,
    hash_password,
    new_one_time_password,
)
from so24.people.proof import prove_password
from so24.people.roles import ROLE_NAMES, Permission
from so24.people.visitors import Visitor
from so24.store.people import people
from so24.store.people.audit import record
from so24.store.people.company_identities import describe_identity, identities_by_user
from so24.store.people.failures import forget_failures_of
from so24.store.people.origins import START
from so24.store.tables.ground import now
from so24.store.tables.people_tables import CompanyIdentity, Role, User

ONE_TIME_HOURS = 72
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class UserState(enum.StrEnum):
    """How a user stands, in the words of the screen."""

    ACTIVE = say("active")
    ONE_TIME = say("one-time password")
    ENDED = say("one-time password ended")
    DEACTIVATED = say("deactivated")


@dataclass(frozen=True)
class UserRow:
    """One user as the Users page and the command line show it; times are aware UTC.

    ``company_login`` says whether the user is linked to the company's provider: "" for no;
    ``company_only`` whether that is the only way in.
    """

    name: str
    role: Role
    active: bool
    state: UserState
    demo: bool
    created_at: dt.datetime
    last_login_at: dt.datetime | None
    second_factor: bool
    company_login: str
    company_only: bool


def list_users(desk: Desk) -> list[UserRow]:
    """Every user by name; needs the permission to manage users."""
    with desk.reading(Permission.MANAGE_USERS) as session:
        identities = identities_by_user(session)
        return [_as_row(user, identities.get(user.row_id)) for user in people.all_users(session)]


def add_user(desk: Desk, name: str, role: Role, password: str | None = None) -> str:
    """Add a user and return the one-time password to hand over, good for 72 hours.

    ``name`` is brought to lower case. The password is a random one; in sandbox mode ``password``
    may be given. Raises :class:`WrongUse` where the name is taken or not usable, or the password
    may not be given or breaks the rule.
    """
    desk.require(Permission.MANAGE_USERS)
    name = _usable_name(name)
    password = _new_or_given(desk, name, password)
    hashed = hash_password(password)
    with desk.writing(Permission.MANAGE_USERS) as session:
        if people.user_named(session, name) is not None:
            raise WrongUse(
                say("There is a user named {name} already; choose another name.", name=name)
            )
        user = User(name=name, role=role, password_hash=hashed, password_until=_one_time_end())
        session.add(user)
        desk.record(session, say("user added"), name, ROLE_NAMES[role])
    return password


def change_role(desk: Desk, name: str, role: Role) -> None:
    """Give the user another role and end the user's login sessions.

    Raises :class:`WrongUse` for an unknown user and for the last active administrator.
    """
    desk.require(Permission.MANAGE_USERS)
    demo = not desk.settings.live
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        if user.role == role:
            return
        if role != Role.ADMIN:
            others = people.count_other_administrators(session, user, demo=demo)
            _keep_one_administrator(
                user,
                others,
                say(
                    "{user} is the last active System Administrator and cannot be given another "
                    "role. Make somebody else System Administrator first.",
                    user=user.name,
                ),
            )
        detail = say("{was} -> {now}", was=ROLE_NAMES[user.role], now=ROLE_NAMES[role])
        user.role = role
        people.revoke_logins(session, user, now())
        desk.record(session, say("role changed"), user.name, detail)


def deactivate(desk: Desk, name: str) -> None:
    """Take the user's access away at once; the name stays in the history.

    Raises :class:`WrongUse` for an unknown user and for the last active administrator.
    """
    desk.require(Permission.MANAGE_USERS)
    demo = not desk.settings.live
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        others = people.count_other_administrators(session, user, demo=demo)
        _keep_one_administrator(
            user,
            others,
            say(
                "{user} is the last active System Administrator and cannot be deactivated. Make "
                "somebody else System Administrator first.",
                user=user.name,
            ),
        )
        user.active = False
        people.revoke_logins(session, user, now())
        desk.record(session, say("user deactivated"), user.name)


def reactivate(desk: Desk, name: str) -> None:
    """Let a deactivated user sign in again, at once; :class:`WrongUse` for an unknown user."""
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        user.active = True
        forget_failures_of(session, user)
        desk.record(session, say("user reactivated"), user.name)


def reset_password(desk: Desk, name: str, password: str | None = None) -> str:
    """Give the user a one-time password, good for 72 hours, and end all logins and delays.

    Returns the password. Raises :class:`WrongUse` for an unknown user, and as :func:`add_user`.
    """
    desk.require(Permission.MANAGE_USERS)
    password = _new_or_given(desk, name, password)
    hashed = hash_password(password)
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        _keep_demo_password(user)
        if user.password_off:
            raise WrongUse(
                say("The password of {user} is turned off; turn it on first.", user=user.name)
            )
        user.password_hash, user.must_change = hashed, True
        user.password_until = _one_time_end()
        forget_failures_of(session, user)
        people.revoke_logins(session, user, now())
        desk.record(session, say("password reset"), user.name)
    return password


def change_password(
    installation: Installation, name: str, old: str, new: str, visitor: Visitor | None = None
) -> str:
    """Let a user choose a new password, end all the user's logins, and open one here instead.

    Returns its secret; it is of the same transaction, so that whoever takes the access away
    meanwhile ends it, too. Raises :class:`WrongUse` where ``old`` is wrong or has ended, ``new``
    equals it or breaks the rule.
    """
    check_rule(name, new)
    if new == old:
        raise WrongUse(say("The new password must differ from the present one."))
    with installation.db.reading() as session:
        known = people.known_user(session, name)
    _keep_demo_password(known)
    visitor = visitor or Visitor()
    prove_password(installation, known, old, visitor.origin)
    hashed = hash_password(new)
    with installation.db.writing() as session:
        user = people.known_user(session, name)
        if not user.active or user.password_hash != known.password_hash:
            raise WrongUse(say("The password was changed meanwhile; sign in again."))
        if logins.has_ended(user):
            raise WrongUse(
                say("The one-time password has ended. Ask a System Administrator for a new one.")
            )
        user.password_hash, user.must_change, user.password_until = hashed, False, None
        forget_failures_of(session, user)
        people.revoke_logins(session, user, now())
        record(session, user.name, say("password changed"), user.name, origin=visitor.origin)
        return logins.add_login(installation, session, user, visitor)


def _as_row(user: User, identity: CompanyIdentity | None) -> UserRow:
    return UserRow(
        name=user.name,
        role=user.role,
        active=user.active,
        state=_state_of(user),
        demo=user.demo,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
        second_factor=bool(user.second_factor_sealed),
        company_login=describe_identity(identity),
        company_only=user.password_off,
    )


def _state_of(user: User) -> UserState:
    if not user.active:
        return UserState.DEACTIVATED
    if logins.has_ended(user):
        return UserState.ENDED
    return UserState.ONE_TIME if user.must_change else UserState.ACTIVE


def _usable_name(name: str) -> str:
    usable = name.strip().lower()
    if not _NAME.fullmatch(usable):
        raise WrongUse(
            say(
                "“{name}” cannot be a user name. A user name has 2 to 64 letters a-z, digits, "
                "dots, dashes or @, no blanks, and begins with a letter or digit.",
                name=name.strip(),
            )
        )
    return usable


def _new_or_given(desk: Desk, name: str, password: str | None) -> str:
    if password is None:
        return new_one_time_password()
    if desk.settings.live:
        raise WrongUse(
            say(
                "Nobody chooses a password for somebody else: in live mode the one-time password "
                "is made here. Leave --password-stdin out."
            )
        )
    check_rule(name, password)
    return password


def _one_time_end() -> dt.datetime:
    return now() + dt.timedelta(hours=ONE_TIME_HOURS)


def _keep_one_administrator(user: User, others: int, refusal: str) -> None:
    if user.role == Role.ADMIN and user.active and others == 0:
        raise WrongUse(refusal)


def _keep_demo_password(user: User) -> None:
    if user.demo:
        raise WrongUse(say("The demo users keep the passwords that the login page shows."))


@dataclass(frozen=True)
class DemoUser:
    """A user that everybody may know."""

    name: str
    role: Role
    password: str


DEMO_USERS = (
    DemoUser("ada", Role.ADMIN, DEMO_PASSWORDS["ada"]),
    DemoUser("fia", Role.FINANCE, DEMO_PASSWORDS["fia"]),
    DemoUser("ann", Role.ANALYST, DEMO_PASSWORDS["ann"]),
)


def shown_demo_users(installation: Installation) -> tuple[DemoUser, ...]:
    """The demo users to be shown on the login page: none in live mode or with ``DEMO`` off."""
    settings = installation.settings
    return DEMO_USERS if settings.demo and not settings.live else ()


def ensure_demo_users(installation: Installation) -> None:
    """Make the demo users that are missing; safe to repeat, and does nothing in live mode.

    A user of the same name that somebody added is left alone.
    """
    with installation.db.reading() as session:
        taken = {user.name for user in people.all_users(session)}
    missing = [demo for demo in shown_demo_users(installation) if demo.name not in taken]
    hashes = {demo.name: hash_password(demo.password) for demo in missing}
    with installation.db.writing() as session:
        for demo in missing:
            if people.user_named(session, demo.name) is not None:
                continue  # another process was faster
            session.add(
                User(
                    name=demo.name,
                    role=demo.role,
                    password_hash=hashes[demo.name],
                    must_change=False,
                    demo=True,
                )
            )
            record(session, "so24", say("user added"), demo.name, say("demo user"), origin=START)
