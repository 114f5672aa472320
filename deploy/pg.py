"""Runs a tool of PostgreSQL on the database of $PGURL: ``PGURL=… python deploy/pg.py pg_dump …``.

The address is taken apart into the variables that libpq reads, so that no password stands on a command line.
"""

import os
import sys

from psycopg.conninfo import conninfo_to_dict

NAMES = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "target_session_attrs": "PGTARGETSESSIONATTRS", "connect_timeout": "PGCONNECT_TIMEOUT", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}  # fmt: skip


def main() -> None:
    """Become the tool."""
    asked = conninfo_to_dict(os.environ.pop("PGURL"))
    os.environ.update({NAMES[name]: str(value) for name, value in asked.items()})
    tool, *words = sys.argv[1:]
    if tool == "pg_restore":
        words.insert(0, f"--dbname={asked['dbname']}")  # else it only prints what it would do
    os.execvp(tool, [tool, *words])  # noqa: S606 - the tool that the script beside this names


if __name__ == "__main__":
    main()
