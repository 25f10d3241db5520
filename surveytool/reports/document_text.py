"""From results to a document: each question with its sentences, its chart and its table; then claims, notes, origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from surveytool.charts.build import Options, chart_of
from surveytool.estimate.result import Estimates, joint
from surveytool.notes import unique
from surveytool.published_figures.claim_table import arrange_claims
from surveytool.render.inert_text import clean
from surveytool.reports.document import Content, Document, Drawn, Heads, Pair, Picture, Section
from surveytool.reports.methods import methods, told_by_methods
from surveytool.reports.sentences import findings
from surveytool.reports.study_results import only
from surveytool.table import table_words
from surveytool.table.assemble import arrange_table
from surveytool.table.comparison import arrange_tests
from surveytool.table.settings import run_settings
from surveytool.text import Words

MOST_ANSWERS, MOST_DRAWN = 15, 12

Tell = Callable[[str], None]


def write(content: Content, words: Words, tell: Tell = lambda step: None) -> Document:
    """The report of a study's results in the words' language; ``tell`` hears of each step."""
    results = content.results
    notes = [words.say(note) for note in unique(results.notes) if not told_by_methods(note)]
    return Document(
        title=content.title,
        language=words.language,
        heads=_heads(words),
        facts=tuple(_glance(content, words)),
        methods=methods(results, words, results.estimates),
        sections=tuple(_sections(content, words, tell)),
        claims=arrange_claims(content.claims, words).tables if content.claims is not None else (),
        notes=tuple(notes),
        source=table_words.source(results, words),
        settings=(*content.facts, *run_settings(results, words)),
    )


def _heads(words: Words) -> Heads:
    names = ("contents", "methods", "results", "claims", "notes", "provenance", "table", "figure")
    return Heads(**{name: words.word(f"report_{name}") for name in names})


def _glance(content: Content, words: Words) -> Iterator[Pair]:
    """The few facts that a reader wants first."""
    results = content.results
    yield words.word("glance_respondents"), words.number(results.source.rows)
    yield words.word("set_sample"), words.word(f"glance_{results.design.sample}")
    yield words.word("set_weights"), results.design.weights or words.word("set_none")
    yield words.word("glance_tables"), words.number(content.tables)
    if content.claims is not None and content.claims.verdicts:
        yield words.word("claims"), words.number(len(content.claims.verdicts))


def _sections(content: Content, words: Words, tell: Tell) -> Iterator[Section]:
    """A section a table, then one for each chart that belongs to none."""
    if content.first:
        yield Section(name=content.first[0].id, title=content.first[0].title, tables=content.first)
    estimates, index = content.results.estimates, 0
    for table in joint(only(content.results, content.tables)):
        tell(words.fill("report_step", n=index + 1, of=content.tables))
        drawn = [
            drawing for drawing in content.drawn if drawing.table == index and drawable(estimates[drawing.estimates])
        ]
        yield _section(content, table[0], drawn, words, table=table)
        index += len(table)
    for drawing in content.drawn:
        if drawing.table is None:
            yield _section(content, estimates[drawing.estimates], [drawing], words)


def drawable(estimates: Estimates) -> bool:
    """Whether a chart says what a table's figures are: a chart's percentages are of each group."""
    return estimates.request.percent == "column"


def _section(
    content: Content, estimates: Estimates, drawn: list[Drawn], words: Words, *, table: Sequence[Estimates] = ()
) -> Section:
    """One table of one statistic or of several with its charts, or a chart alone."""
    results = content.results
    pictures = tuple(_picture(drawing, content, words) for drawing in drawn)
    tables = []
    if table:
        tables.append(arrange_table(table, words, decimals=content.decimals, results=results))
        tests = arrange_tests(estimates, results, words, decimals=content.decimals)
        tables += [tests] if tests is not None else []
    headline = next((drawing.title for drawing in drawn if drawing.title), None)
    return Section(
        name=estimates.id,
        title=(estimates.label or estimates.request.variable)
        if table
        else headline or estimates.label or estimates.request.variable,
        findings=findings(estimates, results, words, content.decimals, content.tests),
        pictures=pictures,
        tables=tuple(tables),
    )


def _picture(drawn: Drawn, content: Content, words: Words) -> Picture:
    decimals = drawn.decimals if drawn.decimals is not None else content.decimals
    options = Options(kind=drawn.kind, decimals=decimals, answers=drawn.answers, title=drawn.title)
    results = replace(content.results, notes=())  # what holds for all is said once, in the report's notes
    estimates = results.estimates[drawn.estimates]
    most = () if drawn.answers or drawn.kind != "auto" else _most(estimates, words)
    chart = chart_of(estimates, results, words, replace(options, answers=most) if most else options)
    if most:
        told = words.fill("report_most", n=len(most), of=len(estimates.levels))
        chart = replace(chart, notes=(*chart.notes, told))
    return Picture(chart=chart, theme=drawn.theme or content.theme, name=drawn.name or chart.id)


def _most(estimates: Estimates, words: Words) -> tuple[str, ...]:
    """The most frequent answers, where a chart of all of them would not go on a page."""
    if len(estimates.levels) <= MOST_ANSWERS or estimates.stages:
        return ()
    shown = {row.level_code: row.estimate for row in estimates.rows if not row.by and row.flag is None and row.estimate}
    ranked = sorted((code for code in estimates.codes if code in shown), key=lambda code: -(shown[code] or 0.0))
    kept = set(ranked[:MOST_DRAWN])
    return tuple(clean(table_words.label(level, words)) for level, code in estimates.answers() if code in kept)
