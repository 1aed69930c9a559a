"""An installation with a company login, and a browser that makes the trip to its provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from so24.installation import Installation
from so24.people.company_login import provider as provider_module
from so24.people.company_login.entering import CompanyArrival, come_back, set_out
from so24.people.company_login.linking import link_by_email
from so24.people.company_login.provider import provider_at
from so24.people.company_login.trip import begin_trip, seal_trip
from so24.people.company_login.words import LoginWord
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.people.visitors import Visitor
from so24.store.people.audit import latest_events
from tests.people.company_login.standin import CLIENT, SECRET, StandIn, serving
from tests.people.conftest import AddPerson, with_settings

BACK = "http://127.0.0.1:8501/so24/company/back"
OFFICE = Visitor("203.0.113.7", "Firefox on Windows")
Bend = Callable[[dict[str, str]], object]


@pytest.fixture
def provider() -> Iterator[StandIn]:
    """A provider that is as it should be, of which nobody knows anything yet."""
    provider_at.cache_clear()
    with serving() as served:
        yield served
    provider_at.cache_clear()


@pytest.fixture
def company(installation: Installation, provider: StandIn) -> Installation:
    """The installation with this provider."""
    return with_settings(
        installation,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
    )


@pytest.fixture
def desk(company: Installation, admin: Actor) -> Desk:
    """Where a System Administrator works."""
    return Desk(company, admin)


@pytest.fixture
def kari(desk: Desk, add_person: AddPerson) -> str:
    """Kari, for whom the e-mail is entered by which the provider knows her."""
    add_person("kari")
    link_by_email(desk, "kari", "kari@example.com")
    return "kari"


def travel(
    opened: Installation,
    provider: StandIn,
    *,
    bend: Bend = lambda answer: None,
    login: str = "",
    page: str = "",
    visitor: Visitor = OFFICE,
) -> CompanyArrival:
    """Make the trip in one browser, which brings back what ``bend`` makes of the answer."""
    trip = begin_trip(BACK, page, login)
    there = set_out(opened, trip, visitor)
    if isinstance(there, LoginWord):
        return CompanyArrival(word=there)
    answer = provider.authorize(there)
    bend(answer)
    return come_back(opened, seal_trip(opened.vault, trip), answer, BACK, visitor)


def told(opened: Installation) -> list[tuple[str, str, str]]:
    """What the audit trail says of the company login, oldest first: actor, action, detail."""
    with opened.db.reading() as session:
        events = reversed(latest_events(session))
        return [
            (each.actor, each.action, each.detail)
            for each in events
            if "company" in f"{each.action} {each.detail}"
        ]


def shorten_calls(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the provider be given up after so many seconds."""
    limits = replace(provider_module.LIMITS, connect_seconds=seconds, call_seconds=seconds)
    monkeypatch.setattr(provider_module, "LIMITS", limits)
