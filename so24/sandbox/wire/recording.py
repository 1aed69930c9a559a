"""Recording of traffic: one JSON line per exchange, without secrets, still schema-valid."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from lxml import etree

_SECRETS = ("Password", "LoginResult")
MASK = "***"


class Recorder:
    """Appends exchanges to a file; ``path`` None records nothing."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def write(
        self,
        path: str,
        action: str | None,
        content_type: str,
        request: bytes,
        response: bytes | None,
        status: int | None,
    ) -> None:
        """Record one exchange; ``status`` None: no answer; ``response`` None: none in SOAP.

        Of the headers only the content type is kept: the others carry the session.
        """
        if self._file is None:
            return
        line = json.dumps(
            {
                "path": path,
                "soapaction": action,
                "headers": {"Content-Type": content_type},
                "request": mask(request),
                "response": None if response is None else mask(response),
                "status": status,
            },
            ensure_ascii=False,
        )
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()


def mask(message: bytes) -> str:
    """The message as text, passwords and session ids replaced by ``***``.

    A message that cannot be read as XML but may hold a secret is left out altogether.
    """
    if not any(name.encode() in message for name in _SECRETS):
        return message.decode("utf-8", "replace")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(message, parser)
    except etree.XMLSyntaxError:
        return ""
    for name in _SECRETS:
        for element in root.iter(f"{{*}}{name}"):
            if len(element) or element.text:
                element.clear()
                element.text = MASK
    return str(etree.tostring(root, encoding="unicode"))
