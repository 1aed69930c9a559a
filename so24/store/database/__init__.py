"""The database itself: connections, outages, migrations, copies of a SQLite file."""
