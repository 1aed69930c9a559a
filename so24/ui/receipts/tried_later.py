"""Cards for what was not sent and is tried again by itself: when, and how to stop that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from so24.amounts import count_things, format_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import NOBODY, Reason
from so24.states import TRIED_LATER
from so24.store.transfers.transfer_list import ReceiptLine
from so24.transfer.retries import stop_retries
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk

SHOWN = 5


def show_tried_later(desk: Desk, run_id: str, lines: Sequence[ReceiptLine]) -> None:
    """A card for each reason by which documents were not sent and are tried again by themselves."""
    groups: dict[Reason, list[ReceiptLine]] = defaultdict(list)
    for line in lines:
        if line.tried_later:
            groups[line.reason].append(line)
    if not groups:
        return
    st.header("Tried again by itself")
    for reason in sorted(groups, key=lambda each: -len(groups[each])):
        with st.container(border=True, key=f"later_{reason}"):
            _show_card(reason, groups[reason])
            if desk.actor.may(Permission.EXPORT):
                _offer_stop(run_id, reason, groups[reason])


def _show_card(reason: Reason, lines: Sequence[ReceiptLine]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(TRIED_LATER, color="blue")
        st.markdown(f"**{reason.card.title}** – {count_things(len(lines), 'document')}")
    when = dict.fromkeys(line.retry_words for line in sorted(lines, key=lambda each: each.retries))
    st.markdown(
        f"**When:** {' '.join(when)}  \n**What to do:** nothing; so24 looks first, and sends only "
        f"what has not changed since the press. **Who:** {NOBODY}"
    )
    told = [escape_markdown(f"{line.number} {line.customer}: {line.words}") for line in lines]
    if len(told) > SHOWN:
        told[SHOWN:] = [f"… and {format_count(len(lines) - SHOWN)} more in the list above"]
    st.caption("  \n".join(told))


def _offer_stop(run_id: str, reason: Reason, lines: Sequence[ReceiptLine]) -> None:
    if not st.button("Stop trying", key=f"stop_later_{reason}", icon=":material/stop_circle:"):
        return
    verb = "stays" if len(lines) == 1 else "stay"
    confirm(
        "Try them no more by themselves?" if len(lines) > 1 else "Try it no more by itself?",
        f"{count_things(len(lines), 'document')} {verb} not sent until somebody presses Retry.",
        "Yes, stop trying",
        _stop,
        run_id,
        [line.transfer_id for line in lines],
    )


def _stop(run_id: str, transfer_ids: list[int]) -> None:
    with flash.complaining():
        count = stop_retries(acting_desk(), run_id, transfer_ids)
        flash.say(f"Not tried again by itself: {count_things(count, 'document')}.")
