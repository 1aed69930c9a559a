"""The store: all tables, all queries, all SQL. Nobody above it speaks SQL.

::

    tables       what is kept; all other folders here stand on it
    database     connections, migrations, outages
    documents | transfers | keys | people       queries, by what they are about
    upkeep       back-up, restore, inspection
    migrations   how a database of an earlier so24 is brought up to date
"""
