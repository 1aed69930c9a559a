"""The questions about documents with their answers: what each does, and what it has done, in words.

What a button says is what it does: "the same document" alone leaves one document out of exports and
lets another one be sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from so24.language.said import join_said, say, say_count
from so24.store.tables.document_tables import Asks

_NAMED = 5


@dataclass(frozen=True)
class AnswerEffect:
    """An answer as its button says it, with its effect; and what it has done, of one or several."""

    label: str
    one: str
    many: str

    def tell_done(self, documents: Sequence[str]) -> str:
        """What has become of these documents, by their numbers."""
        named = join_said(documents[:_NAMED], ", ")
        if more := len(documents) - len(documents[:_NAMED]):
            named = say("{documents} and {count} more", documents=named, count=more)
        return say_count(self.one, self.many, len(documents), documents=named)


@dataclass(frozen=True)
class Question:
    """What is asked about documents, and both answers."""

    words: str
    same: AnswerEffect
    another: AnswerEffect

    def answer(self, *, same: bool) -> AnswerEffect:
        """The one that says that it is the same, or the other one."""
        return self.same if same else self.another


QUESTIONS = {
    Asks.DOCUMENT: Question(
        say("Is it a document that is here already?"),
        AnswerEffect(
            say("Same document – leave it out"),
            say(
                "{documents} is left out of exports: it is the same document as the one that is "
                "here. “Include again” takes it in, and asks anew."
            ),
            say(
                "{documents} are left out of exports: they are the same documents as those that "
                "are here. “Include again” takes them in, and asks anew."
            ),
        ),
        AnswerEffect(
            say("Another document – release it"),
            say("{documents} is released: it is another document, and may be sent."),
            say("{documents} are released: they are other documents, and may be sent."),
        ),
    ),
    Asks.DATE: Question(
        say("Is what came with another date the same document?"),
        AnswerEffect(
            say("Same document – release it with the date that is here"),
            say(
                "{documents} is released with the date that is here, and may be sent. If the other "
                "date is right, import its file again before that."
            ),
            say(
                "{documents} are released with the dates that are here, and may be sent. If the "
                "other dates are right, import their file again before that."
            ),
        ),
        AnswerEffect(
            say("Another document – release the one that is here"),
            say(
                "{documents} is released as it is here, and may be sent. What came with the other "
                "date stays out: it needs a number of its own."
            ),
            say(
                "{documents} are released as they are here, and may be sent. What came with "
                "another date stays out: it needs numbers of its own."
            ),
        ),
    ),
    Asks.FIRM: Question(
        say("Is its buyer the same firm as the customer?"),
        AnswerEffect(
            say("Same firm – release it"),
            say(
                "{documents} is released: its buyer and the customer are one firm. “Take the "
                "answer back” in the document asks anew."
            ),
            say(
                "{documents} are released: their buyers and the customers are one firm each. “Take "
                "the answer back” in the document asks anew."
            ),
        ),
        AnswerEffect(
            say("Another firm's – leave it out"),
            say(
                "{documents} is left out of exports: it is another firm's. “Include again” takes "
                "it in, and asks anew."
            ),
            say(
                "{documents} are left out of exports: they are other firms'. “Include again” takes "
                "them in, and asks anew."
            ),
        ),
    ),
}
