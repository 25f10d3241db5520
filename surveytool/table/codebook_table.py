"""A codebook arranged for a reader: one head row a variable, one row a level.

Levels of sensitive variables, texts and identifiers are not listed: they would
be respondents' answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from surveytool.frozen import frozen
from surveytool.notes import Note, unique
from surveytool.survey import Codebook, Level, Provenance, Variable, code_text
from surveytool.table import table_words
from surveytool.table.figure import SUPPRESSED_MARK, counted
from surveytool.table.table_parts import Cell, Column, Table, TableRow
from surveytool.text import Words


@frozen
class CodebookReport:
    """The variables, where they come from, and the table of them."""

    variables: tuple[Variable, ...]
    provenance: Provenance
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    source: str = ""


def arrange_codebook(
    codebook: Codebook, provenance: Provenance, words: Words, notes: Iterable[Note] = ()
) -> CodebookReport:
    """The codebook as one table: variable, kind and code, respondents, missing."""
    variables = tuple(codebook.values())
    source = table_words.file(provenance, words) + "."
    table = Table(
        id="codebook",
        title=words.word("codebook"),
        subtitle=words.word("codebook_subtitle"),
        stub_head=words.word("variable"),
        columns=(
            Column(key="kind", label=words.word("kind"), align="left", role="text"),
            Column(key="count", label=words.word("n"), role="n"),
            Column(key="missing", label=words.word("missing"), role="n"),
        ),
        rows=tuple(row for variable in variables for row in _rows(variable, words)),
        source=source,
    )
    said = tuple(words.say(note) for note in unique(notes))
    if any(each.withheld or any(level.withheld for level in each.shown_levels()) for each in variables):
        said = (words.fill("mark_suppressed", mark=SUPPRESSED_MARK), *said)
    return CodebookReport(variables=variables, provenance=provenance, tables=(table,), notes=said, source=source)


def _rows(variable: Variable, words: Words) -> Iterator[TableRow]:
    kind = words.word(f"kind_{variable.kind}")
    kind = f"{kind}, {words.word('sensitive')}" if variable.sensitive else kind
    counts = (_count(each, words, variable.withheld) for each in (variable.n, variable.n_missing))
    cells = (Cell(value=kind), *counts)
    title = variable.title(words.language)
    label = variable.name if title == variable.name else f"{variable.name} · {title}"
    yield TableRow(label=label, kind="group_head", cells=cells)
    for level in variable.shown_levels():
        yield _level_row(level, words)


def _level_row(level: Level, words: Words) -> TableRow:
    """An answer counts under n; a reason for none under missing."""
    code, count = code_text(level.code), _count(level.count, words, level.withheld)
    reason = words.word(f"missing_{level.missing}") if level.missing else code
    counts = (Cell(), count) if level.missing else (count, Cell())
    return TableRow(label=level.label or reason, indent=1, cells=(Cell(value=code), *counts))


def _count(number: int, words: Words, withheld: bool) -> Cell:
    return Cell(mark=SUPPRESSED_MARK) if withheld else counted(number, words)
