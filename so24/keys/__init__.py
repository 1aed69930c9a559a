"""Keys: the activation, the credentials to 24SevenOffice, and which department uses which key.

::

    activation                 whether the integration is on at all
    credentials, account       a key is tried before it is saved: which company does it reach?
    routing, departments       which key a document goes by
    access                     a session of a key, proven to be in its company
"""
