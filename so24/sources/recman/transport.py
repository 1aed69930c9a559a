"""One call to RecMan, and the key, which is part of its address and so of no sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

from so24.calls.bounded import CallLimits, NoAnswer, OutgoingCall, WebAnswer, make_call
from so24.errors import RecManError, WrongUse
from so24.language.said import say

SHORTEST, LONGEST = 8, 300
HIDDEN = "[key]"
_PATH = "/v2/get/"
_SENTENCES = {
    NoAnswer.UNREACHED: say("RecMan cannot be reached. Check the network, and try again later."),
    NoAnswer.LATE: say("RecMan did not answer within {seconds} seconds. Try again later."),
    NoAnswer.BROKEN: say(
        "The connection to RecMan broke off before its answer was complete. Try again later."
    ),
    NoAnswer.COMPRESSED: say("RecMan's answer is compressed, which was not asked for."),
    NoAnswer.TOO_LARGE: say("RecMan's answer is larger than {megabytes} MB."),
}


def read_key(text: str) -> str:
    """The key as it was pasted, without blanks around it.

    Raises :class:`WrongUse`, which does not quote it, where it can be no key.
    """
    key = text.strip()
    if not SHORTEST <= len(key) <= LONGEST or not re.fullmatch(r"[!-~]+", key):
        raise WrongUse(
            say(
                "This is no key of RecMan: a key has {shortest} to {longest} letters and digits "
                "and no blanks. Copy it from System Settings > Database > API.",
                shortest=SHORTEST,
                longest=LONGEST,
            )
        )
    return key


def redact(text: str, key: str) -> str:
    """The text without the key, however it is quoted or spelled."""
    forms = {key, quote(key, safe=""), quote_plus(key), quote(key)}
    pattern = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)


def get(address: str, parameters: Mapping[str, str], limits: CallLimits) -> WebAnswer:
    """OutgoingCall RecMan at ``address`` with these parameters, the key among them.

    Raises :class:`RecManError` where no whole answer came.
    """
    found = make_call(OutgoingCall(address + _PATH, parameters=parameters), limits)
    if isinstance(found, NoAnswer):
        megabytes = limits.most_bytes // 1_000_000
        seconds = f"{limits.call_seconds:g}"
        raise RecManError(say(_SENTENCES[found], seconds=seconds, megabytes=megabytes))
    return found
