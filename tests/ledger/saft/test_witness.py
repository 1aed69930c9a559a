"""A SAF-T export is put beside what was really transferred, and what it says is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from so24.errors import NotAllowed, UnreadableFile, WrongUse
from so24.keys.upkeep import disable_key
from so24.ledger.keeping import past_results
from so24.ledger.saft.files import GivenFile
from so24.ledger.saft.lines import SaftVerdict, apart_first
from so24.ledger.saft.witness import SaftComparison, reconcile_saft
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.ledger.booked import booked_documents
from so24.store.tables.ledger_tables import Witness
from so24.store.tables.people_tables import AuditEvent, Role
from so24.transfer.order.mapping import reference_of
from tests.ledger.saft.writer import FIRST, LAST, OWN, Entries, Export, sale, write_saft
from tests.people.test_services_by_role import NOBODY
from tests.transfer.world import ADMIN, CLIENT, World

STRANGE = "974760673"


@pytest.fixture
def key(world: World) -> int:
    """A key, and three documents that went by it."""
    department = world.add_department()
    key = world.add_key([department])
    world.export(world.add_invoices(department, 3))
    return key


def vouchers(world: World, *, carries_reference: bool = False) -> list[Entries]:
    """What 24SevenOffice would have booked of the documents that were sent."""
    with world.installation.db.reading() as session:
        documents = booked_documents(session, CLIENT, FIRST, LAST)
    return [
        sale(
            str(place),
            each.office_invoice_id or 0,
            each.invoice.net,
            each.invoice.vat,
            customer=str(each.company_id),
            reference=reference_of(each.invoice) if carries_reference else "",
            day=each.invoice.invoice_date,
        )
        for place, each in enumerate(documents, 1)
    ]


def compare(world: World, export: Export, **options: object) -> SaftComparison:
    """Put the export beside what was sent, with the company's number typed."""
    desk = Desk(world.installation, ADMIN)
    files = [GivenFile("export.xml", write_saft(export))]
    told = {"stated_number": OWN, **options}
    return reconcile_saft(desk, files, **told)  # type: ignore[arg-type] # the test's own


def verdicts(found: SaftComparison) -> list[SaftVerdict]:
    return [line.verdict for line in found.lines]


@pytest.mark.both
@pytest.mark.parametrize("carries_reference", [False, True])
def test_all_that_was_transferred_is_there_once(
    world: World, key: int, carries_reference: bool
) -> None:
    found = compare(world, Export(vouchers(world, carries_reference=carries_reference)))
    assert verdicts(found) == [SaftVerdict.AGREES] * 3
    assert [line.number for line in found.lines] == ["1001", "1002", "1003"]
    assert not any(line.told or line.unshown for line in found.lines)
    [past] = past_results(Desk(world.installation, ADMIN))
    assert (past.result.witness, past.result.orders) == (Witness.SAFT, 3)
    assert past.result.differences == 0
    [file] = past.result.files
    assert (file.name, len(file.sha256)) == ("export.xml", 64)


@pytest.mark.both
def test_what_the_next_export_says_otherwise_is_told_as_new_and_gone(
    world: World, key: int
) -> None:
    booked = vouchers(world)
    compare(world, Export(booked[1:]))
    again = [*booked[:2], *(sale("9", 77_777, Decimal(1), Decimal(0)) for _ in "x")]
    found = compare(world, Export(again))
    assert verdicts(found) == [SaftVerdict.AGREES, SaftVerdict.AGREES, SaftVerdict.MISSING]
    newest, _ = past_results(Desk(world.installation, ADMIN))
    assert newest.change is not None
    assert [each.reference for each in newest.change.new] == ["RM-10-1003"]
    assert [each.reference for each in newest.change.gone] == ["RM-10-1001"]


