"""Cards for what went wrong in a run: one for each reason, with cause, remedy and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import streamlit as st

from so24.amounts import format_count
from so24.invoices.decisions import (
    PROBABLY,
    SAME_REASONS,
    declare_other,
    declare_same,
    read_decisions,
)
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason, ReasonCard
from so24.store.documents.documents import Decided
from so24.store.transfers.transfer_list import ReceiptLine
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.tables import colour_of

SHOWN = 5
Decide = Callable[[Desk, int], None]


def show_problems(desk: Desk, lines: Sequence[ReceiptLine]) -> None:
    """A card for each reason among the lines that a person has to see to, most frequent first."""
    groups: dict[Reason, list[ReceiptLine]] = defaultdict(list)
    for line in lines:
        if line.card and (line.waits or not line.state.is_live):
            groups[line.reason].append(line)
    if not groups:
        return
    st.subheader("What needs a person")
    open_questions = [line.invoice_id for line in lines if line.reason in SAME_REASONS]
    decided = read_decisions(desk, open_questions) if open_questions else {}
    for reason in sorted(groups, key=lambda each: -len(groups[each])):
        with st.container(border=True, key=f"card_{reason}"):
            _show_card(reason.card, groups[reason])
            if reason in SAME_REASONS:
                for line in groups[reason]:
                    _show_question(desk, line, decided.get(line.invoice_id))
            else:
                _show_examples(groups[reason])


def _show_card(card: ReasonCard, lines: Sequence[ReceiptLine]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(lines[0].status, color=colour_of(lines[0].state))  # type: ignore[arg-type] # one of its literals
        count = "1 document" if len(lines) == 1 else f"{format_count(len(lines))} documents"
        st.markdown(f"**{card.title}** – {count}")
    retry = "makes sense once that is done" if card.retry else "does not help"
    st.markdown(f"**What to do:** {card.remedy}  \n**Who:** {card.who} · **Retry:** {retry}")


def _show_examples(lines: Sequence[ReceiptLine]) -> None:
    told = [_describe(line) for line in lines[:SHOWN]]
    if len(lines) > SHOWN:
        told.append(f"… and {format_count(len(lines) - SHOWN)} more in the list above")
    st.caption("  \n".join(told))


def _show_question(desk: Desk, line: ReceiptLine, decided: Decided | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_describe(line), width="stretch")
        if decided and decided.excluded:
            st.caption(f"Excluded: {escape_markdown(decided.reason)}", width="content")
        elif decided and line.order_id in decided.other_orders:
            st.caption("Declared another document: retry sends it.", width="content")
        elif desk.actor.may(Permission.EXPORT):
            _offer_same(line)
            if line.reason == PROBABLY:
                _offer_other(line)


def _offer_same(line: ReceiptLine) -> None:
    told = f"Document {line.number} is excluded from export."
    st.button(
        "Same document",
        key=f"declare_same_{line.invoice_id}",
        on_click=_decide,
        args=(declare_same, line.invoice_id, told),
    )


def _offer_other(line: ReceiptLine) -> None:
    """Asks once more: where it is the same document after all, it would be booked twice."""
    if not st.button("Another document", key=f"declare_other_{line.invoice_id}"):
        return
    confirm(
        "Send it all the same?",
        f"Order {line.order_id} in 24SevenOffice has the same customer, date and total as document "
        f"{escape_markdown(line.number)}. If it is the same document after all, the customer is "
        "invoiced twice.",
        "Yes, another document",
        _decide,
        declare_other,
        line.invoice_id,
        f"Document {line.number} is sent by a retry.",
    )


def _decide(decide: Decide, invoice_id: int, told: str) -> None:
    with flash.complaining():
        decide(acting_desk(), invoice_id)
        flash.say(told)


def _describe(line: ReceiptLine) -> str:
    words = " ".join(each for each in (line.words, line.note) if each)
    name = f"{line.number} {line.customer}"
    return escape_markdown(f"{name}: {words}" if words else name)
