"""The sandbox's own addresses from outside: for tests and tools in any process."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import asdict
from typing import Any

from so24.errors import WrongUse
from so24.sandbox.wire.faults import Fault

# The machine's proxy settings have no business between two processes of one machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Control:
    """Reads and steers the sandbox at ``address``.

    Every method raises :class:`OSError` when nobody answers there, and :class:`WrongUse` with
    the sandbox's sentence when it refuses.
    """

    def __init__(self, address: str, timeout: float = 5) -> None:
        self.address = address
        self._timeout = timeout

    def ready(self) -> dict[str, Any]:
        """``{"ready": true, "folder": …}``."""
        return self._ask("ready")

    def books(self) -> dict[int, dict[str, Any]]:
        """Every client by id, with ``companies``, ``products`` and ``orders``; amounts as text."""
        return {client["id"]: client for client in self._ask("books")["clients"]}

    def calls(self) -> dict[str, Any]:
        """``operations`` by name, ``requests`` in all, ``overlap`` of one session at most."""
        return self._ask("calls")

    def reset_calls(self) -> None:
        """Count from nought."""
        self._ask("calls", {})

    def arm(self, *faults: Fault) -> None:
        """Let these faults happen."""
        self.set(arm=[asdict(fault) for fault in faults])

    def set(self, **switches: object) -> dict[str, Any]:
        """Set any of the switches of ``POST /sandbox/faults``; what is armed then."""
        return self._ask("faults", switches)

    def edit(self, action: str, client: int, **parameters: object) -> dict[str, Any]:
        """Do something by hand in a client's books."""
        return self._ask("edit", {"action": action, "client": client, **parameters})

    def _ask(self, name: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - always http, to this machine
            f"{self.address}/sandbox/{name}",
            None if given is None else json.dumps(given).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with _DIRECT.open(request, timeout=self._timeout) as response:
                result: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise WrongUse(json.load(error)["error"]) from None
        return result
