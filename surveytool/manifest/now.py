"""How things stand now: the files that a manifest names, looked for where they may be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from surveytool.errors import SurveytoolError
from surveytool.manifest.make import mark, versions
from surveytool.manifest.model import Manifest, Mark


def now(then: Manifest, manifest: Path, source: Path | None) -> Manifest:
    """The files of ``then`` as they are: ``source`` where it is named, else by their names beside the manifest.

    Raises ``SurveytoolError`` for a source that is not there.
    """
    study, data = _files(then, manifest, source)
    claims = _beside(then.claims, manifest, study)
    return Manifest(
        design=then.design, versions=versions(), study=mark(study) if study is not None else None,
        data=_data(data, then.data) if data is not None else None,
        claims=mark(claims) if claims is not None else then.claims,
    )  # fmt: skip


def _files(then: Manifest, manifest: Path, source: Path | None) -> tuple[Path | None, Path | None]:
    """The study file and the data file."""
    from surveytool.reading.source import check

    if source is not None and source.suffix.lower() != ".toml":
        check(source)
        return _beside(then.study, manifest, source), source
    study = source or _beside(then.study, manifest, None)
    if study is None:
        return None, _beside(then.data, manifest, None)
    from surveytool.study.load import examine

    data = examine(study).study.data_path
    return study, data if data is not None and data.is_file() else _beside(then.data, manifest, study)


def _beside(known: Mark | None, manifest: Path, other: Path | None) -> Path | None:
    """A file by its name: beside the manifest, beside another file, or here."""
    if known is None or "/" in known.name or "\\" in known.name or known.name in ("", ".", ".."):
        return None
    folders = [manifest.parent, *([other.parent] if other is not None else []), Path()]
    return next((folder / known.name for folder in folders if (folder / known.name).is_file()), None)


def _data(path: Path, then: Mark | None) -> Mark:
    """The data file's mark; its rows are counted only where it is another file than then."""
    found = mark(path)
    if then is not None and found.sha256 == then.sha256:
        return replace(found, rows=then.rows)
    from surveytool.reading import read

    try:
        return replace(found, rows=read(path).provenance.rows)
    except SurveytoolError:
        return found
