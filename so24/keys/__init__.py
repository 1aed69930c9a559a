"""Keys: the activation, the credentials to 24SevenOffice, and which department uses which key.

::

    activation                 whether the integration is on at all
    credentials, account       a key is tried before it is saved: which company does it reach?
    key_settings | change      all that is set on a key, one declaration each; all of it or none
    product_settings | key_categories    where new products go, what lines without a number have
    key_fields                 the optional fields that travel with the orders of a key
    upkeep                     the list of keys; they are disabled and deleted
    routing, departments       which key a document goes by, or why a key is not used
    blockades                  the departments from which nothing can be sent at present
    access                     a session of a key, proven to be in its company
"""
