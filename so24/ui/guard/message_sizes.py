"""How long one message may be: a stranger's as a login form's, others' as Streamlit takes them.

The web server keeps a message until it is whole. So its size, which stands at its beginning, is
judged there, and of whoever has not signed in no more than that beginning is taken.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import Message, Receive, Send
from uvicorn.protocols.websockets import websockets_sansio_impl
from websockets.server import ServerProtocol

# what the login form sends fits many times; those who are signed in may send what Streamlit allows
LONGEST_OF_STRANGERS = 64 * 1024


class WaryProtocol(ServerProtocol):
    """A connection of the web server that takes little until it is told who is there."""

    def __init__(self, *args: Any, max_size: int | None, **options: Any) -> None:
        super().__init__(*args, max_size=LONGEST_OF_STRANGERS, **options)
        self.most = max_size


def begin_wary() -> None:
    """Have the web server begin each connection so; it must run before the first one."""
    websockets_sansio_impl.ServerProtocol = WaryProtocol  # type: ignore[attr-defined,assignment] # no setting


def take_more(receive: Receive) -> Callable[[], None]:
    """What lets the connection that is received from take as much as Streamlit does."""
    connection = getattr(getattr(receive, "__self__", None), "conn", None)

    def take() -> None:
        if isinstance(connection, WaryProtocol):
            connection.max_message_size = connection.most

    return take


def receive_little(
    is_stranger: Callable[[], bool], receive: Receive, send: Send
) -> Callable[[], Awaitable[Message]]:
    """Receive what a stranger sends, and end the connection where it is too much.

    A web server that begins less wary has taken the whole message by then.
    """

    async def receive_little() -> Message:
        message = await receive()
        size = len(message.get("bytes") or message.get("text") or b"")
        if size <= LONGEST_OF_STRANGERS or not is_stranger():
            return message
        await send({"type": "websocket.close", "code": 1009})
        return {"type": "websocket.disconnect", "code": 1009}

    return receive_little
