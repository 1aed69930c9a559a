"""Help: how so24 is used and run, by task; every state and reason, and the keys."""

from __future__ import annotations

from so24.people.roles import Permission
from so24.ui.frame.session import require_page
from so24.ui.help.reading import show_help

require_page(Permission.SEE_RECEIPTS)
show_help()
