"""The ZIP of a pack while it is written: each file with its hash, the records with their counts."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO


class Archive:
    """The archive that is being written, and the hash of each file in it."""

    def __init__(self, to: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED)
        self.files: dict[str, str] = {}
        self.lines: dict[str, int] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Add a file of these pieces."""
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self.files[name] = digest.hexdigest()

    def add_lines(self, name: str, lines: Iterable[bytes]) -> None:
        """Add a file of records, and count them."""
        self.lines[name] = 0
        self.add(f"{name}.jsonl", self._count(name, lines))

    def _count(self, name: str, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.lines[name] += 1
            yield line

    def close(self) -> None:
        """Write what an archive ends with."""
        self._zip.close()
