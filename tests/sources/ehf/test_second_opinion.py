"""The operator's rule files: what they refuse is held; they reach nothing but the document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from so24.sources.documents.documents import SourceFile
from so24.sources.ehf import second_opinion
from so24.sources.ehf.second_opinion import ask_rule_files, why_unavailable
from so24.sources.reading import read_files
from tests.sources.ehf.bills import OSLO, Sample
from tests.sources.ehf.rule_files import NOTED, found_if, value_of, write_rules

needs_saxon = pytest.mark.skipif(bool(why_unavailable()), reason=why_unavailable())
NOTE = "<cbc:Note>Takk for oppdraget</cbc:Note>"


def noted(number: str, note: str) -> tuple[str, bytes]:
    sample = Sample(number=number, changes={NOTE: f"<cbc:Note>{note}</cbc:Note>"})
    return f"{number}.xml", sample.content


def read(files: Sequence[tuple[str, bytes]], rules: Sequence[Path]) -> SourceFile:
    (source,) = read_files(files, megabytes=20, supplement=OSLO, rule_files=rules)
    return source


@needs_saxon
def test_what_a_rule_file_refuses_is_held_and_what_it_warns_of_is_a_warning(tmp_path: Path) -> None:
    own = write_rules(
        tmp_path / "own.xslt",
        found_if(NOTED.format("ille"), "OWN-01", "A bad note.")
        + found_if(NOTED.format("ille"), "OWN-02", "Even worse.", flag="", id_=False)
        + found_if(NOTED.format("så som så"), "OWN-03", "A so-so note.", flag="warning"),
    )
    broken = Sample(number="4", changes={">7.5<": ">7.6<"}).content
    files = [noted("1", "godt"), noted("2", "ille"), noted("3", "så som så"), ("4.xml", broken)]
    source = read(files, [own])
    held = {document.number: document.held for document in source.documents}
    assert held == {
        "1": "",
        "2": "The rule file own.xslt does not let it pass: OWN-01: A bad note; OWN-02: Even worse.",
        "3": "",
    }
    assert [row.reason.split(": ")[0] for row in source.refused] == ["4"]
    assert source.warnings[1:] == ("own.xslt: OWN-03: A so-so note (3).",)


@needs_saxon
def test_a_rule_file_reaches_no_file_no_network_and_no_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_PROBE", "SECRET")
    secret, written = tmp_path / "secret.xml", tmp_path / "written.xml"
    secret.write_text("<s>SECRET</s>")
    reaching = {
        "doc": value_of(f"doc('{secret.as_uri()}')"),
        "document": value_of(f"document('{secret}')"),
        "text": value_of(f"unparsed-text('{secret.as_uri()}')"),
        "folder": value_of(f"collection('{tmp_path.as_uri()}?select=*.xml')"),
        "network": value_of("doc('http://127.0.0.1:9/x.xml')"),
        "call": value_of("Q{java:java.lang.System}getProperty('user.home')"),
        "write": f'<xsl:result-document href="{written.as_uri()}"><p/></xsl:result-document>',
    }
    paths = [write_rules(tmp_path / f"{name}.xslt", found) for name, found in reaching.items()]
    included = f'<xsl:include href="{paths[0].as_uri()}"/>'
    paths.append(write_rules(tmp_path / "include.xslt", "", included))
    variable = value_of("concat('[', environment-variable('SO24_PROBE'), ']')")
    paths.append(write_rules(tmp_path / "variable.xslt", variable))
    answer = ask_rule_files(paths, [Sample().content])
    (found,) = answer.found
    words = {each.source: each.words for each in found}
    assert words.pop("variable.xslt") == "[]"
    told = (*words.values(), *answer.unasked)
    asked_in_vain = {each.split()[3] for each in answer.unasked}  # no programs: found when compiled
    assert {*words, *asked_in_vain} == {f"{name}.xslt" for name in (*reaching, "include")}
    assert all(each.startswith("it cannot judge it (") for each in words.values())
    assert "SECRET" not in "".join(told)
    assert not written.exists()


@needs_saxon
def test_a_rule_file_that_fails_on_one_document_holds_that_one_and_judges_the_others(
    tmp_path: Path,
) -> None:
    failing = f"if ({NOTED.format('ille')}) then error() else true()"
    own = write_rules(tmp_path / "own.xslt", f'<xsl:if test="not({failing})"/>')
    source = read([noted("1", "godt"), noted("2", "ille"), noted("3", "godt")], [own])
    held = {document.number: document.held for document in source.documents}
    assert held.pop("2").startswith(
        "The rule file own.xslt does not let it pass: it cannot judge it ("
    )
    assert set(held.values()) == {""}


@needs_saxon
def test_a_rule_file_that_cannot_be_run_is_named_and_the_documents_come_in(tmp_path: Path) -> None:
    files = {
        "broken.xslt": "<xsl:stylesheet",
        "bomb.xslt": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        "other.xslt": '<x xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xsl:version="3.0"/>',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    good = write_rules(tmp_path / "good.xslt", found_if("true()", "OWN-01", "Always."))
    source = read([noted("1", "x")], [*(tmp_path / name for name in files), tmp_path / "no", good])
    assert "OWN-01" in source.documents[0].held
    told = {words.split()[3]: words for words in source.warnings[1:]}
    assert told.keys() == {*files, "no"}
    assert "DOCTYPE" in told["bomb.xslt"]
    assert "no SVRL" in told["other.xslt"]


def test_without_the_extra_our_own_table_checks_alone_and_the_import_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_opinion, "PACKAGE", "no_such_package")
    source = read([noted("1", "x")], [tmp_path / "own.xslt"])
    assert source.documents[0].held == ""
    assert source.warnings[1].startswith("The rule files were not asked: no_such_package is not")
    assert "pip install 'so24[ehf]'" in source.warnings[1]
