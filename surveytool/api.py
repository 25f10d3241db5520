"""The Python interface: one call from a file or a frame to a table.

import surveytool as st

design = st.Design(weights="weight", strata="country_interview", psu=("site",))
survey = st.read("transit.sav", design=design)
st.summarize(survey, "social_media", by=["sex", "age_group"]).to_pandas()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.survey import Base, Design, Percent, Request, Sort, Survey
from surveytool.survey.setting import choice

if TYPE_CHECKING:
    import pandas as pd

    from surveytool.estimate.doubt import Doubts
    from surveytool.proofreading.reading_of_document import Proof
    from surveytool.recruitment_report import Diagnosis
    from surveytool.study.study_file import Study
    from surveytool.table.sheet import Layout


@dataclass(frozen=True, slots=True)
class Summary:
    """What ``summarize`` found: rows of numbers that print, save and become a frame."""

    results: Results
    language: str = "en"
    layout: Layout | None = None

    @property
    def estimates(self) -> tuple[Estimates, ...]:
        """One entry a table."""
        return self.results.estimates

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every number, long: one row an estimate, tables in order."""
        return tuple(row for estimate in self.results.estimates for row in estimate.rows)

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame: the columns of the csv output."""
        from surveytool.render.notebook import to_pandas

        return to_pandas(self.results)

    def render(self, format: str = "terminal", *, width: int = 100, decimals: int | None = None) -> str:
        """The tables as text: terminal, csv, json, markdown, html or latex. Documents are bytes: see ``save``.

        Raises ``UsageError``.
        """
        from surveytool.render import BINARY

        if format in BINARY:
            raise UsageError(f"{format} is no text.", "render", f"Write for example save('tables.{format}')")
        return self._made(format, width, decimals).decode("utf-8")

    def _made(self, format: str, width: int = 100, decimals: int | None = None) -> bytes:
        from surveytool.render import render
        from surveytool.table import report
        from surveytool.text import words

        if self.layout in ("impact", "wide"):
            from surveytool.render.analysis_results import render_analysis

            return render_analysis(self.results, self.layout, format)
        said = words(self.language)
        tables = report(self.results, said, decimals=decimals, layout=self.layout)
        return render(tables, format, said, width=width)

    def save(self, path: str | Path, *, overwrite: bool = False, decimals: int | None = None) -> None:
        """Write the tables to a file; its suffix decides the format."""
        from surveytool.output_files import write
        from surveytool.render import format_of

        target = Path(path)
        write(target, self._made(format_of(target), decimals=decimals), overwrite=overwrite)

    def _repr_html_(self) -> str:
        return self.render("html")

    def __str__(self) -> str:
        return self.render("terminal")

    __repr__ = __str__


def summarize(
    source: Any,
    variables: str | Sequence[str] | None = None,
    *,
    by: str | Sequence[str | Sequence[str]] = (),
    stat: str | Sequence[str] | None = None,
    where: str | None = None,
    base: Base = "answered",
    exclude: str | Sequence[str] = (),
    ci: str | None = None,
    level: float = 0.95,
    total: bool = True,
    quantile_rule: str = "math",
    standardize: str | None = None,
    percent: Percent = "column",
    sort: Sort | None = None,
    sort_by: Sort | None = None,
    layout: Layout | None = None,
    change: str | None = None,
    design: Design | None = None,
    language: str | None = None,
) -> Summary:
    """Weighted tables of one or more variables, by any number of breakdowns.

    ``source`` is a Survey, a Study, the path of a data file or of a study file, or any
    data frame (pandas, polars, pyarrow, DuckDB). Without ``variables`` a study
    shows its own tables. ``by`` names breakdowns; a tuple of names, or names joined by ``:``,
    crosses them. Without ``variables`` every question is shown (a topline). Several statistics
    (``stat``) make one table; ``percent`` are of each group, of each answer's respondents (row) or of all
    (table); ``sort`` orders answers and ``sort_by`` groups; ``layout`` puts all questions into one table
    (table1, banner, topline), or says how results are saved (impact, wide: csv and xlsx). Who gave an answer that
    ``exclude`` names leaves the base. ``change`` adds changes between the rounds of a breakdown: from the previous
    one, from the first, or from so many before.
    Proportions are fractions. Raises ``SurveytoolError`` and its kinds.
    """
    from surveytool.disclosure_audit import audited
    from surveytool.request_text import requests_for, standard, standard_columns, wanted_columns
    from surveytool.tabulation import tabulate_changes
    from surveytool.text import words

    study = _study(source)
    if study is not None:
        from surveytool.study.study_survey import Reading, open_study

        source = open_study(study, language=language, reading=Reading(design=design), stream=True)
        language = language or study.language
        if variables is None and study.tables:
            return _tables_of(
                study, source, language, _order(percent, sort, sort_by), _chosen(stat, layout), layout, change
            )
    language, breakdowns = language or "en", [by] if isinstance(by, str) else by
    if isinstance(source, Survey):
        survey = replace(source, design=design) if design is not None else source
    else:
        from surveytool.reading import read

        names = [variables] if isinstance(variables, str) else variables
        extra = standard_columns(standardize)
        columns = wanted_columns(names, [*breakdowns, *extra], _chosen(stat, layout)[0], where) if names else None
        survey = read(source, design=design or Design(), columns=columns, stream=True)
    if base not in ("asked", "answered", "all"):
        raise UsageError(f"no base is called {base!r}.", "base", "Write asked, answered or all.")
    asked = [variables] if isinstance(variables, str) else variables
    pattern = Request(
        variable="", where=where, base=base, interval=ci, level=level, total=total,
        quantile_rule=quantile_rule, standard=standard(survey, standardize), **_order(percent, sort, sort_by),
        exclude=(exclude,) if isinstance(exclude, str) else tuple(exclude),
    )  # fmt: skip
    requests, notes = requests_for(survey, asked, breakdowns, pattern, *_chosen(stat, layout))
    results = audited(survey, tabulate_changes(survey, requests, change), words(language))
    return Summary(replace(results, notes=(*results.notes, *notes)), language, layout)


def _order(percent: str, sort: str | None, sort_by: str | None) -> dict[str, Any]:
    """What percentages are of, and the order of answers and groups, checked."""
    orders = get_args(Sort)
    order: dict[str, Any] = {"percent": choice(percent, get_args(Percent), "percent")}
    order |= {} if sort is None else {"sort": choice(sort, orders, "sort")}
    return order | ({} if sort_by is None else {"sort_by": choice(sort_by, orders, "sort_by")})


def _chosen(stat: str | Sequence[str] | None, layout: str | None) -> tuple[Sequence[str], Sequence[str]]:
    """The statistics of answers and of numbers: those named, else those of the layout."""
    from surveytool.request_text import statistics_of
    from surveytool.table import STATISTICS, layout_named

    if layout is not None:
        layout_named(layout, "layout")
    named = statistics_of([stat] if isinstance(stat, str) else stat)
    return (named, ()) if named or layout is None else STATISTICS.get(layout, ((), ()))


def doubt(
    source: Any,
    variables: str | Sequence[str] | None = None,
    *,
    draws: int = 500,
    seed: int = 1,
    design: Design | None = None,
    **asked: Any,
) -> Doubts:
    """How often intervals like those of ``summarize`` hold the truth, by samples drawn anew from the data.

    ``asked`` are the other arguments of ``summarize``. Each row of the result has ``covered``, ``below`` and ``above``,
    shares of the samples. Raises ``SurveytoolError`` and its kinds; ``UsageError`` for replicate weights.
    """
    from surveytool.coverage_simulation import simulated

    study = _study(source)
    if study is not None:
        from surveytool.study.study_survey import Reading, open_study

        source = open_study(study, reading=Reading(design=design or study.design), stream=True)
    elif not isinstance(source, Survey):
        from surveytool.reading import read

        source = read(source, design=design or Design(), stream=True)
    survey = replace(source, design=design) if design is not None else source
    results = summarize(survey, variables, **asked).results
    return simulated(survey, results, draws=draws, seed=seed)


def rds(
    source: Any,
    variables: str | Sequence[str] | None = None,
    *,
    design: Design | None = None,
    language: str | None = None,
) -> Diagnosis:
    """What a sample by recruitment is like: seeds, waves, homophily, differential activity, transitions, convergence.

    ``design`` names the recruitment, unless the study or the survey does. Raises ``SurveytoolError`` and its kinds.
    """
    from surveytool.recruitment_report import diagnose

    study = _study(source)
    if study is not None:
        from surveytool.study.study_survey import Reading, open_study

        source = open_study(study, language=language, reading=Reading(design=design))
    elif not isinstance(source, Survey):
        from surveytool.reading import read

        source = read(source, design=design or Design())
    survey = replace(source, design=design) if design is not None else source
    return diagnose(survey, [variables] if isinstance(variables, str) else variables)


def proofread(
    document: str | Path,
    study: str | Path | Study | None = None,
    *,
    claims: str | Path | None = None,
    document_language: str | None = None,
) -> Proof:
    """Every figure of a document held against its study; without one, against each other.

    ``document`` is a docx, pdf, html, md or txt; ``claims`` is a file that pins what figures mean. The result
    has ``findings``, each with ``text``, ``value`` (a fraction for shares), ``place``, ``verdict`` and ``fact``,
    and ``failed``.
    Raises ``UnreadableData`` for a document without text, ``StudyError``, ``UsageError``.
    """
    from surveytool.proofreading.proof import proof_of_study
    from surveytool.proofreading.readers import read_document

    return proof_of_study(
        read_document(Path(document)), None if study is None else _study(study),
        language=document_language, claims=None if claims is None else Path(claims),
    )  # fmt: skip


def _study(source: Any) -> Study | None:
    """The study that a source is, or the one in its file."""
    from surveytool.study.study_file import Study

    if isinstance(source, Study):
        return source
    if isinstance(source, (str, Path)) and str(source).lower().endswith(".toml"):
        from surveytool.study.load import load_study

        return load_study(source)
    return None


def _tables_of(
    study: Study, survey: Survey, language: str, order: Mapping[str, Any],
    statistics: tuple[Sequence[str], Sequence[str]], layout: Layout | None, change: str | None,
) -> Summary:  # fmt: skip
    """The tables of a study, with their titles."""
    from surveytool.disclosure_audit import audited
    from surveytool.study.study_tables import asked, titled
    from surveytool.tabulation import tabulate_changes
    from surveytool.text import words

    typed = {name: value for name, value in order.items() if value != "column"}
    asked_tables = asked(survey, study.tables, typed, statistics=statistics)
    results = titled(
        tabulate_changes(survey, [asked_table.request for asked_table in asked_tables], change), asked_tables, language
    )
    return Summary(audited(survey, results, words(language)), language, layout)
