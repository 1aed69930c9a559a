"""RecMan's answers as rows: the envelope, both its forms, and the errors that come as HTTP 200."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.errors import BudgetSpent, RecManError, RecManRefused
from so24.sources.recman.transport import RecManAnswer
from so24.sources.recman.values import Members, Value, read_id
from so24.sources.sheets.numbers import BadCell

_LARGEST_POWER = 40
_LONGEST_WORDS = 300
_LIMIT = re.compile(
    r"\b(rate|daily|calls?|requests?)\b.*\b(limit|quota|exceeded)|too many|\bquota\b"
)
_NOT_JSON = "RecMan's answer (HTTP status {status}) is not what its API gives. Try again later."


@dataclass(frozen=True)
class RecManRow:
    """One object of a scope, with its id as text."""

    id: str
    members: Members


def read_envelope(scope: str, answer: RecManAnswer) -> list[RecManRow]:
    """The rows of an answer, in its order.

    Raises :class:`RecManRefused` or :class:`BudgetSpent` with RecMan's own words, and
    :class:`RecManError` for what is no answer of this API.
    """
    content = _parse(answer.body)
    if not isinstance(content, Mapping):
        raise RecManError(_NOT_JSON.format(status=answer.status))
    words = _read_words(content)
    if answer.status == 429 or (words and _LIMIT.search(words.casefold())):
        said = f" RecMan says: {words}" if words else ""
        raise BudgetSpent(f"RecMan takes no more calls for now; try tomorrow.{said}")
    if words or content.get("success") in (False, "false", "0"):
        raise RecManRefused(f"RecMan refuses the scope “{scope}”: {words or 'it gives no reason.'}")
    if answer.status != 200 or content.get("success") not in (True, "true", "1", Decimal(1)):
        raise RecManError(_NOT_JSON.format(status=answer.status))
    if "data" not in content:
        raise RecManError(f"RecMan's answer about “{scope}” holds no data.")
    return _read_rows(scope, content["data"])


def _parse(body: bytes) -> Value:
    """The body as JSON, numbers as :class:`Decimal`; a text where it is none.

    An error of the parser carries the whole body, so none is raised.
    """
    try:
        content: Value = json.loads(
            body.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_refuse,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError):
        return ""
    return content


def _number(text: str) -> Decimal:
    if len(text) > 2 * _LARGEST_POWER:
        raise ValueError
    number = Decimal(text)
    if abs(number.adjusted()) > _LARGEST_POWER:
        raise ValueError
    return number


def _refuse(_text: str) -> None:
    raise ValueError


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    """A name that stands twice would silently lose what stood there first."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _read_words(content: Members) -> str:
    """What RecMan says went wrong, in any of its forms; empty where it says nothing."""
    given = content.get("error") or content.get("errors") or ()
    errors = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    words = [each.get("message") if isinstance(each, Mapping) else each for each in errors]
    text = "; ".join(" ".join(str(each).split()) for each in words if each)
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable[:_LONGEST_WORDS]


def _read_rows(scope: str, data: Value) -> list[RecManRow]:
    if not data:
        return []
    if isinstance(data, Mapping):
        pairs: list[tuple[str, Value]] = list(data.items())
    elif isinstance(data, Sequence) and not isinstance(data, str):
        pairs = [("", each) for each in data]
    else:
        raise RecManError(f"RecMan's answer about “{scope}” holds no rows.")
    return [_read_row(scope, key, value) for key, value in pairs]


def _read_row(scope: str, key: str, value: Value) -> RecManRow:
    """The row's own id goes before the key, which may be a mere position."""
    if not isinstance(value, Mapping):
        raise RecManError(f"RecMan's answer about “{scope}” holds something that is no row.")
    try:
        own = read_id(value.get(f"{scope}Id")) or read_id(value.get("id"))
    except BadCell:
        own = ""
    if not (own or key):
        raise RecManError(f"RecMan's answer about “{scope}” holds a row without an id.")
    return RecManRow(own or key, value)
