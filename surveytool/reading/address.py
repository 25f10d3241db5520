"""The address of a table on a PostgreSQL server, as PostgreSQL's own programs write it, and the table behind ``::``.

``postgresql://user@host:5432/database::schema.table``; what may stand behind a
question mark there may stand here (``host``, ``service``, ``sslmode``). A password
goes to the server only: whatever is shown of an address is without it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from surveytool.errors import UnreadableData

SCHEMES = ("postgresql://", "postgres://")
SECONDS = 10
SECRET = re.compile(r"(?i).*(pass(word|wd)?|secret|token)")
HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:\d*)?")
CURE = "Write the signs @ / ? : of a password as %40 %2F %3F %3A, or leave it to ~/.pgpass or PGPASSWORD."


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """The parts of an address; ``login`` is ``user`` or ``user:password``, ``place`` is ``host:port/database``."""

    scheme: str
    login: str
    place: str
    parameters: tuple[str, ...]
    table: str | None

    @property
    def shown(self) -> str:
        """The address and its table as anybody may see them."""
        return self.server + (f"::{self.table}" if self.table is not None else "")

    @property
    def server(self) -> str:
        """The address without table and password."""
        known = [parameter for parameter in self.parameters if not _is_secret(parameter)]
        return _joined(self.scheme, self.login.partition(":")[0], self.place, known)

    @property
    def secret(self) -> str:
        """The address as PostgreSQL's library takes it, with a limit to the time that connecting may take."""
        named = (
            any(parameter.startswith("connect_timeout=") for parameter in self.parameters)
            or "PGCONNECT_TIMEOUT" in os.environ
        )
        limit = [] if named else [f"connect_timeout={SECONDS}"]
        return _joined(SCHEMES[0], self.login, self.place, [*self.parameters, *limit])

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"


def is_address(text: str) -> bool:
    """Whether a source is a table on a server, and no file.

    >>> is_address("postgresql://me@host/db::people"), is_address("people.csv")
    (True, False)
    """
    return text.lower().startswith(SCHEMES)


def parsed(text: str) -> Address:
    """An address in its parts. Raises ``UnreadableData`` where it can be read in two ways."""
    address = _parts(text)
    if address is None:
        raise UnreadableData("is no address that can be read.", shown(text), CURE)
    return address


def shown(text: str) -> str:
    """A source as anybody may see it: an address without its password, anything else as it is.

    >>> shown("postgresql://me:secret@host/db::people")
    'postgresql://me@host/db::people'
    >>> shown("postgresql://me:sec/ret@host/db::people")
    'postgresql://...'
    """
    if not is_address(text):
        return text
    found = _parts(text)
    return found.shown if found is not None else f"{SCHEMES[0]}..."


def _parts(text: str) -> Address | None:
    """The parts; None where a sign could be of a password or of the address."""
    scheme = next(scheme for scheme in SCHEMES if text.lower().startswith(scheme))
    rest, table = _split(text[len(scheme) :])
    whole, _, query = rest.partition("?")
    login, _, place = whole.rpartition("@")
    parameters = tuple(each for each in query.split("&") if each)
    hosts = place.partition("/")[0].split(",")
    sound = (
        not set(login + table) & set("@/")
        and "@" not in query
        and all("=" in parameter for parameter in parameters)
        and all(HOST_AND_PORT.fullmatch(host) for host in hosts)
    )
    return Address(scheme, login, place, parameters, table or None) if sound else None


def _split(rest: str) -> tuple[str, str]:
    """The address proper and its table; the colons of a host such as ``[::1]`` or of a password are none."""
    ends = [rest.find(sign) for sign in "/?" if sign in rest]
    start = min(ends) if ends else max(rest.rfind("@"), rest.rfind("]"), 0)
    sign = rest.rfind("::", start)
    return (rest, "") if sign < 0 else (rest[:sign], rest[sign + 2 :])


def _joined(scheme: str, login: str, place: str, parameters: list[str]) -> str:
    user = f"{login}@" if login else ""
    query = f"?{'&'.join(parameters)}" if parameters else ""
    return f"{scheme}{user}{place}{query}"


def _is_secret(parameter: str) -> bool:
    """Whether a parameter holds a password, whatever it is called."""
    from urllib.parse import unquote

    return bool(SECRET.fullmatch(unquote(parameter.partition("=")[0])))
