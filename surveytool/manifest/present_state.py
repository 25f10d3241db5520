"""How things stand now: the files that a manifest names, looked for where they may be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from surveytool.errors import SurveytoolError
from surveytool.manifest.manifest_file import Manifest, Mark
from surveytool.manifest.manifest_hashes import mark, source_mark, versions


def now(then: Manifest, manifest: Path, source: str | None) -> Manifest:
    """The files of ``then`` as they are: ``source`` where it is named, else by their names beside the manifest.

    A table on a server is asked only where the user or the study names it: nobody's
    password goes where a manifest says. Raises ``SurveytoolError`` for a source that
    is not there.
    """
    study, data = _files(then, manifest, source)
    claims = _beside(then.claims, manifest, study)
    return Manifest(
        design=then.design, versions=versions(), study=mark(study) if study is not None else None,
        data=_data(data, then.data) if data is not None else None,
        claims=mark(claims) if claims is not None else then.claims,
    )  # fmt: skip


def _files(then: Manifest, manifest: Path, source: str | None) -> tuple[Path | None, str | None]:
    """The study file, and the data as they are read."""
    if source is not None and not source.lower().endswith(".toml"):
        return _beside(then.study, manifest, Path(source)), source
    study = Path(source) if source is not None else _beside(then.study, manifest, None)
    if study is None:
        return None, _text(_beside(then.data, manifest, None))
    from surveytool.study.load import examine

    named = examine(study).study
    there = named.data_path is None or _file(named.data_path).exists()
    return study, named.data_source if there else _text(_beside(then.data, manifest, study))


def _text(path: Path | None) -> str | None:
    return str(path) if path is not None else None


def _beside(mark: Mark | None, manifest: Path, other: Path | None) -> Path | None:
    """A file by its name: beside the manifest, beside another file, or here."""
    if mark is None or "/" in mark.name or "\\" in mark.name or mark.name in ("", ".", ".."):
        return None
    folders = [manifest.parent, *([other.parent] if other is not None else []), Path()]
    return next((folder / mark.name for folder in folders if _file(folder / mark.name).exists()), None)


def _file(path: Path) -> Path:
    """The file that is there: of ``data.duckdb::table`` the database."""
    return path if path.exists() else path.with_name(path.name.rpartition("::")[0] or path.name)


def _data(source: str, then: Mark | None) -> Mark:
    """The data's mark; the rows of a file are counted only where it is another file than then."""
    from surveytool.reading.source_stamp import stamp

    mark = source_mark(source, stamp(source))
    if mark.time is not None:
        return mark
    if then is not None and mark.sha256 == then.sha256:
        return replace(mark, rows=then.rows)
    from surveytool.reading import read

    try:
        return replace(mark, rows=read(source).provenance.rows)
    except SurveytoolError:
        return mark
