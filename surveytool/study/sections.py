"""The tables of a study file, as the file names them.

Each is a frozen dataclass of the room that uses it, or one of those here. A field that is added
is a setting of the file, of its JSON Schema and of its error messages.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import field, fields, replace
from typing import Any, Literal

from surveytool.analysis_list.analysis_line import AnalysisLine
from surveytool.cleaning.cleaning_log import LogTable
from surveytool.collection_form.duplicates import Duplicates
from surveytool.disclosure_control.protection import Protection
from surveytool.frozen import frozen
from surveytool.indicator_library.indicator_use import IndicatorUse
from surveytool.published_figures.claims import Claim
from surveytool.recoding.recode_types import Declared, Recode
from surveytool.recoding.route_definition import Route
from surveytool.rosters.roster_requests import asked_of_roster
from surveytool.survey import Code, Design, Missing, Request, Standard, Text, breakdown
from surveytool.survey.field_work import FieldWork
from surveytool.survey.label import said
from surveytool.survey.roster import Roster
from surveytool.weighting.adjust_plan import AdjustPlan
from surveytool.weighting.weighting_plan import WeightsPlan


@frozen
class About:
    """``[study]``: what the study is. ``source`` stands under every table.

    ``languages`` are those of its labels, the first one its own. ``migrants`` says
    that the respondents are vulnerable. ``claims_file`` is a csv of published figures.
    """

    title: Text = ""
    languages: tuple[str, ...] = ("en",)
    source: Text = ""
    migrants: bool = False
    claims_file: str | None = None


@frozen
class Data:
    """``[data]``: the file, beside the study file, or the address of a table, and how to read it.

    ``decimal_mark`` is that of a text file, ``skip`` the rows above the table's head and ``header`` the rows of it;
    all are found by looking where they are not given.
    ``keep_missing`` counts codes labelled "Don't know" and the like as numbers. ``log`` is a cleaning log that is
    applied before anything is read: a file, or a table that says which of its columns is what.

    ``tool`` is the form (XLSForm) that the data were collected with. ``keep`` is a condition on the rows that count, in
    which a blank is ``''``; ``duplicates`` tells interviews that were sent twice; ``no_answer`` are codes of the whole
    file by why they are no answers. ``label_row`` says whether a row of labels stands under the names. ``codebook`` is
    a file of labels (.sps, Triple-S, DDI, our own json or csv).
    """

    path: str
    encoding: str | None = None
    sheet: str | None = None
    decimal_mark: Literal[".", ","] | None = None
    header: int | None = None
    skip: int | None = None
    keep_missing: bool = False
    log: str | LogTable | None = None
    tool: str | None = None
    keep: str | None = None
    duplicates: Duplicates | None = None
    no_answer: Mapping[Missing, tuple[Code, ...]] = field(default_factory=dict)
    label_row: Literal["auto", "yes", "no"] = "auto"
    codebook: str | None = None

    @property
    def is_collected(self) -> bool:
        """Whether steps come between the file and its codebook."""
        return bool(self.tool or self.keep or self.duplicates or self.no_answer)

    def log_table(self) -> LogTable | None:
        """The cleaning log, None where there is none."""
        return LogTable(path=self.log) if isinstance(self.log, str) else self.log


class Either:
    """Names that are known as they are, or as those of a roster."""

    def __init__(self, known: Container[str], roster: str) -> None:
        self.known, self.roster = known, roster

    def __contains__(self, name: object) -> bool:
        return name in self.known or f"{self.roster}.{name}" in self.known


@frozen
class TableEntry(Request):
    """``[[tables]]``: one request, or the same of several variables. ``by`` names breakdowns.

    ``sex:age`` crosses two; ``standardize`` is written as on the command line; several statistics are one table.
    With ``roster`` names are first those of a roster's questions, and its rows are what is counted. ``loa`` is a list
    of analysis: each of its lines is a table, and the other settings are of all of them.
    """

    variable: str | tuple[str, ...] = ()  # type: ignore[assignment]
    statistic: str | tuple[str, ...] | None = None  # type: ignore[assignment]
    by: tuple[str, ...] = ()  # type: ignore[assignment]
    standard: str | None = field(default=None, metadata={"key": "standardize"})  # type: ignore[assignment]
    title: Text | None = None
    roster: str | None = None
    loa: str | None = None
    listed: AnalysisLine | None = field(default=None, metadata={"internal": True})

    def variables(self) -> tuple[str, ...]:
        """The variables, one table each."""
        return (self.variable,) if isinstance(self.variable, str) else self.variable

    def statistics(self) -> tuple[str, ...]:
        """The statistics that are asked for; none where each question has its own."""
        if self.statistic is None:
            return ()
        return (self.statistic,) if isinstance(self.statistic, str) else self.statistic

    def requests(self, known: Container[str], standard: Standard | None = None) -> tuple[Request, ...]:
        """One request a variable without its statistics; ``known`` are all variables, ``standard`` the shares."""
        shared = {field.name: getattr(self, field.name) for field in fields(Request)}
        shared |= {"by": tuple(breakdown(text, known) for text in self.by), "standard": standard, "statistic": None}
        shared |= {} if self.roster is None else self._in_roster(self.roster, known)
        names = self.variables()
        named = names if self.roster is None else tuple(asked_of_roster(name, self.roster, known) for name in names)
        ids = [self.id] if len(names) == 1 else [f"{self.id}_{name}" if self.id else None for name in names]
        return tuple(Request(**{**shared, "variable": name, "id": own}) for name, own in zip(named, ids, strict=True))

    def _in_roster(self, roster: str, known: Container[str]) -> dict[str, Any]:
        """Breakdowns and condition with the names of a roster's questions."""
        from surveytool.aggregate.where_language import renamed

        def own(name: str) -> str:
            return asked_of_roster(name, roster, known)

        names = (breakdown(text, Either(known, roster)) for text in self.by)
        by = tuple(tuple(map(own, parts)) for parts in names)
        return {"by": by, "where": None if self.where is None else renamed(self.where, own)}


