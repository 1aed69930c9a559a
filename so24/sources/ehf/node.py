"""One element whose parts are read by path; what cannot be read is collected, not raised."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

from so24.sources.ehf.bill import Broken
from so24.sources.ehf.markup import UBL
from so24.sources.sheets.numbers import EARLIEST, LATEST
from so24.store.tables.types import FINE_SCALE, MONEY_SCALE

PREFIXES = {
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
}
SCHEMA = "UBL 2.1"  # stands for the code where the schema and no rule is broken
_NUMBER = re.compile(r"[+-]?(\d{1,30})(?:\.(\d{0,30}))?")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")
_LARGEST = Decimal(10) ** 12
_FINE = Decimal(1).scaleb(-FINE_SCALE)
_SHOWN = 40


class Node:
    """An element; all nodes of a document share ``broken``."""

    def __init__(self, element: etree._Element, broken: list[Broken]) -> None:
        self.element = element
        self.broken = broken

    @property
    def line(self) -> int:
        """The line of the file at which the element begins."""
        found: int | None = self.element.sourceline  # type: ignore[assignment]  # untyped stub
        return found or 0

    def refuse(self, rule: str, words: str) -> None:
        """Note that the element breaks a rule."""
        self.broken.append(Broken(rule, words, self.line))

    def all(self, path: str) -> list[Node]:
        """All elements at the path."""
        return [Node(each, self.broken) for each in self.element.findall(path, PREFIXES)]

    def find(self, path: str) -> Node | None:
        """The only element at the path, or None; a second one is refused."""
        found = self.all(path)
        if len(found) > 1:
            found[1].refuse(SCHEMA, f"{_plain(path)} may stand only once")
        return found[0] if found else None

    @property
    def content(self) -> str:
        """The text of the element, blanks at the ends and doubled blanks removed."""
        return " ".join((self.element.text or "").split())

    def text(self, path: str, missing: str = "", *, longest: int = 0) -> str:
        """The text at the path; refused by the rule ``missing`` where there is none."""
        node = self.find(path)
        text = node.content if node else ""
        if not text and missing:
            self.refuse(missing, f"{_plain(path)} is missing")
        if node and longest and len(text) > longest:
            node.refuse("", f"{_plain(path)} is longer than {longest} characters")
        return text

    def amount(self, path: str, missing: str = "", decimals: str = "") -> Decimal:
        """The amount at the path, 0 where there is none; more than two decimals are refused."""
        node = self.find(path)
        if node and "currencyID" not in node.element.attrib:
            node.refuse("PEPPOL-EN16931-R051", f"{_plain(path)} states no currency")
        return self._number(path, missing, MONEY_SCALE, decimals)

    def quantity(self, path: str, missing: str = "", otherwise: int = 0) -> Decimal:
        """A quantity or percentage: at most six decimals."""
        if self.find(path) is None and not missing:
            return Decimal(otherwise)
        return self._number(path, missing, FINE_SCALE, "")

    def price(self, path: str, missing: str = "") -> Decimal:
        """A price, which may have any number of decimals."""
        return self._number(path, missing, None, "")

    def date(self, path: str, missing: str = "") -> dt.date | None:
        """The date at the path, or None."""
        text = self.text(path, missing)
        if not text:
            return None
        try:
            day = dt.date.fromisoformat(found[1]) if (found := _DATE.fullmatch(text)) else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            self.refuse("PEPPOL-EN16931-F001", f"{_plain(path)} must be a date: {_quote(text)}")
            return None
        return day

    def _number(self, path: str, missing: str, scale: int | None, decimals: str) -> Decimal:
        text = self.text(path, missing)
        if not text:
            return Decimal(0)
        found = _NUMBER.fullmatch(text)
        if not found or not text.isascii() or abs(Decimal(text)) >= _LARGEST:
            self.refuse(SCHEMA, f"{_plain(path)} must be a number: {_quote(text)}")
            return Decimal(0)
        digits = found[2] or ""
        if scale == FINE_SCALE:
            digits = digits.rstrip("0")  # only of amounts the rules count the digits
        if scale is not None and len(digits) > scale:
            words = f"{_plain(path)} has more than {scale} decimals: {_quote(text)}"
            self.refuse(decimals or SCHEMA, words)
            return Decimal(0)
        return Decimal(text)


def to_fine(value: Decimal) -> Decimal:
    """The value with the six decimals that the store keeps, half-up."""
    return value.quantize(_FINE, ROUND_HALF_UP)


def _plain(path: str) -> str:
    return path.replace("cac:", "").replace("cbc:", "")


def _quote(text: str) -> str:
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
