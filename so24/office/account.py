"""The account in 24SevenOffice: its session, its companies, and the lists that a company keeps.

Before a session is proven to work in the right company, nothing may be written with it.

Each list (users, departments, currencies, VAT codes, projects, categories) is read whole in one
call.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from so24.errors import CompanyMoved, LoginRefused, Refused, SessionLost, Unknown, WrongCompany
from so24.language.said import say
from so24.office.calls import Caller
from so24.office.reading import Record, assigned, present_records, read_identity, read_list
from so24.office.values import CurrencyRate, Employee, Identity, OwnDepartment, Project, TaxCode

_SESSION = re.compile(r"[A-Za-z0-9._~+/=-]{1,256}")


@dataclass(frozen=True)
class Reached:
    """The proven identity; ``switched``: the account's standard company was another one."""

    identity: Identity
    switched: bool


class Account:
    """Logs in, and chooses the company that everything after it is read from and written to."""

    def __init__(self, caller: Caller, credential: dict[str, str]) -> None:
        self._caller = caller
        self._call = caller.call
        self._credential = credential
        self._logged_in = False

    def login(self) -> str:
        """Log in and keep the session, which is returned; LoginRefused when it is not accepted."""
        self._caller.session = None
        try:
            session = self._call("Authenticate", "Login", credential=self._credential)
        except (Refused, SessionLost) as error:  # a login has no session: the account is meant
            raise LoginRefused(error.words) from None
        if not session:
            raise LoginRefused(
                say(
                    "24SevenOffice did not accept the user name, the password or the ApplicationId."
                )
            )
        if not _SESSION.fullmatch(session):
            raise Unknown(
                say("24SevenOffice answered the login with something that is no session.")
            )
        self._caller.session = session
        self._logged_in = True
        return str(session)

    def current_identity(self) -> Identity:
        """The identity, and with it the company, that the session works for; or SessionLost.

        How the service words the end of a session is not documented, so that any refusal of this
        call counts as one, unless the login was just now.
        """
        try:
            record = self._call("Authenticate", "GetIdentity")
        except Refused as error:
            if self._logged_in:
                raise
            raise SessionLost(
                say("The session with 24SevenOffice is not taken: {why}", why=error.words)
            ) from None
        if not record or record.get("Id") is None:
            raise SessionLost(say("24SevenOffice knows no identity for this session."))
        return read_identity(record)

    def identities(self) -> list[Identity]:
        """All companies that the account reaches."""
        return read_list(self._call("Authenticate", "GetIdentities"), read_identity)

    def choose_identity(self, identity_id: str) -> bool:
        """Switch the session to another identity; prove it with current_identity afterwards."""
        return bool(self._call("Authenticate", "SetIdentityById", identityId=identity_id))


def check_company(account: Account, client_id: int) -> None:
    """See whether the session still works in this company; nothing is switched.

    Raises :class:`CompanyMoved`, naming the other one, and whatever a call raises.
    """
    current = account.current_identity()
    if current.client_id != client_id:
        raise CompanyMoved(
            say(
                "The account's session was moved to {company} while so24 worked in {client_id}. "
                "What was sent just before may be there: look there for orders whose reference "
                "begins with RM- or RC-.",
                company=_company(current),
                client_id=client_id,
            )
        )


def prove_company(account: Account, client_id: int) -> Reached:
    """Prove that the session works in this company, switching to it where the account has it.

    Raises :class:`WrongCompany`, naming what the account reaches, :class:`CompanyMoved` where it
    was moved away again in the same moment, and whatever a call raises.
    """
    current = account.current_identity()
    if current.client_id == client_id:
        return Reached(current, switched=False)
    identities = account.identities()
    for identity in identities:
        if identity.client_id == client_id and not identity.is_disabled:
            if account.choose_identity(identity.id):
                check_company(account, client_id)  # somebody else may have moved it at once
                return Reached(identity, switched=True)
            raise WrongCompany(
                say(
                    "24SevenOffice does not let this account work in {company}, although the "
                    "account lists it. An administrator of 24SevenOffice mends the account's "
                    "access.",
                    company=_company(identity),
                )
            )
    reaches = "; ".join(_company(each) for each in identities) or say("no company at all")
    raise WrongCompany(
        say(
            "This account does not reach Organization ID {client_id}. It reaches: {reaches}. A "
            "System Administrator corrects the Organization ID or uses another account.",
            client_id=client_id,
            reaches=reaches,
        )
    )


def _company(identity: Identity) -> str:
    return f"{identity.label[:-1]}, disabled)" if identity.is_disabled else identity.label


class AccountLists:
    """Reads the company's own lists with one key's calls."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def departments(self) -> list[OwnDepartment]:
        """The departments, as ClientService lists them."""
        return [
            OwnDepartment(each["Id"], _text(each, "Name"))
            for each in self._read("ClientService", "GetDepartmentList")
            if assigned(each.get("Id"))
        ]

    def currencies(self) -> list[CurrencyRate]:
        """The currencies that the company has a rate for."""
        return [
            CurrencyRate(_text(each, "Symbol").upper(), each["Rate"], each["Unit"])
            for each in self._read("ClientService", "GetCurrencyList")
            if _text(each, "Symbol") and each.get("Rate") and assigned(each.get("Unit"))
        ]

    def employees(self) -> list[Employee]:
        """The users of the company that are employees."""
        return [
            Employee(each["EmployeeId"], _text(each, "Name"))
            for each in self._read("ClientService", "GetUsers")
            if assigned(each.get("EmployeeId"))
        ]

    def tax_codes(self) -> list[TaxCode]:
        """The tax codes by their numbers; one whose number has other signs cannot be sent."""
        return [
            TaxCode(int(number), _text(each, "TaxName"), each["TaxRate"])
            for each in self._read("AccountService", "GetTaxCodeList")
            for number in (_text(each, "TaxNo"),)
            if number.isascii() and number.isdigit() and each.get("TaxRate") is not None
        ]

    def projects(self) -> list[Project]:
        """All open projects."""
        search = {"AllOpenProjects": True}
        return [
            Project(each["Id"], _text(each, "RawName") or _text(each, "Name"))
            for each in self._read("ProjectService", "GetProjectList", Ps=search)
            if assigned(each.get("Id")) and each.get("Enabled") is not False
        ]

    def _read(self, service: str, operation: str, **parameters: Any) -> list[Record]:
        return present_records(self._call(service, operation, **parameters))


def _text(record: Record, name: str) -> str:
    return str(record.get(name) or "").strip()
