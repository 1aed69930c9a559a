"""The shortcuts: what is pressed, and what it does."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

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

# (what is pressed, what it does); those of one key alone can be turned off
SINGLE_KEYS = (
    ("/", "search the list"),
    ("G, then T", "Today"),
    ("G, then I", "Invoice overview"),
    ("G, then R", "Receipts"),
    ("G, then H", "Transfer history"),
    ("G, then L", "Inside 24SevenOffice (the ledger)"),
    ("?", "this page"),
)
OTHER_KEYS = (
    ("↓", "go into the list, from the search too; then ↑ and ↓ from row to row"),
    ("Space", "tick the row, or take its tick away"),
    ("Ctrl + Enter", "press the blue button: 24SevenOffice, then Send; the answer in any question"),
    ("Esc", "close a question without doing anything"),
)


def show_shortcuts() -> None:
    """The table of the shortcuts, and the switch by which those of one key are turned off."""
    st.header("Keys", anchor=False)
    st.markdown("Everything can be done without a mouse. On a Mac, ⌘ does what Ctrl does.")
    st.table(
        [{"Key": key, "What it does": does} for key, does in SINGLE_KEYS + OTHER_KEYS],
        border="horizontal",
    )
    st.toggle(
        "Keys that are pressed alone: /, G and ?",
        True,
        key=_ON,
        persist_state="session",
        help="Turn them off where a program that listens or reads aloud uses them.",
    )


def are_single_keys_on() -> bool:
    """Whether the user has left the shortcuts of one key on, in this tab."""
    return bool(st.session_state.get(_ON, True))
