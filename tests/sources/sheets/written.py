"""Workbooks as many programs may write them, made up by chance: each seed is one of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from tests.sources.sheets.packages import packed

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_COLUMNS = "ABCDEFGHIJ"
TEXTS = ("Ås &amp; Bø", " Nord ", "", "5001", "Helgevakt_x000D_\nuke 47", "Æ" * 300, "]]", "Bjørk")
# cell styles by their number formats; the last ones are of days and percents
FORMATS = ("General", "#,##0.00", "0000", '0.00 "kr"', "dd.mm.yyyy", "yyyy-mm-dd hh:mm", "0 %")
_DAYS, _PERCENTS = (4, 5), (6,)
_NUMBERS = ("0", "1", "25", "412.5", "-3.75", "1.5E3", "349.90000000000003", "123456789012.35")
_DECLARED = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n',
    "<?xml version='1.0' encoding='utf-8'?>",
    '<?xml version="1.0"?>\n',
    "\ufeff",
    "",
)


class _Writer:
    """One program's ways to write a sheet."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same workbooks each time
        often = self.chance.random() < 0.8
        self.prefix = "" if often else self.chance.choice(("", "x:"))
        self.blanks = self.chance.choice(("", "", "\n  "))
        self.places = often or self.chance.random() < 0.5

    def write(self) -> bytes:
        """The part of the sheet."""
        x, colon = self.prefix, ":" if self.prefix else ""
        rows = "".join(f"{self.blanks}{row}" for row in self.write_rows())
        areas = '<mergeCells><mergeCell ref="L1:M2"/></mergeCells>'
        text = (
            f'<worksheet xmlns{colon}{x.rstrip(":")}="{_MAIN}"><sheetData>{rows}</sheetData>'
            f"{areas}</worksheet>"
        )
        if x:
            text = re.sub(r"<(/?)(?=[a-zA-Z])", rf"<\1{x}", text)
        return (self.chance.choice(_DECLARED) + text).encode()

    def write_rows(self) -> list[str]:
        """Rows of a few forms, as reports have them, and a few that are like no other."""
        forms = [self.make_form() for _ in range(self.chance.randint(1, 4))]
        rows: list[str] = []
        number = 0
        for _ in range(self.chance.randint(1, 40)):
            number += self.chance.choice((1, 1, 1, 1, 3)) if self.places else 1
            form = self.chance.choice(forms) if self.chance.random() < 0.9 else self.make_form()
            rows.append(self.write_row(number, *form))
        return rows

    def make_form(self) -> tuple[str, list[tuple[int, str, int]]]:
        """Attributes of a row, and the column, kind and style of each of its cells."""
        attributes = self.chance.choice(
            ("", "", "", ' spans="1:9" ht="15"', ' hidden="1"', ' ht="0"')
        )
        kinds = ("s", "s", "s", "n", "n", "n", "inlineStr", "str", "b", "d", "empty", "blank")
        columns = [each for each in range(len(_COLUMNS)) if self.chance.random() < 0.7]
        return attributes, [
            (each, self.chance.choice(kinds), self.chance.randrange(len(FORMATS)))
            for each in (columns if self.places else range(self.chance.randint(0, 8)))
        ]

    def write_row(self, number: int, attributes: str, cells: Sequence[tuple[int, str, int]]) -> str:
        inner = "".join(self.write_cell(number, *cell) for cell in cells)
        place = f' r="{number}"' if self.places else ""
        return f"<row{place}{attributes}>{inner}</row>" if inner else f"<row{place}{attributes}/>"

    def write_cell(self, row: int, column: int, kind: str, style: int) -> str:
        place = f' r="{_COLUMNS[column]}{row}"' if self.places else ""
        if self.chance.random() < 0.01:
            return f'<c{place}><f>"A"&amp;1</f><v>7</v></c>'
        text = self.chance.choice(TEXTS)
        day = self.chance.randint(40_000, 50_000)
        number = str(day) if style in _DAYS else self.chance.choice(_NUMBERS)
        return {
            "s": f'<c{place} t="s"><v>{self.chance.randrange(len(TEXTS))}</v></c>',
            "n": f'<c{place} s="{style}"><v>{number}</v></c>',
            "inlineStr": f'<c{place} t="inlineStr"><is><t>{text}</t></is></c>',
            "str": f'<c t="str"{place}><v>{text}</v></c>',
            "b": f'<c{place} t="b"><v>{self.chance.randrange(2)}</v></c>',
            "d": f'<c{place} t="d"><v>2026-11-{self.chance.randint(10, 30)}</v></c>',
            "empty": f'<c{place} s="{style}"/>',
            "blank": f"<c{place}><v></v></c>",
        }[kind]


