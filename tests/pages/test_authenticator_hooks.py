"""The private parts of streamlit-authenticator that :mod:`so24.ui.frame.cookie` replaces.

They belong to the pinned version. Where one of these tests fails after an upgrade, the login is
not hardened any more, however well it seems to work.
"""

from __future__ import annotations

import inspect
from importlib.metadata import version

from streamlit.testing.v1 import AppTest
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController, CookieController
from streamlit_authenticator.models import AuthenticationModel, CookieModel

from so24.installation import Installation


def test_the_versions_are_the_pinned_ones() -> None:
    assert version("streamlit-authenticator") == "0.4.2"
    assert version("streamlit") == "1.67.0"


def test_the_replaced_methods_exist_with_these_parameters() -> None:
    assert parameters(CookieModel.set_cookie) == ["self"]
    assert parameters(CookieModel.delete_cookie) == ["self"]
    assert parameters(CookieModel._token_encode) == ["self"]
    assert parameters(CookieModel._token_decode) == ["self"]
    assert parameters(AuthenticationModel.check_credentials) == ["self", "username", "password"]
    assert parameters(AuthenticationModel.login)[:6] == [
        "self",
        "username",
        "password",
        "max_concurrent_users",
        "max_login_attempts",
        "token",
    ]


def test_the_library_calls_what_is_replaced() -> None:
    assert "self._token_decode()" in inspect.getsource(CookieModel.get_cookie)
    assert "self.cookie_model.set_cookie()" in inspect.getsource(CookieController.set_cookie)
    assert "self.cookie_model.delete_cookie()" in inspect.getsource(CookieController.delete_cookie)
    assert "self.check_credentials(" in inspect.getsource(AuthenticationModel.login)
    assert "self.authentication_model.login(" in inspect.getsource(AuthenticationController.login)
    assert "login_sleep_time" in inspect.getsource(Authenticate.login)


def test_the_built_authenticator_uses_our_models(installation: Installation) -> None:
    def script() -> None:
        import streamlit as st

        from so24.ui.frame import session
        from so24.ui.frame.cookie import build_authenticator

        built = build_authenticator(session.installation())
        st.text(type(built.cookie_controller.cookie_model).__name__)
        st.text(type(built.authentication_controller.authentication_model).__name__)
        st.text(built.cookie_controller.cookie_model.cookie_manager.cookies)

    at = AppTest.from_function(script).run()
    assert not at.exception
    assert [text.value for text in at.text] == ["RevocableCookie", "StoreModel", "{}"]


def parameters(method: object) -> list[str]:
    """The names of the method's parameters."""
    assert callable(method)
    return list(inspect.signature(method).parameters)
