"""Cards for what went wrong in a run: one for each reason, with cause, remedy and decisions.

What has ceased to be a problem since is told apart, and counts as none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import streamlit as st

from so24.amounts import format_count
from so24.invoices.declarations import PROBABLY, SAME_REASONS, declare_other, declare_same
from so24.language.said import join_said, say
from so24.language.telling import tell, tell_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason, ReasonCard
from so24.states import Since
from so24.store.tables.transfer_tables import State
from so24.store.transfers.receipt_line import ReceiptLine
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.opening import offer_to_open
from so24.ui.parts.tables import colour_of
from so24.ui.receipts.card_actions import offer_to_include, show_card_actions

SHOWN = 5
MOST_SETTLED = 100
Decide = Callable[[Desk, int], None]


def show_problems(desk: Desk, lines: Sequence[ReceiptLine]) -> None:
    """A card for each reason among the lines that a person has to see to, most frequent first."""
    groups: dict[Reason, list[ReceiptLine]] = defaultdict(list)
    for line in lines:
        if line.card and line.is_problem:
            groups[line.reason].append(line)
    if not groups:
        return
    st.header(tell("What needs a person"))
    for reason in sorted(groups, key=lambda each: -len(groups[each])):
        with st.container(border=True, key=f"card_{reason}"):
            _show_card(reason.card, groups[reason])
            if reason in SAME_REASONS:
                for line in groups[reason]:
                    _show_question(desk, line)
            else:
                _show_examples(groups[reason])
            show_card_actions(desk, reason, groups[reason])


def show_settled(desk: Desk, lines: Sequence[ReceiptLine]) -> None:
    """What needed a person at the run's end and does not any more, with how that came.

    What nobody sends by itself is told apart from what has come to its end, and from what another
    run has taken up.
    """
    sendable = [line for line in lines if line.since is Since.MENDED]
    elsewhere = [line for line in lines if line.since.is_elsewhere]
    told = (Since.TRANSFERRED, Since.LEFT_OUT)
    settled = [line for line in lines if line.since in told]
    words = tell_count(
        "{number} document can be sent now, by Retry at the top: see which",
        "{number} documents can be sent now, by Retry at the top: see which",
        len(sendable),
    )
    _show_since(desk, sendable, words, ":material/replay:")
    words = tell_count(
        "{number} document is no problem any more",
        "{number} documents are no problem any more",
        len(settled),
    )
    _show_since(desk, settled, words, ":material/done_all:")
    words = tell_count(
        "{number} document was taken up by another run",
        "{number} documents were taken up by another run",
        len(elsewhere),
    )
    _show_since(desk, elsewhere, words, ":material/replay:")


def _show_since(desk: Desk, settled: Sequence[ReceiptLine], words: str, icon: str) -> None:
    if not settled:
        return
    with st.expander(words, icon=icon):
        for line in settled[:MOST_SETTLED]:
            told = tell(line.since_words or join_said([line.reason.card.sentence, line.words]))
            since, text = tell(line.since), f"{line.number} {line.customer}: {told}"
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(f"**{since}** {escape_markdown(text)}", width="stretch")
                if line.since is Since.LEFT_OUT:
                    offer_to_include(desk, line)
        if len(settled) > MOST_SETTLED:
            st.caption(tell_more(len(settled) - MOST_SETTLED))


def tell_more(count: int) -> str:
    """That the list above has so many more, told."""
    return tell("… and {count} more in the list above", count=format_count(count))


def _show_card(card: ReasonCard, lines: Sequence[ReceiptLine]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        status = tell(lines[0].status)
        st.badge(status, color=colour_of(lines[0].state))  # type: ignore[arg-type] # one of its literals
        count = tell_count("{number} document", "{number} documents", len(lines))
        st.markdown(f"**{tell(card.title)}** – {count}")
    st.markdown(
        tell(
            "**What to do:** {remedy}  \n**Who:** {who} · **Retry:** {retry}",
            remedy=card.remedy,
            who=card.who,
            retry=_advise_retry(lines[0]),
        )
    )


def _advise_retry(line: ReceiptLine) -> str:
    if not line.reason.card.retry:
        return say("does not help")
    if line.reason == PROBABLY:
        return say("only where it is another document")
    if line.state is State.NOT_SENT:
        return say("at any time; so24 looks first")
    return say("makes sense once that is done")


def _show_examples(lines: Sequence[ReceiptLine]) -> None:
    with st.container(gap=None):
        for line in lines[:SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                _show_document(line)
    if len(lines) > SHOWN:
        st.caption(tell_more(len(lines) - SHOWN))


def _show_document(line: ReceiptLine) -> None:
    """Its number, which opens it, and what is said of it."""
    offer_to_open(line.invoice_id, escape_markdown(line.number), key=f"open_{line.transfer_id}")
    st.caption(_describe(line), width="stretch")


def _show_question(desk: Desk, line: ReceiptLine) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        _show_document(line)
        if desk.actor.may(Permission.EXPORT):
            _offer_same(line)
            if line.reason == PROBABLY:
                _offer_other(line)


def _offer_same(line: ReceiptLine) -> None:
    """Asks once more: where it is another document after all, it would never be invoiced."""
    if not st.button(tell("Same document"), key=f"declare_same_{line.invoice_id}"):
        return
    confirm(
        say("Leave it out of all exports?"),
        say(
            "Document {document} is order {order} in 24SevenOffice then, and so24 never sends it. "
            "It can be included again below, or in the invoice overview.",
            document=escape_markdown(line.number),
            order=line.order_id,
        ),
        say("Yes, same document"),
        _decide,
        declare_same,
        line.invoice_id,
        say("Document {document} is excluded from export.", document=line.number),
    )


def _offer_other(line: ReceiptLine) -> None:
    """Asks once more: where it is the same document after all, it would be booked twice."""
    if not st.button(tell("Another document"), key=f"declare_other_{line.invoice_id}"):
        return
    confirm(
        say("Send it all the same?"),
        say(
            "Order {order} in 24SevenOffice has the same customer, date and total as document "
            "{document}. If it is the same document after all, the customer is invoiced twice.",
            order=line.order_id,
            document=escape_markdown(line.number),
        ),
        say("Yes, another document"),
        _decide,
        declare_other,
        line.invoice_id,
        say("Document {document} is sent by a retry.", document=line.number),
    )


def _decide(decide: Decide, invoice_id: int, told: str) -> None:
    with flash.complaining():
        decide(acting_desk(), invoice_id)
        flash.say(told)


def _describe(line: ReceiptLine) -> str:
    words = tell(join_said((line.words, line.note)))
    return escape_markdown(f"{line.customer}: {words}" if words else line.customer)
