"""Whose language is told now: of the user whose page it is, of the terminal, of a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

ENGLISH = "en"
BOKMAL = "nb"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", BOKMAL: "Norsk (bokmål)"}
SETTING = "SO24_LANGUAGE"
_NORWEGIAN = ("nb", "no", "nn")

_reader: ContextVar[str] = ContextVar("reader", default="")
_who_knows: list[Callable[[], str]] = []


def language() -> str:
    """The language that texts are told in here and now; English where nobody has said."""
    return _reader.get() or (_who_knows[-1]() if _who_knows else ENGLISH)


def ask_where_nobody_said(find: Callable[[], str]) -> None:
    """Have ``find`` tell the language in a thread where nobody has said it (:func:`speak`)."""
    _who_knows[:] = [find]


def speak(wanted: str) -> None:
    """Tell texts in this language from here on, in this thread; an unknown one is English."""
    _reader.set(wanted if wanted in LANGUAGES else ENGLISH)


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Tell texts in this language meanwhile."""
    before = _reader.get()
    speak(wanted)
    try:
        yield
    finally:
        _reader.set(before)


def choose_language(accepted: str) -> str:
    """The first language of a browser's ``Accept-Language`` that so24 speaks, else English.

    Norwegian of any kind is told in bokmål.
    """
    weighed = sorted(map(_weigh, accepted.split(",")), key=lambda each: -each[1])
    for name, weight in weighed:
        if weight > 0 and name in _NORWEGIAN:
            return BOKMAL
        if weight > 0 and name == ENGLISH:
            return ENGLISH
    return ENGLISH


def _weigh(accepted: str) -> tuple[str, float]:
    name, _, rest = accepted.strip().partition(";")
    short = name.strip().partition("-")[0].lower()
    quality = rest.strip().removeprefix("q=")
    try:
        return short, float(quality) if quality else 1.0
    except ValueError:
        return short, 0.0
