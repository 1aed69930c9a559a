"""Another reader of XML, beside the one that so24 uses."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_OTHERS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


def read_by_expat(content: bytes) -> ElementTree.Element | None:
    """The root as expat reads it, None where it does not.

    A mark of the byte order goes before what the declaration says of the encoding (XML 1.0,
    appendix F), and may stand in a name (fifth edition); expat holds neither.
    """
    for encoding in (None, "utf-8", *_OTHERS):
        try:
            told: bytes | str = content
            if encoding is not None:
                told = _DECLARATION.sub("", content.decode(encoding)).replace("\ufeff", "")
            return ElementTree.fromstring(told)  # noqa: S314 - bent inputs of our own
        except (ElementTree.ParseError, ValueError, LookupError):
            continue
    return None
