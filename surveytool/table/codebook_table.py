"""A codebook arranged for a reader: one head row a variable, one row a level.

Levels of sensitive variables, texts and identifiers are not listed: they would
be respondents' answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from surveytool.frozen import frozen
from surveytool.notes import Note, unique
from surveytool.survey import Codebook, Level, Provenance, Variable, code_text
from surveytool.table import table_words
from surveytool.table.figure import SUPPRESSED_MARK, counted
from surveytool.table.table_parts import Cell, Column, Table, TableRow
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.aggregate.first_look import FirstLook

BARS = " ▁▂▃▄▅▆▇█"


@frozen
class CodebookReport:
    """The variables, where they come from, and the table of them."""

    variables: tuple[Variable, ...]
    provenance: Provenance
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    looks: Mapping[str, FirstLook] = field(default_factory=dict)


def arrange_codebook(
    codebook: Codebook, provenance: Provenance, words: Words, notes: Iterable[Note] = (),
    looks: Mapping[str, FirstLook] | None = None,
) -> CodebookReport:  # fmt: skip
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
        rows=tuple(row for variable in variables for row in _rows(variable, words, (looks or {}).get(variable.name))),
        source=source,
    )
    said = tuple(words.say(note) for note in unique(notes))
    if any(variable.withheld or any(level.withheld for level in variable.shown_levels()) for variable in variables):
        said = (words.fill("mark_suppressed", mark=SUPPRESSED_MARK), *said)
    return CodebookReport(
        variables=variables, provenance=provenance, tables=(table,), notes=said, source=source, looks=looks or {}
    )


def _rows(variable: Variable, words: Words, look: FirstLook | None = None) -> Iterator[TableRow]:
    kind = words.word(f"kind_{variable.kind}")
    kind = f"{kind}, {words.word('sensitive')}" if variable.sensitive else kind
    counts = (_count(count, words, variable.withheld) for count in (variable.n, variable.n_missing))
    cells = (Cell(value=kind), *counts)
    title = variable.title(words.language)
    label = variable.name if title == variable.name else f"{variable.name} · {title}"
    yield TableRow(label=label, kind="group_head", cells=cells)
    if look is not None:
        yield TableRow(label=first_look(look, words), indent=1)
    for level in variable.shown_levels():
        yield _level_row(level, words)


def first_look(look: FirstLook, words: Words) -> str:
    """A first look in a line: ``18 to 67, mean 32.7, quartiles 25, 30 and 37, 47 values  ▂█▆▃▁``."""
    digits = _digits(look)
    shown = [_number(number, digits, look, words) for number in (look.least, look.most, *look.quartiles)]
    mean = words.number(look.mean, max(digits, 1)) if not _years(look) else f"{look.mean:.0f}"
    told = words.fill("codebook_look", least=shown[0], most=shown[1], mean=mean, quartiles=words.join(shown[2:]))
    values = words.fill("codebook_values_one" if look.distinct == 1 else "codebook_values", n=look.distinct)
    return f"{told}, {values}  {bar(look.bins)}"


def bar(bins: Sequence[int]) -> str:
    """Counts as bars: what somebody has is never blank.

    >>> bar([0, 1, 50, 100])
    ' ▁▄█'
    """
    most = max(bins, default=0)
    return "".join(BARS[0 if not count else max(1, -(-8 * count // most))] if most else " " for count in bins)


def _digits(look: FirstLook) -> int:
    """Decimals that tell the numbers apart: three digits of their range."""
    span = look.most - look.least
    return 0 if span >= 1000 else 1 if span >= 10 else 2 if span >= 1 else 3


def _years(look: FirstLook) -> bool:
    """Whether numbers look like years, which nobody groups by thousands."""
    return look.least >= 1800 and look.most <= 2200 and look.least.is_integer() and look.most.is_integer()


def _number(value: float, digits: int, look: FirstLook, words: Words) -> str:
    """A value of the column: no decimals of a whole one."""
    if _years(look):
        return f"{value:.0f}"
    return words.number(value, 0 if value.is_integer() else digits)


def _level_row(level: Level, words: Words) -> TableRow:
    """An answer counts under n; a reason for none under missing."""
    code, count = code_text(level.code), _count(level.count, words, level.withheld)
    reason = words.word(f"missing_{level.missing}") if level.missing else code
    counts = (Cell(), count) if level.missing else (count, Cell())
    return TableRow(label=level.label or reason, indent=1, cells=(Cell(value=code), *counts))


def _count(number: int, words: Words, withheld: bool) -> Cell:
    return Cell(mark=SUPPRESSED_MARK) if withheld else counted(number, words)
