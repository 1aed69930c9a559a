"""Schedules by the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import CommandLine

BOUNDS = ("--most-documents", "50", "--most-amount", "250 000,50")


def test_a_schedule_is_set_told_and_turned_off(so24: CommandLine) -> None:
    so24.well("activate")
    so24.add_key()
    assert so24.well("schedules", "list").out == "Nothing is done by itself.\n"
    said = so24.well("schedules", "set", "mon-fri 06:30", "--key", "oslo", *BOUNDS)
    assert said.err.startswith("Export by key “Oslo”: next at ")
    [told] = so24.well("schedules", "list", "--json").json
    assert (told["what"], told["key"], told["active"], told["held"]) == (
        "export", "Oslo", True, "",
    )  # fmt: skip
    assert (told["weekdays"], told["time"]) == ([1, 2, 3, 4, 5], "06:30")
    assert (told["most_documents"], told["most_amount"]) == (50, "250000.50")
    assert told["set_by"].startswith("os:")
    assert (told["last"], told["left"]) == (None, [])
    assert "Mon–Fri 06:30" in so24.well("schedules", "list").out
    [audited] = [
        each for each in so24.well("audit", "--json").json
        if each["action"] == "schedule of exports set"
    ]  # fmt: skip
    assert audited["subject"] == "Oslo"
    so24.well("schedules", "off", "--key", "Oslo")
    [told] = so24.well("schedules", "list", "--json").json
    assert (told["active"], told["next_at"]) == (False, None)
    assert "off already" in so24.refused("schedules", "off", "--key", "Oslo")


def test_a_fetch_needs_no_bounds_and_says_what_it_waits_for(so24: CommandLine) -> None:
    so24.well("schedules", "set", "daily 05:15", "--recman")
    said = so24("schedules", "list")
    assert said.code == 1  # somebody has to connect RecMan
    assert "RecMan is not connected." in said.out
    assert so24("today", "--strict").code == 1
    [told] = so24.well("today", "--json").json["schedules"]
    assert (told["what"], told["key"], told["weekdays"]) == ("fetch", None, [1, 2, 3, 4, 5, 6, 7])
    assert "Fetch from RecMan: Daily 05:15" in so24.well("today").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "mon 06:30"), "either --key or --recman"),
        (("set", "mon 06:30", "--key", "Oslo", "--recman"), "either --key or --recman"),
        (("set", "noon", "--recman"), "mon-fri 06:30"),
        (("set", "mon 06:30", "--key", "Bergen", *BOUNDS), "no key “Bergen”"),
        (("set", "mon 06:30", "--key", "Oslo"), "--most-documents"),
        (
            ("set", "mon 06:30", "--key", "Oslo", "--most-documents", "1", "--most-amount", "x"),
            "is no amount",
        ),
        (
            ("set", "mon 06:30", "--key", "Oslo", "--most-documents", "0", "--most-amount", "1"),
            "1 to 10000 documents",
        ),
        (("off", "--recman"), "off already"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    so24: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    so24.add_key()
    assert words in so24.refused("schedules", *arguments)
