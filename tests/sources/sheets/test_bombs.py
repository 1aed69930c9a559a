"""A small file that unfolds to a huge one is a sentence, within bounded memory and time.

Each is read by a process of its own, whose address space is bounded, so that one that were kept as
a whole would end it. All are forked from one that has read a good file already, for loading the
reader costs more than most of them. A part that costs nothing may come in as what it is: nothing.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sources.hostile import BOMBS
from tests.sources.report_files import as_report, line

pytestmark = pytest.mark.slow

MOST_MEGABYTES = 400  # above what the process needs to begin; a bomb as a tree needs thousands
MOST_SECONDS = 120  # of the processor; most need less than one
# a path on each line of the input; the answer is a line of what it was read as, or of the error,
# and one of how the process ended
READ = f"""
import os, resource, sys
from so24.errors import UnreadableFile
from so24.sources.reading import read_files

def bound():
    with open("/proc/self/statm") as file:
        begun = int(file.read().split()[0]) * resource.getpagesize()
    most = begun + {MOST_MEGABYTES} * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, ({MOST_SECONDS}, {MOST_SECONDS}))

def read(path):
    with open(path, "rb") as file:
        content = file.read()
    try:
        (source,) = read_files([("bomb.xlsx", content)], megabytes=20)
    except UnreadableFile as error:
        return str(error)
    return f"{{len(source.documents)}} documents, {{len(source.refused)}} refused"

def read_apart(path):
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        bound()
        print(read(path), flush=True)
        code = 0
    except BaseException as error:
        print(repr(error), flush=True)
    finally:
        os._exit(code)

read(sys.argv[1])
for path in sys.stdin:
    code = read_apart(path.rstrip("\\n"))
    print("ended with", code, flush=True)
"""
SENTENCES = {
    "entities": "It declares a document type or entities",
    "cells of one row": "The workbook is damaged",
    "rows": "The workbook is damaged",
    "rows of far cells": "It holds more than 400000 rows; split it.",
    "rows alike": "It holds more than 400000 rows; split it.",
    "rows of many forms": "It holds more than 400000 rows; split it.",
    "numbers": "It holds more cells than can be imported; split it.",
    "texts of cells": "It holds more cells than can be imported; split it.",
    "one long text": "0 documents, 1 refused",
    "one long text in a cell": "0 documents, 1 refused",
    "many texts": "It holds more text than can be imported; split it.",
    "much text": "It holds more text than can be imported; split it.",
    "pieces of one text": "The workbook is damaged",
    "styles": "The workbook is damaged",
    "cell styles": "The workbook is damaged",
    "number formats": "The workbook is damaged",
    "relations": "The workbook is damaged",
    "sheets": "The workbook is damaged",
    "levels": "The workbook is damaged",
    "names": "The workbook is damaged",
    "namespaces": "The workbook is damaged",
    "one tag": "The workbook is damaged",
    "merged cells": "The workbook is damaged",
    "parts": "The workbook is damaged",
}


# they take seconds each
SLOW = {"rows alike", "entities", "names", "namespaces", "one tag"}
# and these meet only the bounds that others meet as well
LONG = {
    "rows",
    "rows of far cells",
    "rows of many forms",
    "numbers",
    "texts of cells",
    "merged cells",
    "parts",
    "many texts",
    "pieces of one text",
    "styles",
    "number formats",
}
ReadApart = Callable[[Path], list[str]]


def marks_of(name: str) -> list[pytest.MarkDecorator]:
    """Which list a bomb belongs to."""
    if name in LONG:
        return [pytest.mark.long]
    return [pytest.mark.slow] if name in SLOW else []


@pytest.fixture(scope="module")
def read_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadApart]:
    """Reads a file in a process of its own; gives the lines that it said, its end the last."""
    good = tmp_path_factory.mktemp("good") / "report.xlsx"
    good.write_bytes(as_report(line()))
    with subprocess.Popen(
        [sys.executable, "-c", READ, str(good)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:

        def read(path: Path) -> list[str]:
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(f"{path}\n")
            server.stdin.flush()
            said: list[str] = []
            while not said or not said[-1].startswith("ended with"):
                said.append(server.stdout.readline())
                assert said[-1], "the process that forks has ended"
            return said

        yield read


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=marks_of(each)) for each in BOMBS],
)
def test_a_bomb_is_one_sentence_and_costs_little(
    name: str, tmp_path: Path, read_apart: ReadApart
) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(BOMBS[name]())
    assert path.stat().st_size < 20_000_000
    said = read_apart(path)
    assert said[-1] == "ended with 0\n", said
    assert SENTENCES[name] in said[0]


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_what_were_kept_as_a_whole_would_end_the_process(
    tmp_path: Path, read_apart: ReadApart
) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(MOST_MEGABYTES * 1_100_000)
    assert read_apart(path) == ["MemoryError()\n", "ended with 1\n"]
