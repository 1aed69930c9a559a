"""The frame around each page: shell, login and its cookie, session, messages, confirmation.

``browser`` knows the browser of a tab again from before anybody signs in, ``strangers`` counts the
tabs in which nobody has, ``refused_uploads`` has the words for a tab whose file was refused.
"""
