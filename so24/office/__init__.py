"""24SevenOffice over SOAP: interface description, gateway, and the mapping of our documents."""
