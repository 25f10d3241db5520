"""How a source stands now, without reading its answers."""

from __future__ import annotations

from pathlib import Path

from surveytool.reading.address import is_address
from surveytool.reading.file_source import check, sha256
from surveytool.reading.many_files import several
from surveytool.survey import Provenance


def stamp(source: str) -> Provenance:
    """The hash of a file or of several; the rows and the time of a table on a server. Raises ``UnreadableData``."""
    if is_address(source):
        from surveytool.reading import server

        return server.stamp(source)
    found = several(source)
    if found is not None:
        return Provenance(path=source, sha256=found[1]())
    check(Path(source))
    return Provenance(path=source, sha256=sha256(Path(source)))
