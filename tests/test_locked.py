"""What deployments install is what the tests ran with, to the bit, and above known faults."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKED = (ROOT / ".ci" / "locked.txt").read_text()
ENTRY = re.compile(
    r"^(?P<name>[\w-]+)==(?P<version>[\w.]+)(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)
# the first version without a fault that is known, by the advisories that the security page names
SOUND = {
    "anyio": "4.14.2",
    "cryptography": "50.0.0",
    "h11": "0.16.0",
    "jinja2": "3.1.6",
    "lxml": "6.1.1",
    "pillow": "12.3.0",
    "protobuf": "6.33.5",
    "pyarrow": "23.0.1",
    "pyjwt": "2.13",
    "python-multipart": "0.0.30",
    "requests": "2.32.4",
    "saxonche": "13.1.1",
    "starlette": "1.3.1",
    "streamlit": "1.54",
    "urllib3": "2.6.3",
    "zeep": "4.3.3",
}


def locked() -> dict[str, str]:
    """Every version in the lock, by the name of its package."""
    return {canonicalize_name(each["name"]): each["version"] for each in ENTRY.finditer(LOCKED)}


def constrained() -> dict[str, str]:
    """Every version that the tests ran with."""
    lines = (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def required() -> list[Requirement]:
    """What so24 asks for, with its second opinion on EHF files."""
    ehf = PROJECT["optional-dependencies"]["ehf"]
    return [Requirement(each) for each in [*PROJECT["dependencies"], *ehf]]


def test_each_line_of_the_lock_is_a_version_with_its_hashes_and_no_address() -> None:
    rest = ENTRY.sub("", LOCKED)
    assert all(line.startswith("#") for line in rest.splitlines() if line)
    entries = ENTRY.sub(lambda each: each[0], LOCKED).split("\n", 5)[-1]
    assert "/" not in entries


def test_the_lock_has_the_versions_that_the_tests_ran_with() -> None:
    known = constrained()
    assert {name: known.get(name) for name in locked()} == locked()


def test_all_that_so24_asks_for_is_in_the_lock_in_a_version_that_it_takes() -> None:
    versions = locked()
    for each in required():
        name = canonicalize_name(each.name)
        assert each.specifier.contains(versions[name]), name
    assert "setuptools" in versions  # what builds so24 itself comes from there as well


def test_no_version_is_for_another_python_alone() -> None:
    markers = [each["marker"] for each in ENTRY.finditer(LOCKED) if each["marker"]]
    assert all("python_version" not in marker and Marker(marker) for marker in markers)


@pytest.mark.parametrize("name", SOUND)
def test_lock_and_least_versions_are_above_the_faults_that_are_known(name: str) -> None:
    sound = Version(SOUND[name])
    assert Version(locked()[name]) >= sound
    [asked] = [each.specifier for each in required() if canonicalize_name(each.name) == name]
    lowest = [Version(each.version) for each in asked if each.operator in (">=", "==")]
    assert max(lowest) >= sound


def test_the_security_page_has_the_versions_and_from_where_they_are_sound() -> None:
    page = (ROOT / "so24" / "help" / "en" / "security.md").read_text()
    for name, sound in SOUND.items():
        assert re.search(rf"^\| {name} \| {re.escape(locked()[name])} \| {sound} \|", page, re.M), (
            name
        )
