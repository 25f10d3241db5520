"""Every figure of a document with its verdict: the walk over passages and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from surveytool.frozen import frozen
from surveytool.proofreading.binding import Binder, Context, Reading, sentences
from surveytool.proofreading.differences import is_sum, of_change, of_points, of_sum
from surveytool.proofreading.elsewhere import source_of
from surveytool.proofreading.facts import Fact, Facts
from surveytool.proofreading.figures import Figure
from surveytool.proofreading.judging import Finding, Outcome, judged
from surveytool.proofreading.language import Language
from surveytool.proofreading.passages import Document, Grid, Passage
from surveytool.proofreading.printed_tests import tests_in
from surveytool.proofreading.relations import relations
from surveytool.proofreading.scopes import Sentence
from surveytool.proofreading.superlatives import orders
from surveytool.proofreading.tables import CellFigure, cell_figures
from surveytool.published_figures.published_rounding import gives


@frozen
class Proof:
    """What was found in a document. ``language`` is the one it is written in, ``facts`` what it was held against."""

    document: str
    language: str
    findings: tuple[Finding, ...]
    facts: Facts | None = None

    @property
    def failed(self) -> bool:
        """Whether a figure differs."""
        return any(finding.verdict == "differs" for finding in self.findings)


def proof_of(document: Document, facts: Facts, words: Language, pins: Mapping[str, Fact] | None = None) -> Proof:
    """Every figure of a document held against the facts of a study."""
    binder = Binder(facts, words)
    walk = _Walk(document, binder, pins or {})
    return Proof(document=document.name, language=words.name, findings=tuple(walk.findings()), facts=facts)


class _Walk:
    """Goes over the blocks; the heading above and the last texts are what a table or sentence stands under."""

    def __init__(self, document: Document, binder: Binder, pins: Mapping[str, Fact]) -> None:
        self.document, self.binder, self.pins = document, binder, pins
        self.heading, self.recent = "", [""]
        self.mark = binder.words.given["decimal"]

    def findings(self) -> Iterator[Finding]:
        for number, block in enumerate(self.document.blocks):
            if isinstance(block, Grid):
                yield from self._grid(block, number)
            else:
                yield from self._passage(block, number)
                self._remember(block)

    def _remember(self, passage: Passage) -> None:
        if passage.kind == "heading" or (
            passage.kind == "paragraph" and _short(passage.text) and not _has_digits(passage.text)
        ):
            self.heading = passage.text
        self.recent = [passage.text, *self.recent[:3]]

    def _passage(self, passage: Passage, number: int) -> Iterator[Finding]:
        yield from tests_in(passage, number, self.binder.words)
        before = ""
        for sentence in sentences(passage.text, self.binder.vocabulary):
            context = Context(heading=self.heading if passage.kind != "heading" else "", before=before)
            yield from self._sentence(sentence, context, passage, number)
            before = f"{before} {sentence.text}"[-400:]

    def _sentence(self, sentence: Sentence, context: Context, passage: Passage, number: int) -> Iterator[Finding]:
        last: list[tuple[Figure, Fact | None]] = []
        told: list[tuple[Figure, Outcome, str, Fact | None]] = []
        for figure in sentence.figures:
            verdict, reason, fact = self._judged(figure, sentence, context, last)
            told.append((figure, verdict, reason, fact))
            if figure.kind not in ("change", "points"):
                last.append((figure, fact))
        told += relations(sentence, context, self.binder, last)
        for order in orders(sentence, context, self.binder):
            if not any(figure.start < order[0].end and order[0].start < figure.end for figure, *_ in told):
                told.append(order)
        for figure, verdict, reason, fact in told:
            yield Finding(
                verdict=verdict,
                reason=reason,
                fact=fact,
                text=sentence.text,
                value=figure.value or (fact.row.estimate if fact is not None and fact.told else None) or 0.0,
                place=passage.place,
                printed=figure.text,
                block=number,
                start=sentence.start + figure.start,
                end=sentence.start + figure.end,
            )

    def _judged(
        self, figure: Figure, sentence: Sentence, context: Context, last: Sequence[tuple[Figure, Fact | None]]
    ) -> tuple[Outcome, str, Fact | None]:
        """The verdict on one figure of a sentence; ``last`` are the shares before it."""
        if (pin := self.pins.get(pin_name(sentence.text, figure.text))) is not None:
            return judged(figure, [Reading(fact=pin, score=1.0, named=True)], self.mark)
        if figure.kind == "change":
            return of_change(figure, last)
        if figure.kind == "points":
            return of_points(figure, last, sentence, self.binder)
        summed = of_sum(figure, last, self.binder) if is_sum(figure, sentence, self.binder.words) else None
        if summed is not None:
            return summed
        readings = self.binder.readings(figure, sentence, context)
        return judged(figure, readings, self.mark, elsewhere=source_of(figure, sentence, self.binder))

    def _grid(self, grid: Grid, number: int) -> Iterator[Finding]:
        context = [text for text in (*self.recent, self.heading) if text]
        bound, _ = cell_figures(grid, self.binder, context)
        for cell in bound:
            yield self._cell(cell, grid, number)

    def _cell(self, cell: CellFigure, grid: Grid, number: int) -> Finding:
        figure, fact = cell.figure, cell.fact
        page = f"page {grid.page}, " if grid.page else ""
        heads = [grid.rows[line][cell.column] for line in range(grid.heads)]
        parts = (grid.rows[cell.row][0], *heads, grid.rows[cell.row][cell.column])
        verdict, reason = self._of_cell(cell)
        return Finding(
            verdict=verdict,
            reason=reason,
            text=" · ".join(part for part in parts if part),
            value=figure.value,
            place=f"{page}table {grid.number}, row {cell.row + 1}, column {cell.column + 1}",
            printed=figure.text,
            block=number,
            row=cell.row,
            column=cell.column,
            fact=fact,
        )

    def _of_cell(self, cell: CellFigure) -> tuple[Outcome, str]:
        """The verdict of a cell: of its number of respondents, or of its figure."""
        row = cell.fact.row
        if (row.n == 0) if cell.is_n else not cell.fact.told:
            return ("unknown", "proofread_withheld")
        if cell.is_n:
            right = gives(float(row.n), cell.figure.value, "number", 0, None) is not None
            return ("agrees", "proofread_agrees") if right else ("differs", "proofread_n")
        return judged(cell.figure, [Reading(fact=cell.fact, score=1.0, named=True)], self.mark)[:2]


def pin_name(text: str, printed: str) -> str:
    """What a pinned figure is known by: its sentence and its own letters."""
    return f"{' '.join(text.split()).casefold()}\x1f{' '.join(printed.split()).casefold()}"


def _short(text: str) -> bool:
    return len(text) <= 160 and not text.rstrip().endswith((".", ";", ":", "?!"))


def _has_digits(text: str) -> bool:
    """Whether a text holds a figure; the number of a heading ("3. Title", "Table 3.") is none."""
    import re

    return re.search(r"\d", re.sub(r"^\W*(?:\w+ )?\d+(?:\.\d+)*[.)]?\s", "", text)) is not None
