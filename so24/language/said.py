"""A text as it is said: English, with the template and the values that it was made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Self

from so24.amounts import format_count

COUNTED = "number"  # the placeholder of what a plural form counts
_TAIL = "\x1f"  # between a stored text and what it was made of; no text for people holds it


class SaidText(str):
    """A text for people: in itself English, and told in any language by what it was made of.

    Equal to, and hashed as, its English words. ``template`` is the catalogue's key, ``values`` fill
    its places and may be texts of this kind themselves; ``many`` is the template of the plural and
    ``counted`` what decides between both; ``context`` parts words that are alike only in English.
    """

    __slots__ = ("context", "counted", "many", "template", "values")
    template: str
    values: Mapping[str, str]
    many: str
    counted: int
    context: str

    def __new__(
        cls,
        template: str,
        values: Mapping[str, str],
        many: str = "",
        counted: int = 1,
        context: str = "",
    ) -> Self:
        """The text that the template gives with these values."""
        chosen = template if counted == 1 or not many else many
        said = super().__new__(cls, chosen.format_map(values) if values else chosen)
        said.template, said.values, said.many = template, values, many
        said.counted, said.context = counted, context
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        """Copied and pickled with what it was made of."""
        return type(self), (self.template, self.values, self.many, self.counted, self.context)


def say(template: str, /, **values: object) -> str:
    """A text for people, ``{name}`` replaced by the value of that name.

    The template is written out where this is called, as a whole sentence or label: it is what the
    catalogue is made of (``python -m tests.make_catalogue``). A value is a text of this kind, which
    is told in the reader's language as well, or what is the same in each: a number, a name, an
    amount, a date as :mod:`so24.amounts` and :mod:`so24.dates` write them. Without values, braces
    stand for themselves.
    """
    return SaidText(template, _as_texts(values)) if values else _say_bare(template)


@cache  # templates are written in the code: there are so many, and no more
def _say_bare(template: str) -> SaidText:
    return SaidText(template, {})


def say_count(one: str, many: str, number: int, /, **values: object) -> str:
    """A text about so many things: ``one`` for exactly one, else ``many``; both in full.

    ``{number}`` is the number as people read it, ``12 345``.
    """
    counted = {COUNTED: format_count(number), **values}
    return SaidText(one, _as_texts(counted), many, number)


def say_as(context: str, template: str, /, **values: object) -> str:
    """As :func:`say`, of words that are alike in English and not elsewhere: ``context`` tells."""
    return SaidText(template, _as_texts(values), context=context)


def join_said(texts: Iterable[str], by: str = " ") -> str:
    """Texts one after the other, each told by itself; empty ones are left out.

    ``by`` stands between them, and is the same in every language.
    """
    kept = [each for each in texts if each]
    template, places = _places(len(kept), by)
    return SaidText(template, dict(zip(places, kept, strict=True)))


def change_part(text: str, part: str, into: str) -> str:
    """A text of :func:`join_said` with ``into`` where ``part`` was one of those that it joins.

    Where ``into`` is empty, the others are left. A text that was stored in bare words is changed
    by its words.
    """
    parts: list[str] = []
    if isinstance(text, SaidText) and text.template == _places(len(text.values), " ")[0]:
        parts = list(text.values.values())
    if part not in parts:
        return " ".join(str(text).replace(part, into).split())
    return join_said([into if each == part else each for each in parts])


@lru_cache(maxsize=1_000)
def _places(count: int, by: str) -> tuple[str, tuple[str, ...]]:
    """The template of so many texts one after the other, and the names of its places."""
    between = by.replace("{", "{{").replace("}", "}}")
    names = tuple(f"p{place}" for place in range(count))
    return between.join(f"{{{name}}}" for name in names), names


def said_before(text: str) -> str:
    """A text that came back from the store as its bare words: to be looked up by these.

    That is how one is kept that was said without values. Data is never given to this.
    """
    return text if isinstance(text, SaidText) else SaidText(text, {})


def change_values(text: str, change: Callable[[str], str]) -> str:
    """The text as ``change`` makes it, with what it was made of where only its values change."""
    changed = change(str(text))
    if not isinstance(text, SaidText) or changed == text:
        return text if changed == text else changed
    values = {name: change_values(value, change) for name, value in text.values.items()}
    said = SaidText(text.template, values, text.many, text.counted, text.context)
    return said if said == changed else changed


def cut_said(text: str, longest: int) -> str:
    """The text, or as much of its English words as fits, without what they were made of."""
    return text if len(text) <= longest else text[:longest]


def pack(text: str, *, wholly: bool = False) -> str:
    """The text as it is stored: its English words, and behind them what it was made of.

    Of a text without values the words are enough, unless it is to be a value of another one when it
    comes back: ``wholly`` is for that.
    """
    if not isinstance(text, SaidText):
        return text
    if not (text.values or text.context or wholly):
        return str(text)
    return f"{text}{_TAIL}{json.dumps(_parts(text), ensure_ascii=False, separators=(',', ':'))}"


def unpack(stored: str) -> str:
    """The text that was stored.

    What it is said to be made of counts only where that gives the very words: those are what the
    history's seals cover, and another release may have had other templates.
    """
    words, tail, made_of = stored.partition(_TAIL)
    if not tail:
        return stored
    try:
        said = _from_parts(json.loads(made_of))
    except (ValueError, LookupError, TypeError, AttributeError):
        return words
    return said if said == words else words


def _as_texts(values: Mapping[str, object]) -> dict[str, str]:
    return {
        name: value if isinstance(value, SaidText) else str(value) for name, value in values.items()
    }


def _parts(text: SaidText) -> list[Any]:
    values = {
        name: _parts(value) if isinstance(value, SaidText) else value
        for name, value in text.values.items()
    }
    return [text.template, values, text.many, text.counted, text.context]


def _from_parts(parts: list[Any]) -> SaidText:
    template, values, many, counted, context = parts
    texts = {
        name: _from_parts(value) if isinstance(value, list) else str(value)
        for name, value in values.items()
    }
    return SaidText(template, texts, many, counted, context)
