"""streamlit-authenticator, hardened: cookies that the server can end, a check that tells nothing.

The library's own cookie names only a user and a date, so that it works after sign-out and after a
change of password; ours names a login session of the store. Its own password check is replaced by
:func:`so24.people.logins.check_password`. Both replace private parts of the pinned version; a test
watches them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import jwt
import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.models import AuthenticationModel, CookieModel

from so24.installation import Installation
from so24.people import logins
from so24.ui.frame import session

COOKIE = "so24_login"
_ALGORITHM = "HS256"


class RevocableCookie(CookieModel):  # type: ignore[misc]  # the library has no type information
    """The login cookie as a reference to a login session in the store."""

    def set_cookie(self) -> None:
        """Open a login session for the user of this session state and send its cookie."""
        opened = session.installation()
        st.session_state[session.SECRET] = logins.open_session(opened, st.session_state["username"])
        expires = dt.datetime.now(dt.UTC) + dt.timedelta(hours=opened.settings.session_hours)
        self.exp_date = expires.timestamp()
        self.cookie_manager.set(
            self.cookie_name,
            self._token_encode(),
            secure=opened.settings.tls_cookie,
            same_site="strict",
            expires_at=expires,
        )

    def delete_cookie(self) -> None:
        """End the login session and take the cookie away."""
        secret = st.session_state.pop(session.SECRET, None)
        if secret:
            logins.close_session(session.installation(), secret)
        self.cookie_manager.cookies.setdefault(self.cookie_name, "")  # else a KeyError is printed
        super().delete_cookie()

    def _token_encode(self) -> str:
        content = {
            "username": st.session_state["username"],
            "exp_date": self.exp_date,
            "sid": st.session_state[session.SECRET],
        }
        return jwt.encode(content, self.cookie_key, algorithm=_ALGORITHM)

    def _token_decode(self) -> dict[str, Any] | bool:
        try:
            token: dict[str, Any] = jwt.decode(self.token, self.cookie_key, algorithms=[_ALGORITHM])
        except jwt.InvalidTokenError:
            return False
        secret = str(token.get("sid", ""))
        user = logins.verify(session.installation(), secret)
        if user is None or user.name != token.get("username"):
            return False
        st.session_state[session.SECRET] = secret
        return token


class StoreModel(AuthenticationModel):  # type: ignore[misc]  # as above
    """The password check against the store; the library's dictionary never sees a hash."""

    def check_credentials(self, username: str, password: str) -> bool:
        """Whether the user may sign in; counted, locked and recorded by the store."""
        if not logins.check_password(session.installation(), username, password):
            return False
        self.credentials["usernames"][username] = {"name": username}
        return True

    def login(
        self,
        username: str | None = None,
        password: str | None = None,
        max_concurrent_users: int | None = None,
        max_login_attempts: int | None = None,
        token: dict[str, str] | None = None,
        *rest: Any,
    ) -> bool | None:
        """Log in by the form, or by a token that :class:`RevocableCookie` has verified."""
        if token:
            name = token["username"]
            self.credentials["usernames"].setdefault(name, {"name": name})
        done: bool | None = super().login(
            username, password, max_concurrent_users, max_login_attempts, token, *rest
        )
        return done


def build_authenticator(installation: Installation) -> Any:
    """The library's login for this run of the script; build it once per run, never cache it."""
    built = stauth.Authenticate(
        {"usernames": {}},
        COOKIE,
        installation.settings.cookie_key.get_secret_value(),
        installation.settings.session_hours / 24,
        auto_hash=False,
        login_sleep_time=0.0,  # the library's pause would slow every run down
    )
    # a second model would draw a second cookie element with the same key
    built.cookie_controller.cookie_model.__class__ = RevocableCookie
    built.authentication_controller.authentication_model.__class__ = StoreModel
    return built
