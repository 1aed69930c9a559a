"""How documents in transfer are shown, and which exit code they deserve."""

from __future__ import annotations

from collections.abc import Sequence

from so24.cli.terminal.exits import ALL_WELL, NEEDS_A_PERSON
from so24.cli.terminal.printing import format_amount, print_json, print_table, say
from so24.store.transfers.transfer_list import ReceiptLine
from so24.transfer.receipt import as_record, tally

HEADINGS = ("Number", "Kind", "Department", "Customer", "Total", "", "State", "Order", "Invoice",
            "Reason")  # fmt: skip


def show_lines(lines: Sequence[ReceiptLine], as_json: bool) -> None:
    """Print the lines as a table with a sum on stderr, or as JSON."""
    if as_json:
        print_json([as_record(line) for line in lines])
        return
    if lines:
        print_table(HEADINGS, [_cells(line) for line in lines])
    say(sum_up(lines))


def sum_up(lines: Sequence[ReceiptLine]) -> str:
    """How the lines stand, in one sentence."""
    sums = tally(lines)
    amounts = ", ".join(format_amount(amount, name) for name, amount in sums.amounts.items())
    parts = [f"{sums.transferred} of {sums.documents} transferred"]
    parts[0] += f" ({amounts})" if amounts else ""
    if sums.for_approval:
        parts.append(f"{sums.for_approval} of them wait for approval")
    for count, words in (
        (sums.open, "in transfer"), (sums.waiting, "of them wait for their key"),
        (sums.errors, "not transferred"), (sums.cancelled, "cancelled"),
    ):  # fmt: skip
        if count:
            parts.append(f"{count} {words}")
    return ", ".join(parts) + "."


def exit_code(lines: Sequence[ReceiptLine], *, waited: bool = True) -> int:
    """0 where every document is transferred; else 1, but not for work that was only queued."""
    sums = tally(lines)
    fine = sums.transferred + (0 if waited else sums.open)
    return ALL_WELL if fine == sums.documents else NEEDS_A_PERSON


def _cells(line: ReceiptLine) -> tuple[object, ...]:
    return (
        f"{line.series}-{line.number}",
        line.kind.replace("_", " "),
        line.department,
        line.customer,
        line.total,
        line.currency,
        line.status,
        str(line.order_id or ""),
        str(line.office_invoice_id or ""),
        line.explanation,
    )
