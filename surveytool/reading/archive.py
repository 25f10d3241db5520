"""A zip with the tables of one export, as ODK Central, Kobo and Ona give it: the interviews, and a file a repeat.

The interviews are the table whose name begins the names of the others; ``sheet`` names another one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from surveytool.errors import SurveytoolError, UnreadableData, unknown
from surveytool.notes import note
from surveytool.reading.file_source import broken, most_unzipped
from surveytool.reading.loaded import Loaded, Options

MOST_FILES = 100_000


def load(path: Path, options: Options) -> Loaded:
    """The interviews of an archive, or the table that ``sheet`` names. Raises ``UnreadableData``."""
    from surveytool.reading import load_file

    try:
        with ZipFile(path) as archive:
            members = tables(archive, path)
            chosen = _chosen(members, options.sheet, path)
            own = options.sheet in {chosen.filename, PurePosixPath(chosen.filename).stem}
            with tempfile.TemporaryDirectory(prefix="surveytool.") as folder:
                copy = Path(folder) / PurePosixPath(chosen.filename).name
                copy.write_bytes(archive.read(chosen))
                try:
                    loaded = load_file(copy, replace(options, sheet=None if own else options.sheet, stream=False))
                except SurveytoolError as error:
                    error.where = error.where.replace(str(copy), f"{path} ({chosen.filename})")
                    raise
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise broken(path, "a zip archive") from error
    told = (note("other_sheets", sheet=chosen.filename, n=len(members)),) if len(members) > 1 and not own else ()
    return replace(loaded, notes=(*told, *loaded.notes))


def tables(archive: ZipFile, path: Path) -> list[ZipInfo]:
    """The files of an archive that a table can be read from. Raises ``UnreadableData``."""
    parts = archive.infolist()
    most = most_unzipped(path.stat().st_size)
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > most:
        raise UnreadableData(f"unpacks to more than {most >> 20} MB.", str(path), "Unpack it, and name the table.")
    found = [part for part in parts if _is_table(part)]
    if not found:
        raise UnreadableData("holds no table.", str(path), "Name a data file, or an export with csv in it.")
    return found


def _is_table(part: ZipInfo) -> bool:
    from surveytool.reading import FORMATS

    name = PurePosixPath(part.filename)
    inside = {"__MACOSX", "media"} & set(name.parts[:-1])
    return not (part.is_dir() or inside or name.name.startswith(".")) and (
        name.suffix.lower() in FORMATS and name.suffix.lower() not in (".txt", ".zip")
    )


def _chosen(members: Sequence[ZipInfo], sheet: str | None, path: Path) -> ZipInfo:
    """The table that is named, else that of the interviews."""
    names = {PurePosixPath(member.filename).stem: member for member in members}
    if sheet is not None and len(members) > 1:
        named = {**names, **{member.filename: member for member in members}}
        if sheet not in named:
            raise unknown("table", sheet, names, str(path), f"It has: {', '.join(list(names)[:8])}")
        return named[sheet]
    first = min(names, key=len)
    if all(name.startswith(first) for name in names):
        return names[first]
    cure = f"Name one with --sheet: {', '.join(list(names)[:8])}"
    raise UnreadableData(f"holds {len(members)} tables.", str(path), cure)
