"""The quota of requests."""

from __future__ import annotations

from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.quota import Limits
from tests.sandbox.caller import Caller


def test_every_answer_tells_what_is_left_and_over_the_quota_all_is_blocked_for_the_hour() -> None:
    with SandboxServer(limits=Limits(requests_per_hour=3)) as server:
        caller = Caller(server.address)
        replies = [caller.call("Authenticate", "HasSession") for _ in range(5)]
        assert [reply.status for reply in replies] == [200, 200, 200, 429, 429]
        remaining = [reply.headers["APILimitRemaining"] for reply in replies]
        assert remaining == ["2", "1", "0", "0", "0"]
        until = replies[0].headers["APILimitReset"]
        assert replies[4].body.decode() == (
            f"Limit exceeded by 2. Request is blocked. Quarantine ends at {until}"
        )
        server.sandbox.clock.advance(3601)
        assert caller.call("Authenticate", "HasSession").headers["APILimitRemaining"] == "2"
        caller.close()


def test_a_fault_carries_the_quota_headers_too() -> None:
    with SandboxServer() as server:
        caller = Caller(server.address)
        reply = caller.call("Authenticate", "GetIdentity")
        assert (reply.status, reply.headers["APILimitRemaining"]) == (500, "7199")
        caller.close()


def test_a_burst_can_be_refused() -> None:
    with SandboxServer(limits=Limits(requests_per_second=2)) as server:
        caller = Caller(server.address)
        statuses = [caller.call("Authenticate", "HasSession").status for _ in range(3)]
        assert statuses == [200, 200, 429]
        server.sandbox.clock.advance(1)
        assert caller.call("Authenticate", "HasSession").status == 200
        caller.close()
