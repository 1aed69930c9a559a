"""``so24 export --dry-run``: what an export would do, with the fingerprint to confirm it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import NoReturn

from so24.cli.commands.receipts import exit_code, show_lines
from so24.cli.terminal.opening import reach_office
from so24.cli.terminal.printing import (
    end_with,
    format_amount,
    print_data,
    print_json,
    print_table,
    remark,
)
from so24.dates import describe_seconds
from so24.language.said import join_said, say, say_count
from so24.letters import show_plainly
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.store.transfers.receipt_line import ReceiptLine
from so24.transfer.checks.finding import Finding
from so24.transfer.export_many import Dispatch, read_dispatch
from so24.transfer.preview.confirmation import keep_shown
from so24.transfer.preview.forecast import Creation, Forecast, LookResult, PreviewLane
from so24.transfer.preview.preview import (
    Preview,
    after_looks,
    known_forecasts,
    look_up,
    preview_run,
)
from so24.transfer.preview.request_view import Outgoing, OutgoingRow, show_outgoing
from so24.transfer.preview.requests_and_time import (
    Estimate,
    describe_requests,
    estimate_lane,
    finish_seconds,
)
from so24.transfer.receipt import as_record
from so24.transfer.review import find_warnings

# by whether it was looked up
_CUSTOMERS = {
    True: say("Customers. To be created: {names}."),
    False: say("Customers. Not linked yet: {names}."),
}
_PRODUCTS = {
    True: say("Products. To be created: {names}."),
    False: say("Products. Not linked yet: {names}."),
}


@dataclass(frozen=True)
class DryRun:
    """All that a dry run shows; ``outgoing`` by invoice id, where it was asked for.

    ``going`` is the preview with what the looks have found not to go left out; ``warnings`` are
    those of what goes, by invoice id.
    """

    preview: Preview
    going: Preview
    lines: Sequence[ReceiptLine]
    looks: Mapping[int, LookResult]
    estimates: Sequence[Estimate]
    seconds: float
    outgoing: Mapping[int, Outgoing]
    warnings: Mapping[int, Sequence[Finding]]

    @property
    def forecasts(self) -> dict[int, Forecast]:
        """What was looked up, or is known from the store alone, by invoice id."""
        return known_forecasts(self.preview, self.looks)

    @property
    def unseen(self) -> dict[int, str]:
        """Why documents that would go could not be looked up, by invoice id."""
        failed = {each.key_id: each.problem for each in self.looks.values() if each.problem}
        return {
            each: failed[lane.key_id]
            for lane in self.going.lanes
            if lane.key_id in failed
            for each in lane.invoice_ids
        }


def show_dry_run(
    desk: Desk, dispatch: Dispatch, *, look: bool, xml: bool, as_json: bool
) -> NoReturn:
    """Show what an export would do, and end the command; what would go counts as well."""
    run = _gather(desk, dispatch, look=look, xml=xml)
    keep_shown(desk, run.preview.shown)
    going = [line for line in run.lines if line.reason is Reason.WOULD_BE_SENT]
    if as_json:
        print_json(_as_json(run))
    else:
        _show(run)
    remark(
        say_count(
            "{number} would be sent; nothing is changed.",
            "{number} would be sent; nothing is changed.",
            len(going),
        )
    )
    end_with(exit_code([line for line in run.lines if line not in going]))
    raise AssertionError("the command has ended")


def _gather(desk: Desk, dispatch: Dispatch, *, look: bool, xml: bool) -> DryRun:
    preview = preview_run(desk, dispatch.ids)
    looks: dict[int, LookResult] = {}
    if look:
        with reach_office(desk.settings):
            looks = {lane.key_id: look_up(desk, lane) for lane in preview.lanes}
    estimates = [
        estimate_lane(desk.settings, lane, looks.get(lane.key_id)) for lane in preview.lanes
    ]
    going = after_looks(preview, looks)
    run = DryRun(
        preview,
        going,
        read_dispatch(desk, dispatch, sent=False),
        looks,
        estimates,
        finish_seconds(desk.settings, estimates),
        _write_all(desk, dispatch, preview, looks) if xml else {},
        find_warnings(desk, going),
    )
    forecasts, unseen = run.forecasts, run.unseen
    return replace(run, lines=[_tell(line, forecasts, unseen) for line in run.lines])


def _write_all(
    desk: Desk, dispatch: Dispatch, preview: Preview, looks: Mapping[int, LookResult]
) -> dict[int, Outgoing]:
    """What goes out for each document, with the ids that the looks have found."""
    key_of = {each: lane.key_id for lane in preview.lanes for each in lane.invoice_ids}
    return {
        each: show_outgoing(desk, each, looks.get(key_of.get(each, 0)), key_of.get(each))
        for each in dispatch.ids
    }


def _tell(
    line: ReceiptLine, forecasts: Mapping[int, Forecast], unseen: Mapping[int, str]
) -> ReceiptLine:
    """The line with what a look has found, or why it could not be taken."""
    if line.invoice_id in unseen:
        words = say("Not looked up: {problem}", problem=unseen[line.invoice_id])
        return replace(line, reason=Reason.NOT_LOOKED_UP, words=words)
    found = forecasts.get(line.invoice_id)
    if found is None:
        return line
    told = replace(
        line,
        words=found.sentence,
        order_id=found.order_id,
        customer_card=found.customer_card,
    )
    return told if found.outcome.is_fine else replace(told, state=found.state, reason=Reason.NONE)


def _as_json(run: DryRun) -> dict[str, object]:
    forecasts = run.forecasts
    return {
        "fingerprint": run.preview.shown.fingerprint,
        "documents": [_document_record(run, line, forecasts) for line in run.lines],
        "companies": [
            {"company": company, "sums": sums} for company, sums in run.going.company_sums.items()
        ],
        "lanes": [
            _lane_record(lane, estimate, run.looks.get(lane.key_id))
            for lane, estimate in zip(run.going.lanes, run.estimates, strict=True)
        ],
        "seconds": round(run.seconds, 1),
    }


def _document_record(
    run: DryRun, line: ReceiptLine, forecasts: Mapping[int, Forecast]
) -> dict[str, object]:
    record = as_record(line)
    found = forecasts.get(line.invoice_id)
    record["outcome"] = found.outcome.name.lower() if found else None
    record["warnings"] = [each.sentence for each in run.warnings.get(line.invoice_id, ())]
    out = run.outgoing.get(line.invoice_id)
    if out is not None:
        record["rows"] = [asdict(row) for row in out.rows]
        record["xml"] = out.xml
        record["unknown"] = out.unknown
        record["later"] = out.later
    return record


def _lane_record(
    lane: PreviewLane, estimate: Estimate, look: LookResult | None
) -> dict[str, object]:
    seen = look if estimate.looked_up else None
    return {
        "key": lane.key,
        "company": lane.company,
        "documents": lane.documents,
        "sums": lane.sums,
        "looked_up": estimate.looked_up,
        "problem": look.problem if look else "",
        "series_doubt": lane.series_doubt,
        "customers": [asdict(each) for each in (seen or lane).customers],
        "products": [asdict(each) for each in (seen or lane).products],
        "requests": estimate.requests,
        "quota_left": estimate.quota.remaining,
        "quota_resets_at": estimate.quota.resets_at,
        "seconds": round(estimate.seconds, 1),
    }


def _show(run: DryRun) -> None:
    show_lines(run.lines, as_json=False)
    for invoice_id, findings in run.warnings.items():
        row = run.preview.rows[invoice_id]
        for each in findings:
            remark(
                say(
                    "{series}-{number} goes in spite of a warning: {sentence}",
                    series=row.series,
                    number=row.number,
                    sentence=each.sentence,
                )
            )
    for company, sums in run.going.company_sums.items():
        if sums:
            amounts = ", ".join(format_amount(amount, name) for name, amount in sums.items())
            remark(say("To {company}: {amounts}.", company=company, amounts=amounts))
    for lane, estimate in zip(run.going.lanes, run.estimates, strict=True):
        _show_lane(lane, estimate, run.looks.get(lane.key_id))
    for out in run.outgoing.values():
        _show_outgoing(out)
    if run.preview.lanes:
        remark(
            say(
                "Finished {time} after the start.",
                time=describe_seconds(run.seconds),
            )
        )
    remark(say("Fingerprint: {fingerprint}", fingerprint=run.preview.shown.fingerprint))


def _show_lane(lane: PreviewLane, estimate: Estimate, look: LookResult | None) -> None:
    remark(
        say_count(
            "Key “{key}”: {number} document, {requests}.",
            "Key “{key}”: {number} documents, {requests}.",
            lane.documents,
            key=lane.key,
            requests=describe_requests(estimate),
        )
    )
    if lane.series_doubt:
        remark(_indent(lane.series_doubt))
    if look is not None and look.problem:
        remark(_indent(say("Not looked up: {problem}", problem=look.problem)))
    seen = look if look is not None and estimate.looked_up else None
    for words, created in (
        (_CUSTOMERS[bool(seen)], (seen or lane).customers),
        (_PRODUCTS[bool(seen)], (seen or lane).products),
    ):
        if created:
            names = join_said(map(_name_creation, created), "; ")
            remark(_indent(say(words, names=names)))


def _indent(text: str) -> str:
    return join_said(["  ", text], "")


def _name_creation(creation: Creation) -> str:
    name = f"{creation.number} {creation.name}"
    if not creation.category:
        return name
    return say("{name} (category {category})", name=name, category=creation.category)


def _show_outgoing(out: Outgoing) -> None:
    if out.problem:
        remark(out.problem)
    if out.rows:
        headings = (
            say("Product"),
            say("24SevenOffice's id"),
            say("Name"),
            say("Quantity"),
            say("Price"),
            say("Net"),
        )
        print_table(headings, [_row_cells(row) for row in out.rows])
    if out.xml:
        print_data(show_plainly(out.xml, "&#x{:x};"))
    if out.later:
        remark(
            say(
                "Not in it: {names}; read when it is sent, and with --look-up.",
                names=join_said(out.later, ", "),
            )
        )


def _row_cells(row: OutgoingRow) -> tuple[object, ...]:
    quantity, price = (
        "" if value is None else f"{value.normalize():f}".replace(".", ",")
        for value in (row.quantity, row.price)
    )
    return (row.product_number, row.product, row.name, quantity, price, row.net)
