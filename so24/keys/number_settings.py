"""By whose numbers a key's documents are booked: 24SevenOffice's own, or the very ones of RecMan.

RecMan's numbers hold only where 24SevenOffice's series is set to them and nothing else uses it: not
another key of the company, and no invoice by hand.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from so24.errors import WrongUse
from so24.keys.change import KeyAccount, Setting
from so24.language.said import join_said, say
from so24.store.tables.key_tables import Key, KeyMode, KeyState, Numbers
from so24.store.transfers.numbers import expected_number, last_booked, newest_transfer

LARGEST_NUMBER = 2**31 - 1  # the service's own numbers are 32 bits wide


def require_sound_numbers(key: Key) -> None:
    """Raise :class:`WrongUse` where RecMan's numbers cannot be held by the key as it is set."""
    if key.numbers is not Numbers.SAME:
        return
    if key.mode is KeyMode.APPROVAL:
        raise WrongUse(
            say(
                "Same numbers need orders that so24 invoices at once: what waits for approval gets "
                "its number from whoever approves it. Choose to invoice at once, or Own numbers."
            )
        )
    if key.next_number is None:
        raise WrongUse(
            say(
                "Same numbers need the next number: the one that the invoice series in "
                "24SevenOffice is set to, which is RecMan's next one."
            )
        )


def tell_sharing(key: Key, keys: Iterable[Key]) -> str:
    """What other usable keys of its company mean for a key with RecMan's numbers, as sentences."""
    if key.numbers is not Numbers.SAME:
        return ""
    others = [
        each
        for each in keys
        if each.client_id == key.client_id and each.id != key.id and each.state is KeyState.USABLE
    ]
    return join_said([_tell_other(key, each) for each in others])


def tell_other_series(session: Session, key: Key) -> str:
    """That another number follows on so24's last invoice of the company than the key expects.

    Empty where it follows, and where nothing was booked there by so24.
    """
    expected = expected_number(session, key) if key.numbers is Numbers.SAME else None
    last = last_booked(session, key.client_id) if expected else None
    if expected is None or last is None or expected.number == last + 1:
        return ""
    return say(
        "Key “{key}” expects invoice {expected} next, but the last one that so24 has booked in "
        "this company is {last}: unless its invoice series in 24SevenOffice was set to {expected} "
        "since then, the next document is booked under another number than RecMan's. Make sure "
        "of the series before anything is sent.",
        key=key.name,
        expected=expected.number,
        last=last,
    )


def _tell_other(key: Key, other: Key) -> str:
    if other.numbers is Numbers.SAME:
        return say(
            "Keys “{key}” and “{other}” take the same numbers in one company, which has one "
            "series: the documents of both must make one sequence in RecMan.",
            key=key.name,
            other=other.name,
        )
    return say(
        "Key “{other}” invoices in the same company by own numbers: each of its documents takes a "
        "number that key “{key}” then misses.",
        key=key.name,
        other=other.name,
    )


def _read_next(session: Session, key: Key) -> str:
    expected = expected_number(session, key)
    return str(expected.number) if expected else ""


def _check_next(typed: str, account: KeyAccount) -> int | None:
    text = typed.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= LARGEST_NUMBER:
        raise WrongUse(
            say("“{number}” is no invoice number; it is a number such as 1001.", number=text[:20])
        )
    return int(text)


def _keep_numbers(session: Session, key: Key, numbers: Numbers) -> str:
    key.numbers = numbers
    return say(numbers.value)


def _keep_next(session: Session, key: Key, number: int | None) -> str:
    key.next_number = number
    key.numbered_after = newest_transfer(session, key.client_id)
    return str(number) if number is not None else say("none")


NUMBERS: Setting[Numbers, Numbers] = Setting(
    "numbers", say("Numbers"), say("key numbers set"), idle=True, tab=say("Booking"),
    read=lambda session, key: key.numbers, check=lambda numbers, account: numbers,
    apply=_keep_numbers, afterwards=require_sound_numbers,
    help=say("Own numbers: 24SevenOffice numbers, and RecMan's number travels as the reference. "
             "Same numbers: documents are invoiced one after the other in the order of RecMan's "
             "numbers, invoices and credit notes alike, and only while 24SevenOffice gives each "
             "its own number; at the first that does not fit, the rest stays. For that the invoice "
             "series there must be set to RecMan's next number, and be used by nothing else."),
)  # fmt: skip
NEXT_NUMBER: Setting[str, int | None] = Setting(
    "next_number", say("Next number in 24SevenOffice"), say("key next number set"), idle=True,
    tab=say("Booking"),
    read=_read_next, check=_check_next, apply=_keep_next, afterwards=require_sound_numbers,
    help=say("What the invoice series in 24SevenOffice gives next. so24 counts on from there; "
             "enter it anew whenever the series was set to another number."),
)  # fmt: skip
