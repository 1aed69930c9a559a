"""Who comes back from the company's provider: taken once, mapped to a user, let in or not.

A person is mapped by issuer and subject. Only the first time, and only where an administrator has
entered it for a user, a verified e-mail does that; from then on the subject stands in its place.
Nobody gets an account by signing in. Each refusal is counted for the place and in the audit trail.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from so24.installation import Installation
from so24.language.said import say
from so24.people.attempts import count_company_login, try_elsewhere
from so24.people.company_login.id_token import LEEWAY, CompanyPerson, Expected, read_id_token
from so24.people.company_login.provider import Provider, provider_at, tidy
from so24.people.company_login.trip import LASTS, Trip, address_of, open_trip
from so24.people.company_login.words import CompanyLoginRefused, LoginWord
from so24.people.half_logins import CompanyProof
from so24.people.known_browsers import number_for_anybody
from so24.people.logins import Entrance, enter_by_company, find_login, origin_of, why_not_let_in
from so24.people.visitors import Visitor
from so24.store.people.audit import record
from so24.store.people.company_identities import (
    identity_of,
    use_answer,
    user_awaited,
    user_of_subject,
)
from so24.store.tables.ground import now
from so24.store.tables.people_tables import CompanyIdentity, User

LONGEST_CODE = 4096
_DENIALS = {"access_denied", "login_required", "consent_required", "interaction_required"}
_DISORDERS = {"server_error", "temporarily_unavailable"}


@dataclass(frozen=True)
class CompanyArrival:
    """How somebody stands here who has come back from the provider.

    ``entrance`` is open where nobody was signed in, ``is_proved`` where somebody was; else ``word``
    says why not. ``name`` is the user's; ``page`` and ``known`` are those of the trip.
    """

    entrance: Entrance = Entrance()  # noqa: RUF009 - nobody can change it
    is_proved: bool = False
    word: LoginWord | None = None
    name: str = ""
    page: str = ""
    known: str = ""


@dataclass
class _Refused(Exception):
    """A refusal of a user whom we know; the name goes into the audit trail."""

    word: LoginWord
    reason: str
    name: str


def set_out(installation: Installation, trip: Trip, visitor: Visitor) -> str | LoginWord:
    """The provider's address to which this trip leads, or the word why it cannot begin.

    Where it cannot, that is counted and recorded as a refusal is.
    """
    visitor = replace(visitor, known=number_for_anybody(installation, trip.known))
    settings = installation.settings
    if not settings.company_login:
        return LoginWord.OFF
    try:
        return address_of(trip, provider_at(settings.oidc_issuer).document(), settings)
    except CompanyLoginRefused as refusal:
        word, reason = refusal.word, refusal.reason

    def check() -> bool:
        _note(installation, visitor, word, reason)
        return False

    try_elsewhere(installation, count_company_login(installation, visitor), check)
    return word


def come_back(
    installation: Installation,
    sealed: str,
    answer: Mapping[str, str],
    redirect: str,
    visitor: Visitor,
) -> CompanyArrival:
    """Take an answer of the provider that has come to the address ``redirect``.

    ``sealed`` is the trip that the browser holds, ``answer`` the parameters of the address. Nothing
    is raised: what went wrong is the arrival's word, and stands in the audit trail unless the try
    came before a delay had ended.
    """
    trip = open_trip(installation.vault, sealed)
    kept = CompanyArrival(page=trip.page if trip else "", known=trip.known if trip else "")
    visitor = replace(visitor, known=number_for_anybody(installation, kept.known))
    arrived: list[CompanyArrival] = []

    def check() -> bool:
        try:
            arrived.append(_take(installation, trip, answer, redirect, visitor))
        except CompanyLoginRefused as refusal:
            arrived.append(_note(installation, visitor, refusal.word, refusal.reason))
        except _Refused as refusal:
            arrived.append(_note(installation, visitor, refusal.word, refusal.reason, refusal.name))
        return arrived[0].word is None

    try_elsewhere(installation, count_company_login(installation, visitor), check)
    arrival = arrived[0] if arrived else CompanyArrival(word=LoginWord.WAIT)
    return replace(arrival, page=kept.page, known=kept.known)


def _take(
    installation: Installation,
    trip: Trip | None,
    answer: Mapping[str, str],
    redirect: str,
    visitor: Visitor,
) -> CompanyArrival:
    if not installation.settings.company_login:
        raise CompanyLoginRefused(LoginWord.OFF, say("it is not set up"))
    trip = _match(installation, trip, answer, redirect)
    person = _recognise(installation, trip, answer)
    with installation.db.writing() as session:
        if trip.login:
            return _prove(installation, session, trip, person, visitor)
        return _let_in(installation, session, person, visitor)


def _note(
    installation: Installation, visitor: Visitor, word: LoginWord, reason: str, name: str = ""
) -> CompanyArrival:
    with installation.db.writing() as session:
        who, action = name or "somebody", say("company login refused")
        record(session, who, action, name, reason, origin=visitor.origin)
    return CompanyArrival(word=word)


def _match(
    installation: Installation, trip: Trip | None, answer: Mapping[str, str], redirect: str
) -> Trip:
    """The trip to which this answer belongs, which no other answer may follow."""
    if trip is None:
        raise _not_begun(say("this browser has begun none, or its time is over"))
    if not hmac.compare_digest(answer.get("state", "").encode(), trip.state.encode()):
        raise _not_begun(say("the state is another one"))
    if redirect != trip.redirect:
        raise _not_begun(say("it came back to another address than it began at"))
    marked = hashlib.sha256(trip.state.encode()).hexdigest()
    with installation.db.writing() as session:
        is_first = use_answer(session, marked, now(), keep=2 * LASTS)
    if not is_first:
        raise _not_begun(say("the state was used already"))
    return trip


def _recognise(installation: Installation, trip: Trip, answer: Mapping[str, str]) -> CompanyPerson:
    """The person of whom the provider's answer is."""
    settings = installation.settings
    provider = provider_at(settings.oidc_issuer)
    _check_issuer(provider, answer)
    _check_error(answer)
    code = answer.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise CompanyLoginRefused(LoginWord.UNTRUSTED, say("the answer has no code"))
    token = provider.give_for(code, trip.redirect, trip.verifier, settings)
    expected = Expected(settings.oidc_issuer, settings.oidc_client_id, trip.nonce, trip.begun_at)
    return read_id_token(token, provider, expected, now())


