#!/bin/bash
# Runs a command with a PostgreSQL to test on: the one of HENGJIE_TEST_POSTGRES, else one on 127.0.0.1:5432 that lets `postgres`
# in, else a private one that lives as long as the command.
set -euo pipefail

reachable() { (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null; }

if [ -n "${HENGJIE_TEST_POSTGRES:-}" ] || reachable; then
    exec "$@"
fi

programs=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -1)
if [ -z "$programs" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get install -y postgresql >&2
        reachable && exec "$@"
        programs=$(find /usr/lib/postgresql -maxdepth 3 -name initdb | sort -V | tail -1)
    else
        echo "测试要有 PostgreSQL：apt-get install postgresql，或用 HENGJIE_TEST_POSTGRES 说明在哪里 / the tests need PostgreSQL: apt-get install postgresql, or name one in HENGJIE_TEST_POSTGRES" >&2
        exit 1
    fi
fi
programs=$(dirname "$programs")

folder=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as=(runuser -u postgres --)
fi
"${as[@]}" "$programs/initdb" -D "$folder/data" -A trust -U postgres --no-sync >/dev/null
"${as[@]}" "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -o "-p 54329 -k $folder -h 127.0.0.1" start >/dev/null
trap '"${as[@]}" "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null; rm -rf "$folder"' EXIT
HENGJIE_TEST_POSTGRES=postgres://postgres@127.0.0.1:54329/postgres "$@"
