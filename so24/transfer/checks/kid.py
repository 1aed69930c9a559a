"""The KID, the payment id of a Norwegian invoice: 2 to 25 characters, the last one a check.

Which of the two rules holds is in the payee's agreement with the bank, which so24 does not know: a
KID that passes either of them is right. Rules: Mastercard Payment Services, *KID*; the hyphen as
the check character where modulus 11 gives 10 is the practice of some banks.
"""

from __future__ import annotations

import re

from stdnum import luhn

_FORM = re.compile(r"(?=.*[1-9])[0-9]{1,24}[0-9-]")
_WEIGHTS = (2, 3, 4, 5, 6, 7)


def is_kid(text: str) -> bool:
    """Whether the text is a KID by modulus 10 or 11; blanks between the digits are passed over."""
    bare = "".join(text.split())
    return bool(_FORM.fullmatch(bare)) and (passes_mod10(bare) or passes_mod11(bare))


def passes_mod10(kid: str) -> bool:
    """Whether the last digit is the one of Luhn's rule; ``kid`` has no blanks."""
    return bool(luhn.is_valid(kid))


def passes_mod11(kid: str) -> bool:
    """Whether the last character is :func:`mod11_check` of the digits before it."""
    return kid[:-1].isdecimal() and kid[-1] == mod11_check(kid[:-1])


def mod11_check(digits: str) -> str:
    """The check of these digits: weights 2 to 7 from the right, 11 less the rest.

    11 is written as 0 and 10 as a hyphen.
    """
    weighed = sum(
        int(digit) * _WEIGHTS[place % len(_WEIGHTS)] for place, digit in enumerate(digits[::-1])
    )
    check = 11 - weighed % 11
    return "-" if check == 10 else str(check % 11)
