"""Sources that are not one file: folders and patterns of csv or Parquet files, tables of databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from glob import glob, has_magic
from hashlib import sha256
from pathlib import Path

from surveytool.errors import UnreadableData
from surveytool.reading.file_source import check
from surveytool.reading.file_source import sha256 as hash_of
from surveytool.reading.loaded import Loaded, Options

KINDS = (".parquet", ".csv", ".csv.gz", ".tsv")


def several(shown: str) -> tuple[Callable[[Options], Loaded], Callable[[], str]] | None:
    """How to read such a source, and its hash; None for a single file."""
    path, sign, table = shown.rpartition("::")
    if sign:
        from surveytool.reading.database import SUFFIXES, load_table

        file = Path(path)
        if file.suffix.lower() in SUFFIXES and not Path(shown).exists():
            check(file)
            return (lambda options: load_table(file, table, options)), (lambda: hash_of(file))
    files = _files(shown)
    if files is None:
        return None
    for each in files:
        check(each)
    return (lambda options: _load(files, shown, options)), (lambda: _hash(files))


def _files(shown: str) -> list[Path] | None:
    """The files of a folder, those of the first kind that it has, or of a pattern; None for a single file."""
    path = Path(shown)
    if path.is_dir():
        for kind in KINDS:
            found = sorted(each for each in path.rglob(f"*{kind}") if each.is_file() and not each.name.startswith("."))
            if found:
                return found
        return None
    if path.exists() or not has_magic(shown):
        return None
    found = sorted(Path(each) for each in glob(shown, recursive=True) if Path(each).is_file())
    if not found:
        raise UnreadableData("no file matches.", shown, "Check the pattern.")
    kinds = {kind_of(each) for each in found}
    if len(kinds) > 1 or None in kinds:
        raise UnreadableData("matches files that are not all csv or all Parquet.", shown, "Narrow the pattern.")
    return found


def kind_of(path: Path) -> str | None:
    """The kind of a file that may be one of several."""
    return next((kind for kind in KINDS if path.name.lower().endswith(kind)), None)


def _load(files: Sequence[Path], shown: str, options: Options) -> Loaded:
    if kind_of(files[0]) == ".parquet":
        from surveytool.reading import columnar

        return columnar.load_files(files, shown, options)
    from surveytool.reading import delimited_stream

    return delimited_stream.load_files(files, shown, options)


def _hash(files: Sequence[Path]) -> str:
    """The hash of the files' hashes, in their order."""
    return sha256("\n".join(hash_of(file) for file in files).encode()).hexdigest()
