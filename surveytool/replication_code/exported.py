"""What other programs read in the place of a table of a database: a csv that surveytool writes of it."""

from __future__ import annotations

from surveytool.reading.address import is_address

SUFFIXES = (".duckdb", ".ddb")


def exported(path: str) -> tuple[str, str | None]:
    """The file to read, and the command that makes it first; None for a file that is read as it is.

    >>> exported("postgresql://me@host/db::field.people")
    ('people.csv', 'surveytool convert "postgresql://me@host/db::field.people" people.csv --with-identifiers')
    >>> exported("people.csv")
    ('people.csv', None)
    """
    file, sign, table = path.rpartition("::")
    if not is_address(path) and not (file if sign else path).lower().endswith(SUFFIXES):
        return path, None
    name = table.rpartition(".")[2].strip('"').replace("/", "_") if sign else "table"
    return f"{name}.csv", f'surveytool convert "{path}" {name}.csv --with-identifiers'
