"""The forms in which programs and people write one number, and what may become of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Dress = Callable[[str], str]
DRESSES: Mapping[str, Dress] = {
    "a formula": lambda plain: f'="{plain}"',
    "an apostrophe": lambda plain: f"'{plain}",
    "a float": lambda plain: f"{plain}.0",
    "a Norwegian float": lambda plain: f"{plain},0",
    "a zero-width space": lambda plain: f"{plain}\u200b",
    "a byte order mark": lambda plain: f"{plain[:1]}\ufeff{plain[1:]}",
    "a soft hyphen": lambda plain: f"{plain[:1]}\u00ad{plain[1:]}",
    "a direction": lambda plain: f"{plain}\u200e",
    "a blank": lambda plain: f"{plain[:1]} {plain[1:]}",
    "full-width digits": lambda plain: "".join(chr(ord(sign) + 0xFEE0) for sign in plain),
    "scientific notation": lambda plain: f"{plain[:1]},{plain[1:]}E+0{len(plain) - 1}",
    "a sign": lambda plain: f"#{plain}",
    "a zero": lambda plain: f"0{plain}",
    "a word": lambda plain: f"Faktura nr. {plain}",
    "the sign of numbers": lambda plain: f"\u2116{plain}",
    "its series": lambda plain: f"10-{plain}",
    "our reference": lambda plain: f"RM-10-{plain}",
}
# by these a person means the plain number, and nothing else
HARMLESS = (
    "a formula", "a zero-width space", "a byte order mark", "a soft hyphen", "a direction",
    "full-width digits",
)  # fmt: skip
