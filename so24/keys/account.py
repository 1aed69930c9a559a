"""Testing an account before anything is kept: which companies it reaches, which categories."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from so24.errors import OfficeError, SessionLost, WrongCompany, WrongUse
from so24.installation import Installation
from so24.keys.access import office_for
from so24.language.said import say
from so24.letters import fold
from so24.office.account import Reached, prove_company
from so24.office.gateway import Office
from so24.office.values import Category, Identity
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.tables.ground import now

ORGANIZATION_ID_STEPS = (
    say("In 24SevenOffice, open Administration > Settings > Retrieval."),
    say("Find the address that ends with @voucher.24sevenoffice.com."),
    say("The digits before the @ are the Organization ID (24SevenOffice also calls it client id)."),
)
_ORGANIZATION_ID = re.compile(r"([0-9]{1,18})(@voucher\.24sevenoffice\.com)?", re.IGNORECASE)
_SHOWN = 60


@dataclass(frozen=True)
class Trial:
    """What a test of an account found; holds its secrets sealed only, and shows none.

    ``reached`` is None where the account does not reach the company wanted, as ``problem`` says.
    ``switched``: the account's standard company is another one. ``categories`` are the company's
    own; where they could not be read they are empty and ``categories_problem`` says why.
    ``tried_by`` is the name of who made the test.
    """

    organization_id: int
    username: str
    reached: Identity | None
    switched: bool
    problem: str
    companies: tuple[Identity, ...]
    categories: tuple[Category, ...]
    categories_problem: str
    tried_by: str
    logged_in_at: dt.datetime
    password_sealed: str = field(repr=False)
    session_sealed: str = field(repr=False)


def read_organization_id(text: str) -> int:
    """Read an Organization ID as people paste it: digits, or the whole voucher address.

    Raises :class:`WrongUse` with what an Organization ID looks like and where it is found.
    """
    match = _ORGANIZATION_ID.fullmatch("".join(text.split()))
    number = int(match[1]) if match else 0
    if not number:
        text = " ".join(text.split())[:_SHOWN]
        shown = say("“{text}” is not one", text=text) if text else say("it is empty")
        raise WrongUse(
            say(
                "The Organization ID has digits only, for example 1234567; {shown}. It stands "
                "before @voucher.24sevenoffice.com in 24SevenOffice: Administration > Settings > "
                "Retrieval.",
                shown=shown,
            )
        )
    return number


def try_account(
    desk: Desk,
    organization_id: int,
    username: str,
    password: str,
    *,
    pinned_client_id: int | None = None,
    earlier: Trial | None = None,
) -> Trial:
    """Log in and see which company the account reaches; nothing is written anywhere.

    The company wanted is the Organization ID, or ``pinned_client_id`` where one is given. With
    ``earlier``, its session is used as long as it lives, so that no second login is needed; an
    empty password then stands for the one tried. Raises :class:`LoginRefused` and other
    :class:`OfficeError`; a wrong company is no error here but a result without ``reached``.
    """
    desk.require(Permission.MANAGE_KEYS)
    username = _checked_username(username)
    if not password and earlier is not None:
        password = desk.vault.unseal(earlier.password_sealed)
    _check_password(password)
    client_id = pinned_client_id or organization_id
    try:
        office, logged_in_at = _enter(desk.installation, username, password, earlier)
        with office:
            companies = tuple(office.account.identities())
            reached, problem = _try_company(office, client_id)
            categories, categories_problem = _read_categories(office) if reached else ((), "")
            sealed = desk.vault.seal(office.session or "")
    except OfficeError as error:
        _note(desk, organization_id, username, error.words)
        raise
    result = say("company reached") if reached else problem
    _note(desk, organization_id, username, result)
    return Trial(
        organization_id=organization_id,
        username=username,
        reached=reached.identity if reached else None,
        switched=reached is not None and (reached.switched or _is_switched(companies, client_id)),
        problem=problem,
        companies=companies,
        categories=categories,
        categories_problem=categories_problem,
        tried_by=desk.actor.name,
        logged_in_at=logged_in_at,
        password_sealed=desk.vault.seal(password),
        session_sealed=sealed,
    )


def require_company(trial: Trial) -> Identity:
    """The company that was reached; raises :class:`WrongCompany` where it was not."""
    if trial.reached is None:
        raise WrongCompany(trial.problem)
    return trial.reached


def choose_category(trial: Trial, wanted: int | str | None) -> Category | None:
    """The category among those that the trial has read, see :func:`find_category`."""
    if wanted not in (None, "") and not trial.categories and trial.categories_problem:
        raise WrongUse(
            say(
                "The category cannot be checked now. {why} Add the key without a category and "
                "choose it later.",
                why=trial.categories_problem,
            )
        )
    return find_category(trial.categories, wanted)


def find_category(categories: Sequence[Category], wanted: int | str | None) -> Category | None:
    """The one category with this id, or with this number or name in any case; None for None.

    Raises :class:`WrongUse` naming the categories where none or several fit.
    """
    if wanted is None or wanted == "":
        return None
    text = fold(str(wanted))
    found = [each for each in categories if text == str(each.id)] or [
        each for each in categories if text in (fold(each.name), fold(each.number or ""))
    ]
    if len(found) != 1:
        known = ", ".join(f"{each.name} ({each.id})" for each in categories) or say("none")
        named = str(wanted).strip()[:_SHOWN]
        if found:
            raise WrongUse(
                say(
                    "Several categories are called “{wanted}” in this account. Its categories: "
                    "{known}.",
                    wanted=named,
                    known=known,
                )
            )
        raise WrongUse(
            say(
                "No category is called “{wanted}” in this account. Its categories: {known}.",
                wanted=named,
                known=known,
            )
        )
    return found[0]


def _enter(
    installation: Installation, username: str, password: str, earlier: Trial | None
) -> tuple[Office, dt.datetime]:
    """A session for the account and when it logged in; the earlier one's if it lives and fits."""
    vault = installation.vault
    if (
        earlier is not None
        and earlier.username == username
        and vault.unseal(earlier.password_sealed) == password
    ):
        session = vault.unseal(earlier.session_sealed)
        with suppress(SessionLost), ExitStack() as left:
            office = left.enter_context(office_for(installation, username, password, session))
            office.account.current_identity()
            left.pop_all()
            return office, earlier.logged_in_at
    at = now()
    with ExitStack() as left:
        office = left.enter_context(office_for(installation, username, password))
        office.account.login()
        left.pop_all()
    return office, at


