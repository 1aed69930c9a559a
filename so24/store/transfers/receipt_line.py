"""A line of a receipt: a transfer beside its document, and the words in which it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from so24.language.said import join_said, said_before, say
from so24.reasons import COMMANDS, WAITING, Reason, ReasonCard
from so24.stated_total import tell_stated_total
from so24.states import FOR_APPROVAL, STATUS_WORDS, TRIED_LATER, WAITS_FOR_KEY, Since, tell_retry
from so24.store.keys.keys import label_company
from so24.store.tables.document_tables import Asks
from so24.store.tables.ground import now
from so24.store.tables.payment_tables import PaymentState
from so24.store.tables.transfer_tables import State

WAITS = frozenset(WAITING.values())  # reasons of what is in transfer until its key is mended


@dataclass(frozen=True)
class ReceiptLine:
    """A transfer beside its document, as it stands on a receipt, with the words that people read.

    Amounts are in ``currency``, ``updated_at`` is aware UTC. ``customer_card`` is the card that the
    document went to or would go to, and by what it was found; empty where no pass came so far.
    ``stated_total`` is the source's own. Order, invoice and total in 24SevenOffice are never those
    of another document, as far as anybody has said that they are.
    ``payment`` is what 24SevenOffice had stated at ``payment_read_at`` (aware UTC).
    ``company_id`` and ``company_name`` are the company of its key, None and empty without a key.
    ``question`` is what is asked of a person now, whatever has become of the document, and ``asks``
    what that is about. ``retry_at`` is when it is tried again by itself (aware UTC), if it is, and
    ``retries`` how often that was begun before. ``since`` is what has become of it since, and
    ``since_words`` how, as far as a receipt has asked.
    """

    transfer_id: int
    invoice_id: int
    run: str
    kind: str
    series: str
    number: str
    department: str
    customer: str
    key: str
    state: State
    reason: Reason
    words: str
    note: str
    order_id: int | None
    office_invoice_id: int | None
    total: Decimal
    office_total: Decimal | None
    currency: str
    changed_after_export: bool
    user: str
    updated_at: dt.datetime
    customer_card: str = ""
    stated_total: Decimal | None = None
    question: str = ""
    asks: Asks = Asks.NOTHING
    customer_number: str = ""
    invoice_date: dt.date | None = None
    kid: str = ""
    retry_at: dt.datetime | None = None
    retries: int = 0
    due_date: dt.date | None = None
    payment: PaymentState = PaymentState.NONE
    paid_on: dt.date | None = None
    payment_read_at: dt.datetime | None = None
    company_id: int | None = None
    company_name: str = ""
    since: Since = Since.NOTHING
    since_words: str = ""

    @property
    def status(self) -> str:
        """The state in words, with its mark; what has become of it since goes before."""
        if self.reason is Reason.WOULD_BE_SENT:
            return say("would be sent")
        if self.reason is Reason.NOT_LOOKED_UP:
            return say("not looked up")
        if self.since:
            return self.since
        if self.waits:
            return WAITS_FOR_KEY
        if self.tried_later:
            return TRIED_LATER
        if self.reason is Reason.WAITS_APPROVAL:
            return FOR_APPROVAL
        return STATUS_WORDS[self.state]

    @property
    def company(self) -> str:
        """The company of its key with its number, as lists name it; empty without a key."""
        if self.company_id is None:
            return ""
        return label_company(self.company_name or self.key, self.company_id)

    @property
    def card(self) -> ReasonCard | None:
        """The card of the reason, where there is one."""
        return self.reason.card if self.reason.card.title else None

    @property
    def waits(self) -> bool:
        """Whether it is in transfer and goes on only after a person has mended its key."""
        return self.state.is_open and self.reason in WAITS

    @property
    def tried_later(self) -> bool:
        """Whether so24 tries it again by itself, so that it needs nobody before."""
        planned = self.state is State.NOT_SENT and self.retry_at is not None
        return planned and not self.since and not self.question

    @property
    def retry_words(self) -> str:
        """When it is tried again by itself, as a sentence; empty where it is not."""
        if self.retry_at is None or not self.tried_later:
            return ""
        return tell_retry(self.retry_at, self.retries, now())

    @property
    def explanation(self) -> str:
        """Cause, remedy and particulars in one line."""
        changed = join_said((self._changed, self._untold_question))
        words, note = said_before(self.words), said_before(self.note)
        if self.card is None:
            return join_said((words or note, self._stated, changed, self.since_words))
        words, note = _end_sentence(words), _end_sentence(note)
        parts = [self.card.sentence, words, note, self._stated, changed]
        if self.since:
            parts.append(self.since_words)
        elif self.tried_later:
            parts.append(self.retry_words)
        elif self.waits or not self.state.is_live:
            parts.append(say("{remedy} ({who})", remedy=self.card.remedy, who=self.card.who))
        return join_said(parts)

    @property
    def command(self) -> str:
        """The command that settles what keeps it, where a screen has a field or a page for that."""
        return "" if self.state.is_open else COMMANDS.get(self.reason, "")

    @property
    def may_retry(self) -> bool:
        """Whether *Retry* makes sense for this document."""
        if self.since:
            return self.since is Since.MENDED
        return not self.state.is_live and self.reason.card.retry

    @property
    def is_problem(self) -> bool:
        """Whether it has not come to a good end, and nothing has become of it since."""
        if self.tried_later:
            return False
        return self.waits or (not self.state.is_live and not self.since)

    @property
    def _stated(self) -> str:
        """That the source's total is another than the ledger's, or than ours as long as it is."""
        if self.reason is Reason.TOTALS_DISAGREE:
            return ""
        total = self.total if self.office_total is None else self.office_total
        return tell_stated_total(self.stated_total, total, self.currency)

    @property
    def _untold_question(self) -> str:
        """The question, unless the words have it already."""
        return self.question if self.question and self.question not in self.words else ""

    @property
    def _changed(self) -> str:
        """That the document is another one in RecMan now, unless its card says so already."""
        if not self.changed_after_export or self.reason is Reason.CHANGED_AFTER_EXPORT:
            return ""
        return Reason.CHANGED_AFTER_EXPORT.card.sentence


def _end_sentence(text: str) -> str:
    ended = not text or text.endswith((".", "!", "?", "…", ":", ";"))
    return text if ended else say("{sentence}.", sentence=text)
