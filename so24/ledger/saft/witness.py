"""A SAF-T export put beside what so24 has transferred: read, compared, kept as a result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.dates import format_date
from so24.errors import UnreadableFile, WrongUse
from so24.firms.norwegian_numbers import bare_number
from so24.language.said import say
from so24.ledger.keeping import keep_result
from so24.ledger.saft.company import KnownCompanies, find_wrong_company, newest_numbers
from so24.ledger.saft.compare import SaftTerms, compare_export, wanted_numbers
from so24.ledger.saft.files import GivenFile, SaftExport, read_export, read_heads
from so24.ledger.saft.lines import SAFT_FINE, SaftLine, sum_saft_lines
from so24.ledger.saft.postings import SaftHead
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.content import hash_content
from so24.sources.documents.spool import kept_in
from so24.store.keys.keys import living_keys, name_company
from so24.store.ledger.booked import BookedDocument, booked_documents
from so24.store.ledger.results import KeptDifference, KeptSum, WitnessFile, kept_results
from so24.store.tables.key_tables import Key
from so24.store.tables.ledger_tables import LedgerResult, Witness
from so24.transfer.order.mapping import OUR_REFERENCES

NOT_SHOWN = say(
    "A SAF-T export shows what is booked, and on whom. What is not in it and so not compared: "
    "drafts, orders that wait for approval, products and lines of a document, and due dates."
)
MARGIN = dt.timedelta(days=31)  # a document may be booked some time before or after its date
_DAY = dt.timedelta(days=1)

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class SaftComparison:
    """What a SAF-T export has said of a company's documents of a period, both days included.

    ``remarks`` are sentences about the export; ``vouchers`` is how many of them it has.
    """

    company: str
    first: dt.date
    last: dt.date
    lines: tuple[SaftLine, ...]
    vouchers: int
    remarks: tuple[str, ...]
    files: tuple[WitnessFile, ...]


def saft_companies(desk: Desk) -> Mapping[int, str]:
    """The companies that an export may be put beside, by a key of each; it may be disabled."""
    with desk.reading(Permission.SEE_LEDGER) as session:
        return {key.row_id: name_company(key) for key in _one_of_each(session)}


def reconcile_saft(
    desk: Desk,
    files: Sequence[GivenFile],
    *,
    key_id: int | None = None,
    asked: Period | None = None,
    stated_number: str = "",
    corrects_number: bool = False,
) -> SaftComparison:
    """Put an export's files beside the documents that so24 says are booked; the result is kept.

    ``key_id`` names the company; None takes the one whose organization number it is, or the only
    one. ``asked`` is the period, None the export's own. ``stated_number`` is the company's
    organization number, which a person gives where so24 does not know it yet. ``corrects_number``:
    it is put in the place of the one that is known, which a System Administrator may do.
    Raises :class:`NotAllowed`; :class:`UnreadableFile` for what is no export of this company; and
    :class:`WrongUse` for a period that it does not have whole.
    """
    desk.require(Permission.SEE_LEDGER)
    if corrects_number:
        desk.require(Permission.MANAGE_KEYS)
    if corrects_number and not stated_number:
        raise WrongUse(say("Give the organization number that is right."))
    with kept_in(desk.settings.data_dir):
        heads = read_heads(files)
        key, known = _choose_key(desk, heads[0], key_id, stated_number, corrects=corrects_number)
        first, last = _choose_period(heads, asked)
        with desk.reading(Permission.SEE_LEDGER) as session:
            documents = booked_documents(session, key.client_id, first - MARGIN, last + MARGIN)
        export = _read(files, documents)
    terms = SaftTerms(
        company=name_company(key),
        first=first,
        last=last,
        currency=heads[0].currency,
        firms=export.firms,
        tolerance=key.tolerance,
    )
    lines = compare_export(documents, export.postings, terms)
    given = tuple(WitnessFile(each.name[:200], hash_content(each.content)) for each in files)
    found = SaftComparison(
        terms.company,
        first,
        last,
        tuple(lines),
        export.vouchers,
        (*export.remarks, NOT_SHOWN),
        given,
    )
    with desk.writing(Permission.SEE_LEDGER) as session:
        _keep(desk, session, key, heads[0], found)
        if corrects_number:
            _note_correction(desk, session, key, known, heads[0].company_number)
    return found


def _read(files: Sequence[GivenFile], documents: Sequence[BookedDocument]) -> SaftExport:
    numbers = wanted_numbers(documents)
    return read_export(
        files,
        lambda number, references: (
            number in numbers or any(each.startswith(OUR_REFERENCES) for each in references)
        ),
    )


def _one_of_each(session: Session) -> list[Key]:
    """One key for each company that there is a key for."""
    return list({key.client_id: key for key in reversed(living_keys(session))}.values())[::-1]


def _choose_key(
    desk: Desk, head: SaftHead, key_id: int | None, stated: str, *, corrects: bool
) -> tuple[Key, KnownCompanies]:
    """A key of the company that the file is of, with what is known; refuses a file of another."""
    with desk.reading(Permission.SEE_LEDGER) as session:
        keys = _one_of_each(session)
        chosen = [key for key in living_keys(session) if key.row_id == key_id]
        known = _known_companies(desk, session, keys)
    if key_id is None:
        client = known.client_with(head.company_number)
        chosen = keys if len(keys) == 1 else [key for key in keys if key.client_id == client]
    if not chosen and key_id is None and keys:
        raise WrongUse(_ask_which(head, stated))
    if not chosen:
        raise WrongUse(say("There is no such key. A System Administrator adds one."))
    [key, *_] = chosen
    company = name_company(key)
    wrong = find_wrong_company(head, key.client_id, company, known, stated, corrects=corrects)
    if wrong:
        raise UnreadableFile(wrong)
    return key, known


def _ask_which(head: SaftHead, stated: str) -> str:
    """The sentence that asks for a key, and for the number where nobody has given it."""
    told = {"name": head.company_name, "number": head.company_number}
    if stated:
        return say(
            "The export is of {name}, {number}, and so24 does not know which company that is. "
            "Choose its key.",
            **told,
        )
    return say(
        "The export is of {name}, {number}, and so24 does not know which company that is. "
        "Choose its key, and give this organization number, once.",
        **told,
    )


def _known_companies(desk: Desk, session: Session, keys: Sequence[Key]) -> KnownCompanies:
    results = kept_results(session)
    stated = ((each.client_id, each.organization_number) for each in results)
    names = {each.client_id: each.company for each in reversed(results)}
    names |= {key.client_id: name_company(key) for key in keys}
    own = {bare_number(each) for each in desk.settings.own_sellers}
    return KnownCompanies(newest_numbers(stated), own, [key.client_id for key in keys], names)


def _choose_period(heads: Sequence[SaftHead], asked: Period | None) -> Period:
    """The period asked for, or all that the files have; they must have all of it."""
    held: list[Period] = []
    for first, last in sorted((each.first, each.last) for each in heads):
        if held and first <= held[-1][1] + _DAY:
            held[-1] = held[-1][0], max(last, held[-1][1])
        else:
            held.append((first, last))
    if asked is None and len(held) == 1:
        return held[0]
    told = ", ".join(f"{format_date(first)}–{format_date(last)}" for first, last in held)
    if asked is None:
        raise WrongUse(say("The files have {days}, with days between that are missing.", days=told))
    if asked[0] > asked[1]:
        raise WrongUse(say("The period ends before it begins."))
    if not any(first <= asked[0] and asked[1] <= last for first, last in held):
        raise WrongUse(
            say(
                "The export has {days}, and not all of {first} to {last}. Choose days that it has, "
                "or export these from 24SevenOffice.",
                days=told,
                first=format_date(asked[0]),
                last=format_date(asked[1]),
            )
        )
    return asked


def _keep(desk: Desk, session: Session, key: Key, head: SaftHead, found: SaftComparison) -> None:
    sums = sum_saft_lines(found.lines)
    counted = sum(each.lines for each in sums)
    row = LedgerResult(
        client_id=key.client_id,
        company=found.company,
        witness=Witness.SAFT,
        date_from=found.first,
        date_to=found.last,
        read_by=desk.actor.name,
        orders=counted,
        differences=counted - sum(each.agreeing for each in sums),
        organization_number=head.company_number,
    )
    apart = (_difference_of(each) for each in found.lines if each.verdict not in SAFT_FINE)
    kept = (KeptSum(each.currency, each.office, each.ours) for each in sums)
    keep_result(session, desk.settings, row, sums=kept, apart=apart, files=found.files)
    desk.record(
        session,
        say("SAF-T export compared"),
        found.company,
        say(
            "organization number {number}; {files}",
            number=head.company_number,
            files=", ".join(f"{each.name} {each.sha256[:12]}" for each in found.files),
        ),
    )


def _note_correction(
    desk: Desk, session: Session, key: Key, known: KnownCompanies, number: str
) -> None:
    """Note the organization numbers before and after, and who had the new one before."""
    other = known.name_other_with(number, key.client_id)
    if known.number_of(key.client_id) == number and not other:
        return
    desk.record(
        session,
        say("organization number corrected"),
        name_company(key),
        say(
            "before: {before}; now: {number}; before that of: {other}",
            before=known.number_of(key.client_id) or "–",
            number=number,
            other=other or "–",
        ),
    )


def _difference_of(line: SaftLine) -> KeptDifference:
    differs = line.their_vat is not None and line.their_vat != line.our_vat
    return KeptDifference(
        document_id=line.document_id,
        there=str(line.invoice_number or ""),
        reference=line.reference,
        verdict=str(line.verdict),
        date=line.date,
        theirs=line.their_total,
        ours=line.our_total,
        currency=line.currency,
        their_vat=line.their_vat if differs else None,
        our_vat=line.our_vat if differs else None,
    )
