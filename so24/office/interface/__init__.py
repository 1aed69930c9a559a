"""Our own description of the part of 24SevenOffice's SOAP interface that so24 uses."""