def write_sheet(seed: int) -> bytes:
    """The XML of a worksheet."""
    return _Writer(seed).write()


def write_workbook(seed: int) -> bytes:
    """A workbook with one such sheet."""
    formats = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for at, code in enumerate(FORMATS)
    )
    styles = "".join(f'<xf numFmtId="{200 + at}" fontId="0"/>' for at in range(len(FORMATS)))
    texts = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in TEXTS)
    return packed(
        {
            "[Content_Types].xml": _list_types(),
            "_rels/.rels": _relate({"officeDocument": "xl/workbook.xml"}),
            "xl/workbook.xml": (
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
                '<sheet name="S" sheetId="1" r:id="worksheet"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": _relate(
                {"worksheet": "s.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}
            ),
            "xl/styles.xml": (
                f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>'
                "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
                f"<cellStyleXfs><xf/></cellStyleXfs><cellXfs>{styles}</cellXfs>"
                '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
                "</styleSheet>"
            ).encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>'.encode(),
            "xl/s.xml": write_sheet(seed),
        }
    )


def _relate(targets: dict[str, str]) -> bytes:
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'.encode()


def _list_types() -> bytes:
    kinds = {
        "workbook": "sheet.main",
        "s": "worksheet",
        "styles": "styles",
        "sharedStrings": "sharedStrings",
    }
    parts = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="{relations}"/>{parts}</Types>'
    ).encode()


_ROW = re.compile(rb"<row[^>]*?(?:/>|>.*?</row>)", re.DOTALL)
_PIECES = (
    b"<", b">", b"/", b'"', b"'", b"&", b"&amp;", b"&#65;", b"]]>", b"-->", b"?>", b" ", b"\n",
    b"1", b"<!--", b"<![CDATA[", b"<?x ", b"<row/>", b'<row r="9">', b"</row>", b"</sheetData>",
    b"<sheetData>", b'<c r="A9"/>', b' a="b"', b' xmlns="u"', b' t="s"', b' hidden="true"',
    b'<x xmlns="u">', b"</x>", b"<f/>", b"<v>7</v>", b"<is><t>q</t></is>", b"\xff", b"\0", b"\x01",
    b"\xef\xbf\xbf", b"\xed\xa0\x80", b"_x000D_",
)  # fmt: skip
_TURNS: tuple[Callable[[bytes], bytes], ...] = (
    lambda row: b"<!-- between -->" + row,
    lambda row: b"<?between rows?>" + row,
    lambda row: b'<x xmlns="u">' + row + b"</x>",
    lambda row: b"</sheetData><sheetData>" + row,
    lambda row: b'</sheetData><o xmlns="u">' + row + b"</o><sheetData>",
    lambda row: row + row,
    lambda row: b"",
    lambda row: b"<![CDATA[" + row + b"]]>",
    lambda row: b"<!--" + row + b"-->",
    lambda row: b"<row/>" + row,
    lambda row: row.replace(b"<row", b'<row xmlns="u"', 1),
    lambda row: row.replace(b'"><v>', b'" ><v>', 1),
    lambda row: row.replace(b'"><v>', b'" s="2"><v>', 1),
    lambda row: row.replace(b'"><v>', b'"><f/><v>', 1),
    lambda row: row.replace(b"<v>", b"<v>+", 1),
    lambda row: row.replace(b"<v>", b"<v>99", 1),
)


def spoil(part: bytes, seed: int) -> bytes:
    """The part with some of its rows turned into something else, or some of its bytes."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(chance.randint(0, 3)):
        rows = [found.span() for found in _ROW.finditer(part)]
        if rows and chance.random() < 0.7:
            start, end = chance.choice(rows)
            part = part[:start] + chance.choice(_TURNS)(part[start:end]) + part[end:]
        else:
            start = chance.randrange(len(part))
            rest = part[start + chance.choice((0, 0, 1, 2, 30, 200)) :]
            part = part[:start] + chance.choice(_PIECES) + rest
    return part
