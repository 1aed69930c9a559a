"""One row of RecMan read field by field by the map; each refusal is collected with its member."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from so24.amounts import format_amount
from so24.language.said import say
from so24.sources.documents.documents import RefusedRow, SourceLine
from so24.sources.documents.totals import add_up
from so24.sources.recman import answers
from so24.sources.recman.answers import Members, RecManRow, Value
from so24.sources.recman.field_map import FieldMap
from so24.sources.recman.targets import BY_NAME, EACH, LINES
from so24.sources.sheets.cells.cell import BadCell
from so24.store.tables.ground import FINE_SCALE, MONEY_SCALE

T = TypeVar("T")

_LONGEST_ID = 15
read_money = partial(answers.read_number, decimals=MONEY_SCALE)
read_fine = partial(answers.read_number, decimals=FINE_SCALE)


def row_number(row_id: str) -> int:
    """RecMan's id where it is a number, so that a refusal names it; else 0."""
    plain = row_id.isascii() and row_id.isdigit() and len(row_id) <= _LONGEST_ID
    return int(row_id) if plain else 0


class RowReading:
    """Reads the mapped members of one row, or of one line within it."""

    def __init__(
        self,
        sheet: str,
        row_id: str,
        members: Members,
        field_map: FieldMap,
        refused: list[RefusedRow],
    ) -> None:
        self.sheet = sheet
        self.row_id = row_id
        self.refused = refused
        self._members = members
        self._map = field_map

    @classmethod
    def of(cls, scope: str, row: RecManRow, field_map: FieldMap) -> RowReading:
        """The reading of a whole row."""
        return cls(scope, row.id, row.members, field_map, [])

    def has(self, name: str) -> bool:
        """Whether the field is mapped."""
        return name in self._map

    def member(self, name: str) -> str:
        """The path of RecMan's member, empty where the field is not mapped."""
        return self._map.get(name, "")

    def read(self, name: str, read: Callable[[Value], T], otherwise: T) -> T:
        """The field's member through ``read``; ``otherwise`` where unmapped or refused."""
        if name not in self._map:
            return otherwise
        path = self._map[name].removeprefix(self._within(name))
        try:
            return read(answers.find_member(self._members, path))
        except BadCell as error:
            self.refuse(error.words, name)
            return otherwise

    def text(self, name: str) -> str:
        """The field's text, empty where unmapped; refused where it cannot be kept whole."""
        return self._short(name, self.read(name, answers.read_text, ""))

    def identifier(self, name: str) -> str:
        """What people know the field's thing by, in canonical form; empty where unmapped."""
        return self._short(name, self.read(name, answers.read_identifying, ""))

    def id(self, name: str) -> str:
        """The id of another row, empty where there is none."""
        return self._short(name, self.read(name, answers.read_id, ""))

    def amount(self, name: str) -> Decimal:
        """An amount that must be there."""
        return self.read(name, read_money, Decimal("0.00"))

    def given(self, name: str, read: Callable[[Value], T]) -> T | None:
        """As :meth:`read`, but None where the member is empty."""
        if self.text(name):
            return self.read(name, read, None)
        return None

    def lines(self) -> list[RowReading]:
        """The lines within this row, in RecMan's order; they refuse for the whole row."""
        nothing: list[Members] = []
        parts = self.read(LINES, answers.read_parts, nothing)
        return [
            RowReading(self.sheet, self.row_id, part, self._map, self.refused) for part in parts
        ]

    def refuse(self, reason: str, name: str = "") -> None:
        """Refuse the row for one of its fields, or as a whole."""
        member = self._map.get(name, "")
        self.refused.append(RefusedRow(self.sheet, row_number(self.row_id), member, reason))

    def _short(self, name: str, text: str) -> str:
        longest = BY_NAME[name].longest
        if longest and len(text) > longest:
            self.refuse(say("is longer than {most} characters", most=longest), name)
            return ""
        return text

    def _within(self, name: str) -> str:
        return f"{self._map.get(LINES, '')}.{EACH}." if name.startswith("line.") else ""


_ORE = Decimal("0.01")


def find_difference(lines: Sequence[SourceLine], net: Decimal, vat: Decimal, total: Decimal) -> str:
    """Why RecMan's own net, VAT and total do not fit its lines; empty where they do.

    Net and total must be exact; VAT may be an øre per line off the VAT per rate, since RecMan may
    round each line.
    """
    ours = add_up(lines)
    if ours.net != net:
        return say(
            "the nets of its lines add up to {ours}, but its net is {stated}",
            ours=format_amount(ours.net),
            stated=format_amount(net),
        )
    if net + vat != total:
        return say(
            "its net and VAT add up to {ours}, but its total is {stated}",
            ours=format_amount(net + vat),
            stated=format_amount(total),
        )
    if abs(ours.vat - vat) > _ORE * max(len(lines), 1):
        return say(
            "its lines' VAT rates give a VAT of {ours}, but its VAT is {stated}",
            ours=format_amount(ours.vat),
            stated=format_amount(vat),
        )
    return ""
