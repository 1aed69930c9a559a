"""Many short texts in little memory: their letters in one piece, each text known by its place.

A text of its own takes fifty bytes beside its letters, and as many again in a dictionary.
"""

from __future__ import annotations

from array import array

_FIRST_SLOTS = 1 << 8  # a power of two, as each number of slots is
_FULL = 2 / 3  # of the slots; beyond that a text is looked for too long


class PackedTexts:
    """Texts by their places, which count from 0."""

    def __init__(self) -> None:
        self._letters, self._ends = bytearray(), array("Q")

    def append(self, text: str) -> None:
        """Add a text at the next place."""
        self._letters += _encode(text)
        self._ends.append(len(self._letters))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> str:
        start = self._ends[place - 1] if place else 0
        return self._letters[start : self._ends[place]].decode("utf-8", "surrogatepass")

    def _cut(self, place: int) -> bytearray:
        start = self._ends[place - 1] if place else 0
        return self._letters[start : self._ends[place]]


class KnownTexts(PackedTexts):
    """Texts that differ, each with its place, and the place of each."""

    def __init__(self) -> None:
        super().__init__()
        self._slots = array("I", bytes(4 * _FIRST_SLOTS))  # a place and one; 0 is free

    def find(self, text: str) -> int | None:
        """The text's place; None where it is not known."""
        letters = _encode(text)
        slot = self._first_slot(text)
        while taken := self._slots[slot]:
            if self._cut(taken - 1) == letters:
                return taken - 1
            slot = (slot + 1) & (len(self._slots) - 1)
        return None

    def append(self, text: str) -> None:
        """Add a text that is not known yet at the next place."""
        super().append(text)
        if len(self) > _FULL * len(self._slots):
            self._slots = array("I", bytes(8 * len(self._slots)))
            for place in range(len(self)):
                self._fill(self[place], place)
        else:
            self._fill(text, len(self) - 1)

    def _fill(self, text: str, place: int) -> None:
        slot = self._first_slot(text)
        while self._slots[slot]:
            slot = (slot + 1) & (len(self._slots) - 1)
        self._slots[slot] = place + 1

    def _first_slot(self, text: str) -> int:
        return hash(text) & (len(self._slots) - 1)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
