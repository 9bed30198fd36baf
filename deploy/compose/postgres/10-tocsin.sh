#!/usr/bin/env bash
# Run once, when the database is made: the service gets a role that owns its own database and nothing else.
set -euo pipefail
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<SQL
\set password \`cat "${TOCSIN_PASSWORD_FILE:-/run/secrets/database_password}"\`
CREATE ROLE tocsin LOGIN PASSWORD :'password';
CREATE DATABASE tocsin OWNER tocsin;
REVOKE ALL ON DATABASE tocsin FROM PUBLIC;
SQL