def _check_issuer(provider: Provider, answer: Mapping[str, str]) -> None:
    """An answer says whose it is, where it does, or the provider says that it always does."""
    named = answer.get("iss", provider.issuer if not provider.document().names_itself else "")
    if named != provider.issuer:
        reason = say("the answer is of another provider (iss)")
        raise CompanyLoginRefused(LoginWord.UNTRUSTED, reason)


def _check_error(answer: Mapping[str, str]) -> None:
    if "error" not in answer:
        return
    error = tidy(answer["error"])
    if error in _DENIALS:
        word = LoginWord.DENIED
    else:
        word = LoginWord.SILENT if error in _DISORDERS else LoginWord.UNTRUSTED
    reason = say("the provider says: {error}", error=error or say("an error"))
    raise CompanyLoginRefused(word, reason)


def _let_in(
    installation: Installation, session: Session, person: CompanyPerson, visitor: Visitor
) -> CompanyArrival:
    found = user_of_subject(session, person.issuer, person.subject)
    is_first = found is None
    if found is None and person.email:
        found = user_awaited(session, person.issuer, person.email)
    if found is None:
        reason = _tell_unlinked(person)
        raise CompanyLoginRefused(LoginWord.UNKNOWN, reason)
    identity, user = found
    if reason := why_not_let_in(installation, user):
        raise _Refused(LoginWord.UNKNOWN, reason, user.name)
    if is_first:
        _bind(session, identity, user, person, visitor)
    wanted = installation.settings.company_second_factors
    proof = CompanyProof(person.asked_at, second_factor=bool(person.said & wanted))
    entrance = enter_by_company(installation, session, user, visitor, proof)
    return CompanyArrival(entrance, name=user.name)


def _tell_unlinked(person: CompanyPerson) -> str:
    if person.email:
        return say(
            "no user is linked to the subject {subject}, with a verified e-mail",
            subject=person.subject,
        )
    return say(
        "no user is linked to the subject {subject}, without a verified e-mail",
        subject=person.subject,
    )


def _bind(
    session: Session,
    identity: CompanyIdentity,
    user: User,
    person: CompanyPerson,
    visitor: Visitor,
) -> None:
    """Put the subject in the place of the e-mail, for good."""
    identity.subject, identity.awaited, identity.bound_at = person.subject, None, now()
    action, words = say("company identity bound"), say("by {email}", email=person.email)
    record(session, user.name, action, user.name, words, origin=visitor.origin)


def _prove(
    installation: Installation,
    session: Session,
    trip: Trip,
    person: CompanyPerson,
    visitor: Visitor,
) -> CompanyArrival:
    """Note that the user of the trip's login has proved anew who sits there."""
    found = find_login(installation, session, trip.login)
    if found is None:
        raise CompanyLoginRefused(LoginWord.LOGIN_ENDED, say("the login has ended meanwhile"))
    login, user = found
    identity = identity_of(session, user)
    own = (identity.issuer, identity.subject) if identity else None
    if own != (person.issuer, person.subject):
        raise _Refused(LoginWord.OTHER_PERSON, say("confirmed as somebody else"), user.name)
    if person.asked_at is None or person.asked_at < trip.begun_at - LEEWAY:
        reason = say("the provider has not asked again")
        raise _Refused(LoginWord.NOT_ASKED_AGAIN, reason, user.name)
    login.proved_at = now()
    action, origin = say("confirmed by the company login"), origin_of(login, visitor)
    record(session, user.name, action, user.name, origin=origin)
    return CompanyArrival(is_proved=True, name=user.name)


def _not_begun(reason: str) -> CompanyLoginRefused:
    return CompanyLoginRefused(LoginWord.NOT_BEGUN_HERE, reason)
