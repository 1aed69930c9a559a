"""The proof that a session works in the right company; before it nothing may be written."""

from __future__ import annotations

from dataclasses import dataclass

from so24.errors import WrongCompany
from so24.office.gateway import Office
from so24.office.values import Identity


@dataclass(frozen=True)
class Reached:
    """The proven identity; ``switched``: the account's standard company was another one."""

    identity: Identity
    switched: bool


def prove_company(office: Office, client_id: int) -> Reached:
    """Prove that the session works in this company, switching to it where the account has it.

    Raises :class:`WrongCompany`, naming what the account reaches, and whatever a call raises.
    """
    current = office.account.current_identity()
    if current.client_id == client_id:
        return Reached(current, switched=False)
    identities = office.account.identities()
    for identity in identities:
        if identity.client_id == client_id and not identity.is_disabled:
            if office.account.choose_identity(identity.id):
                chosen = office.account.current_identity()
                if chosen.client_id == client_id:
                    return Reached(chosen, switched=True)
            raise WrongCompany(
                f"24SevenOffice does not let this account work in {_company(identity)}, "
                "although the account lists it. An administrator of 24SevenOffice mends the "
                "account's access."
            )
    reaches = "; ".join(_company(each) for each in identities) or "no company at all"
    raise WrongCompany(
        f"This account does not reach Organization ID {client_id}. It reaches: {reaches}. "
        "A System Administrator corrects the Organization ID or uses another account."
    )


def _company(identity: Identity) -> str:
    return f"{identity.label[:-1]}, disabled)" if identity.is_disabled else identity.label
