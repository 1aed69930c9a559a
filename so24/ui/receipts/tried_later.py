"""Cards for what was not sent and is tried again by itself: when, and how to stop that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from so24.language.said import join_said, say, say_count
from so24.language.telling import tell, tell_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import NOBODY, Reason
from so24.states import TRIED_LATER
from so24.store.transfers.receipt_line import ReceiptLine
from so24.transfer.retries import stop_retries
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.receipts.problem_cards import tell_more

SHOWN = 5


def show_tried_later(desk: Desk, run_id: str, lines: Sequence[ReceiptLine]) -> None:
    """A card for each reason by which documents were not sent and are tried again by themselves."""
    groups: dict[Reason, list[ReceiptLine]] = defaultdict(list)
    for line in lines:
        if line.tried_later:
            groups[line.reason].append(line)
    if not groups:
        return
    st.header(tell("Tried again by itself"))
    for reason in sorted(groups, key=lambda each: -len(groups[each])):
        with st.container(border=True, key=f"later_{reason}"):
            _show_card(reason, groups[reason])
            if desk.actor.may(Permission.EXPORT):
                _offer_stop(run_id, reason, groups[reason])


def _show_card(reason: Reason, lines: Sequence[ReceiptLine]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(tell(TRIED_LATER), color="blue")
        count = tell_count("{number} document", "{number} documents", len(lines))
        st.markdown(f"**{tell(reason.card.title)}** – {count}")
    when = dict.fromkeys(line.retry_words for line in sorted(lines, key=lambda each: each.retries))
    st.markdown(
        tell(
            "**When:** {when}  \n**What to do:** nothing; so24 looks first, and sends only what "
            "has not changed since the press. **Who:** {who}",
            when=join_said(when),
            who=NOBODY,
        )
    )
    told = [escape_markdown(f"{line.number} {line.customer}: {tell(line.words)}") for line in lines]
    if len(told) > SHOWN:
        told[SHOWN:] = [tell_more(len(lines) - SHOWN)]
    st.caption("  \n".join(told))


def _offer_stop(run_id: str, reason: Reason, lines: Sequence[ReceiptLine]) -> None:
    label = tell("Stop trying")
    if not st.button(label, key=f"stop_later_{reason}", icon=":material/stop_circle:"):
        return
    several = len(lines) > 1
    confirm(
        say("Try them no more by themselves?") if several else say("Try it no more by itself?"),
        say_count(
            "{number} document stays not sent until somebody presses Retry.",
            "{number} documents stay not sent until somebody presses Retry.",
            len(lines),
        ),
        say("Yes, stop trying"),
        _stop,
        run_id,
        [line.transfer_id for line in lines],
    )


def _stop(run_id: str, transfer_ids: list[int]) -> None:
    with flash.complaining():
        count = stop_retries(acting_desk(), run_id, transfer_ids)
        flash.say(
            say_count(
                "Not tried again by itself: {number} document.",
                "Not tried again by itself: {number} documents.",
                count,
            )
        )
