"""The proof that whoever is signed in knows the password; wrong ones are few."""

from __future__ import annotations

from so24.errors import WrongUse
from so24.installation import Installation
from so24.language.said import say
from so24.people.attempts import PRESENT_PASSWORD, count_own, failures_of, try_to_prove
from so24.people.passwords import password_fits
from so24.store.people import people
from so24.store.people.audit import record
from so24.store.people.origins import Origin
from so24.store.tables.ground import now
from so24.store.tables.people_tables import User

MOST_WRONG_PROOFS = 5


def prove_password(installation: Installation, known: User, password: str, origin: Origin) -> None:
    """Check the password of somebody who is signed in; raises :class:`WrongUse` for another one.

    It raises the same where the user's password is turned off. The last of
    :data:`MOST_WRONG_PROOFS` wrong ones in a row ends all logins of the user: it may be somebody
    else who sits there.
    """
    if known.password_off:
        raise WrongUse(say("Your password is turned off: you sign in by the company login."))
    counted = count_own(installation, known.name, PRESENT_PASSWORD)
    place = f"user {known.name}"
    if try_to_prove(
        installation, counted, place, lambda: password_fits(password, known.password_hash)
    ):
        return
    with installation.db.writing() as session:
        if failures_of(session, counted[0]) >= MOST_WRONG_PROOFS:
            people.revoke_logins(session, people.known_user(session, known.name), now())
        words = say("wrong, or too many tries")
        record(session, known.name, say("password not proved"), known.name, words, origin=origin)
    raise WrongUse(
        say("The present password is not right, or it was tried too often: then wait a little.")
    )
