"""Bring the catalogues up to date: ``python -m tests.make_catalogue``.

Reads every text that the product says (``say``, ``tell`` and their kin) and writes, for each
language, ``so24/language/<language>/<part>.po`` with what is new in that part and without what
nobody says any more, and the compiled ``<language>.mo``. A part is the first folder or module in
which a text stands: ``ui``, ``cli``, ``transfer``. A text that has no translation yet stands there
with an empty one, and a test names it.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "so24" / "language"
# how many of the first arguments are templates, and whether a context goes before
SPEAKING = {"say": 1, "tell": 1, "say_count": 2, "tell_count": 2, "say_as": 1}
WITH_CONTEXT = {"say_as"}
PLURALS = {"nb": 2}
_NO_DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # a catalogue changes with its texts only
Key = tuple[str, str]  # context, and the template of one


@dataclass(frozen=True)
class Wanted:
    """A text that the product says: where it stands first, and the forms of it."""

    part: str
    context: str
    one: str
    many: str = ""

    @property
    def key(self) -> Key:
        """What it is known by in a catalogue."""
        return self.context, self.one


@cache
def wanted_texts() -> dict[Key, Wanted]:
    """Every text that the product says, by what it is known by."""
    found: dict[Key, Wanted] = {}
    for path in spoken_sources():
        for each in texts_of(path):
            known = found.setdefault(each.key, each)
            if each.many and not known.many:
                found[each.key] = Wanted(known.part, each.context, each.one, each.many)
    return found


def spoken_sources() -> list[Path]:
    """The modules that may say something to people."""
    return sorted([*(ROOT / "so24").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])


def texts_of(path: Path) -> Iterator[Wanted]:
    """The texts that stand in this module, in their order."""
    part = part_of(path)
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name not in SPEAKING:
            continue
        forms = [each.value for each in call.args if isinstance(each, ast.Constant)]
        texts = [each for each in forms if isinstance(each, str)]
        context = texts.pop(0) if name in WITH_CONTEXT and texts else ""
        if texts and texts[0]:
            yield Wanted(part, context, texts[0], texts[1] if SPEAKING[name] == 2 else "")


def part_of(path: Path) -> str:
    """The part of the product that a module belongs to, as its catalogue is named."""
    inside = path.relative_to(ROOT).parts
    if inside[0] != "so24":
        return "pages"
    return inside[1] if len(inside) > 2 else "so24"


def read_parts(language: str) -> dict[str, Catalog]:
    """The translations as they stand, by part."""
    return {path.stem: _read(path, language) for path in sorted((FOLDER / language).glob("*.po"))}


def known_texts(parts: Mapping[str, Catalog]) -> dict[Key, Message]:
    """All translations of a language by what they are known by; one that is filled wins."""
    known: dict[Key, Message] = {}
    for catalogue in parts.values():
        for message in catalogue:
            key = key_of(message)
            if key[1] and (key not in known or not any(forms_of(known[key]))):
                known[key] = message
    return known


def key_of(message: Message) -> Key:
    """What a message of a catalogue is known by."""
    one = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", one


def forms_of(message: Message) -> tuple[str, ...]:
    """The forms of a translation: one, or one for each number."""
    translation = message.string or ""
    return (translation,) if isinstance(translation, str) else tuple(translation)


def compile_catalogue(language: str) -> bytes:
    """All parts of a language as one compiled catalogue."""
    whole = _empty(language)
    for key, message in sorted(known_texts(read_parts(language)).items()):
        if all(forms_of(message)):
            whole.add(message.id, message.string, context=key[0] or None)
    written = io.BytesIO()
    write_mo(written, whole)
    return written.getvalue()


def update(language: str) -> None:
    """Write the parts and the compiled catalogue of a language anew."""
    known = known_texts(read_parts(language))
    parts: dict[str, Catalog] = {}
    for wanted in wanted_texts().values():
        catalogue = parts.setdefault(wanted.part, _empty(language))
        said = known.get(wanted.key)
        forms = forms_of(said) if said else ()
        if wanted.many:
            kept = forms if len(forms) == PLURALS[language] else ("",) * PLURALS[language]
            catalogue.add((wanted.one, wanted.many), kept, context=wanted.context or None)
        else:
            catalogue.add(wanted.one, forms[0] if forms else "", context=wanted.context or None)
    for path in (FOLDER / language).glob("*.po"):
        if path.stem not in parts:
            path.unlink()
    for part, catalogue in parts.items():
        _write(FOLDER / language / f"{part}.po", catalogue)
    (FOLDER / f"{language}.mo").write_bytes(compile_catalogue(language))


def _empty(language: str) -> Catalog:
    header = f"# Texts of so24 in {language}.\n#"
    return Catalog(
        locale=language,
        project="so24",
        charset="utf-8",
        header_comment=header,
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
    )


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalogue, omit_header=True, width=100, sort_output=False)
    path.write_bytes(written.getvalue())


def main() -> None:
    """Bring every language up to date, and tell what is still missing."""
    for language in PLURALS:
        update(language)
        known = known_texts(read_parts(language)).values()
        missing = sum(1 for each in known if not all(forms_of(each)))
        sys.stdout.write(f"{language}: {len(known)} texts, {missing} without translation\n")


if __name__ == "__main__":
    main()
