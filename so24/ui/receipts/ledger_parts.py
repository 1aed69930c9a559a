"""The parts of *Inside 24SevenOffice*, and what reconciliations have said before."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from so24.amounts import format_count
from so24.dates import format_moment
from so24.language.said import said_before, say, say_as
from so24.language.telling import tell
from so24.ledger.agreement import tell_agreement
from so24.ledger.keeping import newest_of_each, past_results
from so24.ledger.memory import PastResult, still_apart
from so24.ledger.sentences import tell_apart, tell_change, tell_days
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.ledger.results import KeptDifference
from so24.store.tables.ledger_tables import Witness
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.downloads import show_download
from so24.ui.parts.filter_state import as_slug
from so24.ui.parts.headings import headings_of
from so24.ui.parts.tables import amount_column, date_column, with_amounts
from so24.ui.tab.address import tell_address

READ = say("24SevenOffice now")
SAFT = say("SAF-T export")
PAST = say("Past reconciliations")
_PARTS = (READ, SAFT, PAST)
PART, RESULT = "part", "result"  # in the address: the part, and which result of the past ones
_CHOSEN = "ledger_part"
_NEW, _GONE, _SAME = say("new"), say("gone"), say("as before")
_VATS = ("Their VAT", "Our VAT")  # of a SAF-T export, where they differ
_AMOUNTS = ("Theirs", "Ours", *_VATS)
_WIDTHS = {
    "When": 116, "Company": 150, "Witness": 100, "Period": 152, "Result": 184,
    "New": 48, "Gone": 52, "Before": 60, "User": 80,
}  # fmt: skip
# the keys of the columns above and below that no other grid has
HEADINGS = (
    say("Witness"), say("Period"), say("Result"), say("New"), say("Gone"), say("Before"),
    say("Since before"), say("Reference"), say("There"), say("Theirs"), say("Ours"),
    say("Their VAT"), say("Our VAT"),
)  # fmt: skip


def pick_part() -> str:
    """Draw the choice between the parts of the page; the one that is chosen."""
    if _CHOSEN not in st.session_state:  # Streamlit forgets it with the page
        by_slug = {as_slug(each): each for each in _PARTS}
        st.session_state[_CHOSEN] = by_slug.get(st.query_params.get(PART, ""), READ)
    chosen: str | None = st.segmented_control(
        tell("What to look at"),
        _PARTS,
        required=True,
        format_func=tell,
        key=_CHOSEN,
        label_visibility="collapsed",
    )
    part = chosen or READ
    tell_address(PART, "" if part == READ else as_slug(part))
    if part != PAST:
        tell_address(RESULT, "")
    return part


def address_of_result(result_id: int) -> dict[str, str]:
    """What the page's address says beside its path where it shows this past result."""
    return {PART: as_slug(PAST), RESULT: str(result_id)}


def show_change(desk: Desk, company: str, witness: Witness) -> None:
    """Say how the company's newest result differs from the one before."""
    past = (each for each in past_results(desk) if each.result.witness is witness)
    for each in newest_of_each(past):
        if each.result.company == company and (words := tell_change(each)):
            st.caption(escape_markdown(tell(words)))


def show_past(desk: Desk) -> None:
    """Draw what reconciliations have said, the newest first, and the lines of the one ticked."""
    past = past_results(desk)
    if not past:
        st.info(
            tell("Nothing is reconciled yet. What a reconciliation says is kept here."),
            icon=":material/history:",
        )
        return
    for standing in still_apart([each.result for each in past]):
        words = tell("As last reconciled: {words}", words=tell(tell_apart(standing)))
        st.markdown(f":material/error: {escape_markdown(words)}")
    companies = len({each.result.client_id for each in past})
    ticked = st.dataframe(
        pd.DataFrame([_cells(each) for each in past]),
        # a tick must not move to another result
        key=f"ledger_past_{past[0].result.id}_{len(past)}",
        hide_index=True,
        placeholder="",
        height=min(37 * (len(past) + 1) + 3, 340),
        on_select="rerun",
        selection_mode="single-row",
        column_order=[each for each in _WIDTHS if each != "Company" or companies > 1],
        column_config={
            name: st.column_config.Column(tell(name), width=width)
            for name, width in _WIDTHS.items()
        },
        alt=tell("Past reconciliations, newest first"),
    ).selection.rows
    asked = st.query_params.get(RESULT, "")
    linked = next((each for each in past if str(each.result.id) == asked), past[0])
    shown = past[ticked[0]] if ticked else linked
    tell_address(RESULT, "" if shown is past[0] else str(shown.result.id))
    _show_one(shown)


