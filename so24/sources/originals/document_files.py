"""An EHF document's own file, out of its archive where it came in one, and what is attached to it.

Both are given as they came, to the bit: the XML is cut out of nothing and written by nobody, and
an attachment is what its base64 says.
"""

from __future__ import annotations

import base64
import binascii
import mimetypes
from dataclasses import dataclass

from lxml import etree

from so24.errors import UnreadableFile, WrongUse
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.documents import EHF
from so24.sources.ehf.files import open_bill
from so24.sources.ehf.markup import ATTACHMENT, PREFIXES, parse_document
from so24.sources.originals.finding import list_bringings, read_original, safe_name
from so24.sources.originals.keeping import name_apart
from so24.sources.sheets.archive import is_archive, read_members
from so24.sources.sheets.spreadsheet import MEGABYTE, UNFOLDING
from so24.store.documents.originals import LONGEST_PLACE, Bringing, KeptFile

_REFERENCE = f"{{{PREFIXES['cac']}}}AdditionalDocumentReference"


@dataclass(frozen=True)
class DocumentFile:
    """A file of one document: its own XML, or something attached to it.

    An attachment that cannot be decoded has a ``problem``, a sentence, and no content.
    """

    name: str
    content: bytes
    problem: str = ""


def has_own_file(bringing: Bringing) -> bool:
    """Whether what the import brought of the document is a file by itself, and is still kept."""
    return bringing.kind == EHF and any(each.purged_at is None for each in bringing.files)


def read_own_file(desk: Desk, invoice_id: int, number: str, import_id: int = 0) -> DocumentFile:
    """The XML of a document as an import brought it, by default the newest that it came by.

    ``number`` is the document's: an archive may hold two files of one name. Its file is read into
    memory as a whole, which an import's bound (``SO24_UPLOAD_MEGABYTES``) keeps small.
    Raises :class:`WrongUse` where it came by reports only, and what :func:`read_original` does.
    """
    desk.require(Permission.GET_ORIGINALS)
    found = [each for each in list_bringings(desk, invoice_id) if each.kind == EHF]
    wanted = [each for each in found if import_id in (0, each.import_id)]
    if not wanted:
        raise WrongUse(
            say("{number} did not come as an EHF file: it has no XML of its own.", number=number)
        )
    return _take_out(desk, wanted[0], number)


def read_attachments(desk: Desk, invoice_id: int, number: str) -> list[DocumentFile]:
    """What is embedded in a document's XML, decoded; names are safe, and differ.

    Raises what :func:`read_own_file` does.
    """
    return find_attachments(read_own_file(desk, invoice_id, number))


def find_attachments(own: DocumentFile) -> list[DocumentFile]:
    """What is embedded in an EHF file, decoded, in its order."""
    parse_document(own.content)  # refuses what is not safe to read
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    root = etree.fromstring(own.content, parser)
    found = [(_name(each), _decode(each)) for each in root.iter(ATTACHMENT)]
    named = name_apart([(name, content or b"") for name, content in found])
    return [
        DocumentFile(name, content, "" if decoded is not None else _tell_broken(own.name, name))
        for (name, content), (_, decoded) in zip(named, found, strict=True)
    ]


def _tell_broken(file: str, name: str) -> str:
    return say(
        "{file}: what is attached as “{name}” is no base64; the whole file has it.",
        file=file,
        name=name,
    )


# in English: a file's name, where nobody has given it one
_UNNAMED = "attachment"


def _name(element: etree._Element) -> str:
    stated = str(element.get("filename") or "").strip()
    if stated:
        return safe_name(stated)
    reference = next(element.iterancestors(_REFERENCE), None)
    known = "" if reference is None else reference.findtext("cbc:ID", "", PREFIXES)
    ending = mimetypes.guess_extension(str(element.get("mimeCode") or "")) or ""
    return safe_name(f"{known or _UNNAMED}{ending}")


def _decode(element: etree._Element) -> bytes | None:
    """The attachment; None where it is no base64."""
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _take_out(desk: Desk, bringing: Bringing, number: str) -> DocumentFile:
    by_name = [file for file in bringing.files if file.name[:LONGEST_PLACE] == bringing.place]
    if by_name:
        return DocumentFile(by_name[0].name, _read(desk, by_name[0]))
    for file in bringing.files:
        content = _read(desk, file)
        if is_archive(content) and (found := _members(desk, content, bringing.place)):
            return next((each for each in found if _has_number(each, number)), found[0])
    raise WrongUse(
        say("No file of import {id} holds “{name}”.", id=bringing.import_id, name=bringing.place)
    )


def _members(desk: Desk, archive: bytes, place: str) -> list[DocumentFile]:
    most = desk.settings.upload_megabytes * MEGABYTE
    return [
        DocumentFile(member.name, member.content)
        for member in read_members(archive, most_bytes=most, most_of_all=most * UNFOLDING)
        if member.name[:LONGEST_PLACE] == place and not member.problem
    ]


def _has_number(file: DocumentFile, number: str) -> bool:
    try:
        return open_bill(file.name, file.content).bill.number == number
    except UnreadableFile:
        return False


def _read(desk: Desk, file: KeptFile) -> bytes:
    return b"".join(read_original(desk, file.id))
