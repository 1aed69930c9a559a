"""Things one after the other in a sentence, with the last word between them: *and*, *or*."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from so24.language.said import say


def list_with_and(texts: Iterable[str]) -> str:
    """``one and two and three``; the text itself where there is one only, empty for none."""
    return _list(texts, lambda those, this: say("{those} and {this}", those=those, this=this))


def list_with_or(texts: Iterable[str]) -> str:
    """``one or two or three``; the text itself where there is one only, empty for none."""
    return _list(texts, lambda those, this: say("{those} or {this}", those=those, this=this))


def _list(texts: Iterable[str], put_behind: Callable[[str, str], str]) -> str:
    first, *others = [*texts] or [""]
    return reduce(put_behind, others, first)
