"""Words as a page shows them in the language that the test speaks."""

from __future__ import annotations

import re

from so24.language.telling import tell, tell_count


def plain(text: str) -> str:
    """The text without the marks of Markdown, which a page does not show."""
    return text.replace("**", "")


def opening(template: str) -> str:
    """What stands before the first value of a told template."""
    return plain(tell(template).partition("{")[0]).strip()


def part_of(template: str) -> str:
    """The longest stretch of a told template between its values."""
    return max(re.split(r"\{\w+\}", plain(tell(template))), key=len).strip()


def pattern(template: str) -> re.Pattern[str]:
    """A told template with any number at each of its places."""
    told = re.escape(plain(tell(template)))
    return re.compile(re.sub(r"\\\{\w+\\\}", "[0-9]+", told))


def counted(one: str, many: str, number: int) -> str:
    """A told count, as a page shows it."""
    return plain(tell_count(one, many, number))
