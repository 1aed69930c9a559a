"""The private parts of streamlit-authenticator that :mod:`so24.ui.frame.login` builds on.

They belong to the pinned version. Where one of these tests fails after an upgrade, the login is
not hardened any more, however well it seems to work.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from importlib.metadata import version

import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit_authenticator import Authenticate
from streamlit_authenticator.views import authentication_view

from tests.pages.conftest import PATIENCE, OpenApp


def test_the_versions_are_the_pinned_ones() -> None:
    assert version("streamlit-authenticator") == "0.4.2"
    assert version("streamlit") == "1.67.0"


def test_the_form_uses_of_itself_only_what_ours_has() -> None:
    def script() -> None:
        import streamlit as st

        from so24.ui.frame.login import LoginForm
        from so24.ui.frame.tab_login import TabLogin

        for name in vars(LoginForm(TabLogin())):
            st.text(name)

    ours = {
        text.value for text in AppTest.from_function(script, default_timeout=PATIENCE).run().text
    }
    assert used_of(Authenticate.login, "self") <= ours | {"secret_key"}  # which is for captchas
    assert "login_sleep_time" in inspect.getsource(Authenticate.login)


def test_the_form_is_drawn_with_a_streamlit_whose_form_is_ours() -> None:
    assert authentication_view.st is not st
    used = used_of(Authenticate.login, "st")
    assert used == {"form", "sidebar", "session_state", "rerun"}
    drawn = used_of(Authenticate.login, "login_form")
    assert drawn == {"subheader", "text_input", "form_submit_button", "image"}  # image: captchas


def test_the_form_hands_name_and_password_on_to_our_check_and_leaves_the_cookie_to_us() -> None:
    source = inspect.getsource(Authenticate.login)
    assert "self.authentication_controller.login(username, password," in source
    assert used_of(Authenticate.login, "self.authentication_controller") == {"login"}
    assert used_of(Authenticate.login, "self.cookie_controller") == {"get_cookie", "set_cookie"}


def test_the_login_page_has_no_element_that_asks_for_a_run_by_itself(app: OpenApp) -> None:
    at = app(None)
    assert [button.label for button in at.button] == ["Sign in"]
    assert not at.get("component_instance")


def used_of(method: Callable[..., object], whose: str) -> set[str]:
    """The attributes of ``whose`` that the method names."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == whose
    }
