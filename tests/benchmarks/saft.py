"""What a SAF-T export of 100,000 vouchers costs to be read and compared: CPU, and memory at most.

Each document has a sale and a payment, as a ledger has. The file is read by a process of its own,
packed as it is exported, and once more unpacked.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from so24.ledger.saft.compare import SaftTerms, compare_export, wanted_numbers
from so24.ledger.saft.files import GivenFile, read_export, read_heads
from so24.ledger.saft.lines import SaftVerdict
from so24.sources.documents.content import copy_content, hash_content
from so24.store.ledger.booked import BookedDocument
from tests.ledger.saft.documents import booked
from tests.ledger.saft.writer import FIRST, LAST, Entries, Export, payment, saft_blocks, sale

VOUCHERS = 100_000
FIRST_NUMBER = 100_001
LIMIT = 30  # seconds of CPU
_KILOBYTE = 1024


def all_vouchers(count: int) -> Iterator[Entries]:
    """Invoices and their payments, by turns."""
    for place in range(count // 2):
        number, net = FIRST_NUMBER + place, Decimal(1000 + place)
        customer = str(1 + place % 500)
        reference = f"RM-10-{number}"
        yield sale(f"S{place}", number, net, net / 4, customer=customer, reference=reference)
        yield payment(f"P{place}", number, net * 5 / 4, customer=customer)


def write_export(folder: Path, count: int) -> tuple[Path, Path]:
    """The export, packed and unpacked."""
    plain, packed = folder / "export.xml", folder / "export.zip"
    export = Export(
        all_vouchers(count), count=count, customers={str(each): "" for each in range(1, 501)}
    )
    with plain.open("wb") as file:
        file.writelines(saft_blocks(export))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, "export.xml")
    return packed, plain


def our_documents(count: int) -> list[BookedDocument]:
    """What so24 says of the same documents."""
    return [
        booked(
            place + 1,
            FIRST_NUMBER + place,
            net := Decimal(1000 + place),
            net / 4,
            number=str(FIRST_NUMBER + place),
            customer=1 + place % 500,
        )
        for place in range(count // 2)
    ]


def compare_file(path: Path, count: int) -> None:
    """Read and compare one file, and print what that took; by a process of its own."""
    documents = our_documents(count)
    begun, cpu = time.perf_counter(), time.process_time()
    before = _memory("VmRSS")
    with path.open("rb") as file:
        given = [GivenFile(path.name, copy_content(file, 4_000_000_000))]
    hash_content(given[0].content)
    [head] = read_heads(given)
    numbers = wanted_numbers(documents)
    export = read_export(given, lambda number, _references: number in numbers)
    terms = SaftTerms("benchmark", FIRST, LAST, head.currency, export.firms)
    lines = compare_export(documents, export.postings, terms)
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    if any(each.verdict is not SaftVerdict.AGREES for each in lines):
        raise RuntimeError(f"a document differs that should agree: {lines[0]}")
    print(
        f"| {path.suffix} | {path.stat().st_size / 1e6:.1f} | {export.vouchers} | {len(lines)} "
        f"| {cpu:.1f} (limit {LIMIT}) | {took:.1f} | {_memory('VmHWM') - before:.0f} |",
        flush=True,
    )


def print_saft(count: int = VOUCHERS) -> None:
    """Print what both forms of the file cost."""
    print("| file | MB | vouchers | documents | CPU s | wall s | peak MB more than before |")
    print("|" + " --- |" * 7)
    with tempfile.TemporaryDirectory() as folder:
        for path in write_export(Path(folder), count):
            command = [sys.executable, "-m", "tests.benchmarks.saft", str(path), str(count)]
            subprocess.run(command, check=True)


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    [line] = [each for each in status.splitlines() if each.startswith(f"{name}:")]
    return int(line.split()[1]) / _KILOBYTE


if __name__ == "__main__":
    compare_file(Path(sys.argv[1]), int(sys.argv[2]))
