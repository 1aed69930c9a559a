"""Letters as Norwegians read them: which names are the same, and which comes first in a list.

And which characters are none to show: text of others must do nothing to a terminal, a log line or a
spreadsheet that shows it.

The database is never asked about letters: what SQLite and PostgreSQL know of Æ, Ø, Å and É differs,
with PostgreSQL even from server to server. Whatever is searched for by its letters has a column
that holds it folded (``folded_column`` of the store's tables), and lists are put in order here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# as in a telephone directory: Ä and Æ, Ö and Ø are one letter, Å is the last one, Ü is a Y
_BARRED = str.maketrans({"ð": "d", "đ": "d", "ł": "l"})  # letters whose stroke is no accent
_PLACES = _BARRED | str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})

# C0 but tab and line break, C1, line and paragraph separators, bidirectional marks and overrides
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_FORMULA = ("=", "+", "-", "@")
_LEADING_CONTROL = ("\t", "\r", "\n")


def fold(text: str) -> str:
    """The text in the one form in which texts that read alike are equal.

    Whatever the case, however an Å is put together, with tidy blanks and without characters that
    nobody sees. É stays another letter than E, and Ø another one than O.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return " ".join(text.lower().split())


def fold_for_search(text: str) -> str:
    """The folded text by which it is found: without accents, for few people type them.

    *Cafe* finds *Café*, *Malmo* finds *Malmö* and *Lukasz* finds *Łukasz*. Æ, Ø and Å are letters
    of their own, and stay. What is searched for is folded in the same way.
    """
    folded = fold(text)
    if folded.isascii():
        return folded
    bare = (each if each == "å" else _without_accents(each) for each in folded)
    return " ".join(unicodedata.normalize("NFC", "".join(bare)).split())


def _without_accents(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter.translate(_BARRED))
    return "".join(each for each in parts if not unicodedata.combining(each))


@lru_cache(10_000)
def norwegian_order(text: str) -> tuple[str, str, str]:
    """The key by which a list of texts is sorted: a to z, then æ, ø and å, whatever the case.

    Accents only decide between texts that are equal without them; *aa* is two letters.
    """
    folded = fold(text)
    placed = folded.translate(_PLACES)
    bare = (
        each for each in unicodedata.normalize("NFD", placed) if not unicodedata.combining(each)
    )
    return "".join(bare), folded, text


def show_plainly(text: str, form: str = "\\u{:04x}") -> str:
    """The text with what a terminal would obey written out in this form; tabs and lines stay.

    The usual form leaves JSON valid, ``&#x{:x};`` XML.
    """
    return _OBEYED.sub(lambda found: form.format(ord(found[0])), text)


def show_in_a_line(text: str) -> str:
    """The text plainly and in one line: none of it passes for a line of its own in a log."""
    return " ".join(show_plainly(text).split())


def hide_secrets(text: str, secrets: tuple[str, ...]) -> str:
    """The text with each of these blackened, the longest first; empty ones are none."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "•••")
    return text


def as_spreadsheet_text(text: str) -> str:
    """The text as a spreadsheet shows it and does not reckon it: a formula gets an apostrophe.

    Also where blanks or full-width signs stand for its first one, which some programs read alike
    (OWASP, *CSV Injection*).
    """
    shown = show_plainly(text.replace("\r\n", "\n"))
    first = unicodedata.normalize("NFKC", text.lstrip("\ufeff\u200b \u00a0\t\r\n"))[:1]
    risky = first in _FORMULA if first else False
    return f"'{shown}" if risky or text.startswith(_LEADING_CONTROL) else shown
