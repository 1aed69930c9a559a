"""The web app's own parts, the only place that knows Streamlit: a room for each page.

::

    frame     around each page: shell, login, session, messages
    parts     what several pages draw with
    invoices | export | receipts | credentials | recman | start | people      rooms of pages
"""
