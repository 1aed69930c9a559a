"""Messages to a webhook of Teams, Slack or the like, as JSON that each of them shows."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from so24.alerts.message import Message
from so24.calls.bounded import CallLimits, NoAnswer, OutgoingCall, make_call
from so24.errors import WrongUse
from so24.language.said import say
from so24.settings import Settings

_LIMITS = CallLimits(connect_seconds=5, call_seconds=20, most_bytes=100_000)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_address(settings: Settings, address: str) -> str:
    """The address where so24 may write to it, else :class:`WrongUse`.

    Only hosts that an administrator has set, so that nobody makes so24 call what only it can reach.
    """
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise WrongUse(say("A webhook's address begins with https://."))
    if parts.username or parts.password:
        raise WrongUse(say("A webhook's address holds no user name and no password."))
    if not any(host == each or host.endswith(f".{each}") for each in settings.hosts_of_webhooks):
        raise WrongUse(
            say(
                "so24 may not write to {host}. A System Administrator adds the host to the setting "
                "SO24_WEBHOOK_HOSTS.",
                host=host or "–",
            )
        )
    return address.strip()


def send_webhook(settings: Settings, address: str, message: Message) -> str:
    """Send it; returns why it was not taken, without the address, or an empty text."""
    try:
        check_address(settings, address)
    except WrongUse as refusal:
        return str(refusal)
    headers = {"Content-Type": "application/json", "Idempotency-Key": message.id}
    call = OutgoingCall(address, "POST", content=_write(message), headers=headers)
    answer = make_call(call, _LIMITS)
    if isinstance(answer, NoAnswer):
        return say("The webhook does not answer.")
    if answer.status >= 300:
        return say("The webhook answered with HTTP {status}.", status=answer.status)
    return ""


def _write(message: Message) -> bytes:
    """``text`` is what Slack and its like show; the card is what Teams' workflows show."""
    blocks = [
        {"type": "TextBlock", "text": message.title, "weight": "Bolder", "wrap": True},
        *({"type": "TextBlock", "text": line, "wrap": True} for line in message.lines),
    ]
    card = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "actions": [{"type": "Action.OpenUrl", "title": "so24", "url": message.link}]
        if message.link
        else [],
    }
    told = {
        "type": "message",
        "text": f"*{message.title}*\n{message.body}",
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        ],
    }
    return json.dumps(told, ensure_ascii=False).encode()
