"""What Python's search for garbage is spared, by whom and for how long."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNT = """
import gc
from so24.sources.garbage import spare_for_a_while, spare_for_good

def spares():
    print(gc.get_freeze_count() > 0, end=" ")
"""
ONE_BLOCK = """
spares()
with spare_for_a_while():
    spares()
spares()
"""
AN_ERROR = """
try:
    with spare_for_a_while():
        1 / 0
except ZeroDivisionError:
    spares()
"""
TWO_BLOCKS = """
one, other = spare_for_a_while(), spare_for_a_while()
with other:
    one.__enter__()
    spares()
spares()
one.__exit__(None, None, None)
spares()
"""
FOR_GOOD = """
spare_for_good()
count = gc.get_freeze_count()
made = [[] for _ in range(1_000)]
with spare_for_a_while():
    print(gc.get_freeze_count() - count < 1_000, end=" ")
spares()
"""
FOR_GOOD_MEANWHILE = """
with spare_for_a_while():
    spare_for_good()
spares()
"""


@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(ONE_BLOCK, "False True False", id="as long as a block lasts"),
        pytest.param(AN_ERROR, "False", id="not after an error"),
        pytest.param(TWO_BLOCKS, "True True False", id="until the last of two blocks has ended"),
        pytest.param(FOR_GOOD, "True True", id="for good, to which a block adds nothing"),
        pytest.param(FOR_GOOD_MEANWHILE, "True", id="for good though a block was under way"),
    ],
)
def test_what_was_there_before_is_spared(script: str, told: str) -> None:
    command = [sys.executable, "-c", COUNT + script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == told
