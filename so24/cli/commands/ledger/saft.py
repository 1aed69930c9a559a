"""``so24 reconcile --saft FILE…``: a SAF-T export beside what so24 has transferred."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    format_amount,
    print_json,
    print_table,
    remark,
)
from so24.dates import format_date
from so24.keys.upkeep import key_named
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.ledger.agreement import tell_agreement, tell_ours
from so24.ledger.keeping import newest_of_each, past_results
from so24.ledger.sentences import tell_change
from so24.people.desk import Desk
from so24.store.tables.ledger_tables import Witness

if TYPE_CHECKING:
    from so24.ledger.saft.witness import SaftComparison


def reconcile_files(
    files: Sequence[Path],
    key: str | None,
    asked: tuple[dt.date, dt.date] | None,
    organization_number: str,
    *,
    corrects_number: bool,
    as_json: bool,
) -> None:
    """Print each document beside the export; ends with 1 unless some are compared and all agree."""
    from so24.cli.commands.imports import read_file
    from so24.ledger.saft.files import MOST_BYTES, GivenFile
    from so24.ledger.saft.lines import NOTHING_COMPARED, SAFT_FINE
    from so24.ledger.saft.witness import reconcile_saft
    from so24.sources.documents.spool import kept_in

    with open_desk() as desk:
        key_id = key_named(desk, key).id if key is not None else None
        with kept_in(desk.settings.data_dir):
            given = [GivenFile(path.name, read_file(path, MOST_BYTES)) for path in files]
        found = reconcile_saft(
            desk,
            given,
            key_id=key_id,
            asked=asked,
            stated_number=organization_number,
            corrects_number=corrects_number,
        )
        change = _tell_change(desk, found.company)
    if as_json:
        print_json([line.as_record() for line in found.lines])
    elif found.lines:
        _show(found)
    empty = "" if found.lines else NOTHING_COMPARED
    for sentence in filter(None, [empty, change, *found.remarks]):
        remark(sentence)
    if not found.lines or any(line.verdict not in SAFT_FINE for line in found.lines):
        end_with(NEEDS_A_PERSON)


def _tell_change(desk: Desk, company: str) -> str:
    past = [each for each in past_results(desk) if each.result.witness is Witness.SAFT]
    mine = [each for each in newest_of_each(past) if each.result.company == company]
    return tell_change(mine[0]) if mine else ""


def _show(found: SaftComparison) -> None:
    from so24.ledger.saft.lines import apart_first, sum_saft_lines

    lines = apart_first(found.lines)
    print_table(
        (say("Date"), say("Reference"), say("Invoice"), say("Vouchers"), say("Customer there"),
         "SAF-T", "so24", say("Difference"), say("VAT there"), say("Our VAT"), "",
         say("Verdict")),
        [
            (line.date, line.reference, str(line.invoice_number or ""), line.vouchers,
             line.customer_there, line.their_total, line.our_total, line.difference,
             line.their_vat, line.our_vat, line.currency, tell(line.verdict))
            for line in lines
        ],
    )  # fmt: skip
    for line in lines:
        if line.told or line.unshown:
            remark(join_said([f"{line.reference}:", line.told, line.unshown]))
    remark(
        say_count(
            "{company}, {first} to {last}: the export has {number} voucher.",
            "{company}, {first} to {last}: the export has {number} vouchers.",
            found.vouchers,
            company=found.company,
            first=format_date(found.first),
            last=format_date(found.last),
        )
    )
    for each in sum_saft_lines(found.lines):
        remark(
            say(
                "{agreement}. SAF-T {theirs}, so24 {ours}, difference {difference}.",
                agreement=tell_agreement(each.lines, each.agreeing),
                theirs=format_amount(each.office, each.currency),
                ours=format_amount(each.ours, each.currency),
                difference=format_amount(each.difference, each.currency),
            )
        )
        remark(tell_ours(found.lines, each.currency))
