"""The one question before an export, and the way from its answer to the receipt.

A press on a number shows the document in the place of the sections, for no drawer opens over a
dialog. The warnings of the checks stop nothing. Looks into 24SevenOffice are taken once, lane by
lane, and kept while the plan holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from so24.amounts import format_count
from so24.dates import today
from so24.errors import ChangedMeanwhile, So24Error
from so24.invoices.overview import newest_change
from so24.language.said import say_count
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.transfer.jobs.worker import job_enqueuer
from so24.transfer.preview.confirmation import Confirmation, ShownPreview
from so24.transfer.preview.forecast import LookResult
from so24.transfer.preview.preview import (
    Preview,
    after_looks,
    look_up,
    preview_run,
    without_plan,
)
from so24.transfer.review import find_warnings
from so24.transfer.runs import start_run
from so24.ui.export.preview_panel import show_counts, show_differences, show_sections
from so24.ui.export.warnings_view import Warnings, show_warnings
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import RECEIPT, acting_desk, installation
from so24.ui.parts.keeping import forget, keep
from so24.ui.parts.opening import draw_document, take_asked
from so24.ui.tab import basket

_STARTED = "so24_started_run"
_CHANGED = "so24_changed_since_preview"
_REFUSALS = "so24_previews_refused"
_KEPT = "export_question"
_AWAY = "export_no"
BODY = 560  # pixels, of the dialog between its headline and its buttons
_LOOKS = "so24_preview_looks"
_WANTED = "so24_preview_look_wanted"
_DOCUMENT = "so24_preview_document"  # (its id, the section that it was opened from)


def go_to_started_run() -> None:
    """Open the receipt of a run that a button has just started, if one has."""
    run_id = st.session_state.pop(_STARTED, None)
    if run_id is not None:
        st.switch_page(RECEIPT, query_params={"run": run_id})


def note_started_run(run_id: str, words: str) -> None:
    """Have the next run of the page open this receipt; for callbacks."""
    st.session_state[_STARTED] = run_id
    flash.say(words)


def close_document() -> None:
    """Show the sections again; for the callback of a button, and when the question is closed."""
    st.session_state.pop(_DOCUMENT, None)


def ask_to_export(ids: Sequence[int], retry_of: str | None = None) -> None:
    """Open the dialog that shows what will go and what will not, and sends just that on one press.

    ``retry_of`` is the run whose documents are tried again.
    """
    # its title is told in each run anew, so that it is made a dialog only here
    st.dialog(
        tell("Send to 24SevenOffice?"),
        width="large",
        icon=":material/send:",
        on_dismiss=close_document,
    )(_draw_question)(ids, retry_of)


def _draw_question(ids: Sequence[int], retry_of: str | None) -> None:
    # the callback has sent it: close, and on to the receipt; nothing is planned for who goes away
    if _STARTED in st.session_state or st.session_state.get(_AWAY):
        st.session_state.pop(_REFUSALS, None)
        forget(_KEPT)
        close_document()
        st.rerun()
    try:
        preview, warnings = _read_question(acting_desk(), ids)
    except So24Error as error:
        st.error(escape_markdown(tell(error.words)))
        return
    _hear_document()
    changed = st.session_state.pop(_CHANGED, None)
    head = st.container()  # says what is known after the looks, which are told below it
    with st.container(height=BODY, border=False):  # so that the buttons below it never move
        if changed is not None:
            close_document()
            st.error(escape_markdown(tell(changed.words)), icon=":material/difference:")
            show_differences(changed.differences, preview)
            if _was_looked_up():  # what was found belongs to the plan of before
                want_looks(preview.shown.fingerprint)
        take_looks(preview)
        looks = looks_of(preview)
        going = after_looks(preview, looks)
        shown, section = st.session_state.get(_DOCUMENT, (None, 0))
        if shown in preview.rows:
            _show_document(shown)
        else:
            show_warnings(preview, going, warnings, partial(_open_document, section=0))
            show_sections(preview, going, looks, on_open=_open_document, first=section)
    with head:
        show_counts(going)
    sent = _ask(ids, preview, going.going, retry_of)
    if sent and changed is None:
        st.session_state.pop(_REFUSALS, None)
        close_document()
        st.rerun()


def _open_document(invoice_id: int, section: int) -> None:
    """Show this document; for the callback of its number."""
    st.session_state[_DOCUMENT] = (invoice_id, section)


def _hear_document() -> None:
    """Say what was done to the document that is shown, which is then as it is now."""
    if take_asked() is not None:
        flash.show_messages()


def _show_document(invoice_id: int) -> None:
    st.button(
        tell("Back to the preview"), key="export_back", icon=":material/chevron_left:",
        type="tertiary", on_click=_go_back,
    )  # fmt: skip
    draw_document(invoice_id)


def _go_back() -> None:
    """Show the section again from which the document was opened."""
    _, section = st.session_state.get(_DOCUMENT, (None, 0))
    st.session_state[_DOCUMENT] = (None, section)


def _read_question(desk: Desk, ids: Sequence[int]) -> tuple[Preview, Warnings]:
    """What is asked, planned anew only where something has changed; raises as ``preview_run``."""
    desk.require_to_read(Permission.EXPORT)
    refused = st.session_state.get(_REFUSALS, 0)  # whatever has changed then
    depends_on = (tuple(ids), newest_change(desk), today(), refused)
    return keep(_KEPT, depends_on, lambda: _plan_question(desk, ids))


def _plan_question(desk: Desk, ids: Sequence[int]) -> tuple[Preview, Warnings]:
    preview = preview_run(desk, ids)
    return without_plan(preview), find_warnings(desk, preview)


def _ask(ids: Sequence[int], preview: Preview, count: int, retry_of: str | None) -> bool:
    """The buttons; whether *Send*, of so many documents, was pressed.

    After a refusal *Send* is another button: a second press of Enter must not send unread news.
    """
    refusals = st.session_state.get(_REFUSALS, 0)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(tell("Cancel"), key=_AWAY)
        st.button(
            tell("Look up in 24SevenOffice first"),
            key="export_look",
            icon=":material/travel_explore:",
            disabled=not preview.going,
            help=tell("Reads only: finds what is there already and what is missing."),
            on_click=want_looks,
            args=(preview.shown.fingerprint,),
        )
        return st.button(
            _name_sending(count, again=bool(refusals)),
            key=f"export_yes_{refusals}" if refusals else "export_yes",
            type="primary",
            disabled=not count,
            on_click=_send,
            args=(ids, preview.shown, retry_of, count),
        )


def _name_sending(count: int, *, again: bool) -> str:
    if not count:
        return tell("Nothing to send")
    told = format_count(count)
    return (
        tell("Send {count} as shown now", count=told) if again else tell("Send {count}", count=told)
    )


def _send(ids: Sequence[int], seen: ShownPreview, retry_of: str | None, count: int) -> None:
    """Send what was shown; where that holds no more, the dialog shows what differs.

    ``count`` is what the button has named: of those ticked some may not go.
    """
    with flash.complaining():
        opened = installation()
        try:
            run_id = start_run(
                acting_desk(),
                ids,
                job_enqueuer(opened),
                retry_of=retry_of,
                expected=Confirmation.of(seen),
            )
        except ChangedMeanwhile as changed:
            st.session_state[_CHANGED] = changed
            st.session_state[_REFUSALS] = st.session_state.get(_REFUSALS, 0) + 1
            return
        st.session_state.pop(_REFUSALS, None)
        started = say_count(
            "Transfer of {number} document started.",
            "Transfer of {number} documents started.",
            count,
        )
        note_started_run(run_id, started)
        basket.clear()


def want_looks(fingerprint: str) -> None:
    """Have the next run of the dialog look; for the callback of a button."""
    st.session_state[_WANTED] = fingerprint


def _was_looked_up() -> bool:
    return bool(st.session_state.get(_LOOKS, ("", {}))[1])


def looks_of(preview: Preview) -> Mapping[int, LookResult]:
    """The looks taken for exactly this plan, by key; a lane without one was not looked at."""
    fingerprint, looks = st.session_state.get(_LOOKS, ("", {}))
    return looks if fingerprint == preview.shown.fingerprint else {}


def take_looks(preview: Preview) -> None:
    """Look at every lane, if a button has asked for it, and show how far it is.

    What is found is kept lane by lane: a page that is left in between loses only the rest.
    """
    if st.session_state.pop(_WANTED, None) != preview.shown.fingerprint:
        return
    looks: dict[int, LookResult] = {}
    st.session_state[_LOOKS] = (preview.shown.fingerprint, looks)
    with st.status(tell("Looking into 24SevenOffice …")) as status:
        for place, lane in enumerate(preview.lanes, start=1):
            company = escape_markdown(lane.company)
            words = tell(
                "Looking into {company} ({place} of {companies}) …",
                company=company,
                place=place,
                companies=len(preview.lanes),
            )
            status.update(label=words)
            look = looks[lane.key_id] = look_up(acting_desk(), lane)
            st.markdown(_tell(company, look))
        failed = any(look.problem for look in looks.values())
        label = tell("Looked up, nothing was written")
        if failed:
            label = tell("Not everything could be looked up")
        status.update(label=label, state="error" if failed else "complete", expanded=failed)


def _tell(company: str, look: LookResult) -> str:
    if look.problem:
        return f":material/error: {company}: {escape_markdown(tell(look.problem))}"
    return f":material/check: {tell('{company}: looked up.', company=company)}"
