"""What the history is chained by: the hash of an event, and that of an anchor with its section."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

GENESIS = "0" * 64


def digest_heads(heads: Iterable[tuple[int, int, str]]) -> str:
    """The digest of a section by the newest event of each of its documents.

    Each is its document, sequence and hash; they are in the order of the documents.
    """
    digest = hashlib.sha256()
    for head in heads:
        digest.update(told_head(head))
    return digest.hexdigest()


def told_head(head: tuple[int, int, str]) -> bytes:
    return "{}:{}:{};".format(*head).encode()


class AnchorSection:
    """The events of one anchor, added chain after chain: their counts, and a digest of heads."""

    def __init__(self) -> None:
        self.events = 0
        self.chains = 0  # that begin here
        self._digest = hashlib.sha256()
        self._head: tuple[int, int, str] | None = None

    def add(self, invoice_id: int, sequence: int, digest: str) -> None:
        """Add an event; those of one document come one after the other, in their order."""
        if self._head is not None and self._head[0] != invoice_id:
            self._take_head()
        self.events += 1
        self.chains += sequence == 1
        self._head = (invoice_id, sequence, digest)

    def digest(self) -> str:
        """The digest over the newest event of each document."""
        self._take_head()
        return self._digest.hexdigest()

    def _take_head(self) -> None:
        if self._head is not None:
            self._digest.update(told_head(self._head))
            self._head = None


HASHED = (
    "transfer_id",
    "invoice_id",
    "sequence",
    "at",
    "actor",
    "state",
    "reason",
    "order_id",
    "office_invoice_id",
    "payload_hash",
    "words",
    "hash_before",
    "after_anchor",
)

_AT = HASHED.index("at")

_as_json = json.JSONEncoder(ensure_ascii=False).encode


def hash_event(values: Sequence[Any]) -> str:
    """The hash of an event by its values in the order of :data:`HASHED`."""
    covered = list(values)
    covered[_AT] = covered[_AT].isoformat()
    if covered[-1] is None:  # so it was hashed before there was any anchor
        covered.pop()
    return hashlib.sha256(_as_json(covered).encode()).hexdigest()


def hash_anchor(anchor: Mapping[str, Any], section: AnchorSection) -> str:
    covered = [
        anchor["at"].isoformat(),
        anchor["chains"],
        anchor["events"],
        section.digest(),
        anchor["hash_before"],
    ]
    return hashlib.sha256(_as_json(covered).encode()).hexdigest()