def _try_company(office: Office, client_id: int) -> tuple[Reached | None, str]:
    try:
        return prove_company(office.account, client_id), ""
    except WrongCompany as error:
        return None, error.words


def _is_switched(companies: Sequence[Identity], client_id: int) -> bool:
    """Whether the account's standard company is another one (a later test is switched already)."""
    return any(each.is_default and each.client_id != client_id for each in companies)


def _read_categories(office: Office) -> tuple[tuple[Category, ...], str]:
    try:
        return tuple(office.categories()), ""
    except OfficeError as error:  # a company may be closed for maintenance while logins work
        return (), say("The categories could not be read: {why}", why=error.words)


def _note(desk: Desk, organization_id: int, username: str, result: str) -> None:
    subject = f"Organization ID {organization_id}"
    desk.note(
        say("account tested"),
        subject,
        say("{username}: {result}", username=username, result=result),
    )


def _checked_username(username: str) -> str:
    username = username.strip()
    if not username or len(username) > 200 or not username.isprintable() or " " in username:
        raise WrongUse(
            say(
                "The account is the e-mail address that its user signs in to 24SevenOffice with, "
                "without spaces and at most 200 characters long."
            )
        )
    return username


def _check_password(password: str) -> None:
    if not password or len(password) > 200 or not password.isprintable():
        raise WrongUse(
            say("The password must not be empty, longer than 200 characters, or hold line breaks.")
        )
