"""A second opinion on EHF: the operator's own rule files, run beside our table.

A rule file is an XSLT program whose result is SVRL, as Schematron compiles to it; those of the
standard are published so. What it finds fatal *holds* a document, and never refuses it: what so24
takes of it has been proved by our own table, the document is issued already, and a person has to
say whether it is booked as it stands. A refusal nobody could answer. A rule file that fails on a
document has not let it pass: that holds it too. What it warns of is a warning.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from so24.errors import UnreadableFile
from so24.language.said import change_values, join_said, say
from so24.sources.ehf import judge
from so24.sources.ehf.bill import Doubt
from so24.sources.ehf.markup import parse_guarded
from so24.sources.ehf.release import OPINION

PACKAGE = "saxonche"
EXTRA = "so24[ehf]"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_WARNINGS = ("warn", "info")  # how roles and flags begin that are not fatal
_CODE = re.compile(r"^\[?([A-Za-z0-9][A-Za-z0-9._-]*)\]\s*[-–:]?\s*")
_STARTING_SECONDS, _SECONDS_EACH = 60, 2
_NAMED, _LONGEST = 5, 160
# templates of what is told where it is so
_UNASKED = say("The rule files were not asked: {reason}.")
_FILE_UNASKED = say("The rule file {file} was not asked: {reason}.")


@dataclass(frozen=True)
class Opinion:
    """What a rule file finds in a document; ``fatal`` where it refuses it."""

    source: str
    code: str
    words: str
    fatal: bool

    def __str__(self) -> str:
        return join_said([self.code, self.words], by=": ")


@dataclass(frozen=True)
class Opinions:
    """For each document what was found; ``unasked`` are sentences, each why a file was not."""

    found: tuple[tuple[Opinion, ...], ...]
    unasked: tuple[str, ...] = ()


def why_unavailable() -> str:
    """Why no rule file can be run here; empty where they can."""
    if importlib.util.find_spec(PACKAGE) is not None:
        return ""
    return say(
        "{package} is not installed: {command}",
        package=PACKAGE,
        command=f"pip install '{EXTRA}'",
    )


def ask_rule_files(paths: Sequence[Path], documents: Sequence[bytes]) -> Opinions:
    """What the rule files say of the documents (UBL, in order); asks all of them in one process."""
    nothing = tuple(() for _ in documents)
    if not paths or not documents:
        return Opinions(nothing)
    if reason := why_unavailable():
        return Opinions(nothing, (say(_UNASKED, reason=reason),))
    rules, unread = _read_rules(paths)
    answer = _run(rules, [each.decode() for each in documents])
    if isinstance(answer, str):
        return Opinions(nothing, (*unread, say(_UNASKED, reason=answer)))
    faults = {name: _cut(words) for name, words in answer["faults"].items()}
    found = []
    for said in answer["said"]:
        opinions: list[Opinion] = []
        for name, result in said.items():
            if error := result.get("error"):
                words = say("it cannot judge it ({error})", error=_cut(error))
                opinions.append(Opinion(name, "", words, fatal=True))
                continue
            try:
                opinions += _read_svrl(name, result["svrl"])
            except UnreadableFile:
                faults[name] = say("its result is no SVRL: is it a compiled Schematron?")
        found.append(tuple(opinions))
    told = (say(_FILE_UNASKED, file=name, reason=words) for name, words in faults.items())
    return Opinions(tuple(found), (*unread, *told))


def doubt_opinions(opinions: Sequence[Opinion]) -> list[Doubt]:
    """What holds a document: each rule file that refuses it, with the rules that it names."""
    doubts = []
    for source in dict.fromkeys(each.source for each in opinions if each.fatal):
        fatal = [each for each in opinions if each.fatal and each.source == source]
        named = join_said((_cut(str(each)) for each in fatal[:_NAMED]), by="; ")
        if more := max(len(fatal) - _NAMED, 0):
            named = say("{named}; and {more} more", named=named, more=more)
        words = say("The rule file {file} does not let it pass: {named}.", file=source, named=named)
        doubts.append(Doubt(OPINION, words))
    return doubts


def tell_warnings(opinions: Sequence[Opinion]) -> list[str]:
    """What the rule files warn of, each sentence without its point."""
    return [f"{each.source}: {_cut(str(each))}" for each in opinions if not each.fatal]


def _read_rules(paths: Sequence[Path]) -> tuple[dict[str, str], tuple[str, ...]]:
    rules, unread = {}, []
    for path in paths:
        try:
            rules[path.name] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or say("it is not written in UTF-8")
            unread.append(say(_FILE_UNASKED, file=path.name, reason=reason))
            continue
        if "<!DOCTYPE" in rules[path.name]:
            del rules[path.name]
            reason = say("it has a DOCTYPE")
            unread.append(say(_FILE_UNASKED, file=path.name, reason=reason))
    return rules, tuple(unread)


def _run(rules: dict[str, str], documents: Sequence[str]) -> dict[str, Any] | str:
    """What the process answers, or why it does not."""
    try:
        done = subprocess.run(  # noqa: S603 # our own program, by its path
            [sys.executable, "-I", judge.__file__],
            input=json.dumps({"rules": rules, "documents": documents}),
            capture_output=True, text=True, env={}, check=True,
            timeout=_STARTING_SECONDS + _SECONDS_EACH * len(documents),
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return say("they took too long")
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        kind = type(error).__name__
        return say("the process that runs them has ended ({error})", error=kind)
    return answer


def _read_svrl(source: str, svrl: str) -> list[Opinion]:
    """Raises :class:`UnreadableFile` where it is none."""
    root = parse_guarded(svrl.encode())
    if root.tag != f"{_SVRL}schematron-output":
        raise UnreadableFile(say("It is no SVRL."))
    found = root.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
    return [_read_finding(source, each) for each in found]


def _read_finding(source: str, found: etree._Element) -> Opinion:
    text = found.find(f"{_SVRL}text")
    words = " ".join("".join(map(str, text.itertext())).split()) if text is not None else ""
    code = _CODE.match(words)
    # what says nothing of its weight is an error, as in Schematron
    weight = (found.get("flag") or found.get("role") or "fatal").casefold()
    return Opinion(
        source,
        found.get("id") or (code[1] if code else ""),
        words[code.end() :] if code else words,
        not weight.startswith(_WARNINGS),
    )


def _cut(text: str) -> str:
    return change_values(text, _shorten)


def _shorten(text: str) -> str:
    text = text.rstrip(".")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
