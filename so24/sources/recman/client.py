"""RecMan as scopes with rows: every call is counted first, pages are read to the end.

RecMan allows 200 calls a day. They are counted in the store, and so24 stops short of that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from so24.calls.bounded import CallLimits
from so24.dates import OSLO, format_date
from so24.errors import BudgetSpent, RecManError
from so24.installation import Installation
from so24.language.said import change_values, join_said, say
from so24.sources.recman.answers import RecManRow, Value, read_envelope
from so24.sources.recman.transport import get, redact
from so24.store.keys.keys import calls_on, take_call
from so24.store.tables.ground import now

MOST_PAGES = 60


@dataclass(frozen=True)
class RecManAccess:
    """Where RecMan is and the key that opens it; never shown, so that the key is not."""

    address: str
    key: str

    def __repr__(self) -> str:
        return f"RecManAccess({self.address!r})"


class RecManClient:
    """Reads scopes of one account."""

    def __init__(
        self, account: RecManAccess, limits: CallLimits, count: Callable[[], None]
    ) -> None:
        """``count`` is called before each call, and raises where no more may be made.

        ``answers`` are the bodies of all answers that were rows, as they came, by names that
        tell scope and page.
        """
        self.answers: list[tuple[str, bytes]] = []
        self._account = account
        self._limits = limits
        self._count = count
        self.calls = 0

    def read_page(self, scope: str, page: int = 1, fields: Sequence[str] = ()) -> list[RecManRow]:
        """One page of a scope; without ``fields`` with the members that RecMan gives by itself.

        Raises :class:`RecManError` with a sentence that does not hold the key.
        """
        asked = {"key": self._account.key, "scope": scope, "page": str(page)}
        if fields:
            asked["fields"] = ",".join(fields)
        self._count()
        self.calls += 1
        try:
            answer = get(self._account.address, asked, self._limits)
            rows = read_envelope(scope, answer)
            self._refuse_key(scope, rows)
        except RecManError as error:
            kind = type(error)
            words = change_values(error.words, lambda text: redact(text, self._account.key))
        else:
            self.answers.append((f"{scope}, page {page}.json", answer.body))
            return rows
        raise kind(words)

    def _refuse_key(self, scope: str, rows: Sequence[RecManRow]) -> None:
        """What holds the key would carry it into reports, documents and the kept answers."""
        texts = "\n".join(text for row in rows for text in _texts_of(row))
        if redact(texts, self._account.key) != texts:
            raise RecManError(
                say(
                    "RecMan's answer about “{scope}” holds the key that opens it. Nothing was "
                    "imported. Make a new key in RecMan, and tell RecMan's support.",
                    scope=scope,
                )
            )

    def read_all(self, scope: str, fields: Sequence[str] = ()) -> list[RecManRow]:
        """All rows of a scope: pages until one brings no new id, whatever it says of their number.

        Raises :class:`RecManError` where pages contradict each other or do not end.
        """
        found: dict[str, RecManRow] = {}
        for page in range(1, MOST_PAGES + 1):
            rows = self.read_page(scope, page, fields)
            fresh = {row.id: row for row in rows}
            if len(fresh) != len(rows):
                raise RecManError(
                    say(
                        "RecMan's page {page} of “{scope}” has an id twice.", page=page, scope=scope
                    )
                )
            if fresh.keys() <= found.keys():
                self._compare(scope, page, found, fresh)
                return list(found.values())
            found.update(fresh)  # a row that moved between two pages is newer on the later one
        raise RecManError(
            say(
                "RecMan's “{scope}” has more than {most} pages, which so24 does not read. Nothing "
                "was imported.",
                scope=scope,
                most=MOST_PAGES,
            )
        )

    @staticmethod
    def _compare(
        scope: str, page: int, found: dict[str, RecManRow], fresh: dict[str, RecManRow]
    ) -> None:
        """A page that repeats ids with other rows would cut off what it holds."""
        if fresh and all(found[each] != row for each, row in fresh.items()):
            raise RecManError(
                say(
                    "RecMan's page {page} of “{scope}” repeats the ids of an earlier page with "
                    "other contents; so24 cannot tell its rows apart. Nothing was imported.",
                    page=page,
                    scope=scope,
                )
            )


def _texts_of(row: RecManRow) -> Iterator[str]:
    yield row.id
    waiting: list[Value] = [row.members]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from value
            waiting += value.values()
        elif isinstance(value, Sequence):
            waiting += value


ALLOWED = 200
MOST_CALLS = 180  # the rest is for others who use the key


@dataclass(frozen=True)
class CallBudget:
    """The calls of one day: how many were made, and how many so24 makes at most."""

    day: dt.date
    used: int
    most: int = MOST_CALLS

    @property
    def left(self) -> int:
        """How many may still be made."""
        return max(self.most - self.used, 0)

    @property
    def renewal(self) -> str:
        """When the count begins anew, as a sentence."""
        tomorrow = format_date(self.day + dt.timedelta(days=1))
        return say("The count begins anew at midnight: {day} 00:00, time of Oslo.", day=tomorrow)


def read_budget(installation: Installation) -> CallBudget:
    """The calls of today; makes none."""
    day = _today()
    with installation.db.reading() as session:
        return CallBudget(day, calls_on(session, day))


def count_call(installation: Installation) -> None:
    """Count a call that is about to be made; raises :class:`BudgetSpent` where none is left."""
    day = _today()
    with installation.db.lane_writing() as session:
        counted = take_call(session, day, most=MOST_CALLS)
    if not counted:
        spent = CallBudget(day, MOST_CALLS)
        words = say(
            "Today's {most} calls to RecMan are used up (RecMan allows {allowed} a day, and so24 "
            "leaves some to others).",
            most=MOST_CALLS,
            allowed=ALLOWED,
        )
        raise BudgetSpent(join_said([words, spent.renewal]))


def _today() -> dt.date:
    return now().astimezone(OSLO).date()
