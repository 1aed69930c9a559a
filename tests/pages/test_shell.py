from so24.store.people_tables import Role


def test_a(app):
    for r in (None, Role.ADMIN, Role.ANALYST, Role.FINANCE):
        at = app(r)
        print(
            r,
            at.exception,
            [t.value for t in at.title],
            [b.label for b in at.button],
            [e.value for e in at.error],
        )
    at = app(Role.ADMIN, "credentials")
    print([t.value for t in at.title])
    import pytest

    with pytest.raises(ValueError):
        app(Role.ANALYST, "credentials")
