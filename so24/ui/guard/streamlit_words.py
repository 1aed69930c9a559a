"""What Streamlit says by itself, and in English only: the reader's words for it.

``streamlit_words.js`` puts them where Streamlit has written its own. A release that says something
else is found by a test, which looks for each of these in the files that Streamlit serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from so24.language.reader import ENGLISH
from so24.language.said import say
from so24.language.telling import told_in

SCRIPT = Path(__file__).parent / "streamlit_words.js"

# {what} stands for what Streamlit puts there: a size, a label, a file's type
STREAMLIT_SAYS = (
    # below and beside fields
    say("Press Enter to apply"),
    say("Press Enter to submit form"),
    say("Press {what}+Enter to apply", what="{what}"),
    say("Press {what}+Enter to submit form", what="{what}"),
    say("Show password"),
    say("Hide password"),
    say("Help"),
    say("Help for {what}", what="{what}"),
    say("Increment"),
    say("Decrement"),
    # the uploader
    say("Upload"),
    say("Upload {what}", what="{what}"),
    say("file upload"),
    say("Add files"),
    say("{what} per file", what="{what}"),
    say("Drag and drop files here"),
    say("File must be {what} or smaller.", what="{what}"),
    say("{what} files are not allowed.", what="{what}"),
    say("Error:"),
    say("Remove {what}", what="{what}"),
    say("Previous page"),
    say("Next page"),
    # what is chosen from
    say("No results"),
    say("Select all"),
    say("Add: {what}", what="{what}"),
    say("Open"),
    say("Clear all"),
    say("Clear value"),
    say("Clear entry"),
    say("Clear date"),
    say("Clear dates"),
    say("Selected values"),
    # calendars
    say("day, {what}", what="{what}"),
    say("month, {what}", what="{what}"),
    say("year, {what}", what="{what}"),
    say("yyyy"),
    say("Choose date"),
    say("Choose date range"),
    say("Choose date, {what}", what="{what}"),
    say("Choose date range, {what}", what="{what}"),
    say("Use arrow keys to navigate dates. Enter to select. Escape to close."),
    say("Quick select a date range"),
    say("Date range"),
    say("Select..."),
    say("Previous month"),
    say("Next month"),
    say("{what} start date", what="{what}"),
    say("{what} end date", what="{what}"),
    say("Past Week"),
    say("Past Month"),
    say("Past 3 Months"),
    say("Past 6 Months"),
    say("Past Year"),
    say("Past 2 Years"),
    # grids and charts
    say("Dataframe column menu"),
    say("Copy column name"),
    say("Sort ascending"),
    say("Sort descending"),
    say("Format"),
    say("Statistics"),
    say("Autosize"),
    say("Pin column"),
    say("Unpin column"),
    say("Hide column"),
    say("Show/hide columns"),
    say("Download as CSV"),
    say("Search"),
    say("Close Search"),
    say("Previous Result"),
    say("Next Result"),
    say("Fullscreen"),
    say("Close fullscreen"),
    say("Show data"),
    say("Show chart"),
    say("Clear selection"),
    # around the page
    say("Close"),
    say("Skip to main content"),
    say("Sidebar"),
    say("App pages"),
    say("Expand sidebar"),
    say("Collapse sidebar"),
    say("Navigate to home page"),
    say("Notifications"),
    say("Scroll tabs left"),
    say("Scroll tabs right"),
    say("Running..."),
    say("Connecting"),
    say("Link to heading"),
)


def words_in(language: str) -> Mapping[str, str]:
    """What Streamlit says, and what is to stand there instead; only what differs."""
    told = {told_in(ENGLISH, text): told_in(language, text) for text in STREAMLIT_SAYS}
    return {english: word for english, word in told.items() if word != english}
