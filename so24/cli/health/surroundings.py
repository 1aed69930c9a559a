"""What so24 needs around it, as ``so24 check`` sees it: the data folder, and 24SevenOffice.

The folder is asked whether files can be made in it, and how much fits. 24SevenOffice is asked
whether it answers, and what time it is there: one ``HEAD``, no login.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import shutil
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from so24.amounts import format_count
from so24.cli.terminal.printing import ALL_WELL, NEEDS_A_PERSON, WRONG_USE
from so24.errors import ConfigurationError
from so24.language.said import join_said, say
from so24.office.address import office_address
from so24.people.company_login.look import look_at_provider
from so24.people.company_login.trip import BACK
from so24.settings import ANY_HOST, LOOPBACK_HOSTS, OFFICE_LIVE, Settings
from so24.store.tables.ground import now
from so24.store.upkeep.upkeep import Offset

Standing = Literal["ok", "note", "warning", "fault"]
MEGABYTE = 2**20
PROBE = MEGABYTE
# a nightly back-up of a year's invoices is some ten megabytes; a full disk stops every write
LITTLE_SPACE = 500 * MEGABYTE
NO_SPACE = 20 * MEGABYTE
# Waits and deadlines are judged by our clock; two seconds are more than any synchronised machine
# is off, and far less than the settle time of a write. A minute makes those waits meaningless.
TOLERATED_SECONDS = 2.0
BROKEN_SECONDS = 60.0
NOT_YET = say("the sandbox starts with the dashboard")
OFFICE_CLOCK = say("24SevenOffice's")
DATABASE_CLOCK = say("the database's")


@dataclass(frozen=True)
class HealthFinding:
    """One thing that was looked at.

    A *note* needs nobody; a *warning* needs a person soon, though the work goes on; a *fault* is a
    setting or a part that cannot be worked with.
    """

    subject: str
    standing: Standing
    words: str


def exit_code(findings: Iterable[HealthFinding]) -> int:
    """2 where there is a fault, else 1 where there is a warning, else 0."""
    standings = {each.standing for each in findings}
    if "fault" in standings:
        return WRONG_USE
    return NEEDS_A_PERSON if "warning" in standings else ALL_WELL


def look_at_folder(settings: Settings) -> HealthFinding:
    """Whether the data folder, or what it would be made in, takes a file; nothing stays of it."""
    folder = settings.data_dir
    trouble = obstacle(folder)
    if trouble:
        words = say(
            "{folder} cannot be used: {trouble}; set SO24_DATA_DIR to another folder",
            folder=folder,
            trouble=trouble,
        )
        return HealthFinding(say("data folder"), "fault", words)
    if not folder.exists():
        return HealthFinding(
            say("data folder"),
            "note",
            say("{folder} does not exist yet; it can be made", folder=folder),
        )
    return judge_space(folder, shutil.disk_usage(folder).free)


def judge_space(folder: Path, free: int) -> HealthFinding:
    """A fault where next to nothing fits any more, a warning where it will soon be so."""
    words = say(
        "{folder} can be written, {size} MB are free",
        folder=folder,
        size=format_count(free // MEGABYTE),
    )
    if free < NO_SPACE:
        room = say("make room before anything is exported")
        return HealthFinding(say("data folder"), "fault", join_said([words, room], ": "))
    return HealthFinding(say("data folder"), "warning" if free < LITTLE_SPACE else "ok", words)


def obstacle(folder: Path) -> str:
    """Why no file can be made in the folder, or the folder itself; empty where it can.

    A file without a name is written to the disk and forgotten.
    """
    standing = next(each for each in (folder, *folder.absolute().parents) if os.path.exists(each))
    try:
        with tempfile.TemporaryFile(dir=standing) as probe:
            probe.write(os.urandom(PROBE))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def look_at_web(settings: Settings) -> list[HealthFinding]:
    """How the dashboard of a live installation may be reached; a practice one has no secrets."""
    if not settings.live:
        return []
    return [_judge_hosts(settings), _judge_cookies(settings)]


def _judge_hosts(settings: Settings) -> HealthFinding:
    names = ", ".join(sorted(settings.allowed_hosts))
    if ANY_HOST in settings.allowed_hosts:
        words = say("SO24_HOSTS lets the dashboard answer at any name; set it to those people open")
        return HealthFinding(say("host names"), "warning", words)
    if settings.hosts == LOOPBACK_HOSTS:
        words = say("the dashboard answers on this machine only; SO24_HOSTS has its other names")
        return HealthFinding(say("host names"), "note", words)
    return HealthFinding(
        say("host names"), "ok", say("the dashboard answers at {names}", names=names)
    )


def _judge_cookies(settings: Settings) -> HealthFinding:
    if settings.secure_cookie:
        return HealthFinding(say("login cookie"), "ok", say("is sent by https only"))
    words = say("is sent without https as well: take SO24_TLS_COOKIE=false away, and speak https")
    return HealthFinding(say("login cookie"), "warning", words)


def look_at_company_login(settings: Settings) -> HealthFinding:
    """Whether there is a company login, and whether its provider answers; asks it once.

    Where it does not, those who have a password can sign in: a person has to see to it soon.
    """
    if not settings.company_login:
        return HealthFinding(
            say("company login"), "note", say("off: people sign in with passwords")
        )
    is_usable, words = look_at_provider(settings)
    if not is_usable:
        return HealthFinding(say("company login"), "warning", words)
    scheme = "https" if settings.secure_cookie else "http"
    names = sorted(settings.allowed_hosts - {ANY_HOST}) or ["NAME"]
    back = [f"{scheme}://{name}{BACK}" for name in names]
    here = (
        say("{names} or {last}", names=", ".join(back[:-1]), last=back[-1])
        if len(back) > 1
        else back[0]
    )
    lead_back = say("it has to lead back to {here}, with the port if any", here=here)
    return HealthFinding(say("company login"), "ok", join_said([words, lead_back], "; "))


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
        return [
            HealthFinding(
                "24SevenOffice",
                "fault",
                say("{address} cannot be reached: {reason}", address=address, reason=reason),
            )
        ]
    found = [_judge_address(settings, address)]
    offset = _offset(date, before)
    if offset is None:
        return [
            *found,
            HealthFinding(say("clock"), "note", say("the answer of 24SevenOffice bears no date")),
        ]
    return [*found, judge_clock(offset, OFFICE_CLOCK)]


def _judge_address(settings: Settings, address: str) -> HealthFinding:
    words = (
        say("{address} answers (live mode)", address=address)
        if settings.live
        else say("{address} answers (sandbox mode)", address=address)
    )
    if settings.live and address != OFFICE_LIVE:
        words = say(
            "{address} answers (live mode), and is not the vendor's: SO24_OFFICE_URL leads "
            "elsewhere",
            address=address,
        )
        return HealthFinding("24SevenOffice", "warning", words)
    return HealthFinding("24SevenOffice", "ok", words)


def look_at_recman(settings: Settings) -> list[HealthFinding]:
    """A warning where a live installation reads invoices from a stand-in on this machine.

    The settings take no other address that is not RecMan's own.
    """
    if not settings.live or settings.recman_url.startswith("https://"):
        return []
    words = say(
        "{address} is not RecMan's: SO24_RECMAN_URL leads to this machine",
        address=settings.recman_url,
    )
    return [HealthFinding(say("RecMan address"), "warning", words)]


def judge_clock(offset: Offset, whose: str, subject: str = say("clock")) -> HealthFinding:
    """Ok within two seconds, a warning within a minute, else a fault."""
    if offset.within(TOLERATED_SECONDS):
        return HealthFinding(subject, "ok", say("agrees with {whose}", whose=whose))
    seconds = (offset.least + offset.most) / 2
    values = {"seconds": f"{abs(seconds):.0f}", "whose": whose}
    words = (
        say("this machine is {seconds} s behind {whose} clock; synchronise it (NTP)", **values)
        if seconds > 0
        else say(
            "this machine is {seconds} s ahead of {whose} clock; synchronise it (NTP)", **values
        )
    )
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
