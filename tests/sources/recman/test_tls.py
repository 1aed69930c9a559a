"""The key goes to nobody whose certificate is not vouched for, whatever the environment trusts."""

from __future__ import annotations

import ssl
import urllib.request
from pathlib import Path

import pytest

from so24.errors import RecManError
from so24.sources.recman.client import RecManAccess, RecManClient
from tests.office.test_tls import own_certificate
from tests.sources.recman.conftest import LIMITS
from tests.sources.recman.papers import stand_in
from tests.sources.recman.standin import KEY, serving


def test_a_certificate_of_its_own_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(stand_in(), context) as recman:
        client = RecManClient(RecManAccess(recman.address, KEY), LIMITS, lambda: None)
        with pytest.raises(RecManError, match="cannot be reached"):
            client.read_page("invoice")
        assert recman.asked == []
        trusting = ssl.create_default_context(cafile=certificate)
        address = f"{recman.address}/v2/get/?scope=invoice&page=1"
        with urllib.request.urlopen(address, timeout=5, context=trusting) as answer:  # noqa: S310 - ours
            assert answer.status == 200  # it is there, for whoever trusts it
