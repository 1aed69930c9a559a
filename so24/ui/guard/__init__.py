"""What stands in front of Streamlit's application, and answers before it does.

``headers`` puts on every answer what browsers shall allow. ``guard`` lets a request through or
answers it: by ``hosts`` (at which names, and for whose pages), by the login in its cookie, by
``message_sizes`` (how long a message of whom may be) and by ``uploads`` (how much may lie in
memory). ``small_files`` compresses the page's own files, ``icon_font`` has no more icons than are
shown.
``page_language`` says in which language all of them answer.
The cookies are those of :mod:`so24.ui.frame`.
"""
