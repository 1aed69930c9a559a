"""Keys: the activation, the credentials to 24SevenOffice, and which department uses which."""
