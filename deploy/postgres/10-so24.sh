#!/bin/sh
# Runs once, when the database's volume is empty: so24 gets a role of its own, which owns its
# database and is no superuser. The superuser has no password then, and so no way in but a shell in
# the container.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" postgres <<'SQL'
CREATE ROLE so24 LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE so24 OWNER so24;
REVOKE CONNECT ON DATABASE so24 FROM PUBLIC;
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
