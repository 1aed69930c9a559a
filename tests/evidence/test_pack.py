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
from so24.evidence.made import list_packs
from so24.evidence.month import Month, choose_company, read_month
from so24.evidence.pack import MANIFEST, VERIFIER, PackReport, make_pack
from so24.evidence.summary import tell_empty
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import AuditEvent, Role
from so24.store.upkeep.day_heads import write_head_when_due
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
        write_head_when_due(session, world.installation.vault.sign)
    return world


def pack_of(world: World, folder: Path) -> tuple[PackReport, Path]:
    """The pack of the month, unpacked."""
    desk = Desk(world.installation, ADMIN)
    written = io.BytesIO()
    report = make_pack(desk, choose_company(desk, CLIENT), NOVEMBER, written)
    with zipfile.ZipFile(written) as archive:
        archive.extractall(folder / "pack")
    return report, folder / "pack"


def verify(folder: Path, *more: str, by: Path | None = None) -> tuple[int, str]:
    """What the verifier in the pack says, run by Python without anything of so24."""
    done = subprocess.run(
        [sys.executable, "-I", str(by or folder / "verify.py"), *more],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


WHOLE = "whole in itself; now compare this seal with the one that so24 told"


def test_a_pack_is_whole_and_says_its_seal(sent: World, tmp_path: Path) -> None:
    report, folder = pack_of(sent, tmp_path)
    code, told = verify(folder)
    assert (code, told.splitlines()[-1]) == (0, WHOLE), told
    assert f"seal {report.seal}" in told
    assert "3 documents" in told
    assert report.sums["NOK"].booked == report.sums["NOK"].orders_shown == 3
    assert report.sums["NOK"].total == report.sums["NOK"].shown
    assert report.unsent == ("invoice 10-1004",)
    assert verify(folder, "--seal", report.seal.upper())[1].splitlines()[-1] == "whole"


def test_another_seal_than_the_packs_is_told(sent: World, tmp_path: Path) -> None:
    _, folder = pack_of(sent, tmp_path)
    code, told = verify(folder, "--seal", "0" * 64)
    assert (code, "seal: is another than the one given" in told) == (1, True), told


def test_the_verifier_has_at_most_200_lines() -> None:
    assert len(VERIFIER.read_text().splitlines()) <= 200


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"form": 1'])
def test_a_manifest_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / MANIFEST).write_text(content)
    code, told = verify(tmp_path, str(tmp_path), by=VERIFIER)
    assert (code, told.startswith(f"{MANIFEST} of {tmp_path} cannot be read: ")) == (1, True), told


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


def change_manifest(**fields: Any) -> Change:
    """Changes what the manifest says of the whole pack."""

    def change(folder: Path) -> None:
        manifest = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps({**manifest, **fields}))

    return change


def change_text(name: str, old: str, new: str) -> Change:
    """Changes words of a file the first time that they stand there."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        rewrite(folder, name, text.replace(old, new, 1))

    return change


def double_line(name: str, place: int) -> Change:
    def change(folder: Path) -> None:
        records = lines(folder, name)
        records.append(records[place])
        rewrite(folder, f"{name}.jsonl", "".join(json.dumps(each) + "\n" for each in records))

    return change


def change_count(change: Change, name: str, by: int) -> Change:
    """A change with which the forger also makes the manifest's count of the lines fit."""

    def change_both(folder: Path) -> None:
        change(folder)
        count = json.loads((folder / MANIFEST).read_text())[name]
        change_manifest(**{name: count + by})(folder)

    return change_both


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
    (drop_line("documents", 1), "orders_sent.jsonl, line 2: needs what is missing: 2"),
    (drop_line("anchors", 0), "does not cover document"),
    (drop_line("orders_shown", 0), "did not show order"),
    (drop_line("orders_sent", 0), "tell of other orders than orders_sent.jsonl"),
    (change_count(drop_line("orders_sent", 0), "orders_sent", -1), "tell of other orders"),
    (double_line("orders_sent", 0), "or is there twice"),
    (change_count(double_line("orders_sent", 0), "orders_sent", 1), "or is there twice"),
    (drop_line("day_heads", 0), "day_heads are 1, day_heads.jsonl has 0"),
    (drop_line("unsent", 0), "unsent are 1, unsent.jsonl has 0"),
    (change_line("unsent", 0, total="1.00"), "its rows of the pages have other amounts"),
    (change_manifest(unsent=2), "manifest.json: unsent are 2, unsent.jsonl has 1"),
    (change_manifest(documents=4), "manifest.json: documents are 4, documents.jsonl has 3"),
    (change_manifest(orders_sent=4), "orders_sent are 4, orders_sent.jsonl has 3"),
    (change_text("summary.en.html", "6\u00a0560,63", "6\u00a0560,64"), "summary.en.html, line "),
    (change_text("summary.nb.html", "19\u00a0681,89", "19\u00a0681,90"), "summary.nb.html, line "),
    (change_text("summary.nb.html", "faktura", "kreditnota"), "summary.nb.html, line "),
    (change_text("events.jsonl", "{", ""), "events.jsonl, line 1: cannot be read"),
]


