"""What is known of a document by its rows: its kind's signs, its faults, its parties (pure)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from so24.firms.names import share_a_word
from so24.language.said import say
from so24.sources.documents.documents import Parties
from so24.sources.documents.totals import add_up
from so24.sources.reports.line_cells import DocumentKey, LineHead, LineRow

_ALIKE = (  # what all rows of a document must agree on, with its heading
    (
        "customer_number",
        "Customer no.",  # in English: RecMan's heading
        say("{document} has two customers: {values}"),
    ),
    ("currency", "Currency", say("{document} has two currencies: {values}")),
    (
        "invoice_date",
        "Invoice date",  # in English: RecMan's heading
        say("{document} has two invoice dates: {values}"),
    ),
    (
        "due_date",
        "Due date",  # in English: a heading
        say("{document} has two due dates: {values}"),
    ),
    (
        "kid",
        "KID",  # in English: a heading
        say("{document} has two KIDs: {values}"),
    ),
    (
        "delivery_date",
        "Delivery date",  # in English: a heading
        say("{document} has two delivery dates: {values}"),
    ),
    (
        "your_reference",
        "Your reference",  # in English: a heading
        say("{document} has two customer's references: {values}"),
    ),
    (
        "order_reference",
        "Order reference",  # in English: a heading
        say("{document} has two order references: {values}"),
    ),
    (
        "note",
        "Invoice note",  # in English: a heading
        say("{document} has two invoice texts: {values}"),
    ),
)


_NAME_SHOWN = 80


class Gist(NamedTuple):
    """What documents are compared by: most are never looked at closer.

    ``sign`` is that of the total with VAT, in which rows that were refused count nothing.
    ``unclear``: the signs of its lines do not say which kind it is. ``sound``: no row is refused,
    and none contradicts another. ``parties`` are those of the document that it then is.
    """

    sign: int
    unclear: bool
    sound: bool
    parties: Parties


def find_fault(key: DocumentKey, rows: Sequence[LineRow]) -> tuple[str, str]:
    """Why the rows are no document, and the heading that is at fault; two empty texts if they are.

    One of them was refused, or two contradict each other.
    """
    bad = next((row for row in rows if row.refused), None)
    if bad is not None:
        return say(
            "left out, because row {row} of {document} was refused",
            row=bad.line.row,
            document=key[1],
        ), ""
    heads = heads_of(rows)
    if len(heads) == 1:
        return "", ""
    for name, heading, told in _ALIKE:
        values = {getattr(head, name) for head in heads} - {None, ""}
        if len(values) > 1:
            listed = ", ".join(sorted(str(value)[:_NAME_SHOWN] for value in values))
            return say(told, document=key[1], values=listed), heading
    two = _find_two_firms(key, rows)
    return (two, "Company") if two else ("", "")


def _find_two_firms(key: DocumentKey, rows: Sequence[LineRow]) -> str:
    """That rows of the document name two firms, which share no word; empty where they do not."""
    named = {
        row.head.customer_name: row.line.row for row in reversed(rows) if row.head.customer_name
    }
    for (one, first), (other, second) in combinations(named.items(), 2):
        if not share_a_word(one, other):
            (first, one), (second, other) = sorted(((first, one), (second, other)))
            return say(
                "{document} has two firms under one customer number: “{one}” in row {first} and "
                "“{other}” in row {second}",
                document=key[1],
                one=one[:_NAME_SHOWN],
                first=first,
                other=other[:_NAME_SHOWN],
                second=second,
            )
    return ""


def find_copy_below(rows: Iterable[LineRow], headings: Sequence[int]) -> int:
    """The row of headings that stand again below which lines of a document are all there again.

    0 where they are not: a document goes on below the headings of a new page with other lines.
    """
    parts: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        parts.setdefault(bisect_left(headings, row.line.row), []).append(_content(row))
    seen: list[Counter[tuple[object, ...]]] = []
    for place, part in sorted(parts.items()):
        if (lines := Counter(part)) in seen:
            return headings[place - 1]
        seen.append(lines)
    return 0


def find_repeat(parts: Sequence[Sequence[LineRow]]) -> int:
    """The row from which the lines of a document, in these parts, are all there again; else 0.

    They may be there several times.
    """
    contents = [Counter(map(_content, rows)) for rows in parts]
    every = sum(contents, Counter[tuple[object, ...]]())
    before = Counter[tuple[object, ...]]()
    for part, content in zip(parts, contents, strict=True):
        times, rest = divmod(every.total(), before.total()) if before else (1, 0)
        if times > 1 and not rest and all(every[each] == times * before[each] for each in every):
            return part[0].line.row
        before += content
    return 0


def _content(row: LineRow) -> tuple[object, ...]:
    return (row.head, row.line._replace(row=0))


def heads_of(rows: Iterable[LineRow]) -> list[LineHead]:
    """The heads of the rows, each once; nearly all documents have one."""
    heads = [row.head for row in rows]
    if heads.count(heads[0]) == len(heads):
        return heads[:1]
    return list(dict.fromkeys(heads))


def find_parties(heads: Sequence[LineHead]) -> Parties:
    """The department and customer of a document whose rows have these heads."""
    stated = stated_by_any(heads)
    return Parties(
        heads[0].department_number,
        stated.department_name,
        heads[0].customer_number,
        stated.customer_name,
    )


def stated_by_any(heads: Sequence[LineHead]) -> LineHead:
    """Of each field what the first head says that says anything."""
    if len(heads) == 1:
        return heads[0]
    return LineHead(
        *[next((each for each in values if each), values[0]) for values in zip(*heads, strict=True)]
    )


def find_gist(key: Callable[[], DocumentKey], rows: Sequence[LineRow]) -> Gist:
    """What the rows of a document, or the first of them, are compared by.

    ``key`` is only asked for where they may not be one.
    """
    heads = heads_of(rows)
    plain = len(heads) == 1 and not any(row.refused for row in rows)
    nets = [row.line.net for row in rows]
    low, high = min(nets), max(nets)
    mixed = low < 0 < high
    # no rate is below nought: nets of one sign are the total's
    total = add_up([row.line for row in rows]).total if mixed else low + high
    return Gist(
        (total > 0) - (total < 0),
        mixed or low == high == 0,
        plain or not any(find_fault(key(), rows)),
        find_parties(heads),
    )
