"""Letters as Norwegians read them: which names are the same, and which comes first in a list.

The database is never asked about letters: what SQLite and PostgreSQL know of Æ, Ø, Å and É differs,
with PostgreSQL even from server to server. Whatever is searched for by its letters has a column
that holds it folded (``folded_column`` of the store's tables), and lists are put in order here.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# as in a telephone directory: Ä and Æ, Ö and Ø are one letter, Å is the last one, Ü is a Y
_PLACES = str.maketrans(
    {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y", "ð": "d", "đ": "d", "ł": "l"}
)


def fold(text: str) -> str:
    """The text in the one form in which texts that read alike are equal.

    Whatever the case, however an Å is put together, with tidy blanks and without characters that
    nobody sees. É stays another letter than E, and Ø another one than O.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return " ".join(text.lower().split())


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
