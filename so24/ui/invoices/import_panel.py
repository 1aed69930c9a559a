"""Bringing documents in: files, RecMan's API, what became of each, dates that wait for a word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from so24.amounts import GROUP, format_count
from so24.dates import format_date
from so24.errors import So24Error, UnreadableFile
from so24.invoices.overview import (
    department_names,
    sum_documents,
)
from so24.language.said import join_said, say, say_as
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.sources.import_reports import ImportReport
from so24.sources.intake import import_files
from so24.sources.recman.fetch import Offer, fetch_documents, offer_fetch
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.refused_uploads import refused_uploads
from so24.ui.frame.session import forget_uploads, installation
from so24.ui.invoices.filters import of_import, show_asked_only, show_import_only
from so24.ui.invoices.import_report_view import REPORTS, show_report
from so24.ui.parts.tables import DATE_FORMAT

_ROUND = "import_round"
_REFUSED = "import_refused"  # why the files of the last press did not come in
_READ = 0.5  # of the bar; the rest is for what lands
_DATE_HELP = say(
    "For documents whose file states no invoice date. Without it the latest date of a document's "
    "lines is proposed, and you confirm the proposals afterwards."
)
_DEPARTMENT_HELP = say(
    "EHF files state no department. Choose the one whose documents they are; without it the "
    "department org-… with the seller's organization number is taken, if there is one."
)

_NEW_HELP = say(
    "Tick it only where the number that you typed for EHF files is that of a department which is "
    "not here yet. Documents cannot be moved to another department afterwards."
)


def show_import(desk: Desk, *, expanded: bool) -> None:
    """Draw the panel; it opens by itself where there is nothing else to do yet."""
    with st.expander(tell("Import from RecMan"), icon=":material/upload_file:", expanded=expanded):
        # a new key empties the uploader after an import
        turn = st.session_state.setdefault(_ROUND, 0)
        names = list(department_names(desk).values())
        with st.form(f"import_form_{turn}", border=False):
            files = st.file_uploader(
                tell(
                    "RecMan's reports **Invoice lines**, **Credit notes** and **Customers** "
                    "(xlsx, csv), EHF files (xml), or zip archives of them, in any order"
                ),
                type=["xlsx", "csv", "xml", "zip"],
                accept_multiple_files=True,
                key=f"import_files_{turn}",
                max_upload_size=installation().settings.upload_megabytes,
            )
            with st.container(horizontal=True, vertical_alignment="bottom"):
                date = st.date_input(
                    tell("Invoice date (optional)"), value=None, format=DATE_FORMAT,
                    key=f"import_date_{turn}", help=tell(_DATE_HELP), width=250,
                )  # fmt: skip
                department = st.selectbox(
                    tell("Department of EHF files"), names, index=None,
                    accept_new_options=True, placeholder=tell("Choose, or type a new number"),
                    key=f"import_department_{turn}", help=tell(_DEPARTMENT_HELP), width=250,
                )  # fmt: skip
                new = st.checkbox(
                    tell("It is a new department"), key=f"import_new_{turn}", help=tell(_NEW_HELP)
                )
                label = tell(say_as("verb", "Import"))
                pressed = st.form_submit_button(label, icon=":material/upload:")
        _show_refused()
        if pressed:
            contents = [(each.name, each.getvalue()) for each in files or []]
            _import(desk, contents, date, department or "", new=new)
        if reports := show_fetch(desk):
            st.session_state[REPORTS] = reports
            st.rerun()


def _show_refused() -> None:
    """Why the last files did not come in, until others are tried; as flash.show_complaints."""
    with st.container():
        if words := st.session_state.get(_REFUSED):
            st.error(escape_markdown(tell(words)), icon=":material/error:")


def show_reports(desk: Desk) -> None:
    """What became of the files of the last import, until it is dismissed."""
    reports: Sequence[ImportReport] = st.session_state.get(REPORTS, ())
    if not reports:
        return
    with st.container(border=True, key="import_reports_box"):
        for place, report in enumerate(reports):
            show_report(report, place)
            _offer_to_show(desk, report)
        gone = (REPORTS, None)
        st.button(tell("Dismiss"), on_click=st.session_state.pop, args=gone, type="tertiary")


def _offer_to_show(desk: Desk, report: ImportReport) -> None:
    """The buttons that leave just its documents in the list below, or what waits for an answer."""
    came = sum(each.documents for each in sum_documents(desk, of_import(report.import_id)))
    names = department_names(desk)
    if came:
        st.button(
            tell("Show these {count}", count=format_count(came)) if came > 1 else tell("Show it"),
            key=f"import_show_{report.import_id}",
            icon=":material/filter_alt:",
            on_click=show_import_only,
            args=(names, report.import_id),
        )
    if report.asked:
        st.button(
            tell("Show what waits for an answer"),
            key=f"import_asked_{report.import_id}",
            icon=":material/help:",
            on_click=show_asked_only,
            args=(names,),
        )


class _ImportBar:
    """How far an import is; no press cuts it off, for the next run would begin it once more."""

    def __init__(self) -> None:
        self._bar = st.progress(0.0, tell("Reading the files …"))
        self._pressed: RerunException | None = None

    def tell_read(self, filename: str, share: float) -> None:
        """So much of a file is read."""
        percent = f"{share:.0%}".replace("%", f"{GROUP}%")
        name = escape_markdown(filename)
        self._draw(share * _READ, tell("Reading {file} … {percent}", file=name, percent=percent))

    def tell(self, done: int, total: int) -> None:
        """So many have landed."""
        words = tell(
            "{done} of {all} documents and customers are in",
            done=format_count(done),
            all=format_count(total),
        )
        self._draw(_READ + (1 - _READ) * done / total if total else 1.0, words)

    def clear(self) -> None:
        """Take the bar away."""
        self._bar.empty()

    def draw_anew(self) -> None:
        """Have the page drawn anew, by what was pressed meanwhile where something was."""
        if self._pressed is not None:
            raise self._pressed
        st.rerun()

    def _draw(self, share: float, words: str) -> None:
        try:
            self._bar.progress(share, words)
        except RerunException as pressed:
            self._pressed = pressed


def _import(
    desk: Desk,
    files: Sequence[tuple[str, bytes]],
    date: dt.date | None,
    department: str,
    *,
    new: bool,
) -> None:
    refusal = refused_uploads.take()
    if refusal and files:
        flash.complain(join_said([say("Not every file came in."), refusal]))
    elif refusal:
        st.session_state.pop(REPORTS, None)
        st.session_state[_REFUSED] = join_said([say("No file came in."), refusal])
        _empty_uploader()
        st.rerun()
    if not files:
        st.warning(tell("Choose at least one file first."))
        return
    for place in (_REFUSED, REPORTS):  # what became of files before says nothing of these
        st.session_state.pop(place, None)
    bar = _ImportBar()
    try:
        reports = import_files(
            desk, files, invoice_date=date, department=department,
            new_department=new,
            progress=bar.tell, reading=bar.tell_read,
        )  # fmt: skip
    except UnreadableFile as error:
        st.session_state[_REFUSED] = error.words
    except So24Error as error:
        bar.clear()
        st.error(escape_markdown(tell(error.words)))  # of the fields beside the files, which stay
        return
    else:
        st.session_state[REPORTS] = reports
    _empty_uploader()
    bar.draw_anew()


def _empty_uploader() -> None:
    """Have the next files chosen at once: what was refused is not tried again by a press."""
    st.session_state[_ROUND] += 1
    forget_uploads()


def show_fetch(desk: Desk) -> list[ImportReport]:
    """Draw the button where RecMan is connected; what came in when it was pressed, else nothing.

    RecMan is called by a press only, never by a rerun.
    """
    offer = offer_fetch(desk)
    if offer is None:
        return []
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            tell("Fetch from RecMan"),
            icon=":material/cloud_download:",
            key="recman_fetch",
            disabled=bool(offer.reason),
        )
        st.caption(escape_markdown(tell(_describe(offer))))
    return _fetch(desk) if pressed else []


def _describe(offer: Offer) -> str:
    of = {"used": offer.budget.used, "most": offer.budget.most}
    if offer.reason:
        used = say("{used} of today's {most} calls to RecMan are used.", **of)
        return join_said([offer.reason, used])
    takes = say(
        "Takes about {cost} calls; {used} of today's {most} calls to RecMan are used.",
        cost=offer.cost,
        **of,
    )
    if not offer.since:
        return takes
    left_out = say("Invoices dated before {date} are left out.", date=format_date(offer.since))
    return join_said([takes, left_out])


def _fetch(desk: Desk) -> list[ImportReport]:
    with st.spinner(tell("Reading from RecMan …")):
        try:
            return [fetch_documents(desk)]
        except So24Error as error:
            st.error(escape_markdown(tell(error.words)), icon=":material/error:")
    return []
