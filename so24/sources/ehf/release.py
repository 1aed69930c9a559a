"""Which release of the standard is in force here, and how our own rules are called.

Peppol publishes a release each May and November. A limit or a doubt of ours has no code of the
standard: its key begins with ``so24:``, and it is told as ours.
"""

from __future__ import annotations

import datetime as dt

from so24.language.said import say

CEN = "EN 16931 1.3.16"
PEPPOL = "Peppol BIS Billing 3.0.21"
SCHEMA = "UBL 2.1"  # stands for the code where the schema and no rule is broken
OURS = "so24"
RELEASE = say("{peppol} with {cen} (May 2026)", peppol=PEPPOL, cen=CEN)
IN_FORCE_FROM = dt.date(2026, 8, 17)

# limits of ours
LENGTH, DECIMALS, SIZE = "so24: length", "so24: decimals", "so24: size"
IDENTIFIER, DATE, KIND = "so24: identifier", "so24: date", "so24: kind"
VAT, VAT_RATE = "so24: VAT", "so24: VAT rate"  # in English: keys
# what a person decides
APART, TYPE, UNPAID = "so24: apart", "so24: type", "so24: to be paid"  # in English: keys
PRODUCT, PAYMENT_IDS = "so24: product", "so24: payment ids"  # in English: keys
CREDITED, NEGATIVE = "so24: credited", "so24: negative"
OPINION = "so24: second opinion"  # in English: a key
# what is only told
EXTENSION, PROJECT = "so24: extension", "so24: project"
