"""What those who run so24 watch: figures of the installation, as Prometheus reads them.

::

    figures.py       the figures at this moment, by sets, from the store
    exposition.py    the same in Prometheus' text form
"""
