"""Everything that a study asks for, computed in one pass: its tables, its charts, its claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from surveytool.errors import UsageError
from surveytool.estimate.result import Breakdown, Estimates, Results, Test
from surveytool.published_figures import ClaimReport
from surveytool.reports.document import Content, Drawn
from surveytool.request_text import requests_for
from surveytool.study import Study
from surveytool.study.counted_once import CountedOnce
from surveytool.study.sections import ChartEntry
from surveytool.study.study_claims import judge
from surveytool.study.study_tables import AUTO, Asked, answers_of, asked, flowing, titled
from surveytool.survey import Request, Survey
from surveytool.survey.label import said
from surveytool.table import Table
from surveytool.text import Words

COMPARED = ("proportion", "mean")

Tell = Callable[[str], None]


def collect(
    study: Study, survey: Survey, words: Words, *, theme: str | None = None, decimals: int | None = None,
    tell: Tell = lambda step: None, counts: CountedOnce | None = None,
) -> Content:  # fmt: skip
    """The content of a study's report, in the words' language; ``tell`` hears of each step.

    ``counts`` are kept between the languages of one report, so that respondents are counted once.
    A study without tables and charts gets a table of every question. Raises as ``tabulate``.
    """
    language = words.language
    tables, charts = asked(survey, study.tables, {}), asked(survey, study.charts, {})
    survey, streams = flowing(survey, charts, language, AUTO)
    requests = [table.request for table in (*tables, *streams)]
    if not requests:
        requests, _ = requests_for(survey, None, (), Request(variable=""))
    tell(words.fill("report_computing", n=len(requests)))
    counts = counts or CountedOnce()
    results = counts.tabulate(survey, requests)
    if tables or charts:
        results = titled(results, [*tables, *charts], language)
    count = len(tables) if tables or charts else len(requests)
    drawn = _drawn(survey, tables, charts, language) if tables or charts else _plain(count)
    return Content(
        first=_recruitment(survey, tables, words),
        title=said(study.about.title, language) or study.path.stem,
        results=results,
        tables=count,
        drawn=drawn,
        tests=_differences(survey, results, counts),
        claims=_claims(study, survey, words, tell, counts),
        theme=theme or study.output.theme or "plain",
        decimals=decimals if decimals is not None else study.output.decimals,
        facts=(
            (words.word("report_study"), study.path.name),
            (words.word("report_study_hash"), sha256(study.path.read_bytes()).hexdigest()),
        ),
    )


def _recruitment(survey: Survey, tables: Sequence[Asked], words: Words) -> tuple[Table, ...]:
    """What a sample by recruitment is like, with the questions of the report's tables; none of other samples."""
    if survey.design.recruitment is None:
        return ()
    from surveytool.recruitment_report import diagnose
    from surveytool.recruitment_report.recruitment_tables import arrange_diagnosis

    names = [each.request.variable for each in tables if survey.codebook[each.request.variable].kind == "single"]
    return arrange_diagnosis(diagnose(survey, list(dict.fromkeys(names))), words).tables


def _differences(survey: Survey, results: Results, counts: CountedOnce) -> tuple[Test, ...]:
    """Differences of breakdowns into two groups, of shares and means, in one pass more."""
    from surveytool.estimate.group_tests import Comparison

    requests = []
    for estimate in results.estimates:
        pairs = tuple(
            breakdown.names
            for breakdown in estimate.breakdowns
            if len(breakdown.groups) == 2 and not breakdown.overlapping and _both_answer(estimate, breakdown)
        )
        if pairs and estimate.statistic in COMPARED and estimate.request.percent == "column":
            requests.append(replace(estimate.request, by=pairs, id=estimate.id))
    if not requests:
        return ()
    return counts.compare(survey, requests, Comparison(tests=("difference",))).tests


def _both_answer(estimate: Estimates, breakdown: Breakdown) -> bool:
    """Whether each group of a breakdown has somebody in the table's base; a withheld number is one."""
    bases = {row.group: row.n for row in estimate.rows}
    return all(bases.get(group) != 0 for group, _ in breakdown.members())


def _plain(count: int) -> tuple[Drawn, ...]:
    """A chart a table, of the kind that suits it."""
    return tuple(Drawn(estimates=index, table=index) for index in range(count))


def _drawn(survey: Survey, tables: Sequence[Asked], charts: Sequence[Asked], language: str) -> tuple[Drawn, ...]:
    """The study's charts, each with the table that asks the same; a table without one is drawn as it suits."""
    drawn_charts = []
    for index, chart in enumerate(charts, len(tables)):
        entry = chart.entry
        assert isinstance(entry, ChartEntry)
        drawn_charts.append(
            Drawn(
                estimates=index, name=chart.request.id or "", table=_table_of(chart.request, tables),
                kind=entry.kind, theme=entry.theme, title=entry.headline(language), decimals=entry.decimals,
                answers=answers_of(survey, chart.request.variable, entry.answers),
            )
        )  # fmt: skip
    drawn = {drawing.table for drawing in drawn_charts}
    plain = [Drawn(estimates=index, table=index) for index in range(len(tables)) if index not in drawn]
    return (*plain, *drawn_charts)


def _table_of(request: Request, tables: Sequence[Asked]) -> int | None:
    """The first table that asks what a chart asks, whatever its breakdowns; one with the same breakdowns first."""
    alike = [
        (table.request.by != request.by, index)
        for index, table in enumerate(tables)
        if replace(table.request, id=None, by=(), total=True) == replace(request, id=None, by=(), total=True)
    ]
    return min(alike)[1] if alike else None


def _claims(study: Study, survey: Survey, words: Words, tell: Tell, counts: CountedOnce) -> ClaimReport | None:
    """Every claim of the study with its verdict; None where it has none."""
    claims = study.claims_in(words.language)
    if not claims:
        return None
    tell(words.fill("report_claims_step", n=len(claims)))
    plain = replace(survey, design=survey.design.unweighted())
    return judge(
        study, claims, weighted=survey.design.weighted, language=words.language, book=survey.codebook,
        ask=counts.asker(survey), unweighted=counts.asker(plain),
    )  # fmt: skip


def only(results: Results, count: int) -> Results:
    """The results of the tables alone."""
    return replace(results, estimates=results.estimates[:count])


def needs_data(study: Study) -> None:
    """Refuse a study that has no data: there would be nothing to report."""
    if study.data is None:
        raise UsageError("names no data file.", str(study.path), 'Write [data] with path = "FILE".')