def test_a_vat_that_is_another_is_kept_with_both_vats_and_remembered(
    world: World, key: int
) -> None:
    first, second, third = vouchers(world)
    found = compare(world, Export([first, with_other_vat(second, Decimal("10.00")), third]))
    assert verdicts(found) == [SaftVerdict.AGREES, SaftVerdict.OTHER_VAT, SaftVerdict.AGREES]
    assert apart_first(found.lines)[0].verdict is SaftVerdict.OTHER_VAT
    [past] = past_results(Desk(world.installation, ADMIN))
    [kept] = past.result.apart
    assert (kept.their_vat, kept.our_vat) == (Decimal("10.00"), found.lines[1].our_vat)
    assert kept.theirs == kept.ours
    compare(world, Export([first, with_other_vat(second, Decimal("11.00")), third]))
    newest, _ = past_results(Desk(world.installation, ADMIN))
    assert newest.change is not None
    assert [each.their_vat for each in newest.change.new] == [Decimal("11.00")]


def with_other_vat(voucher: Entries, vat: Decimal) -> Entries:
    """The same voucher with another VAT, and the same total."""
    lines = (replace(each, tax=vat) if each.tax is not None else each for each in voucher.lines)
    return replace(voucher, lines=tuple(lines))


def test_the_number_is_typed_once_and_expected_after_that(world: World, key: int) -> None:
    with pytest.raises(UnreadableFile, match="give this organization number, once"):
        compare(world, Export([]), stated_number="")
    compare(world, Export([]))
    compare(world, Export([]), stated_number="")
    with pytest.raises(UnreadableFile, match="whose organization number is 923609016"):
        compare(world, Export([], company="974760673"), stated_number="")
    assert len(past_results(Desk(world.installation, ADMIN))) == 2


def test_the_company_is_found_by_its_number_where_several_could_be_meant(
    world: World, key: int
) -> None:
    compare(world, Export(vouchers(world)), key_id=key)
    world.add_key([world.add_department("20")], client=CLIENT + 1, account="bergen")
    found = compare(world, Export(vouchers(world)), stated_number="")
    assert verdicts(found) == [SaftVerdict.AGREES] * 3
    with pytest.raises(WrongUse, match="Choose its key"):
        compare(world, Export([], company="974760673"), stated_number="974760673")


def test_days_that_the_export_does_not_have_are_not_compared(world: World, key: int) -> None:
    december = (dt.date(2026, 11, 15), dt.date(2026, 12, 15))
    with pytest.raises(WrongUse, match=r"and not all of 15\.11\.2026 to 15\.12\.2026"):
        compare(world, Export([]), asked=december)
    after = (LAST - dt.timedelta(days=1), LAST)
    assert compare(world, Export([]), asked=after).lines == ()


def test_parts_of_an_export_are_one_period_and_a_gap_between_them_is_told(
    world: World, key: int
) -> None:
    middle = dt.date(2026, 11, 15)
    first = write_saft(Export(vouchers(world), last=middle))
    second = write_saft(Export([], first=middle + dt.timedelta(days=1)))
    later = write_saft(Export([], first=middle + dt.timedelta(days=3)))
    desk = Desk(world.installation, ADMIN)
    parts = [GivenFile("b.xml", second), GivenFile("a.xml", first)]
    found = reconcile_saft(desk, parts, stated_number=OWN)
    assert (found.first, found.last) == (FIRST, LAST)
    assert verdicts(found) == [SaftVerdict.AGREES] * 3
    parts = [GivenFile("a.xml", first), GivenFile("b.xml", later)]
    with pytest.raises(WrongUse, match="days between that are missing"):
        reconcile_saft(desk, parts, stated_number=OWN)


def test_an_export_needs_no_usable_key_and_asks_24sevenoffice_nothing(
    world: World, key: int
) -> None:
    export = Export(vouchers(world))
    disable_key(Desk(world.installation, ADMIN), key)
    world.control.reset_calls()
    assert verdicts(compare(world, export)) == [SaftVerdict.AGREES] * 3
    assert world.control.calls()["operations"] == {}


def audited(world: World, action: str) -> list[AuditEvent]:
    """What the audit trail has of an action, the oldest first."""
    with world.installation.db.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == action))
        return list(events)