@pytest.mark.slow
def test_a_forger_who_renews_the_hashes_of_files_is_found(sent: World, tmp_path: Path) -> None:
    _, folder = pack_of(sent, tmp_path)
    for number, (change, told) in enumerate(FORGERIES):
        forged = shutil.copytree(folder, tmp_path / f"forged {number}")
        change(forged)
        code, found = verify(forged)
        assert (code, told in found) == (1, True), found


@pytest.mark.slow
def test_a_verifier_that_was_altered_is_named_by_one_that_was_not(
    sent: World, tmp_path: Path
) -> None:
    report, folder = pack_of(sent, tmp_path)
    rewrite(folder, "verify.py", 'print("whole")\n')
    assert verify(folder) == (0, "whole\n")
    code, told = verify(folder, str(folder), "--seal", report.seal, by=VERIFIER)
    assert code == 1
    assert "verify.py: is not the program that runs now" in told
    assert "seal: is another" in told


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
    assert "<td>faktura 10-1001<td>" in norwegian
    assert "faktura 10-1004." in norwegian


def test_who_made_a_pack_and_its_seal_are_in_the_audit_trail(sent: World, tmp_path: Path) -> None:
    report, _ = pack_of(sent, tmp_path)
    with sent.installation.db.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "evidence pack made"))
        assert [report.seal in each.detail for each in events] == [True]


def test_whoever_sees_the_history_may_know_the_seals_that_were_told(
    sent: World, tmp_path: Path
) -> None:
    report, _ = pack_of(sent, tmp_path)
    [made] = list_packs(Desk(sent.installation, Actor("x", Role.ANALYST)))
    assert made.subject == f"{report.company.label}, 2026-11"
    assert made.detail == f"seal {report.seal}; 3 documents; 19\u00a0681,89\u00a0NOK"


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (Month(2026, 1), "The pack is empty: so24 knows no document dated in 2026-01"),
        (Month(2999, 1), "The pack is empty: 2999-01 has not come yet."),
    ],
)
def test_a_pack_without_documents_says_so(sent: World, month: Month, words: str) -> None:
    desk, written = Desk(sent.installation, ADMIN), io.BytesIO()
    report = make_pack(desk, choose_company(desk, CLIENT), month, written)
    assert tell_empty(report).startswith(words)
    with zipfile.ZipFile(written) as archive:
        assert words in archive.read("summary.en.html").decode()


@pytest.mark.parametrize("role", [Role.ANALYST])
def test_who_may_not_have_originals_gets_no_pack(sent: World, role: Role) -> None:
    with pytest.raises(NotAllowed):
        choose_company(Desk(sent.installation, Actor("x", role)), CLIENT)


@pytest.mark.parametrize("text", ["2026-13", "11-2026", "2026", "", "november"])
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(WrongUse, match="such as 2026-11"):
        read_month(text)
