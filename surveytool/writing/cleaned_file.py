"""A raw export cleaned by its log, as a value that can be saved, told and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from surveytool.cleaning.applied_log import clean as apply_log
from surveytool.cleaning.cleaning_log import LogTable, read_log
from surveytool.cleaning.cleaning_record import CleaningRecord
from surveytool.cleaning.export_sheets import Export, content, read_export
from surveytool.cleaning.review import Review, review
from surveytool.frozen import frozen
from surveytool.notes import Note

CLEANED = (".csv", ".tsv", ".xlsx")


@frozen
class Cleaned:
    """What ``clean`` made: the cells of every sheet, and the record of what was done to them."""

    export: Export
    record: CleaningRecord
    uuid: str | None = None

    def __repr__(self) -> str:
        """What was done, and never an answer of anybody."""
        done = self.record
        return (
            f"Cleaned({len(self.export.main.rows)} interviews, {done.changed} cells changed, {done.blanked} blanked, "
            f"{done.removed} interviews removed)"
        )

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was done, and what the log asked for and could not be done."""
        return self.record.notes()

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """What was done as rules and counts."""
        from surveytool.survey.ledger import records

        return records(self.record.ledger())

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the clean export: csv or tsv of one sheet, xlsx of all. Raises ``UsageError``."""
        from surveytool.output_files import write

        target = Path(path)
        write(target, content(self.export, target.suffix.lower()), overwrite=overwrite)

    def review(self, other: str | Path) -> Review:
        """How the result differs from another cleaned file, by question and interview."""
        return review(self.export, read_export(Path(other)), uuid=self.uuid)


def clean(
    source: str | Path, log: str | Path | LogTable, *, uuid: str | None = None, sheet: str | None = None,
    encoding: str | None = None, tool: str | Path | None = None,
) -> Cleaned:  # fmt: skip
    """A raw export with its cleaning log applied; nothing is written until ``save``.

    ``log`` is a csv or workbook in the form of REACH, cleaningtools or 4Mi; ``uuid`` names the export's column of
    interviews where it is none of the platforms' own, ``sheet`` the sheet of the interviews, ``tool`` a form (XLSForm)
    whose lists the new answers are held against. Raises ``UsageError``
    with the row of the log that cannot be read, ``UnreadableData`` for a file.
    """
    table = log if isinstance(log, LogTable) else LogTable(path=str(log))
    export = read_export(Path(source), sheet=sheet, encoding=encoding)
    record = apply_log(export, read_log(table, Path()), Path(table.path).name, uuid=uuid or table.data_uuid)
    if tool is not None:
        _hold_against(record, Path(tool))
    return Cleaned(export=export, record=record, uuid=uuid)


def _hold_against(record: CleaningRecord, tool: Path) -> None:
    """Count the new answers that are in no list of the form: a code with a slip of the pen is a new answer."""
    from surveytool.collection_form.form_reading import read_form

    questions = {each.name: each for each in read_form(tool).questions}
    for column, values in record.written.items():
        question = questions.get(column.rpartition("/")[2]) or questions.get(column)
        if question is None or not question.choices or question.open_list:
            continue
        known = {choice.code for choice in question.choices} | ({"other"} if question.or_other else set())
        several = question.type.startswith("select_multiple")
        codes = [code for value in values if value for code in (value.split() if several else [value])]
        if n := sum(code not in known for code in codes):
            record.outside[column] = n
