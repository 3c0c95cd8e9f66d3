"""The schema of the PostgreSQL store and how an older one is brought to it."""

from __future__ import annotations

import re
import uuid
from importlib.resources import files

from bot.domain.errors import StoreError
from storage.patient import Connection

_LOCK = 0x76657262  # of migrations, in PostgreSQL's advisory locks


def migrate(connection: Connection) -> str:
    """Bring the tables up to what this version knows; returns the store's identity."""
    parts = re.split(
        r"^-- migration (\d+):.*$",
        (files("storage") / "schema.sql").read_text("utf-8"),
        flags=re.MULTILINE,
    )
    migrations = {int(number): body for number, body in zip(parts[1::2], parts[2::2], strict=True)}
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        known = connection.execute("SELECT to_regclass('verbatim')").fetchone()
        row = (
            connection.execute("SELECT version FROM verbatim").fetchone()
            if known and known[0]
            else None
        )
        version = int(row[0]) if row else 0
        if version > max(migrations):
            raise StoreError(
                f"the PostgreSQL store is of version {version}, made by a newer Verbatim; this one "
                f"knows {max(migrations)}. "
                "Update it"
            )
        for number in sorted(number for number in migrations if number > version):
            connection.execute(migrations[number].encode())
            if number == 1:
                connection.execute(
                    "INSERT INTO verbatim (version, identity, last_seq) VALUES (1, %s, 0)",
                    (uuid.uuid4().hex,),
                )
            connection.execute("UPDATE verbatim SET version = %s", (number,))
        found = connection.execute("SELECT identity FROM verbatim").fetchone()
    return str(found[0]) if found else ""
