"""Python's search for garbage: what it is spared to look through, for a while or for good.

It looks for circles among objects whenever many have been made, and from time to time among all of
them. What is there before much is made is none. Who spares what is kept here: asked how much it
spares, Python counts.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Spared:
    """Whether this process spares what it has for good, and by how many it does for a while."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.for_good = False
        self.at_work = 0


_spared = _Spared()


def spare_for_good() -> None:
    """Never look again through what is there now: all of it lives as long as the process."""
    with _spared.lock:
        _spared.for_good = True
        gc.freeze()


@contextmanager
def spare_for_a_while() -> Iterator[None]:
    """Do not look through what was there before this block, until all such blocks have ended.

    What is spared for good stays so, and nothing is added to it.
    """
    with _spared.lock:
        _spared.at_work += 1
        if _spared.at_work == 1 and not _spared.for_good:
            gc.freeze()
    try:
        yield
    finally:
        with _spared.lock:
            _spared.at_work -= 1
            if not (_spared.at_work or _spared.for_good):
                gc.unfreeze()
