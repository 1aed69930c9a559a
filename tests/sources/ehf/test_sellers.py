"""Only our own invoices come in: a received one must not be booked as a sale."""

from __future__ import annotations

import pytest

from so24.errors import ConfigurationError
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.settings import read_settings
from so24.sources.ehf.buyers import Supplement
from so24.sources.intake import import_files
from tests.sources.ehf.bills import SELLER, Sample, pack, read_all

OTHER = "923609016"
OWN = f"Nordlys Bemanning AS ({SELLER})"


def from_another(number: str = "77") -> bytes:
    text = Sample(number=number).xml.replace("Nordlys Bemanning AS", "Fremmed AS")
    return text.replace(SELLER, OTHER).encode()


def test_the_seller_is_named_and_doubted_while_nobody_has_said_who_we_are() -> None:
    files = pack(("a.xml", Sample().content), ("b.xml", from_another()))
    (source,) = read_all(("a.zip", files))
    assert len(source.documents) == 2
    (warning,) = source.warnings
    assert f"The seller is {OWN}, Fremmed AS ({OTHER})" in warning
    assert "SO24_SELLERS" in warning


def test_another_sellers_file_is_refused_where_the_own_ones_are_set() -> None:
    files = pack(("a.xml", Sample().content), ("b.xml", from_another()))
    supplement = Supplement(department="10", sellers=frozenset({SELLER}))
    (source,) = read_all(("a.zip", files), supplement=supplement)
    (refused,) = source.refused
    assert (refused.sheet, len(source.documents)) == ("b.xml", 1)
    assert f"its seller is Fremmed AS ({OTHER}), which SO24_SELLERS does not name" in refused.reason
    assert (source.sellers, source.warnings) == ((OWN,), ())


def test_the_import_keeps_to_the_setting_and_its_report_names_the_seller(
    installation: Installation, finance: Actor
) -> None:
    installation.settings.sellers = f"NO {SELLER} MVA"
    files = [("a.xml", Sample().content), ("b.xml", from_another())]
    (report,) = import_files(
        Desk(installation, finance), files, department="10", new_department=True
    )
    assert (report.sellers, len(report.refused)) == ((OWN,), 1)


def test_a_seller_that_is_no_organization_number_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SO24_SELLERS", f"{SELLER}, 12345")
    with pytest.raises(ConfigurationError, match="SO24_SELLERS: must be organization numbers"):
        read_settings(keep=False)