def _cells(past: PastResult) -> dict[str, object]:
    result, change = past.result, past.change
    return {
        "When": format_moment(result.read_at),
        "Company": result.company,
        "Witness": result.witness.value,
        "Period": tell_days(result),
        "Result": tell(tell_agreement(result.orders, result.orders - result.differences)),
        "New": format_count(len(change.new)) if change else "",
        "Gone": format_count(len(change.gone)) if change else "",
        "Before": format_count(len(change.same)) if change else "",
        "User": result.read_by,
    }


def _show_one(past: PastResult) -> None:
    """The lines of one result that did not agree, and those that are gone since the one before."""
    result = past.result
    with st.container(horizontal=True, vertical_alignment="center"):
        heading = tell(
            "{company}, {days}", company=escape_markdown(result.company), days=tell_days(result)
        )
        st.subheader(heading, anchor=False)
        moment = tell("read {date}", date=format_moment(result.read_at))
        st.caption(f"{result.witness.value}, {moment}")
        st.space("stretch")
        rows = [_line_cells(*each) for each in _lines_of(past)]
        show_download(
            lambda _asking: rows,
            Permission.SEE_LEDGER,
            name=say_as("file name", "past-reconciliation"),
            disabled=not rows,
        )
    if words := tell_change(past):
        st.caption(escape_markdown(tell(words)))
    for each in result.files:
        st.caption(escape_markdown(f"{each.name} · SHA-256 {each.sha256}"))
    if result.unlisted:
        st.caption(
            tell("Differences without a line here: {count}.", count=format_count(result.unlisted))
        )
    if rows:
        _show_lines(rows)
    else:
        st.success(tell("Everything that was compared agreed."), icon=":material/check:")


def _lines_of(past: PastResult) -> Sequence[tuple[str, KeptDifference]]:
    if past.change is None:
        return [("", each) for each in past.result.apart]
    new, same = set(past.change.new), set(past.change.same)
    return [
        *((_NEW if each in new else _SAME if each in same else "", each)
          for each in past.result.apart),
        *((_GONE, each) for each in past.change.gone),
    ]  # fmt: skip


def _line_cells(since: str, line: KeptDifference) -> dict[str, object]:
    return {
        "Since before": tell(since) if since else "",
        "Verdict": tell(said_before(line.verdict)),
        "Date": line.date,
        "Reference": line.reference,
        "There": line.there,
        "Theirs": line.theirs,
        "Ours": line.ours,
        "Their VAT": line.their_vat,
        "Our VAT": line.our_vat,
        "Currency": line.currency,
    }


def _show_lines(rows: Sequence[dict[str, object]]) -> None:
    frame = pd.DataFrame(list(rows))
    if frame[list(_VATS)].isna().all(axis=None):
        frame = frame.drop(columns=list(_VATS))
    amounts = [name for name in _AMOUNTS if name in frame]
    st.dataframe(
        with_amounts(frame, amounts, ()),
        key="ledger_past_lines",
        hide_index=True,
        placeholder="",
        column_config={
            **headings_of(frame.columns),
            "Date": date_column(tell("Date"), width=84),
            **{name: amount_column(tell(name), width=96) for name in amounts},
        },
        alt=tell("Lines that did not agree"),
    )
