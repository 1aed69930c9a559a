"""The web app: ``streamlit run app.py``.

This file launches and does not draw. Streamlit serves every file of a ``pages/`` folder beside the
*running script* to anybody, without login, until some session has called ``st.navigation`` - so
the script that runs is ``so24/ui/frame/shell.py``, and this file, which stands beside ``pages/``,
is only found by Streamlit as the ASGI application ``app``. It also starts and stops what works
behind the pages (so that work left by an earlier process goes on before anybody opens a page),
puts the guard in front of Streamlit, has its files sent compressed and the shortcuts' script with
them, and answers ``/so24/ready``, ``/so24/metrics`` and the company login's way back.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.watcher.polling_path_watcher import PollingPathWatcher

from so24.background import Background
from so24.errors import So24Error
from so24.installation import Installation
from so24.log_lines import write_log_as
from so24.people.company_login.trip import BACK, BEGIN
from so24.sources.garbage import spare_for_good
from so24.ui.frame import browser, company_login, cookie, session
from so24.ui.guard import keyboard_script, message_sizes, metrics
from so24.ui.guard.guard import Guard
from so24.ui.guard.headers import SecurityHeaders
from so24.ui.guard.icon_font import IconFont
from so24.ui.guard.small_files import SmallFiles

os.umask(0o077)  # the sandbox's books hold what customers are billed, and are for this user only

WRONG_CONFIGURATION = 2
_NEW_OBJECTS = 100_000  # after which the collector looks for garbage among them


def open_or_exit() -> Installation:
    """The installation of this process; ends it with one sentence where it cannot be opened."""
    try:
        return session.installation()
    except So24Error as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_CONFIGURATION)


def stop_watching_files() -> None:
    """End Streamlit's watch over its settings' files, which no setting turns off.

    They are looked at five times a second each; whoever changes them starts the app again anyway.
    """
    PollingPathWatcher._schedule = lambda watcher: None  # type: ignore[method-assign] # no other way


background = Background(open_or_exit())
write_log_as(background.installation.settings.log)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start what works behind the pages, and stop it at the end."""
    try:
        await asyncio.to_thread(background.start)
    except So24Error as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(WRONG_CONFIGURATION)  # anything that is raised here would be told by its trace
    stop_watching_files()
    browser.bind_sessions()
    message_sizes.begin_wary()
    # What is loaded now stays: the collector need not look at it in each run (0.1 s otherwise).
    gc.collect()
    spare_for_good()
    # Pages read rows by the thousand, none of which is garbage before the page is drawn.
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
    try:
        yield
    finally:
        await asyncio.to_thread(background.stop)
        sys.stdout.flush()
        sys.stderr.flush()
        # the engine's threads would hold the process until the lane under way has ended, though
        # it is taken up at the next start anyway
        os._exit(0)


async def tell_ready(_request: Request) -> Response:
    """200 when work can be taken on, 503 with the reason when not."""
    ready, reason = await asyncio.to_thread(background.ready)
    return JSONResponse({"ready": ready, "reason": reason}, status_code=200 if ready else 503)


app = st.App(
    Path(__file__).parent / "so24" / "ui" / "frame" / "shell.py",
    lifespan=lifespan,
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(Guard),
        Middleware(IconFont),
        Middleware(SmallFiles),
        Middleware(keyboard_script.KeyboardScript),
    ],
    routes=[
        Route("/so24/ready", tell_ready),
        Route(metrics.PATH, metrics.serve_metrics),
        Route(keyboard_script.address(), keyboard_script.serve_script),
        Route(cookie.address(), cookie.redeem_ticket),
        Route(cookie.served_at(BEGIN), company_login.begin),
        Route(cookie.served_at(BACK), company_login.take_back),
    ],
)
