"""What an error of the database tells goes into a log: never what persons are called."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from so24.installation import Installation

SECRET = "correct-horse-battery"


@pytest.mark.both
def test_an_error_of_the_database_tells_the_statement_and_not_its_values(
    installation: Installation,
) -> None:
    with (
        pytest.raises(sa.exc.DBAPIError) as raised,
        installation.db.writing() as session,
    ):
        session.execute(sa.text("INSERT INTO no_such_table VALUES (:secret)"), {"secret": SECRET})
    assert "no_such_table" in str(raised.value)
    assert SECRET not in str(raised.value)
    assert SECRET not in repr(raised.value)
