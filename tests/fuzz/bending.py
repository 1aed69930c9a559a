"""How inputs are bent: bytes, the pieces of XML, the members of JSON, the parts of an archive."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from tests.sources.sheets.packages import packed, unpacked

Bend = Callable[[Random, bytes], bytes]

WORDS = (
    *("", " ", "0", "-0", "-1", "1", "1e5", "1E400", "NaN", "Infinity", "-INF", "0.000001"),
    *("999999999999.99", "9" * 60, "0." + "0" * 40 + "1", "1.005", "1,5", "1.234,50", "١٢٣", "½"),
    *("true", "false", "null", "2026-02-30", "2026-11-20", "1899-12-31", "0000-00-00", "46348"),
    *("0001-01-01T00:00:00", "9999-12-31T23:59:59+14:00", "\u202e🧾", "NOK", "S", "--", "380"),
    *("=1+1", "#REF!", "%s%n{0}${x}", "../../etc/passwd", "'; drop table invoice; --", "<b>x</b>"),
    *("x" * 5_000, "\u0000", "\ud7ff\ue000", "Session is not authenticated", "RM-10-1001", "1001"),
)
_TEXT = re.compile(rb">([^<>]*)<")
_VALUE = re.compile(rb'="([^"<>]*)"')
_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)(?:\s[^<>]*)?>[^<>]*</\1>|<[A-Za-z_][^<>]*/>")
_TAG = re.compile(rb"</?[A-Za-z_][^<>]*>")
_NUMBER = re.compile(rb"[0-9]+(?:[.,][0-9]+)?")
_INSIDE = (
    *(b"<!-- x -->", b"<?x y?>", b"<![CDATA[1]]>", b"&#49;", b"&amp;", b"&x;", b"&#0;", b"\x00"),
    *(b"]]>", b"<a/>", b"<!DOCTYPE a>", b'<a xmlns="u"/>', b"<a " * 40, b"<a>" * 300, b"\xff"),
    *(b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\n", b"\r", b"\t", b";", b'"', b",", b"1", b"-"),
)
_ENCODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "latin-1", "utf-32", "utf-7")


def bend_bytes(random: Random, content: bytes) -> bytes:
    """Bend it in one place without knowing what it is."""
    here, there = sorted((random.randrange(len(content) + 1), random.randrange(len(content) + 1)))
    there = min(there, here + 200)
    piece = content[here:there]
    return random.choice(
        (
            lambda: content[:here] + random.randbytes(random.randint(1, 4)) + content[there:],
            lambda: content[:here] + bytes([random.randrange(256)]) + content[here + 1 :],
            lambda: content[:here] + content[there:],
            lambda: content[:there] + piece * random.choice((1, 2, 50)) + content[there:],
            lambda: content[:here],
            lambda: content[:here] + random.choice(_INSIDE) + content[here:],
            lambda: _in_another_encoding(random, content),
        )
    )()


def bend_numbers(random: Random, content: bytes) -> bytes:
    """Put another word, or another number, into the place of a number."""
    word = random.choice((random.choice(WORDS), str(random.randrange(10**6))))
    return _replace(random, content, _NUMBER, word.encode(errors="replace"))


def bend_xml(random: Random, content: bytes) -> bytes:
    """Bend one text, value, element or tag of XML."""
    word = _escaped(random.choice(WORDS))
    bends: tuple[Callable[[], bytes], ...] = (
        lambda: _replace(random, content, _TEXT, b">" + word + b"<"),
        lambda: _replace(random, content, _VALUE, b'="' + word.replace(b'"', b"") + b'"'),
        lambda: _with_piece(random, content, _TEXT),
        lambda: _moved(random, content, _ELEMENT),
        lambda: _moved(random, content, _TAG),
        lambda: bend_numbers(random, content),
        lambda: bend_bytes(random, content),
    )
    return random.choice(bends)()


def bend_json(random: Random, content: bytes) -> bytes:
    """Bend one member of JSON, or its bytes."""
    if random.random() < 0.3:
        return bend_bytes(random, content)
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        return bend_bytes(random, content)
    holders = _holders(tree)
    if not holders:
        return bend_bytes(random, content)
    holder = random.choice(holders)
    places: Sequence[Any] = list(holder) if isinstance(holder, dict) else range(len(holder))
    place, another = random.choice(places), random.choice(places)
    what = random.randrange(6)
    if what == 0:
        del holder[place]
    elif what == 1:
        holder[place] = holder[another]
    elif what == 2:
        holder[place] = [holder[place]]
    elif what == 3 and isinstance(holder, dict):
        holder[random.choice(WORDS)] = holder.pop(place)
    else:
        holder[place] = random.choice((*WORDS, None, True, False, 0, -1, 1.5, 10**30, {}, []))
    try:
        return json.dumps(tree, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")
    except (ValueError, RecursionError):
        return content


def bend_archive(random: Random, content: bytes) -> bytes:
    """Bend a part of an archive, take one away or double one; or the archive's own bytes."""
    if random.random() < 0.15:
        return bend_bytes(random, content)
    try:
        parts = unpacked(content)
    except Exception:  # it was bent before: whatever the archive says is no fault of ours
        return bend_bytes(random, content)
    if not parts:
        return content
    telling = [each for each in parts if "sheet" in each or "Strings" in each]
    name = random.choice([*parts, *telling * 4])
    what = random.random()
    if what < 0.04:
        del parts[name]
    elif what < 0.08:
        return packed(parts, (name, bend_xml(random, parts[name])))
    else:
        parts[name] = bend_xml(random, parts[name])
    return packed(parts)


def bend_often(bend: Bend) -> Bend:
    """Bend it in one to four places."""

    def bend_it(random: Random, content: bytes) -> bytes:
        for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
            content = bend(random, content)
        return content

    return bend_it


def _replace(random: Random, content: bytes, what: re.Pattern[bytes], by: bytes) -> bytes:
    found = list(what.finditer(content))
    if not found:
        return bend_bytes(random, content)
    chosen = random.choice(found)
    return content[: chosen.start()] + by + content[chosen.end() :]


def _with_piece(random: Random, content: bytes, what: re.Pattern[bytes]) -> bytes:
    """Put something into the middle of a text."""
    found = [each for each in what.finditer(content) if each[1]]
    if not found:
        return bend_bytes(random, content)
    chosen = random.choice(found)
    place = random.randint(chosen.start(1), chosen.end(1))
    return content[:place] + random.choice(_INSIDE) + content[place:]


def _moved(random: Random, content: bytes, what: re.Pattern[bytes]) -> bytes:
    """Take a piece away, double it, or put it elsewhere."""
    found = list(what.finditer(content))
    if not found:
        return bend_bytes(random, content)
    chosen, other = random.choice(found), random.choice(found)
    rest = content[: chosen.start()] + content[chosen.end() :]
    place = other.start() - (len(chosen[0]) if other.start() > chosen.start() else 0)
    return random.choice(
        (
            rest,
            content[: other.start()] + chosen[0] + content[other.start() :],
            rest[:place] + chosen[0] + rest[place:],
        )
    )


def _in_another_encoding(random: Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(random.choice(_ENCODINGS), "replace")


def _escaped(word: str) -> bytes:
    plain = word.encode(errors="replace")
    return plain.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _holders(value: Any) -> list[Any]:
    """All lists and objects that are not empty."""
    if not isinstance(value, list | dict) or not value:
        return []
    inside = value.values() if isinstance(value, dict) else value
    return [value, *(found for each in inside for found in _holders(each))]
