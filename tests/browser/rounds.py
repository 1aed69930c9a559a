"""A round through the running demo: every page that a role has, in both themes, on two screens.

The demo has been sent once before it begins, so that the pages have something to show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page, expect

from so24.language.telling import tell
from so24.people.roles import PERMISSIONS
from so24.people.users import DEMO_USERS, DemoUser
from so24.ui.frame.shell import ENTRIES
from tests.browser.conftest import sign_in, wait_until_settled
from tests.browser.words import opening, pattern

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
LAPTOP, TELEPHONE = 1280, 390  # pixels
WIDTHS = (LAPTOP, TELEPHONE)
HEIGHT = 800
_NOTHING_MOVES = """() => document.getAnimations().every(
    each => each.playState !== "running" || each.effect.getTiming().iterations === Infinity
)"""


@dataclass(frozen=True)
class View:
    """What is on the screen: whose page, in which theme, how wide."""

    user: str
    scene: str
    theme: Theme
    width: int

    @property
    def name(self) -> str:
        """``fia-invoices-dark-390``."""
        return f"{self.user}-{self.scene}-{self.theme}-{self.width}"


@dataclass(frozen=True)
class Scene:
    """A page as it is opened, or with something on it opened by ``prepare``."""

    name: str
    page: str
    prepare: Callable[[Page], None] = lambda page: None
    users: frozenset[str] = frozenset(user.name for user in DEMO_USERS)


def open_preview(page: Page) -> None:
    """The question before an export, of all that is in the list."""
    page.get_by_role("button", name=opening("Select all {count}")).click()
    page.get_by_role("button", name="24SevenOffice", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("button", name=tell("Cancel"))).to_be_visible()


def open_box(title: str) -> Callable[[Page], None]:
    """What opens the box with this title."""

    def press(page: Page) -> None:
        box = page.get_by_test_id("stExpander").filter(has_text=tell(title)).first
        box.locator("summary").click()
        expect(box.get_by_test_id("stExpanderDetails")).to_be_visible()
        wait_until_drawn(page)  # what is pressed while it opens may close again

    return press


ADA, FIA, ANN = DEMO_USERS
_ADA, _FIA = (frozenset({user.name}) for user in (ADA, FIA))
OPENED = (
    Scene("preview", "invoices", open_preview, _FIA),
    Scene("import", "invoices", open_box("Import from RecMan"), _FIA),
    Scene("add-key", "credentials", open_box("Add key"), _ADA),
    Scene("add-user", "users", open_box("Add user"), _ADA),
)


def scenes_of(user: DemoUser) -> Iterator[Scene]:
    """The pages of the user's role, and what is opened on some of them."""
    for entry in ENTRIES:
        if entry.permission in PERMISSIONS[user.role]:
            yield Scene(entry.name, entry.name)
    yield Scene("account", "account")
    yield from (scene for scene in OPENED if user.name in scene.users)


def tell_demo_done() -> str:
    """What the receipt of the whole demo says at its end."""
    counts = {"done": 53, "documents": 56, "transferred": 49}
    progress = tell("{done} of {documents} handled, {transferred} transferred", **counts)
    return tell("{progress}, {count} tried again later", progress=progress, count=3)


def send_the_demo(page: Page, url: str) -> None:
    """Have finance send all of it; some documents then need a person."""
    sign_in(page, f"{url}/invoices", FIA.name, FIA.password)
    open_preview(page)
    page.get_by_role("dialog").get_by_role("button", name=pattern("Send {count}")).click()
    expect(page.locator(".st-key-receipt_panel").first).to_contain_text(tell_demo_done())
    wait_until_settled(page)


def go_round(
    page: Page,
    url: str,
    user: DemoUser,
    look: Callable[[Page, View], None],
    scenes: Sequence[Scene] | None = None,
    themes: Sequence[Theme] = THEMES,
    widths: Sequence[int] = WIDTHS,
    height: int = HEIGHT,
) -> None:
    """Sign in and call ``look`` for each scene in each theme and width."""
    page.set_viewport_size({"width": LAPTOP, "height": height})
    sign_in(page, url, user.name, user.password)
    for scene in scenes_of(user) if scenes is None else scenes:
        _open(page, scene)
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            for width in widths:
                page.set_viewport_size({"width": width, "height": height})
                wait_until_drawn(page)
                look(page, View(user.name, scene.name, theme, width))
            page.set_viewport_size({"width": LAPTOP, "height": height})
        page.keyboard.press("Escape")  # a dialog would lie over the way to the next page


def look_at_login(
    page: Page, url: str, look: Callable[[Page, View], None],
    themes: Sequence[Theme] = THEMES, widths: Sequence[int] = WIDTHS,
    height: int = HEIGHT,
) -> None:  # fmt: skip
    """Call ``look`` for the page on which one signs in."""
    page.goto(url)
    expect(page.get_by_role("button", name=tell("Sign in"))).to_be_visible()
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": height})
            wait_until_drawn(page)
            look(page, View("nobody", "login", theme, width))


def wait_until_drawn(page: Page) -> None:
    """Wait until everything is there, and nothing moves any more."""
    wait_until_settled(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.wait_for_function(_NOTHING_MOVES)


def _open(page: Page, scene: Scene) -> None:
    """Open the scene's page as people do, without loading anything anew."""
    page.get_by_test_id("stSidebar").locator(f'a[href$="{scene.page}"]').first.click()
    expect(page).to_have_url(re.compile(rf"/{scene.page}(\?|$)"))
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    wait_until_drawn(page)
    scene.prepare(page)
    wait_until_drawn(page)
