"""The files of one SAF-T export, packed or not: each read as a stream, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from so24.amounts import format_count
from so24.errors import UnreadableFile
from so24.language.said import say
from so24.ledger.saft.postings import V12, SaftHead, SaftPosting
from so24.ledger.saft.reader import SaftReader, Wants
from so24.sources.documents.content import Content, Damage, hash_content, open_content
from so24.sources.ehf.markup import looks_like_xml
from so24.sources.sheets.archive import is_archive, stream_members
from so24.sources.sheets.package import TORN

MOST_BYTES = 4_000_000_000  # of one file, unpacked; a hundred thousand vouchers have 0.3
MOST_FILES = 100
_OLDER = say(
    "The export is of release 1.20, whose VAT amounts have no side of their own: that of their "
    "line counts."
)


@dataclass(frozen=True)
class GivenFile:
    """A file as it was given: its name and its bytes."""

    name: str
    content: Content


@dataclass(frozen=True)
class SaftExport:
    """What all files of an export say together; ``firms`` are organization numbers by customer.

    ``remarks`` are sentences about what is odd and keeps nothing from being compared.
    """

    heads: tuple[SaftHead, ...]
    postings: tuple[SaftPosting, ...]
    firms: dict[str, str]
    vouchers: int
    remarks: tuple[str, ...]


def read_heads(files: Sequence[GivenFile]) -> list[SaftHead]:
    """The heads of all files, one for each, and nothing of what follows them.

    Raises :class:`UnreadableFile` as :func:`read_export` does, and where they are not of one
    company and currency.
    """
    _refuse_doubled(files)
    heads: list[SaftHead] = []

    def take(name: str, stream: IO[bytes]) -> None:
        with suppress(_HeadIsRead):
            SaftReader(name, hear, _wants_nothing).read(stream)

    def hear(head: SaftHead) -> None:
        if heads:
            _refuse_others(heads[0], head)
        heads.append(head)
        raise _HeadIsRead

    for each in files:
        _open(each, take)
    return heads


def read_export(files: Sequence[GivenFile], wants: Wants) -> SaftExport:
    """Read all files (``.xml``, or ``.zip`` archives of them); ``wants`` says which postings.

    Raises :class:`UnreadableFile` with a sentence that names the file: for what is no SAF-T file
    that can be read, and where a part of the export is given twice.
    """
    reading = _Reading(wants)
    for each in files:
        _open(each, reading.take)
    return reading.finish()


class _HeadIsRead(Exception):
    """What was sought of a file is read."""


def _wants_nothing(_number: int | None, _references: tuple[str, ...]) -> bool:
    return False


def _open(given: GivenFile, take: Callable[[str, IO[bytes]], None]) -> None:
    """Have the file taken, or each that an archive holds; all refusals name it."""
    at = given.name
    try:
        for at, stream in _streams_of(given):
            take(at, stream)
    except Damage as damage:
        reason: str = damage.args[0]
        words = say("{file} {reason}.", file=at, reason=reason)
    except TORN:
        words = say("{file} is damaged within its archive.", file=at)
    except UnreadableFile as error:
        words = say("{file} is not compared. {why}", file=at, why=error.words)
    else:
        return
    raise UnreadableFile(words, given.name, words) from None


def _streams_of(given: GivenFile) -> Iterator[tuple[str, IO[bytes]]]:
    if is_archive(given.content):
        members = stream_members(given.content, most_bytes=MOST_BYTES, most_of_all=MOST_BYTES)
        for count, (name, stream) in enumerate(members, 1):
            if count > MOST_FILES:
                raise Damage(say("holds more than {most} files", most=MOST_FILES))
            yield f"{given.name}: {name}", stream
        return
    if len(given.content) > MOST_BYTES:
        raise Damage(say("is larger than any such file"))
    if not looks_like_xml(given.content):
        raise Damage(say("is no SAF-T file: neither XML nor a zip archive"))
    with open_content(given.content) as stream:
        yield given.name, stream


def _refuse_others(first: SaftHead, head: SaftHead) -> None:
    if head.company_number != first.company_number:
        raise UnreadableFile(
            say(
                "It is of another company than the file before it: {name}, {number}.",
                name=head.company_name,
                number=head.company_number,
            )
        )
    if head.currency != first.currency:
        raise UnreadableFile(say("It is in another currency than the file before it."))


def _refuse_doubled(files: Sequence[GivenFile]) -> None:
    if not files:
        raise UnreadableFile(say("Choose at least one file."))
    if len(files) > MOST_FILES:
        raise UnreadableFile(say("These are more than {most} files.", most=MOST_FILES))
    seen: dict[str, str] = {}
    for each in files:
        digest = hash_content(each.content)
        if digest in seen:
            words = say(
                "{file} is the same file as {other}: give each once.",
                file=each.name,
                other=seen[digest],
            )
            raise UnreadableFile(words)
        seen[digest] = each.name


class _Reading:
    """One file after the other, and what they say together."""

    def __init__(self, wants: Wants) -> None:
        self._wants = wants
        self._heads: list[SaftHead] = []
        self._postings: list[SaftPosting] = []
        self._firms: dict[str, str] = {}
        self._vouchers = 0
        self._remarks: list[str] = []

    def take(self, name: str, stream: IO[bytes]) -> None:
        """Read a file."""
        reader = SaftReader(name, self._heads.append, self._wants)
        reader.read(stream)
        self._refuse_overlap(reader.postings)
        self._postings += reader.postings
        self._firms |= reader.firms
        self._vouchers += reader.vouchers
        if reader.stated and reader.stated != str(reader.vouchers):
            self._remarks.append(
                say(
                    "{file} says that it has {stated} vouchers, and has {held}.",
                    file=name,
                    stated=reader.stated[:20],
                    held=format_count(reader.vouchers),
                )
            )

    def finish(self) -> SaftExport:
        """All files were read."""
        older = any(each.version == V12 for each in self._heads)
        return SaftExport(
            tuple(self._heads),
            tuple(self._postings),
            self._firms,
            self._vouchers,
            (*self._remarks, *([_OLDER] if older else [])),
        )

    def _refuse_overlap(self, postings: Sequence[SaftPosting]) -> None:
        """Two files that both have a voucher would make every document of it booked twice."""
        before = {each.number: each for each in self._postings}
        for each in postings:
            other = before.get(each.number)
            if other is not None and each.is_same_booking(other):
                raise UnreadableFile(
                    say(
                        "Voucher {voucher} is in {other} too: give each part of an export once.",
                        voucher=each.voucher,
                        other=other.file,
                    )
                )
