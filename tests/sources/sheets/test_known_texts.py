"""Shared texts that are taken by their form are what the parser reads."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import IO

import pytest

from so24.errors import UnreadableFile
from so24.sources.documents.content import Damage
from so24.sources.sheets import xlsx_parts
from so24.sources.sheets.cells.cell_values import Book
from so24.sources.sheets.xlsx_parts import TextsReader, read_texts
from so24.sources.sheets.xml_stream import read_part
from tests.sources.sheets.test_known_rows import InPieces
from tests.sources.sheets.written import TEXTS, spoil

Read = Callable[[IO[bytes], TextsReader, Callable[[int], None]], None]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OTHER = b'<o xmlns="u">'
RICH = "<si><r><t>Helge</t></r><r><t>vakt</t></r><rPh><t>x</t></rPh></si>"
FEW, MANY = 100, 10_000


def an_item(text: str) -> bytes:
    return f"<si><t>{text}</t></si>".encode()


def a_part(items: bytes) -> bytes:
    return b'<sst xmlns="%s">%s</sst>' % (MAIN.encode(), items)


def write_texts(seed: int) -> bytes:
    """Shared texts as many programs may write them."""
    chance = random.Random(seed)  # noqa: S311 - the same texts each time
    prefix = chance.choice(("", "", "", "x:"))
    form = (
        '<si><t xml:space="preserve">{}</t></si>' if chance.random() < 0.5 else "<si><t>{}</t></si>"
    )
    others = (RICH, "<si><t/></si>", "<si/>", "<si><t>a</t><t>b</t></si>", "<si>\n<t>c</t></si>")
    items = [
        chance.choice(others) if chance.random() < 0.1 else form.format(chance.choice(TEXTS))
        for _ in range(chance.randint(0, 40))
    ]
    blanks = chance.choice(("", "", "\n "))
    text = f"<sst>{''.join(blanks + each for each in items)}</sst>"
    if prefix:
        text = text.replace("</", f"</{prefix}").replace("<si", f"<{prefix}si")
        text = text.replace("<t", f"<{prefix}t").replace("<r", f"<{prefix}r")
        text = text.replace("<sst", f"<{prefix}sst")
    named = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return text.replace("sst>", f'sst {named}="{MAIN}">', 1).encode()


def gather(read: Read, part: bytes, size: int) -> object:
    """All texts that are read, with what was counted; or what is wrong with them."""
    reader = TextsReader(Book([]))
    try:
        read(InPieces(part, size), reader, lambda read: None)
    except (Damage, UnreadableFile) as error:
        return f"{type(error).__name__}: {error}"
    return reader.book.texts, reader.characters, reader.elements


@pytest.mark.parametrize(
    "seeds", [range(FEW), pytest.param(range(FEW, MANY), marks=pytest.mark.long)]
)
def test_any_texts_are_read_as_the_parser_reads_them_whatever_was_done_to_them(
    seeds: range,
) -> None:
    for seed in seeds:
        for part in (write_texts(seed), spoil(write_texts(seed), seed)):
            parsed = gather(read_part, part, 1 << 16)
            for size in (1 << 16, 1 + seed % 300):
                assert gather(read_texts, part, size) == parsed, f"seed {seed}, by {size} bytes"


# what stands between the texts 1 to 3 and the texts 6 and 7
BETWEEN: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b"\n  \n",
    "letters of two bytes": an_item("Bjørk"),
    "a comment around texts": b"<!--" + an_item("4") + b"-->",
    "a comment that begins in a text": b"<si><t>4<!--</t></si>" + an_item("5") + b"--></t></si>",
    "raw text around texts": b"<![CDATA[" + an_item("4") + b"]]>",
    "raw text that begins in a text": b"<si><t><![CDATA[</t></si>" + an_item("5") + b"]]></t></si>",
    "an instruction around texts": b"<?x " + an_item("4") + b"?>",
    "texts of another kind": OTHER + an_item("4") + an_item("5") + b"</o>",
    "texts within a text": b"<si><o>" + an_item("4") + an_item("5") + b"</o></si>",
    "an attribute around a text": b'<o a="' + an_item("4") + b'"/>',
    "a text that is open": b"<si><t>4",
    "an end too many": b"</sst>",
    "pieces with another look": RICH.encode(),
    "no text": b"<si><t/></si>" + b"<si/>",
    "an escaped sign": an_item("a_x000D_b"),
    "an entity": an_item("&lt;4&#62;"),
    "an unknown entity": an_item("&e;"),
    "no character": an_item("\uffff"),
    "half of a character": b"<si><t>\xed\xa0\x80</t></si>",
    "no letter of UTF-8": b"<si><t>\xff</t></si>",
    "a sign of control": b"<si><t>\x01</t></si>",
    "the end of raw text": an_item("]]>"),
    "a text of blanks": an_item("  "),
    "a long text": an_item("Æ" * 40_000),
}


@pytest.mark.parametrize("what", BETWEEN)
def test_whatever_stands_between_texts_they_are_read_as_the_parser_reads_them(what: str) -> None:
    before, after = (b"".join(map(an_item, each)) for each in ("123", "67"))
    part = a_part(before + BETWEEN[what] + after)
    parsed = gather(read_part, part, 1 << 16)
    for size in (1 << 16, 7):
        assert gather(read_texts, part, size) == parsed


@pytest.mark.parametrize("limit", ["MOST_TEXTS", "MOST_CHARACTERS"])
def test_no_more_texts_are_taken_than_are_parsed(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = a_part(an_item("12345") * 9)
    for most in range(50):
        monkeypatch.setattr(xlsx_parts, limit, most)
        assert gather(read_texts, part, 1 << 16) == gather(read_part, part, 1 << 16)


def test_no_more_elements_are_taken_than_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    part = a_part(an_item("12345") * 9)
    for most in range(25):
        monkeypatch.setattr(TextsReader, "most_elements", most)
        assert gather(read_texts, part, 1 << 16) == gather(read_part, part, 1 << 16)


def test_texts_alike_go_past_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    text = TextsReader.text

    def note(reader: TextsReader, data: str) -> None:
        parsed.append(data)
        text(reader, data)

    monkeypatch.setattr(TextsReader, "text", note)
    reader = TextsReader(Book([]))
    items = [str(number) for number in range(500)]
    part = io.BytesIO(a_part(b"".join(map(an_item, items))))
    read_texts(part, reader, lambda read: None)
    assert reader.book.texts == items
    assert parsed == ["0"]
