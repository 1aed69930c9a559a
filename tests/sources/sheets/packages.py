"""Workbooks as other programs pack them: a good report with its parts moved, renamed or missing."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping

from tests.sources.report_files import as_report, line, with_shared_texts

BOOK, SHEET = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
TEXTS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
ROOT_RELATIONS, RELATIONS = "_rels/.rels", "xl/_rels/workbook.xml.rels"
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    _OFFICE: b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}

Parts = dict[str, bytes]
Change = Callable[[Parts], Parts]


def unpacked(content: bytes) -> Parts:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], *more: tuple[str, bytes]) -> bytes:
    """The parts as a workbook, and ``more`` of them, which may have the same names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, data in (*parts.items(), *more):
            entry = zipfile.ZipInfo()
            entry.filename = name
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def torn(content: bytes, name: str) -> bytes:
    """The workbook with some bytes of one part overwritten."""
    place = content.index(name.encode()) + len(name) + 100
    return content[:place] + bytes(8) + content[place + 8 :]


def a_report() -> Parts:
    """The parts of a report with the invoices 1001 and 1002, its texts in a part of their own."""
    parts = unpacked(with_shared_texts(as_report(line(), line(number="1002"))))
    return edited(parts, RELATIONS, b'"styles.xml"', b'"/xl/styles.xml"')


def an_inline_report() -> Parts:
    """The same report with its texts in the cells."""
    return unpacked(as_report(line(), line(number="1002")))


def renamed(parts: Parts, names: Mapping[str, str]) -> Parts:
    """The parts with other names, which nothing else says."""
    return {names.get(name, name): data for name, data in parts.items()}


def edited(parts: Parts, name: str, old: bytes, new: bytes) -> Parts:
    """The parts with one of them changed."""
    assert old in parts[name]
    return {**parts, name: parts[name].replace(old, new)}


def without(parts: Parts, *names: str) -> Parts:
    """The parts but these."""
    assert set(names) <= set(parts)
    return {name: data for name, data in parts.items() if name not in names}


def with_relation(parts: Parts, kind: str, target: str, more: str = "") -> Parts:
    """The workbook refers to one part more."""
    relation = (
        f'<Relationship Id="more" Type="{_OFFICE.decode()}/{kind}" Target="{target}" {more}/>'
    )
    end = b"</Relationships>"
    return edited(parts, RELATIONS, end, relation.encode() + end)


def with_sheet(parts: Parts, name: str, relation: str = "more") -> Parts:
    """The workbook lists one sheet more."""
    sheet = f'<sheet xmlns:q="{_OFFICE.decode()}" name="{name}" sheetId="9" q:id="{relation}"/>'
    return edited(parts, BOOK, b"</sheets>", f"{sheet}</sheets>".encode())


def in_the_root(parts: Parts) -> Parts:
    """The workbook and all of its parts outside of any folder."""
    moved = {name: name.rpartition("/")[2] for name in parts if name.startswith("xl/")}
    moved[RELATIONS] = "_rels/workbook.xml.rels"
    parts = renamed(parts, moved)
    parts = edited(parts, ROOT_RELATIONS, b"xl/workbook.xml", b"workbook.xml")
    for path in (SHEET, TEXTS, STYLES):
        target = f'"/{path}"'.encode()
        own = f'"{path.rpartition("/")[2]}"'.encode()
        parts = edited(parts, moved[RELATIONS], target, own)
    return parts


def with_targets(parts: Parts, *before: str) -> Parts:
    """The workbook names its parts from its own folder, with ``before`` in front of each."""
    for path, first in zip((SHEET, TEXTS, STYLES), before, strict=True):
        target = f"{first}{path.removeprefix('xl/')}"
        parts = edited(parts, RELATIONS, f'"/{path}"'.encode(), f'"{target}"'.encode())
    return parts


def as_strict(parts: Parts) -> Parts:
    """The report as Strict Open XML."""
    for old, new in _STRICT.items():
        parts = {name: data.replace(old, new) for name, data in parts.items()}
    return parts


def with_backslashes(parts: Parts, targets: Iterable[str] = ()) -> Parts:
    """The names with ``\\`` for ``/``, and some targets too."""
    for path in targets:
        parts = edited(
            parts, RELATIONS, f'"/{path}"'.encode(), f'"\\{path}"'.replace("/", "\\").encode()
        )
    return {name.replace("/", "\\"): data for name, data in parts.items()}
