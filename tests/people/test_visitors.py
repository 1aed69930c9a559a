"""Where a visitor is: the word of a trusted proxy is taken, and nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.addresses import read_networks
from so24.people.visitors import Visitor, find_source, name_browser
from so24.store.people.origins import UNKNOWN_SOURCE

NOBODY = ""
ON_THIS_MACHINE = "127.0.0.1, ::1"
ELSEWHERE = "10.0.0.0/8"


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "source"),
    [
        ("203.0.113.7", "", NOBODY, "203.0.113.7"),
        ("127.0.0.1", "", NOBODY, "127.0.0.1"),
        # nobody is trusted: what a visitor makes up is no address of its own
        ("203.0.113.7", "198.51.100.1", NOBODY, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", ELSEWHERE, "203.0.113.7"),
        # the server has read the hop already, and gives it for the peer
        ("198.51.100.1", "198.51.100.1", NOBODY, "127.0.0.1"),
        ("198.51.100.1", "198.51.100.1:4711", NOBODY, "127.0.0.1"),
        ("10.1.1.1", "198.51.100.1, 10.1.1.1", ELSEWHERE, "127.0.0.1"),
        # a proxy on this machine
        ("198.51.100.1", "198.51.100.1", ON_THIS_MACHINE, "198.51.100.1"),
        ("198.51.100.1", "1.2.3.4, 198.51.100.1", ON_THIS_MACHINE, "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1, 127.0.0.1", ON_THIS_MACHINE, "198.51.100.1"),
        ("127.0.0.1", "", ON_THIS_MACHINE, "127.0.0.1"),
        # proxies elsewhere, in a row, and behind one on this machine
        ("10.0.0.5", "1.2.3.4, 198.51.100.1", ELSEWHERE, "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1, 10.0.0.6", ELSEWHERE, "198.51.100.1"),
        ("10.0.0.5", "10.0.0.7, 10.0.0.6", ELSEWHERE, "10.0.0.7"),
        ("10.0.0.5", "1.2.3.4, 10.0.0.5", f"{ON_THIS_MACHINE}, {ELSEWHERE}", "1.2.3.4"),
        # forms of an address
        ("10.0.0.5", "198.51.100.1:51000", ELSEWHERE, "198.51.100.1"),
        ("10.0.0.5", "[2001:db8:1:2:3:4:5:6]:51000", ELSEWHERE, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", NOBODY, "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "", NOBODY, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", NOBODY, "2001:db8:1:2::/64"),
        ("::1", "", NOBODY, "::1"),
        ("10.0.0.5", "1.2.3.4, rubbish", ELSEWHERE, UNKNOWN_SOURCE),
        ("rubbish", "", NOBODY, UNKNOWN_SOURCE),
        ("", "", NOBODY, UNKNOWN_SOURCE),
    ],
)
def test_the_source_is_the_last_hop_that_is_no_trusted_proxy(
    peer: str, forwarded: str, proxies: str, source: str
) -> None:
    assert find_source(peer, forwarded, read_networks(proxies)) == source


@given(st.text(alphabet="0123456789.,: abcdef[]x\t\u00e5"), st.ip_addresses().map(str))
def test_whatever_is_made_up_before_the_last_hop_changes_nothing(made_up: str, real: str) -> None:
    trusted = read_networks("10.0.0.5")
    honest = find_source("10.0.0.5", real, trusted)
    assert find_source("10.0.0.5", f"{made_up},{real}", trusted) == honest or real == "10.0.0.5"


@given(st.text(max_size=60))
def test_without_trusted_proxies_a_header_leads_at_most_to_this_machine(made_up: str) -> None:
    assert find_source("203.0.113.7", made_up, ()) in ("203.0.113.7", "127.0.0.1")


def test_failures_count_for_the_address_or_for_a_known_browser_alone() -> None:
    stranger, known = Visitor("203.0.113.7"), Visitor("203.0.113.7", known="a1b2")
    assert stranger.place != known.place
    assert known.place == Visitor("198.51.100.1", known="a1b2").place


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.0 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
         "Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
         "Chrome on Android"),
        ("curl/8.5.0", "another browser"),
        ("", "another browser"),
        ("<b>\u202e" * 500, "another browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_short_and_in_our_words_only(agent: str, name: str) -> None:
    assert name_browser(agent) == name
