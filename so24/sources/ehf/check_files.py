"""Checking EHF files without importing them: what our table, and the operator's rules, say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.ehf.buyers import Supplement
from so24.sources.ehf.files import OpenedBill, ask_second_opinion, open_bill
from so24.sources.ehf.mapping import find_doubts
from so24.sources.ehf.markup import looks_like_xml
from so24.sources.ehf.release import RELEASE
from so24.sources.ehf.second_opinion import doubt_opinions, tell_warnings, why_unavailable
from so24.sources.sheets.archive import is_archive, read_members
from so24.sources.sheets.foreign import PDF_MARK
from so24.sources.sheets.spreadsheet import MEGABYTE, UNFOLDING

OTHER = say("not checked")
REFUSED, HELD, VALID = say("refused"), say("held"), say("valid")

_PDF = say("It is no EHF file, and not looked at here; at an import a PDF is left out.")
_NO_EHF = say(
    "It is no EHF file, and not looked at here; at an import it comes in where it is a report."
)


@dataclass(frozen=True)
class CheckedBill:
    """A file and its verdict: ``refused`` and why, ``held`` and what is asked, or ``valid``.

    :data:`OTHER` is of a file in an archive that is no EHF file. ``remarks`` are only told.
    """

    filename: str
    number: str
    verdict: str
    findings: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckReport:
    """The verdicts, and the sentences that say by what they were found."""

    bills: tuple[CheckedBill, ...]
    sources: tuple[str, ...]


def check_files(
    files: Sequence[tuple[str, bytes]],
    *,
    megabytes: int,
    rule_files: Sequence[Path],
    supplement: Supplement,
) -> CheckReport:
    """Check EHF files (name, content), alone or in zip archives, of at most ``megabytes`` each.

    ``supplement`` has the products of allowances and charges. Nobody asks here whose the documents
    are: department, customer and seller are looked at by the import.
    """
    read = list(_open_all(files, megabytes, keep_markup=bool(rule_files)))
    opened = [each for each in read if isinstance(each, OpenedBill)]
    bills, unasked = ask_second_opinion(opened, rule_files)
    known = dict(zip(map(id, opened), bills, strict=True))
    checked = (
        each if isinstance(each, CheckedBill) else _judge(known[id(each)], supplement)
        for each in read
    )
    return CheckReport(tuple(checked), (*tell_sources(rule_files), *unasked))


def tell_sources(rule_files: Sequence[Path]) -> Iterator[str]:
    """By what files are checked: our table and its release, and which rule files besides."""
    yield say("so24's own table of the rules of {release}, about what so24 takes", release=RELEASE)
    if not rule_files:
        yield say("no rule files besides: SO24_EHF_RULES names none")
    elif reason := why_unavailable():
        yield say("no rule files besides: {reason}", reason=reason)
    else:
        names = ", ".join(path.name for path in rule_files)
        yield say("the rule files of SO24_EHF_RULES besides: {files}", files=names)


def _open_all(
    files: Sequence[tuple[str, bytes]], megabytes: int, *, keep_markup: bool
) -> Iterator[OpenedBill | CheckedBill]:
    most = megabytes * MEGABYTE
    for filename, content in files:
        if not is_archive(content):
            yield _open(filename, content, most, keep_markup)
            continue
        try:
            members = list(read_members(content, most_bytes=most, most_of_all=most * UNFOLDING))
        except UnreadableFile as error:
            yield CheckedBill(filename, "", REFUSED, (error.words,))
            continue
        for member in members:
            if not member.problem and not looks_like_xml(member.content):
                is_pdf = member.content.startswith(PDF_MARK)
                yield CheckedBill(member.name, "", OTHER, (_PDF if is_pdf else _NO_EHF,))
            elif member.problem:
                yield CheckedBill(member.name, "", REFUSED, (member.problem,))
            else:
                yield _open(member.name, member.content, most, keep_markup)


def _open(filename: str, content: bytes, most: int, keep_markup: bool) -> OpenedBill | CheckedBill:
    try:
        if len(content) > most:
            raise UnreadableFile(
                say("It is larger than {megabytes} MB.", megabytes=most // MEGABYTE)
            )
        return open_bill(filename, content, keep_markup=keep_markup)
    except UnreadableFile as error:
        return CheckedBill(filename, "", REFUSED, (error.words,))


def _judge(opened: OpenedBill, supplement: Supplement) -> CheckedBill:
    warned = tell_warnings(opened.opinions)
    remarks = tuple(dict.fromkeys((*map(str, opened.remarks), *warned)))
    if opened.broken:
        verdict, findings = REFUSED, tuple(map(str, opened.broken))
    else:
        doubts = (*find_doubts(opened.bill, supplement), *doubt_opinions(opened.opinions))
        verdict = HELD if doubts else VALID
        findings = tuple(each.words for each in doubts)
    return CheckedBill(opened.filename, opened.bill.number, verdict, findings, remarks)
