#!/bin/sh
# Gives the two roles their passwords, when the database of the compose file is made. psql quotes them.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
    --set=owner="$OWNER_PASSWORD" --set=service="$SERVICE_PASSWORD" <<'SQL'
ALTER ROLE statistics_owner PASSWORD :'owner';
ALTER ROLE statistics_service PASSWORD :'service';
SQL
