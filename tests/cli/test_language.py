"""The command line in bokmål: the language that is chosen, help, results, refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_group

from so24.cli.commands import COMMANDS
from so24.cli.program import app, read_language
from so24.errors import ConfigurationError
from so24.keys.key_fields import CATEGORIES
from so24.language.reader import language, speaking
from tests.cli.conftest import CommandLine
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.sources.report_files import line

# in none of our Norwegian texts, and in nearly every English sentence
_ENGLISH = re.compile(r"\b(the|of|is|are|and|or|not|with|that|only|may|what|which|be)\b")
_TYPED = re.compile(r"--[\w-]+|`[^`]*`")  # options and commands, the same in every language


@pytest.fixture
def norwegian(
    so24: CommandLine,
    bokmal: None,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> CommandLine:
    """The command line where SO24_LANGUAGE names bokmål."""
    monkeypatch.setenv("SO24_LANGUAGE", "nb")
    return so24


@pytest.fixture
def told(bokmal: None) -> Iterator[None]:  # noqa: F811 - the fixture
    """Have everything told in bokmål."""
    with speaking("nb"):
        yield


def helps_of(name: str) -> Iterator[tuple[str, str]]:
    """The help of a command of the list, and of each command inside it."""
    program = get_group(app)
    command = program.get_command(None, name)  # type: ignore[arg-type] # no context is needed
    assert command is not None
    yield name, show_help(command, name)
    if isinstance(command, TyperGroup):
        for inner_name, inner in walk(command, name):
            yield inner_name, show_help(inner, inner_name)


def walk(group: TyperGroup, name: str) -> Iterator[tuple[str, Any]]:
    """All commands inside a group, by their whole names."""
    for each, command in group.commands.items():
        whole = f"{name} {each}"
        yield whole, command
        if isinstance(command, TyperGroup):
            yield from walk(command, whole)


def show_help(command: Any, name: str) -> str:
    """What ``--help`` prints of a command."""
    context = command.context_class(command, info_name=name)
    return str(command.get_help(context))


def english_words(shown: str) -> list[str]:
    """The English words of a help, but for what people type."""
    return [str(each) for each in _ENGLISH.findall(_TYPED.sub("", shown))]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_holds_no_english_sentence(name: str) -> None:
    for whole, shown in helps_of(name):
        # what the settings of a key say of themselves is told where they are
        ours = re.sub(r"\n\s*24SevenOffice documents how.*?one\.\n", "\n", shown, flags=re.DOTALL)
        assert english_words(ours) == [], f"{whole}: {ours}"
        assert shown.startswith("Bruk: "), whole
        assert "Vis denne meldingen og avslutt." in shown, whole


def test_the_list_of_commands_is_told(norwegian: CommandLine) -> None:
    shown = norwegian.well("--help").out
    assert english_words(shown) == []
    assert "Kommandoer:\n  users       Personer som kan logge inn i dashbordet.\n" in shown


def test_help_is_english_where_nothing_is_said(so24: CommandLine) -> None:
    assert so24.well("keys", "--help").out.startswith("Usage: ")
    assert "Credentials to 24SevenOffice." in so24.well("keys", "--help").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["foo"], "Feil: Det finnes ingen kommando 'foo'."),
        (["keys", "lst"], "Feil: Det finnes ingen kommando 'lst'. Mente du 'list', 'set'?"),
        (["exclude"], "Feil: Argumentet 'NUMMER...' mangler."),
        (["release", "1", "--kind"], "Feil: Valget '--kind' krever et argument."),
        (["sandbox", "a"], "Feil: Uventede ekstra argumenter (a)"),
        (
            ["sandbox", "--port", "x"],
            "Feil: Ugyldig verdi for '--port': Verdien må være et heltall",
        ),
        (
            ["export", "--timeout", "-1"],
            "Feil: Ugyldig verdi for '--timeout': Verdien må være større enn eller lik 0",
        ),
        (
            ["release", "1", "--kind", "bill"],
            "Feil: Ugyldig verdi for '--kind': 'bill' er ikke blant 'invoice', 'credit_note'.",
        ),
        (
            ["invoices", "--statsu"],
            "Feil: Det finnes ikke noe valg --statsu (Mulige valg: --status)",
        ),
    ],
)
def test_what_typer_refuses_is_told(
    norwegian: CommandLine, arguments: list[str], sentence: str
) -> None:
    said = norwegian(*arguments)
    assert said.code == 2
    assert said.err.rstrip().splitlines()[-1] == sentence
    assert "Error" not in said.err


def test_results_and_remarks_are_told(norwegian: CommandLine) -> None:
    norwegian.well("import", norwegian.write_report(line()))
    said = norwegian.well("invoices")
    assert said.out.split()[:3] == ["Nummer", "Type", "Dato"]
    assert said.err == "1 bilag, 3 867,19 NOK.\n"
    listed = norwegian.well("kept", "list").out
    assert "(1 rad)" in listed


def test_a_finding_is_told_with_what_stands_inside_it(norwegian: CommandLine) -> None:
    norwegian.well("import", norwegian.write_report(line()))
    said = norwegian("check")
    rows = {row.split("  ")[0]: row for row in said.out.splitlines()}
    assert rows["klokke"].endswith("stemmer med klokken hos 24SevenOffice")
    assert rows["database"].endswith("kan skrives")


def test_a_refusal_is_told(norwegian: CommandLine) -> None:
    assert norwegian.refused("export", "9") == "Det finnes ikke noe bilag med nummeret 9."
    assert norwegian.refused("reconcile", "--from", "x", "--to", "2026-11-30") == (
        "--from tar en dato som 2026-11-22 eller 22.11.2026, ikke «x»."
    )


@pytest.mark.usefixtures("bokmal")
def test_json_is_the_same_in_every_language(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.well("import", so24.write_report(line()))
    asked = ["invoices", "kept list", "today", "users list", "invoices --check"]
    english = [so24(*each.split(), "--json").json for each in asked]
    monkeypatch.setenv("SO24_LANGUAGE", "nb")
    told = [so24(*each.split(), "--json").json for each in asked]
    for each in (english, told):
        each[2].pop("at")  # the moment
    assert told == english


@pytest.mark.parametrize("setting", ["SO24_LANGUAGE", "so24_language"])
def test_the_language_stands_in_the_environment_or_in_the_file(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SO24_LANGUAGE", raising=False)
    assert read_language() == "en"
    (tmp_path / ".env").write_text(f'SO24_MODE=sandbox\n{setting}="nb"\n')
    assert read_language() == "nb"
    monkeypatch.setenv("SO24_LANGUAGE", "en")
    assert read_language() == "en"


def test_a_language_that_so24_does_not_speak_ends_every_command(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_LANGUAGE", "sv")
    sentence = "SO24_LANGUAGE is “sv”; so24 speaks en (English), nb (Norsk (bokmål))."
    for arguments in (["today"], ["--help"], ["secrets", "new"]):
        assert so24.refused(*arguments) == sentence
    with pytest.raises(ConfigurationError, match="sv"):
        read_language()


def test_a_command_leaves_the_language_of_the_process_as_it_was(norwegian: CommandLine) -> None:
    norwegian.well("--version")
    assert language() == "en"


@pytest.mark.usefixtures("told")
def test_the_help_names_the_categories_without_vat() -> None:
    named = f"({', '.join(CATEGORIES)})"
    helps = dict(helps_of("keys"))
    for name in ("keys set", "keys options"):
        assert named in " ".join(helps[name].split())
