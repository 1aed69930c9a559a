"""A small file that unfolds to a huge one is a sentence, within bounded memory and time.

Each is read by a process of its own, whose address space is bounded, so that one that were kept as
a whole would end it. A part that costs nothing may come in as what it is: nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources.hostile import BOMBS

MOST_MEGABYTES = 400  # above what the process needs to begin; a bomb as a tree needs thousands
MOST_SECONDS = 120  # of the processor; most need less than one
READ = f"""
import resource, sys
from so24.errors import UnreadableFile
from so24.sources.reading import read_files
with open("/proc/self/statm") as file:
    begun = int(file.read().split()[0]) * resource.getpagesize()
most = begun + {MOST_MEGABYTES} * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
resource.setrlimit(resource.RLIMIT_CPU, ({MOST_SECONDS}, {MOST_SECONDS}))
with open(sys.argv[1], "rb") as file:
    content = file.read()
try:
    (source,) = read_files([("bomb.xlsx", content)], megabytes=20)
except UnreadableFile as error:
    print(error)
else:
    print(len(source.documents), "documents,", len(source.refused), "refused")
"""
SENTENCES = {
    "entities": "It declares a document type or entities",
    "cells of one row": "The workbook is damaged",
    "rows": "The workbook is damaged",
    "rows of far cells": "It holds more than 300000 rows; split it.",
    "one long text": "0 documents, 1 refused",
    "one long text in a cell": "0 documents, 1 refused",
    "many texts": "It holds more text than can be imported; split it.",
    "much text": "It holds more text than can be imported; split it.",
    "pieces of one text": "The workbook is damaged",
    "styles": "The workbook is damaged",
    "cell styles": "The workbook is damaged",
    "number formats": "The workbook is damaged",
    "sheets": "The workbook is damaged",
    "levels": "The workbook is damaged",
    "names": "The workbook is damaged",
    "namespaces": "The workbook is damaged",
    "one tag": "The workbook is damaged",
    "merged cells": "The workbook is damaged",
    "parts": "The workbook is damaged",
}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_one_sentence_and_costs_little(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(BOMBS[name]())
    assert path.stat().st_size < 20_000_000
    ended = subprocess.run(
        [sys.executable, "-c", READ, str(path)], env=os.environ, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert SENTENCES[name] in ended.stdout
