"""The rules of EHF as ``so24 check`` sees them: our table's release, and the operator's files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from so24.cli.health.surroundings import HealthFinding
from so24.dates import format_date
from so24.language.said import say
from so24.settings import Settings
from so24.sources.ehf.release import IN_FORCE_FROM, RELEASE
from so24.sources.ehf.second_opinion import why_unavailable

_SHOWN = 12  # signs of a hash, enough to tell two releases apart


def look_at_rules(settings: Settings) -> Iterator[HealthFinding]:
    """The release of our table, and of each rule file whether it can be read and what it is."""
    words = say(
        "the table is of {release}, in force from {date}; Peppol publishes a release "
        "each May and November",
        release=RELEASE,
        date=format_date(IN_FORCE_FROM),
    )
    yield HealthFinding(say("EHF rules"), "ok", words)
    if settings.ehf_rule_files and (reason := why_unavailable()):
        words = say("SO24_EHF_RULES names rule files that nobody asks: {reason}", reason=reason)
        yield HealthFinding(say("EHF rules"), "warning", words)
        return
    yield from map(_look_at_file, settings.ehf_rule_files)


def _look_at_file(path: Path) -> HealthFinding:
    try:
        mark = hashlib.sha256(path.read_bytes()).hexdigest()[:_SHOWN]
    except OSError as error:
        words = say("SO24_EHF_RULES: {path} cannot be read: {why}", path=path, why=error.strerror)
        return HealthFinding(say("EHF rules"), "warning", words)
    return HealthFinding(
        say("EHF rules"),
        "ok",
        say("a second opinion by {name} (SHA-256 {mark}…)", name=path.name, mark=mark),
    )
