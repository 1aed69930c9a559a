"""Texts as people see them, by which two readers are compared."""

from __future__ import annotations

import unicodedata


def as_seen(text: str) -> str:
    """The text without blanks and what nobody sees, in the one form of letters that look alike.

    What a spreadsheet writes to keep a text from being a number is no part of it.
    """
    plain = unicodedata.normalize("NFKC", text)
    seen = (each for each in plain if unicodedata.category(each)[0] not in "CZ")
    return "".join(seen).removeprefix('="').removesuffix('"').lstrip("'")
