"""What proves later what was sent: orders in full, chains, anchors and originals of documents.

::

    sent_orders.py   each order as it went out, kept with its intent by the hash in the history
    chains.py        a company's documents of a period, with all that stands behind them
"""
