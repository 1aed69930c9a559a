"""What `deploy/` promises: settings and commands that exist, pinned packages, units that load."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # published apart, for this one call not worth it
from typer.testing import CliRunner

from so24.cli.program import app
from so24.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
SYSTEMD = shutil.which("systemd-analyze")
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
FILES = sorted(each for each in DEPLOY.rglob("*") if each.is_file() and each.name != ".env")
# a call, not prose: by its path, in a container, quoted in a text, or as a list
COMMAND = re.compile(
    r"(?:/bin/|exec web |--rm worker |`|\[\")so24\"?,? \"?([a-z]+)\b\"?(?: ([a-z]+)\b)?"
)
GROUPS = {"users", "keys", "db", "secrets", "history", "dates"}
# code, and what it is made of: the catalogue is read as it was compiled
NOT_READ = {".py", ".pyc", ".po", ".pot"}
SECRET = re.compile(r"^#?[ \t]*(\w*(?:KEYS?|PASSWORD|APPLICATION_ID))[=:] ?(\S+)", re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bSO24_([A-Z_]+)", file.read_text()))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_example_of_the_settings_is_enough_for_live_mode_and_holds_no_secret() -> None:
    example = (DEPLOY / "so24.env.example").read_text()
    assert "SO24_MODE=live" in example
    for name in ("SO24_APPLICATION_ID", "SO24_SECRET_KEYS", "SO24_COOKIE_KEY"):
        assert re.search(rf"^{name}=$", example, re.MULTILINE), name
    for line in example.splitlines():
        assert re.fullmatch(r"#.*|\w+=[^\s\"']*|", line), line


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_no_secret_stands_in_a_file(file: Path) -> None:
    given = [value for _, value in SECRET.findall(file.read_text())]
    assert all(value.startswith("${") for value in given), given


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_every_command_that_is_named_exists(file: Path) -> None:
    for words in commands_in(file.read_text()):
        done = CliRunner().invoke(app, [*words, "--help"])
        assert done.exit_code == 0, f"so24 {' '.join(words)}"


def test_commands_are_found_in_the_files() -> None:
    found = {" ".join(words) for file in FILES for words in commands_in(file.read_text())}
    assert {"worker", "db backup", "db restore", "check", "users add", "secrets new"} <= found


def test_the_dashboard_runs_no_jobs_and_the_workers_do() -> None:
    compose = read_compose()["services"]
    assert compose["web"]["environment"]["SO24_WORKER"] == "off"
    assert "SO24_WORKER" not in compose["worker"]["environment"]
    assert compose["worker"]["command"] == ["so24", "worker"]
    assert "SO24_WORKER=off" in (DEPLOY / "systemd" / "so24-web.service").read_text()
    assert "SO24_WORKER" not in (DEPLOY / "systemd" / "so24-worker@.service").read_text()
    example = (DEPLOY / "so24.env.example").read_text()
    assert not re.search(r"^SO24_(WORKER|DATA_DIR)=", example, re.MULTILINE)  # would win there


def test_compose_parts_fit_together() -> None:
    compose = read_compose()
    services = compose["services"]
    for name in ("web", "worker"):
        each = services[name]
        assert each["build"] == {"context": "..", "dockerfile": "deploy/Containerfile"}
        assert each["depends_on"]["database"]["condition"] == "service_healthy"
        assert each["environment"]["SO24_DATABASE_URL"].endswith("@database/so24")
        assert each["read_only"]
        assert each["cap_drop"] == ["ALL"]
    used = {volume.partition(":")[0] for each in services.values() for volume in each["volumes"]}
    assert used == {*compose["volumes"], "./postgres"}
    assert all(each["mem_limit"] and each["pids_limit"] for each in services.values())
    assert services["database"]["environment"]["POSTGRES_USER"] != "so24"  # no superuser
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])


def test_the_image_takes_the_pinned_packages_and_only_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    assert re.search(r"pip install .*--require-hashes --requirement \.ci/locked\.txt$", text, re.M)
    assert re.search(r"pip install .*--no-deps --no-build-isolation --editable \.$", text, re.M)
    assert text.count("pip install") == 2
    image = re.search(r"^FROM python:(\d+\.\d+)-", text, re.MULTILINE)
    assert image is not None
    wanted = re.search(r'requires-python = ">=(\d+\.\d+)"', (ROOT / "pyproject.toml").read_text())
    assert wanted is not None
    assert image[1] == wanted[1]
    sources = re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE)
    for source in (each for line in sources for each in line.split()):
        assert (ROOT / source).exists(), source
    assert "USER so24" in text


def test_the_image_is_built_from_what_it_takes_and_from_nothing_else() -> None:
    # the build's context is the checkout's top: only there is the file looked for
    lines = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in "#"
    ]
    assert lines[0] == "*"
    taken = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert taken == {source for each in copied for source in each.split()}
    assert "**/.env" in lines


def test_the_database_of_compose_is_not_newer_than_the_images_client_tools() -> None:
    # Debian 12 (bookworm), on which the image stands, brings PostgreSQL 15
    assert "slim-bookworm" in (DEPLOY / "Containerfile").read_text()
    version = re.search(r"postgres:(\d+)", read_compose()["services"]["database"]["image"])
    assert version is not None
    assert int(version[1]) <= 15


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: str(unit.name))
def test_a_unit_is_confined_and_comes_back(unit: Path) -> None:
    text = unit.read_text()
    for line in ("User=so24", "ProtectSystem=strict", "NoNewPrivileges=true", "UMask=0077",
                 "EnvironmentFile=/etc/so24/so24.env", "CapabilityBoundingSet=",
                 "MemoryMax=2G", "TasksMax=512"):  # fmt: skip
        assert line in text.splitlines(), line
    if "Type=oneshot" not in text:
        assert "Restart=on-failure" in text
        assert "TimeoutStopSec=20" in text


@pytest.mark.skipif(SYSTEMD is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.name))
def test_systemd_takes_the_units(unit: Path, tmp_path: Path) -> None:
    programs = Path(sys.executable).parent
    for each in UNITS:
        text = each.read_text().replace("/opt/so24/.venv/bin", str(programs))
        (tmp_path / each.name).write_text(text.replace("/opt/so24", str(ROOT)))
    started = tmp_path / unit.name.replace("@.", "@1.")
    if not started.exists():
        started.write_text((tmp_path / unit.name).read_text())
    done = subprocess.run(
        [str(SYSTEMD), "verify", str(started)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert (done.returncode, complaints) == (0, [])


def read_compose() -> dict[str, Any]:
    """The compose file, its merges done."""
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert isinstance(content, dict)
    return content


def commands_in(text: str) -> list[list[str]]:
    """The commands of so24 that a text calls, without their arguments."""
    return [
        [first, second] if first in GROUPS else [first] for first, second in COMMAND.findall(text)
    ]


def test_every_file_that_so24_reads_of_its_own_comes_along_when_it_is_installed() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    taken = tools["setuptools"]["package-data"]["so24"]
    files = [each for each in (ROOT / "so24").rglob("*") if each.is_file()]
    read = [each.relative_to(ROOT / "so24") for each in files if each.suffix not in NOT_READ]
    left = [each for each in read if not any(each.match(pattern) for pattern in taken)]
    assert not left
