"""The data file of a study with its cleaning log applied: a copy aside that is read in its place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from surveytool.errors import SurveytoolError, UsageError
from surveytool.frozen import frozen
from surveytool.survey import Survey

if TYPE_CHECKING:
    from surveytool.cleaning.cleaning_record import CleaningRecord
    from surveytool.reading.loaded import Dialect
    from surveytool.study.study_file import Study


@frozen
class CleanedSource:
    """What is read: ``path`` is the file, or its clean copy where a log was applied (``record``)."""

    path: str | None
    source: str | None
    encoding: str | None = None
    record: CleaningRecord | None = None

    def told(self, survey: Survey) -> Survey:
        """The survey of the copy as one of the file itself, with what the log did."""
        if self.record is None or self.source is None:
            return survey
        from surveytool.reading.file_source import sha256

        ledger = (*self.record.ledger(), *survey.provenance.ledger)
        provenance = replace(survey.provenance, path=self.source, sha256=sha256(Path(self.source)), ledger=ledger)
        return replace(survey, provenance=provenance, notes=(*survey.notes, *self.record.notes()))


@contextmanager
def cleaned_source(
    study: Study, source: str | None, sheet: str | None, encoding: str | None, dialect: Dialect
) -> Iterator[CleanedSource]:
    """The file to read while the block lasts; ``dialect`` is how it is written.

    Raises ``UsageError`` for a log that cannot be read.
    """
    data = study.data
    table = data.log_table() if data is not None else None
    if table is None or data is None:
        yield CleanedSource(path=source, source=source, encoding=encoding)
        return
    if source is None or study.data_path is None:
        raise UsageError("needs a data file.", "[data] log", "A table of a database has no cleaning log.")
    from surveytool.cleaning.applied_log import clean
    from surveytool.cleaning.cleaning_log import read_log
    from surveytool.cleaning.export_sheets import TEXTS, content, read_export
    from surveytool.reading import sidecar

    path = Path(source)
    lines = read_log(table, study.path.parent)
    export = read_export(path, sheet=sheet, encoding=encoding, dialect=dialect)
    record = clean(export, lines, Path(table.path).name, uuid=table.data_uuid)
    with tempfile.TemporaryDirectory(prefix="surveytool.") as folder:
        suffix = {**dict.fromkeys(TEXTS, ".csv"), ".tsv": ".tsv"}.get(path.suffix.lower(), ".xlsx")
        text, copy = suffix != ".xlsx", Path(folder) / f"{path.name.partition('.')[0] or 'data'}{suffix}"
        copy.write_bytes(content(export, copy.suffix))
        beside = sidecar.place(path)
        if beside.exists():
            shutil.copy(beside, sidecar.place(copy))
        try:
            yield CleanedSource(path=str(copy), source=source, encoding="utf-8" if text else None, record=record)
        except SurveytoolError as error:
            error.where = error.where.replace(str(copy), source)
            raise
