"""RecMan's answers as rows: the envelope, both its forms, and the errors that come as HTTP 200.

The members of a row become texts, amounts and dates; never by a guess. RecMan writes numbers mostly
as texts, always with a point, dates as ``2026-11-22`` and missing values as null, an empty text,
``0`` (of an id) or ``0000-00-00``. What reads a member raises
:class:`so24.sources.sheets.cells.cell.BadCell` with a reason that completes "this member …".
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from so24.calls.bounded import WebAnswer
from so24.errors import BudgetSpent, RecManError, RecManRefused
from so24.language.said import join_said, say
from so24.sources.sheets.cells import dates, numbers, texts
from so24.sources.sheets.cells.cell import EMPTY, BadCell

_LARGEST_POWER = 40
_LONGEST_WORDS = 300
_LIMIT = re.compile(
    r"\b(rate|daily|calls?|requests?)\b.*\b(limit|quota|exceeded)|too many|\bquota\b"
)
_NOT_JSON = say(
    "RecMan's answer (HTTP status {status}) is not what its API gives. Try again later."
)
Value: TypeAlias = "str | Decimal | bool | Sequence[Value] | Mapping[str, Value] | None"
Members: TypeAlias = Mapping[str, Value]
_NUMBER = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,24})?")
_NO_DATE = re.compile(r"0000-00-00( 00:00:00)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+)?")
_NO_ID = frozenset({"", "0"})
_YES, _NO = frozenset({"1", "true", "yes"}), frozenset({"", "0", "false", "no"})
_CREDIT = re.compile(r"credit|kredit")
_INVOICE = re.compile(r"invoice|faktura")


@dataclass(frozen=True)
class RecManRow:
    """One object of a scope, with its id as text."""

    id: str
    members: Members


def read_envelope(scope: str, answer: WebAnswer) -> list[RecManRow]:
    """The rows of an answer, in its order.

    Raises :class:`RecManRefused` or :class:`BudgetSpent` with RecMan's own words, and
    :class:`RecManError` for what is no answer of this API.
    """
    content = _parse(answer.body)
    if not isinstance(content, Mapping):
        raise RecManError(say(_NOT_JSON, status=answer.status))
    words = _read_words(content)
    if answer.status == 429 or (words and _LIMIT.search(words.casefold())):
        spent = say("RecMan takes no more calls for now; try tomorrow.")
        said = say("RecMan says: {words}", words=words) if words else ""
        raise BudgetSpent(join_said([spent, said]))
    if words or content.get("success") in (False, "false", "0"):
        reason = words or say("it gives no reason.")
        raise RecManRefused(
            say("RecMan refuses the scope “{scope}”: {reason}", scope=scope, reason=reason)
        )
    if answer.status != 200 or content.get("success") not in (True, "true", "1", Decimal(1)):
        raise RecManError(say(_NOT_JSON, status=answer.status))
    if "data" not in content:
        raise RecManError(say("RecMan's answer about “{scope}” holds no data.", scope=scope))
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
        raise RecManError(say("RecMan's answer about “{scope}” holds no rows.", scope=scope))
    return [_read_row(scope, key, value) for key, value in pairs]


def _read_row(scope: str, key: str, value: Value) -> RecManRow:
    """The row's own id goes before the key, which may be a mere position."""
    if not isinstance(value, Mapping):
        words = say("RecMan's answer about “{scope}” holds something that is no row.", scope=scope)
        raise RecManError(words)
    try:
        own = read_id(value.get(f"{scope}Id")) or read_id(value.get("id"))
    except BadCell:
        own = ""
    if not (own or key):
        words = say("RecMan's answer about “{scope}” holds a row without an id.", scope=scope)
        raise RecManError(words)
    return RecManRow(own or key, value)


def find_member(members: Members, path: str) -> Value:
    """The value at a path such as ``address.city``; None where there is none."""
    value: Value = members
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def read_text(value: Value) -> str:
    """The value as one line of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        raise BadCell(say("is yes or no, not a text"))
    if not isinstance(value, str | Decimal):
        raise BadCell(say("holds several values, not one"))
    if isinstance(value, str) and any(map(_is_no_text, value)):
        raise BadCell(say("holds characters that are no text"))
    return texts.read_text(value)


def _is_no_text(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} and not letter.isspace()


def read_identifying(value: Value) -> str:
    """The value as what names something, in canonical form (:mod:`so24.identifiers`)."""
    return texts.read_identifying(read_text(value))


def read_id(value: Value) -> str:
    """An id as text, empty where RecMan means none."""
    text = read_text(value)
    return "" if text in _NO_ID else text


def read_number(value: Value, *, decimals: int) -> Decimal:
    """An exact number with ``decimals`` decimals; more decimals are refused, never rounded."""
    text = read_text(value)
    if not text:
        raise BadCell(EMPTY)
    if not _NUMBER.fullmatch(text):
        raise BadCell(say("must be a number such as 1234.50, not “{text}”", text=text[:20]))
    return numbers.read_decimal(Decimal(text), decimals=decimals)


def read_rate(value: Value) -> Decimal:
    """A percentage from 0 to 100; a fraction such as 0.25 is refused."""
    return numbers.read_rate(read_number(value, decimals=6))


def read_date(value: Value) -> dt.date | None:
    """The date of a date or a timestamp, as it is written; None where RecMan means none."""
    text = read_text(value)
    if not text or _NO_DATE.fullmatch(text):
        return None
    if not _DATE.fullmatch(text):
        raise BadCell(say("must be a date such as 2026-11-22, not “{text}”", text=text[:20]))
    return dates.read_date(text)


def read_day(value: Value) -> dt.date:
    """As :func:`read_date`, of a date that must be there."""
    day = read_date(value)
    if day is None:
        raise BadCell(EMPTY)
    return day


def read_name(value: Value) -> str:
    """As :func:`read_text`, of a text that must be there."""
    text = read_text(value)
    if not text:
        raise BadCell(EMPTY)
    return text


def flags_credit_note(value: Value) -> bool | None:
    """Whether a flag that is called after credit notes is set; None where it says nothing."""
    if value is None or isinstance(value, bool):
        return value
    word = read_text(value).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    return calls_credit_note(value)


def calls_credit_note(value: Value) -> bool | None:
    """Whether a word means a credit note; None where there is none.

    A number or a yes is refused: of a member such as ``type`` it may mean either.
    """
    if value is None:
        return None
    word = "" if isinstance(value, bool) else read_text(value).casefold()
    credit, invoice = _CREDIT.search(word) is not None, _INVOICE.search(word) is not None
    if credit or invoice:
        return credit  # “credit invoice” is one
    raise BadCell(say("says neither invoice nor credit note: “{word}”", word=word[:20]))


def read_parts(value: Value) -> list[Members]:
    """The objects of a list, or of an object that is keyed by their ids."""
    if value is None or value == "":
        return []
    if isinstance(value, Mapping):
        parts = list(value.values())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        parts = list(value)
    else:
        raise BadCell(say("is no list"))
    found = [part for part in parts if isinstance(part, Mapping)]
    if len(found) != len(parts):
        raise BadCell(say("holds something that is no line"))
    return found