@frozen
class ChartEntry(TableEntry):
    """``[[charts]]``: a table, drawn. ``file`` is its name without a suffix, ``answers`` the levels to draw."""

    kind: str = "auto"
    theme: str | None = None
    answers: tuple[str, ...] = ()
    decimals: int | None = None
    file: str | None = None

    def headline(self, language: str) -> str | None:
        """The title in a language, None where there is none."""
        return said(self.title, language) or None

    def requests(self, known: Container[str], standard: Standard | None = None) -> tuple[Request, ...]:
        """As of a table; the file's name is the id where it is given."""
        named = self if self.file is None else replace(self, id=self.file, file=None)
        return TableEntry.requests(named, known, standard)


@frozen
class ClaimEntry(Claim):
    """``[[claims]]``: a published figure, as a fraction or as it was printed (``"47%"``)."""

    text: Text = ""  # type: ignore[assignment]
    published: float | str | None = None  # type: ignore[assignment]


@frozen
class ClaimSet:
    """``[sets.NAME]``: claims that were published together.

    A ``disputed`` set is kept to show what is wrong with it: its figures are checked
    against each other only, and do not decide the exit status.
    """

    title: Text = ""
    disputed: bool = False


@frozen
class Output:
    """``[output]``: how results are shown unless the command line says otherwise."""

    language: str | None = None
    decimals: int | None = None
    format: str | None = None
    theme: str | None = None


@frozen
class Proofread:
    """``[proofread]``: ``words`` are other words for a question, an answer or a group, by its name or label."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@frozen
class StudyFile:
    """A study of a survey: its data, design, questions, recodes, routes, tables, charts and published claims."""

    study: About = field(default_factory=About)
    data: Data | None = None
    design: Design = field(default_factory=Design)
    weights: WeightsPlan | None = None
    adjust: AdjustPlan | None = None
    variables: Mapping[str, Declared] = field(default_factory=dict)
    rosters: tuple[Roster, ...] = ()
    recodes: tuple[Recode, ...] = ()
    indicators: tuple[IndicatorUse, ...] = ()
    routes: tuple[Route, ...] = ()
    tables: tuple[TableEntry, ...] = ()
    charts: tuple[ChartEntry, ...] = ()
    claims: tuple[ClaimEntry, ...] = ()
    sets: Mapping[str, ClaimSet] = field(default_factory=dict)
    protect: Protection | None = None
    output: Output = field(default_factory=Output)
    proofread: Proofread = field(default_factory=Proofread)
    field: FieldWork | None = None  # last: it hides the function


def claim_of(entry: ClaimEntry) -> Claim:
    """The claim of an entry; ``UsageError`` for a printed figure that is no number."""
    from surveytool.published_figures.claims_file import printed

    values = {field.name: getattr(entry, field.name) for field in fields(Claim)}
    figure = entry.published
    values |= {"text": said(entry.text), "published": figure if isinstance(figure, float | int) else None}
    claim = Claim(**values)
    return printed(claim, figure) if isinstance(figure, str) else claim
