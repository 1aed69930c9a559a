"""What a line of a printed receipt says of an order, as whoever reads it would take it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.simulation.evidence import Entry

Line = Mapping[str, Any]


def reference_of(line: Line) -> str:
    """The reference of the document that a line is about."""
    prefix = "RC" if line["kind"] == "credit_note" else "RM"
    return f"{prefix}-{line['department']}-{line['number']}"


def tells_invoice(line: Line, entry: Entry) -> bool:
    """Whether it tells the number that the order was invoiced under."""
    return line["invoice_id"] == entry.invoice or has_word(
        f"invoice {entry.invoice}", line["reason"]
    )


def names(line: Line, number: int) -> bool:
    """Whether it names the order, as one that is still there."""
    sentences = line["reason"].split(". ")
    named = any(
        has_word(str(number), each) and "was set inactive" not in each for each in sentences
    )
    return line["order_id"] == number or named


def mentions(line: Line, number: int) -> bool:
    """Whether it says anything of the order."""
    return line["order_id"] == number or has_word(str(number), line["reason"])


def has_word(text: str, sentence: str) -> bool:
    """Whether the text stands in the sentence by itself."""
    return re.search(rf"\b{re.escape(text)}\b", sentence) is not None


def name_of(entry: Entry) -> str:
    """The order as breaches name it."""
    invoice = f", invoice {entry.invoice}" if entry.invoice else ""
    return f"order {entry.number} ({entry.status}{invoice})"