def test_who_brought_which_companys_file_is_in_the_audit_trail(world: World, key: int) -> None:
    found = compare(world, Export([]))
    [event] = audited(world, "SAF-T export compared")
    assert event.subject == found.company
    assert event.detail.startswith(f"organization number {OWN}; export.xml ")


def test_a_known_number_is_replaced_by_nobody_who_does_not_correct_it(
    world: World, key: int
) -> None:
    compare(world, Export(vouchers(world)))
    other = Export(vouchers(world), company=STRANGE)
    with pytest.raises(UnreadableFile, match=f"whose organization number is {OWN}"):
        compare(world, other, stated_number=STRANGE)
    with pytest.raises(UnreadableFile, match="a System Administrator corrects it"):
        compare(world, other, stated_number="")
    assert verdicts(compare(world, Export(vouchers(world)), stated_number="")) == [
        SaftVerdict.AGREES
    ] * 3  # fmt: skip


def test_a_file_of_one_company_is_put_beside_no_other(world: World, key: int) -> None:
    nordic = compare(world, Export([]), key_id=key).company
    bergen = world.add_key([world.add_department("20")], client=CLIENT + 1, account="bergen")
    with pytest.raises(UnreadableFile) as refusal:
        compare(world, Export([]), key_id=bergen, stated_number=OWN)
    assert f"as the organization number of {nordic}" in str(refusal.value)
    assert len(past_results(Desk(world.installation, ADMIN))) == 1


def test_an_administrator_corrects_a_number_and_both_are_in_the_audit_trail(
    world: World, key: int
) -> None:
    company = compare(world, Export([])).company
    wanted = Export([], company=STRANGE)
    finance = Desk(world.installation, Actor("fia", Role.FINANCE))
    files = [GivenFile("export.xml", write_saft(wanted))]
    with pytest.raises(NotAllowed):
        reconcile_saft(finance, files, stated_number=STRANGE, corrects_number=True)
    with pytest.raises(WrongUse, match="Give the organization number"):
        compare(world, wanted, stated_number="", corrects_number=True)
    compare(world, wanted, stated_number=STRANGE, corrects_number=True)
    [event] = audited(world, "organization number corrected")
    assert (event.subject, event.actor) == (company, ADMIN.name)
    assert event.detail == f"before: {OWN}; now: {STRANGE}; before that of: –"
    compare(world, wanted, stated_number="")
    with pytest.raises(UnreadableFile, match=f"whose organization number is {STRANGE}"):
        compare(world, Export([]), stated_number="")


def test_a_number_that_was_said_of_the_wrong_company_is_moved_to_the_right_one(
    world: World, key: int
) -> None:
    nordic = compare(world, Export([]), key_id=key).company
    bergen = world.add_key([world.add_department("20")], client=CLIENT + 1, account="bergen")
    compare(world, Export([]), key_id=bergen, corrects_number=True)
    [event] = audited(world, "organization number corrected")
    assert event.detail == f"before: –; now: {OWN}; before that of: {nordic}"
    compare(world, Export([], company=STRANGE), key_id=key, stated_number=STRANGE)


def test_who_may_not_look_inside_may_not_compare(world: World, key: int) -> None:
    with pytest.raises(NotAllowed):
        reconcile_saft(Desk(world.installation, Actor("eve", NOBODY)), [])


def test_no_file_is_no_comparison(world: World, key: int) -> None:
    with pytest.raises(UnreadableFile, match="at least one file"):
        reconcile_saft(Desk(world.installation, ADMIN), [])


def test_the_texts_of_the_file_are_kept_nowhere(world: World, key: int) -> None:
    compare(world, Export(vouchers(world), name="Hemmelig AS", customers={"7": ""}))
    folder = Path(world.installation.settings.data_dir)
    assert not [each for each in folder.rglob("*") if each.suffix in (".xml", ".zip")]
    [past] = past_results(Desk(world.installation, ADMIN))
    assert "Hemmelig" not in repr(past)
