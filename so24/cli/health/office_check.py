"""Whether 24SevenOffice answers, and what time it is there: one ``HEAD``, no login."""

from __future__ import annotations

import datetime as dt
import http.client
import ssl
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from so24.cli.health.finding import HealthFinding
from so24.errors import ConfigurationError
from so24.office.address import office_address
from so24.settings import Settings
from so24.store.tables.ground import now
from so24.store.upkeep.inspection import Offset

# Waits and deadlines are judged by our clock; two seconds are more than any synchronised machine
# is off, and far less than the settle time of a write. A minute makes those waits meaningless.
TOLERATED_SECONDS = 2.0
BROKEN_SECONDS = 60.0
NOT_YET = "the sandbox starts with the dashboard"


def look_at_office(settings: Settings) -> list[HealthFinding]:
    """The findings on reach and clock; the clock only where there was an answer."""
    try:
        address = office_address(settings)
    except (ConfigurationError, OSError):
        return [HealthFinding("24SevenOffice", "note", NOT_YET)]
    before = now()
    try:
        date = _ask_date(address, settings.connect_seconds)
    except (OSError, http.client.HTTPException) as error:
        if settings.own_sandbox:
            return [HealthFinding("24SevenOffice", "note", NOT_YET)]
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return [HealthFinding("24SevenOffice", "fault", f"{address} cannot be reached: {reason}")]
    whose = "live" if settings.live else "sandbox"
    found = [HealthFinding("24SevenOffice", "ok", f"{address} answers ({whose} mode)")]
    offset = _offset(date, before)
    if offset is None:
        return [*found, HealthFinding("clock", "note", "the answer of 24SevenOffice bears no date")]
    return [*found, judge_clock(offset, "24SevenOffice's")]


def judge_clock(offset: Offset, whose: str, subject: str = "clock") -> HealthFinding:
    """Ok within two seconds, a warning within a minute, else a fault."""
    if offset.within(TOLERATED_SECONDS):
        return HealthFinding(subject, "ok", f"agrees with {whose}")
    seconds = (offset.least + offset.most) / 2
    way = "behind" if seconds > 0 else "ahead of"
    words = f"this machine is {abs(seconds):.0f} s {way} {whose} clock; synchronise it (NTP)"
    return HealthFinding(subject, "warning" if offset.within(BROKEN_SECONDS) else "fault", words)


def _ask_date(address: str, seconds: float) -> str | None:
    """The ``Date`` of whatever the address answers, also of a refusal; follows no redirect."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    connection = (
        http.client.HTTPSConnection(
            host, port, timeout=seconds, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=seconds)
    )
    try:
        connection.request("HEAD", parts.path or "/")
        return connection.getresponse().headers["Date"]
    finally:
        connection.close()


def _offset(date: str | None, before: dt.datetime) -> Offset | None:
    """``date`` has whole seconds and was written between ``before`` and now."""
    try:
        theirs = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    if theirs.tzinfo is None:
        return None
    return Offset((theirs - now()).total_seconds(), (theirs - before).total_seconds() + 1.0)
