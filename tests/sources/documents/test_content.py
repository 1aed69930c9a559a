"""Bytes on disk are the bytes that they were made of, however they are asked for."""

from __future__ import annotations

import hashlib
import io
import random

import pytest

from so24.sources.documents import content as module
from so24.sources.documents.content import (
    StoredBytes,
    blocks_of,
    copy_content,
    hash_content,
    open_content,
    whole,
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few bytes are many here."""
    monkeypatch.setattr(module, "_BLOCK", 7)
    monkeypatch.setattr(module, "_FEW", 20)


def copied(data: bytes, most: int = 10_000) -> module.Content:
    return copy_content(io.BytesIO(data), most)


def test_many_bytes_stand_on_disk_and_few_in_memory() -> None:
    assert copied(b"x" * 19) == b"x" * 19
    assert isinstance(copied(b"x" * 20), StoredBytes)


@pytest.mark.parametrize("most", [5, 19, 20, 26, 27, 40])
def test_of_a_file_that_is_too_large_one_byte_more_is_read(most: int) -> None:
    data = bytes(range(60))
    assert whole(copied(data, most)) == data[: most + 1]


@pytest.mark.parametrize("size", [20, 21, 27, 28, 35, 100])
def test_any_part_is_that_of_the_bytes(size: int) -> None:
    chance = random.Random(size)  # noqa: S311 - the same bytes each time
    data = bytes(chance.choice(b"ab\n") for _ in range(size))
    stored = copied(data)
    assert len(stored) == size
    assert b"".join(blocks_of(stored)) == whole(stored) == data
    assert hash_content(stored) == hash_content(data) == hashlib.sha256(data).hexdigest()
    for _ in range(50):
        part = slice(*(chance.choice((None, chance.randint(-size - 3, size + 3))) for _ in "ab"))
        assert stored[part] == data[part]
        sought = data[chance.randrange(size - 3) :][: chance.choice((1, 3))]
        assert sought in stored
        assert stored.startswith((b"b", sought)) is data.startswith((b"b", sought))
    assert [stored.count(each) for each in (b"a", b"ab", b"ab\n")] == [
        data.count(each) for each in (b"a", b"ab", b"ab\n")
    ]
    assert b"abc" not in stored


def test_an_open_file_of_them_is_read_and_sought_in_as_any_file() -> None:
    data = bytes(range(100))
    ours, theirs = open_content(copied(data)), open_content(data)
    for offset, whence, count in ((0, 0, 3), (2, 1, 9), (-5, 2, 50), (40, 0, -1), (0, 1, 4)):
        assert ours.seek(offset, whence) == theirs.seek(offset, whence)
        assert ours.read(count) == theirs.read(count)
        assert ours.tell() == theirs.tell()
