"""The web app's own parts, the only place that knows Streamlit: a room for each page.

::

    guard     in front of all: who gets through to what
    frame     around each page: shell, login, session, messages
    tab       what a tab of a browser keeps on whatever page: its ticks, its address
    parts     what several pages draw with
    invoices | export | receipts | credentials | recman | start | people      rooms of pages
"""
