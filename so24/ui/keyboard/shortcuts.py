"""The shortcuts: what is pressed, and what it does."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from so24.language.said import say, say_as
from so24.language.telling import tell

SCRIPT = Path(__file__).parent / "keyboard.js"
# after a G, by the first letter of the page's name; the page's address
PAGES = {
    "t": "start",
    "i": "invoices",
    "r": "receipt",
    "h": "history",
    "l": "ledger",
}
HELP = "help"
OFF = "so24_single_keys_off"  # the class of what stands on the page while they are turned off
_ON = "help_single_keys"
# how the label of every search begins, in each language; the script goes to it
SEARCHES = ("Search", "Søk")

# (what is pressed, what it does); those of one key alone can be turned off
SINGLE_KEYS = (
    ("/", say("search the list")),
    (say("G, then T"), say("Today")),
    (say("G, then I"), say("Invoice overview")),
    (say("G, then R"), say("Receipts")),
    (say("G, then H"), say("Transfer history")),
    (say("G, then L"), say("Inside 24SevenOffice (the ledger)")),
    ("?", say("Help")),
)
OTHER_KEYS = (
    ("↓", say("go into the list, from the search too; then ↑ and ↓ from row to row")),
    (say("Space"), say("tick the row, or take its tick away")),
    (
        "Ctrl + Enter",
        say("press the blue button: 24SevenOffice, then Send; the answer in any question"),
    ),
    ("Esc", say("close a question without doing anything")),
)


def show_shortcuts() -> None:
    """The table of the shortcuts, and the switch by which those of one key are turned off."""
    st.header(tell(say_as("keyboard", "Keys")), anchor=False)
    st.markdown(tell("Everything can be done without a mouse. On a Mac, ⌘ does what Ctrl does."))
    st.table(
        [
            {tell(say_as("keyboard", "Key")): tell(key), tell("What it does"): tell(does)}
            for key, does in SINGLE_KEYS + OTHER_KEYS
        ],
        border="horizontal",
    )
    st.toggle(
        tell("Keys that are pressed alone: /, G and ?"),
        True,
        key=_ON,
        persist_state="session",
        help=tell("Turn them off where a program that listens or reads aloud uses them."),
    )


def are_single_keys_on() -> bool:
    """Whether the user has left the shortcuts of one key on, in this tab."""
    return bool(st.session_state.get(_ON, True))
