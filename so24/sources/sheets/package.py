"""The parts of an office file by its own relations: where the workbook is, and what belongs to it.

A package (ECMA-376 part 2, Open Packaging Conventions) names no part by convention: its relations
say which part is the workbook, and the workbook's which are its sheets, texts and styles. Names are
compared without case. Some programs write ``\\`` for ``/``, which people's Excel reads as well.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Damage
from so24.sources.sheets.xml_stream import Attributes, PartReader, read_part

_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_MOST_RELATIONS = 2_000
_SHOWN = 80  # characters of a part's name
# what the archive's reader raises for damage: NotImplementedError for a way to pack, RuntimeError
# for a password, ValueError for a part before the file's beginning or with a name that is no text
TORN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError),
    OSError,
)


def tell_damage(damage: str) -> str:
    """The sentence that keeps a damaged workbook out."""
    return say(
        "The workbook is damaged: {damage}; open it in Excel, save it again and import that file.",
        damage=damage,
    )


def part_name(path: str, folder: str = "") -> str:
    """The name by which parts are compared: from the package's root, within it, in lower case."""
    whole = posixpath.join("/", folder, unquote(path.replace("\\", "/")))
    return posixpath.normpath(whole).lstrip("/").lower()


@dataclass(frozen=True)
class Relations:
    """What one part refers to: kind and part of each relation, by its id."""

    targets: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[str]:
        """The parts of a kind, each once."""
        return list(dict.fromkeys(part for found, part in self.targets.values() if found == kind))


class Package:
    """An open zip archive as parts; ``tell`` hears how many bytes of them were read each time."""

    def __init__(self, archive: zipfile.ZipFile, tell: Callable[[int], None]) -> None:
        self.archive, self.tell = archive, tell
        self.parts: dict[str, zipfile.ZipInfo] = {}
        self.doubtful: set[str] = set()
        for entry in archive.infolist():
            if entry.filename.endswith(("/", "\\")):
                continue  # a folder
            name = part_name(entry.filename)
            other = self.parts.setdefault(name, entry)
            if (other.CRC, other.file_size) != (entry.CRC, entry.file_size):
                self.doubtful.add(name)

    def __contains__(self, name: str) -> bool:
        return name in self.parts

    def call(self, name: str) -> str:
        """What the archive calls a part."""
        return self.parts[name].filename[:_SHOWN]

    def read(self, name: str, reader: PartReader, by: Callable[..., None] = read_part) -> None:
        """Lead ``reader`` through a part that the package has.

        Raises :class:`UnreadableFile` with the part's name where it cannot be read.
        """
        try:
            if name in self.doubtful:
                raise Damage(say("stands in it more than once, with different contents"))
            with self.archive.open(self.parts[name]) as part:
                by(part, reader, self.tell)
        except TORN:
            torn = say("the part {part} is torn", part=self.call(name))
            raise UnreadableFile(tell_damage(torn)) from None
        except Damage as error:
            damage = say("the part {part} {damage}", part=self.call(name), damage=error.args[0])
            raise UnreadableFile(tell_damage(damage)) from None

    def relations_of(self, name: str) -> Relations:
        """The relations of a part, of the package itself where the name is empty."""
        folder, own = posixpath.split(name)
        reader = _RelationsReader(folder)
        path = posixpath.join(folder, "_rels", f"{own}.rels")
        if path in self:
            self.read(path, reader)
        return Relations(reader.targets)


class _RelationsReader(PartReader):
    """A part with the relations of another one, whose targets are told from its ``folder``."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.targets: dict[str, tuple[str, str]] = {}
        self.begins = {_RELATION: self.begin_relation}

    def begin_relation(self, attributes: Attributes) -> None:
        if attributes.get("TargetMode") == "External":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = kind, part_name(attributes.get("Target", ""), self.folder)
        if self.targets.setdefault(attributes.get("Id", ""), target) != target:
            raise Damage(say("names two parts by one id"))
        if len(self.targets) > _MOST_RELATIONS:
            raise Damage(say("names more parts than any program writes"))
