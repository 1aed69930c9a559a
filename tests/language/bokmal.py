"""Bokmål as its texts stand in the sources, whether they were compiled since or not."""

from __future__ import annotations

import gettext
import io
from functools import cache

import pytest

from so24.language import telling
from tests.make_catalogue import compile_catalogue


@cache
def present_catalogue() -> gettext.GNUTranslations:
    """The texts of ``so24/language/nb``."""
    return gettext.GNUTranslations(io.BytesIO(compile_catalogue("nb")))


@pytest.fixture
def bokmal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have texts told by the very sources of the catalogue."""
    monkeypatch.setattr(telling, "catalogue", lambda _wanted: present_catalogue())
