"""How many things are cut: chunks one after the other, batches that share a call (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_chunks(things: Sequence[T], size: int) -> list[Sequence[T]]:
    """The things in their order, at most ``size`` in each chunk."""
    return [things[start : start + size] for start in range(0, len(things), size)]


def in_batches(things: Iterable[T], size: int, alone: Callable[[T], bool]) -> Iterator[list[T]]:
    """The things in their order, at most ``size`` together; some alone."""
    batch: list[T] = []
    for thing in things:
        if alone(thing):
            if batch:
                yield batch
            yield [thing]
            batch = []
            continue
        batch.append(thing)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
