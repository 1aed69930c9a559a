"""The frame around each page: shell, login, session, messages, confirmation."""
