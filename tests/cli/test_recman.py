"""RecMan by the command line: connect, look, map, confirm, fetch."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from so24.addresses import RECMAN_LIVE
from so24.settings import Settings
from so24.vault import new_secret_key
from tests.cli.conftest import CommandLine
from tests.sources.recman.papers import invoice, stand_in
from tests.sources.recman.standin import KEY, StandIn, serving


@pytest.fixture
def recman(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A RecMan that the command line talks to."""
    with serving(stand_in(invoice("1001"), invoice("1002"))) as served:
        monkeypatch.setenv("SO24_RECMAN_URL", served.address)
        yield served


def test_the_whole_way_from_the_key_to_the_invoices(so24: CommandLine, recman: StandIn) -> None:
    said = so24.well("recman", "connect", "--key-stdin", stdin=f"{KEY}\n")
    assert "All that is needed is mapped" in said.err
    assert "6 of 180 calls are used today" in said.err
    assert "not confirmed" in so24.refused("recman", "fetch")
    assert "2 of 2 invoices reconcile" in so24.well("recman", "confirm").err
    [report] = so24.well("recman", "fetch", "--json").json
    assert (report["added"], report["refused"], report["kind"]) == (3, [], "invoices by API")
    found = so24.well("invoices", "--json").json
    assert [(each["number"], each["total"]) for each in found] == [
        ("1001", "1250.00"), ("1002", "1250.00"),
    ]  # fmt: skip


def test_the_key_comes_on_standard_input_only(so24: CommandLine, recman: StandIn) -> None:
    assert "with --key-stdin; it is never taken" in so24.refused("recman", "connect")
    assert "must hold the key" in so24.refused("recman", "connect", "--key-stdin", stdin="")
    assert recman.asked == []


def test_members_are_listed_with_types_and_without_values(
    so24: CommandLine, recman: StandIn
) -> None:
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    before = len(recman.asked)
    said = so24.well("recman", "members")
    shown = so24.well("recman", "members", "--json")
    assert shown.json["invoice"]["members"]["lines.*.net"] == ["number as text"]
    for value in ("1001", "Nordvik", "Bestilling", "1000.00", "900", KEY):
        assert value not in said.out + said.err + shown.out
    assert len(recman.asked) == before


def test_a_field_is_mapped_by_name_and_a_wrong_one_explained(
    so24: CommandLine, recman: StandIn
) -> None:
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    said = so24.well("recman", "map", "kid=", "line.text=productName", "--json")
    assert "kid" not in said.json
    assert said.json["line.text"] == "lines.*.productName"
    assert "no member “amount”" in so24.refused("recman", "map", "net=amount")
    assert "no field “sum”" in so24.refused("recman", "map", "sum=net")
    assert "Write FIELD=MEMBER" in so24.refused("recman", "map", "net")
    so24.well("recman", "map", "number=")
    assert "Map these first: Number (number)" in so24.refused("recman", "confirm")


def test_invoices_of_an_earlier_time_are_left_out(so24: CommandLine, recman: StandIn) -> None:
    recman.scopes["invoice"]["4000"]["invoiceDate"] = "2026-10-31"
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    so24.well("recman", "confirm")
    assert "or --all" in so24.refused("recman", "since")
    so24.well("recman", "since", "01.11.2026")
    so24.well("recman", "fetch")
    assert [each["number"] for each in so24.well("invoices", "--json").json] == ["1002"]
    so24.well("recman", "since", "--all")
    so24.well("recman", "fetch")
    assert len(so24.well("invoices", "--json").json) == 2


def test_rows_that_are_refused_need_a_person(so24: CommandLine, recman: StandIn) -> None:
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    so24.well("recman", "confirm")
    recman.scopes["invoice"]["4001"]["total"] = "1.00"
    said = so24("recman", "fetch")
    assert said.code == 1
    assert "but its total is 1,00 (document 1002)" in said.err


def test_check_tells_how_it_stands_without_a_call(so24: CommandLine, recman: StandIn) -> None:
    def finding() -> list[tuple[str, str]]:
        found = so24("check", "--json").json
        return [(each["standing"], each["words"]) for each in found if each["subject"] == "RecMan"]

    so24.well("users", "list")
    assert finding() == []
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    before = len(recman.asked)
    [(standing, words)] = finding()
    assert (standing, "not confirmed" in words) == ("note", True)
    so24.well("recman", "confirm")
    [(standing, words)] = finding()
    assert (standing, words) == ("ok", f"connected, its fields are confirmed; {before + 1} of 180 "
                                       "calls used today")  # fmt: skip
    assert len(recman.asked) == before + 1


def test_a_key_is_only_sent_where_it_was_entered_for(
    so24: CommandLine, recman: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    with serving(stand_in()) as other:
        monkeypatch.setenv("SO24_RECMAN_URL", other.address)
        assert "enter the key again" in so24.refused("recman", "test")
        assert other.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://api.recman.io", "https://api.recman.io.evil.example", "https://evil.example",
        "https://api.recman.io:8443", "https://user@api.recman.io", "https://api.recman.io/v2",
        "ftp://127.0.0.1", "http://127.0.0.1.evil.example", "https://api.recman.io?x=1",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(
    so24: CommandLine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_RECMAN_URL", url)
    assert "must be https://api.recman.io or https://api.recman.no" in so24.refused("users", "list")


def test_the_key_goes_when_the_connection_goes(so24: CommandLine, recman: StandIn) -> None:
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    so24.well("recman", "disconnect")
    assert "not connected" in so24.refused("recman", "members")
    assert "not connected" in so24.refused("recman", "disconnect")


def test_a_rotation_of_the_secrets_seals_the_key_anew(
    so24: CommandLine, recman: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.well("recman", "connect", "--key-stdin", stdin=KEY)
    old, new = os.environ["SO24_SECRET_KEYS"], new_secret_key()
    monkeypatch.setenv("SO24_SECRET_KEYS", f"{new},{old}")
    so24.well("secrets", "rotate")
    monkeypatch.setenv("SO24_SECRET_KEYS", new)
    so24.well("recman", "test")


def test_no_address_is_the_live_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SO24_RECMAN_URL", "")
    assert Settings(_env_file=None).recman_url == RECMAN_LIVE
