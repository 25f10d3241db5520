"""What a study says: every number of its tables, with the words by which a text may mean it.

A fact is one row of estimates. The study's questions and breakdowns are crossed,
each question by each breakdown, in one pass; a protected study is asked for nothing but its
own tables, so that a verdict tells no figure that they withhold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

from surveytool.estimate.result import Results, Row
from surveytool.frozen import frozen
from surveytool.survey import Codebook, Design, Provenance, Request, Survey

if TYPE_CHECKING:
    from surveytool.study import Study

MOST_QUESTIONS = 80
ASKED = ("single", "multiple", "number", "route")


@frozen
class Fact:
    """One row of a table. ``titles`` are what its table is called, ``group`` the codes of its groups."""

    table: str
    row: Row
    statistic: str
    titles: tuple[str, ...]
    where: str | None = None

    @property
    def group(self) -> tuple[tuple[str, str], ...]:
        """Variables and codes of the group, in a fixed order."""
        return tuple(sorted(self.row.by_code.items()))

    @property
    def told(self) -> bool:
        """Whether the row has a number that may be told."""
        return self.row.estimate is not None and self.row.flag is None


@frozen
class Facts:
    """All facts of a study, its codebook, and the words that its author adds."""

    facts: tuple[Fact, ...]
    book: Codebook
    synonyms: Mapping[str, tuple[str, ...]]
    years: frozenset[str] = frozenset()
    source: Provenance = field(default_factory=Provenance)
    design: Design = field(default_factory=Design)


def facts_of(study: Study, survey: Survey, language: str, synonyms: Mapping[str, tuple[str, ...]]) -> Facts:
    """The facts of a study. Raises as ``tabulate``."""
    from surveytool.study.study_tables import asked, titled
    from surveytool.tabulation import tabulate

    tables = [*asked(survey, study.tables, {}), *asked(survey, study.charts, {})]
    protected = survey.gate is not None and survey.gate.active
    own = [table.request for table in tables]
    more = _claimed(study, survey, language) if protected else _crossed(study, survey, own, language)
    requests = [*own, *more]
    results = tabulate(survey, requests)
    if tables:
        head = replace(results, estimates=results.estimates[: len(own)])
        named = titled(head, tables, language).estimates
        results = replace(results, estimates=(*named, *results.estimates[len(own) :]))
    return Facts(
        facts=tuple(_facts(results, survey.codebook)),
        book=survey.codebook,
        synonyms=synonyms,
        years=_years(study),
        source=results.source,
        design=results.design,
    )


def _years(study: Study) -> frozenset[str]:
    """The years that the study names of itself: a figure of one of them is its own."""
    about = study.about
    texts = [study.path.stem, *(str(value) for value in (about.title, about.source) if value)]
    return frozenset(year for text in texts for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))


def _crossed(study: Study, survey: Survey, own: Sequence[Request], language: str) -> list[Request]:
    """Each question of tables and claims by each breakdown that the study has; of a short file every question."""
    book = survey.codebook
    claims = study.claims_in(language)
    questions = dict.fromkeys(request.variable for request in own)
    questions |= dict.fromkeys(claim.variable for claim in claims if claim.variable and claim.variable in book)
    if len(book) <= MOST_QUESTIONS:
        design = set(survey.design.columns())
        questions |= dict.fromkeys(
            name
            for name, variable in book.items()
            if variable.kind in ASKED and not variable.sensitive and name not in design
        )
    groups = dict.fromkeys(names for request in own for names in request.by)
    groups |= dict.fromkeys(tuple(claim.by) for claim in claims if claim.by and all(name in book for name in claim.by))
    requests = []
    for number, name in enumerate(name for name in questions if name is not None and name in book):
        by = tuple(names for names in groups if name not in names)
        statistics = ("mean", "median") if book[name].kind == "number" else (None,)
        requests += [
            Request(variable=name, by=by, statistic=statistic, id=f"{name}~{number}{statistic or ''}")
            for statistic in statistics
        ]
    return requests


def _claimed(study: Study, survey: Survey, language: str) -> list[Request]:
    """What the study's claims ask: published figures, which ``reproduce`` asks of a protected study too."""
    from surveytool.published_figures.claim_requests import request_of
    from surveytool.study.study_claims import disputed_of

    claims = study.claims_in(language)
    apart = disputed_of(study, claims)
    asked = [request_of(claim) for claim in claims if claim.variable in survey.codebook and claim.id not in apart]
    joined: dict[Request, dict[tuple[str, ...], None]] = {}
    for request in asked:
        joined.setdefault(replace(request, by=()), {}).update(dict.fromkeys(request.by))
    return [
        replace(request, by=tuple(by), id=f"claims~{number}") for number, (request, by) in enumerate(joined.items())
    ]


def _facts(results: Results, book: Codebook) -> Iterable[Fact]:
    for estimates in results.estimates:
        titles = tuple(dict.fromkeys([estimates.label, *names_of(book, estimates.request.variable)]))
        for row in estimates.rows:
            yield Fact(
                table=estimates.id,
                row=row,
                statistic=estimates.statistic,
                titles=titles,
                where=estimates.request.where,
            )


def names_of(book: Codebook, name: str) -> tuple[str, ...]:
    """What a variable is called: its labels in all languages, its name where it has none."""
    if name not in book:
        return (name,)
    variable = book[name]
    labels = tuple(dict.fromkeys(text for text in (variable.label, *variable.labels.values()) if text))
    return labels or (name,)


def level_names(book: Codebook, name: str, code: str | None, label: str | None) -> tuple[str, ...]:
    """What an answer is called: its labels in all languages."""
    from surveytool.survey import code_text

    names = [label or ""]
    if name in book:
        for level in book[name].levels:
            if code_text(level.code) == code or level.label == label:
                names += [level.label, *level.labels.values()]
    return tuple(dict.fromkeys(text for text in names if text))
