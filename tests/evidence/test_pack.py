"""A pack proves by itself what was sent, and any change of it is found."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from so24.errors import NotAllowed, WrongUse
from so24.evidence.month import Month, choose_company, read_month
from so24.evidence.pack import MANIFEST, PackReport, make_pack
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import AuditEvent, Role
from so24.store.transfers.history import latest_anchor, write_anchor_if_new
from tests.transfer.world import ADMIN, CLIENT, DAY, World

NOVEMBER = Month(DAY.year, DAY.month)


@pytest.fixture
def sent(world: World) -> World:
    """Three documents sent, anchored, and one that waits."""
    department = world.add_department()
    world.add_key([department])
    documents = world.add_invoices(department, 4)
    world.export(documents[:3])
    with world.installation.db.writing() as session:
        write_anchor_if_new(session, latest_anchor(session))
    return world


def pack_of(world: World, folder: Path) -> tuple[PackReport, Path]:
    """The pack of the month, unpacked."""
    desk = Desk(world.installation, ADMIN)
    written = io.BytesIO()
    report = make_pack(desk, choose_company(desk, CLIENT), NOVEMBER, written)
    with zipfile.ZipFile(written) as archive:
        archive.extractall(folder / "pack")
    return report, folder / "pack"


def verify(folder: Path) -> tuple[int, str]:
    """What the verifier in the pack says, run by Python without anything of so24."""
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py")],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_pack_is_whole_and_says_its_seal(sent: World, tmp_path: Path) -> None:
    report, folder = pack_of(sent, tmp_path)
    code, told = verify(folder)
    assert (code, told.splitlines()[-1]) == (0, "whole"), told
    assert f"seal {report.seal}" in told
    assert "3 documents" in told
    assert report.sums["NOK"].booked == report.sums["NOK"].orders_shown == 3
    assert report.sums["NOK"].total == report.sums["NOK"].shown
    assert report.unsent == 1


def test_the_order_that_went_out_is_in_the_pack_by_the_hash_in_its_history(
    sent: World, tmp_path: Path
) -> None:
    _, folder = pack_of(sent, tmp_path)
    [first, *_] = lines(folder, "orders_sent")
    [document, *_] = lines(folder, "documents")
    assert document["booked"]["payload_hash"] == first["payload_hash"]
    assert f"('reference', '{document['reference']}')" in first["told"]


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


@pytest.mark.slow
def test_any_file_that_is_changed_added_or_removed_is_named(sent: World, tmp_path: Path) -> None:
    _, folder = pack_of(sent, tmp_path)
    for path in sorted(folder.rglob("*.*")):
        name, kept = str(path.relative_to(folder)), path.read_bytes()
        if name in (MANIFEST, "verify.py"):
            continue
        path.write_bytes(kept + b" ")
        code, told = verify(folder)
        assert (code, f"{name}: was changed" in told) == (1, True), told
        path.unlink()
        code, told = verify(folder)
        assert (code, f"{name}: is missing" in told) == (1, True), told
        path.write_bytes(kept)
    (folder / "more.txt").write_text("more")
    assert "more.txt: is not of the pack" in verify(folder)[1]


Change = Callable[[Path], None]


def change_line(name: str, place: int, **fields: Any) -> Change:
    """Changes a record, and the hash that the manifest has of its file, as a forger would."""

    def change(folder: Path) -> None:
        records = lines(folder, name)
        for path, value in fields.items():
            *way, last = path.split("__")
            at: Any = records[place]
            for step in way:
                at = at[int(step) if step.isdigit() else step]
            at[last] = value
        written = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
        rewrite(folder, f"{name}.jsonl", written)

    return change


def rewrite(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][name] = hashlib.sha256(text.encode()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))


def drop_line(name: str, place: int) -> Change:
    def change(folder: Path) -> None:
        records = lines(folder, name)
        del records[place]
        rewrite(folder, f"{name}.jsonl", "".join(json.dumps(each) + "\n" for each in records))

    return change


FORGERIES: list[tuple[Change, str]] = [
    (change_line("documents", 0, total="1.00"), "net and VAT do not give the total"),
    (change_line("documents", 0, lines__0__net="1.00"), "the lines do not give the net"),
    (change_line("documents", 1, booked__total="1.00"), "24SevenOffice shows"),
    (change_line("documents", 1, booked__order_id=1), "does not say that it was booked so"),
    (change_line("documents", 1, reference="RM-10-9999"), "another order was sent"),
    (change_line("documents", 1, booked=None), "booked of NOK is not what the files give"),
    (change_line("orders_sent", 0, told="([], [])"), "the order that was sent was changed"),
    (change_line("orders_shown", 0, total="1.00"), "24SevenOffice shows 1.00"),
    (change_line("events", 3, words="nothing happened"), "event 4 was changed"),
    (change_line("anchors", 0, chains=9), "anchor 1: was changed"),
    (change_line("anchors", 0, digest="0" * 64), "anchor 1: was changed"),
    (drop_line("events", 2), "an event is missing before number 4"),
    (drop_line("documents", 1), "cannot be read"),
    (drop_line("anchors", 0), "does not cover document"),
    (drop_line("orders_shown", 0), "did not show order"),
]


@pytest.mark.slow
def test_a_forger_who_renews_the_hashes_of_files_is_found(sent: World, tmp_path: Path) -> None:
    _, folder = pack_of(sent, tmp_path)
    for number, (change, told) in enumerate(FORGERIES):
        forged = shutil.copytree(folder, tmp_path / f"forged {number}")
        change(forged)
        code, found = verify(forged)
        assert (code, told in found) == (1, True), found


def test_a_pack_says_why_the_orders_are_not_in_it(sent: World, tmp_path: Path) -> None:
    desk = Desk(sent.installation, ADMIN)
    company = choose_company(desk, CLIENT)
    written = io.BytesIO()
    unreachable = type(company)(company.client_id, company.name, None)
    report = make_pack(desk, unreachable, NOVEMBER, written)
    assert report.unread == "No usable key reaches the company."
    with zipfile.ZipFile(written) as archive:
        archive.extractall(tmp_path / "pack")
        norwegian = archive.read("summary.nb.html").decode()
    assert verify(tmp_path / "pack")[0] == 0
    assert '<html lang="nb">' in norwegian


def test_who_made_a_pack_and_its_seal_are_in_the_audit_trail(sent: World, tmp_path: Path) -> None:
    report, _ = pack_of(sent, tmp_path)
    with sent.installation.db.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "evidence pack made"))
        assert [report.seal in each.detail for each in events] == [True]


@pytest.mark.parametrize("role", [Role.ANALYST])
def test_who_may_not_have_originals_gets_no_pack(sent: World, role: Role) -> None:
    with pytest.raises(NotAllowed):
        choose_company(Desk(sent.installation, Actor("x", role)), CLIENT)


@pytest.mark.parametrize("text", ["2026-13", "11-2026", "2026", "", "november"])
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(WrongUse, match="such as 2026-11"):
        read_month(text)
