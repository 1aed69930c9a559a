"""A page of the help on the screen: chosen, searched, a place on it brought in sight."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from so24.language.reader import language
from so24.language.telling import tell
from so24.letters import fold_for_search
from so24.reasons import Reason
from so24.ui.frame.session import HELP
from so24.ui.help.glossary import reason_rows
from so24.ui.help.library import (
    INDEX,
    PAGES,
    HelpPage,
    Picture,
    Section,
    address_of,
    find_sections,
    read_page,
)
from so24.ui.keyboard.shortcuts import show_shortcuts
from so24.ui.tab.address import HELP_PAGE, HELP_PLACE

MOST_FOUND = 20
# the class of what has links from page to page, and of the place that is brought in sight: the
# script knows them
TEXTS, ASKED = "help_texts", "help_place"


def show_help() -> None:
    """Draw the page that the address asks for, below what it is chosen and searched by."""
    asked = st.query_params.get(HELP_PAGE, INDEX)
    name = asked if asked in PAGES else INDEX
    page, place = read_page(name, language()), st.query_params.get(HELP_PLACE, "")
    st.title(page.title)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose_page(name)
        words = st.text_input(tell("Search the help"), icon=":material/search:", width=360)
    if words and words.strip():
        _show_found(words)
    with st.container(key=TEXTS):
        _show_page(page, place)
    if name == INDEX:
        show_shortcuts()


def _choose_page(name: str) -> None:
    """The list of pages; the address tells which one is open, so that a link leads to it."""
    chosen = st.selectbox(
        tell("Page"), PAGES, PAGES.index(name), lambda each: read_page(each, language()).title,
        key=f"help_page_{name}", width=360,
    )  # fmt: skip
    if chosen != name:
        st.query_params.from_dict(address_of(chosen))
        st.rerun()


def _show_found(words: str) -> None:
    """The reasons with these words, as cards tell them, and the sections that have them."""
    wanted = fold_for_search(words).split()
    rows = [
        row
        for row in reason_rows()
        if all(each in fold_for_search(" ".join(row.values())) for each in wanted)
    ]
    found = find_sections(words, language())
    if not rows and not found:
        st.info(tell("Nothing in the help has these words."), icon=":material/search_off:")
    if rows:
        st.table(pd.DataFrame(rows).set_index(tell("What happened")), border="horizontal")
    for page, section in found[:MOST_FOUND]:
        label = page.title if section.level == 1 else f"{page.title}: {section.title}"
        st.page_link(HELP, label=label, query_params=address_of(page.name, section.place))


def _show_page(page: HelpPage, place: str) -> None:
    asked = page.find(place)
    for section in page.sections:
        if section is not asked:
            _show_section(section)
            continue
        with st.container(key=ASKED):
            _show_section(section, Reason.stored(place) if place in section.reasons else None)


def _show_section(section: Section, reason: Reason | None = None) -> None:
    """A heading with what stands below it; a reason that is asked for stands before the others."""
    if section.level > 1:
        st.markdown(f"{'#' * section.level} {section.title}")
    if reason is not None:
        card = reason.card
        told = tell("{title}. What to do: {remedy}", title=card.title, remedy=card.remedy)
        st.info(told, icon=":material/help:")
    for part in section.parts:
        if isinstance(part, Picture):
            st.image(part.path, part.words, width="content", alt=part.words)
        else:
            st.markdown(part)
