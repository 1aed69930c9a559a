"""Logins, sessions and the companies a user reaches."""

from __future__ import annotations

import pytest

from so24.sandbox.books.identities import identity_of
from so24.sandbox.books.seed import BERGEN, OSLO
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.quota import Limits
from tests.sandbox.caller import Caller


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("oslo@sandbox.example", "wrong"),
        ("nobody@sandbox.example", "sandbox-oslo"),
        ("", ""),
    ],
)
def test_wrong_credentials_are_answered_with_an_empty_string(
    stranger: Caller, username: str, password: str
) -> None:
    reply = stranger.login(username, password)
    assert (reply.status, reply.result) == (200, "")
    assert "Set-Cookie" not in reply.headers


def test_the_session_is_the_answer_and_the_cookie(stranger: Caller) -> None:
    reply = stranger.login("oslo@sandbox.example", "sandbox-oslo")
    assert reply.headers["Set-Cookie"].startswith(f"ASP.NET_SessionId={reply.result};")
    assert stranger.call("Authenticate", "HasSession").result == "true"


def test_an_application_id_must_be_a_guid(stranger: Caller) -> None:
    reply = stranger.login("oslo@sandbox.example", "sandbox-oslo", ApplicationId="so24")
    assert reply.status == 500
    assert "Instance validation error" in (reply.fault or "")


def test_without_a_session_has_session_is_false_and_all_else_a_fault(stranger: Caller) -> None:
    assert stranger.call("Authenticate", "HasSession").result == "false"
    for service, operation in (("Authenticate", "GetIdentity"), ("ProductService", "GetProducts")):
        reply = stranger.call(service, operation)
        assert "Session is not authenticated" in (reply.fault or ""), operation


def test_a_session_ends_when_it_is_left_alone_and_lives_on_when_used(stranger: Caller) -> None:
    with SandboxServer(limits=Limits(session_seconds=100)) as server:
        caller = Caller(server.address)
        caller.login("oslo@sandbox.example", "sandbox-oslo")
        for seconds, alive in ((60, "true"), (60, "true"), (101, "false")):
            server.sandbox.clock.advance(seconds)
            assert caller.call("Authenticate", "HasSession").result == alive
        caller.close()


def test_a_user_of_two_clients_begins_at_the_standard_client(stranger: Caller) -> None:
    stranger.login("bergen@sandbox.example", "sandbox-bergen")
    identities = stranger.call("Authenticate", "GetIdentities").records("Identity")
    seen = {int(one["Client"]["Id"]): (one["IsDefault"], one["IsCurrent"]) for one in identities}
    assert seen == {OSLO: ("true", "true"), BERGEN: ("false", "false")}


def test_a_session_can_change_to_another_identity_of_its_user_only(stranger: Caller) -> None:
    stranger.login("bergen@sandbox.example", "sandbox-bergen")
    foreign = {"identityId": identity_of("oslo@sandbox.example", OSLO)}
    assert stranger.call("Authenticate", "SetIdentityById", foreign).result == "false"
    own = {"identityId": identity_of("bergen@sandbox.example", BERGEN)}
    assert stranger.call("Authenticate", "SetIdentityById", own).result == "true"
    current = stranger.call("Authenticate", "GetIdentity").result
    assert current["Client"] == {"Id": str(BERGEN), "Name": "Fjordglimt Vikar AS"}


def test_a_login_may_name_its_identity(stranger: Caller) -> None:
    identity = identity_of("bergen@sandbox.example", BERGEN)
    body = {"IdentityId": identity}
    stranger.login("bergen@sandbox.example", "sandbox-bergen", **body)
    assert stranger.call("Authenticate", "GetIdentity").result["Id"] == identity


def test_too_many_logins_of_one_user_are_throttled_for_a_minute() -> None:
    with SandboxServer(limits=Limits(logins_per_minute=2)) as server:
        caller = Caller(server.address)
        replies = [caller.login("oslo@sandbox.example", "sandbox-oslo") for _ in range(3)]
        assert [reply.status for reply in replies] == [200, 200, 429]
        assert replies[2].headers["Retry-After"] == "60"
        assert caller.login("stray@sandbox.example", "sandbox-stray").status == 200
        server.sandbox.clock.advance(61)
        assert caller.login("oslo@sandbox.example", "sandbox-oslo").status == 200
        caller.close()


def test_every_client_has_books_of_its_own(caller: Caller, server: SandboxServer) -> None:
    saved = {"companies": {"Company": {"Name": "Fjellheim Bygg AS"}}}
    number = caller.call("CompanyService", "SaveCompanies", saved).record("Company")["Id"]
    other = Caller(server.address)
    other.login("stray@sandbox.example", "sandbox-stray")
    search = {"searchParams": {"CompanyId": number}, "returnProperties": {"string": ["Id"]}}
    assert len(caller.call("CompanyService", "GetCompanies", search).records("Company")) == 1
    assert other.call("CompanyService", "GetCompanies", search).records("Company") == []
    other.close()


def test_a_client_under_maintenance_answers_503_but_lets_people_log_in(stranger: Caller) -> None:
    stranger.login("stavanger@sandbox.example", "sandbox-stavanger")
    assert stranger.call("Authenticate", "GetIdentity").status == 200
    assert stranger.call("ProductService", "GetProducts").status == 503
