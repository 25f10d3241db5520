"""The requests behind a study's tables and charts, with what was typed over them, and their titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from surveytool.estimate.result import Estimates, Results
from surveytool.frozen import frozen
from surveytool.request_text import By, standard, with_statistics
from surveytool.study.analysis_entries import made_of
from surveytool.study.sections import ChartEntry, TableEntry
from surveytool.study.study_file import Study
from surveytool.survey import Request, Survey, breakdown, find_level, printed_names
from surveytool.survey.label import said
from surveytool.tabulation import flows, table_ids
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.replication_code.explanation import Explanation

AUTO, STREAMS = "auto", "alluvial"


@frozen
class Asked:
    """One request and the entry that it comes from."""

    request: Request
    entry: TableEntry


def asked(
    survey: Survey, entries: Sequence[TableEntry], changes: Mapping[str, Any], by: Sequence[By] | None = None,
    standardize: str | None = None, statistics: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> tuple[Asked, ...]:  # fmt: skip
    """A request a variable and statistic of every entry, each with an id of its own.

    ``changes`` are fields of the request that win over the entries', so do breakdowns
    (``by``), a standard and the statistics of answers and of numbers where they are given. A condition joins
    the entry's own: a table of adults stays one of adults.
    """
    askeds: list[Asked] = []
    for entry in made_of(survey, entries):
        share = standard(survey, entry.standard if standardize is None else standardize)
        shared = dict(changes)
        if by is not None:
            shared["by"] = tuple(breakdown(text, survey.codebook) for text in by)
        requests = [
            replace(request, **{**shared, "where": both(request.where, changes.get("where"))})
            for request in entry.requests(survey.codebook, share)
        ]
        typed = statistics if any(statistics) else (_typed(changes) or entry.statistics(), ())
        askeds += [
            Asked(request=with_statistic, entry=entry)
            for request in requests for with_statistic in with_statistics(survey, request, *typed)
        ]  # fmt: skip
    names = table_ids([asked.request for asked in askeds])
    return tuple(
        replace(asked, request=replace(asked.request, id=name)) for asked, name in zip(askeds, names, strict=True)
    )  # fmt: skip


def _typed(changes: Mapping[str, Any]) -> tuple[str, ...]:
    """The one statistic of a command that takes no more."""
    return (changes["statistic"],) if changes.get("statistic") else ()


def both(own: str | None, typed: str | None) -> str | None:
    """Two conditions as one that asks for both.

    >>> both("age >= 18", "sex == 'F' or sex == 'X'")
    "age >= 18 and (sex == 'F' or sex == 'X')"
    """
    from surveytool.aggregate import where_language as conditions

    given = list(dict.fromkeys(text for text in (own, typed) if text))
    if len(given) < 2:
        return given[0] if given else None
    return " and ".join(f"({text})" if isinstance(conditions.parse(text), conditions.Any) else text for text in given)


def flowing(survey: Survey, asked: Sequence[Asked], language: str, kind: str) -> tuple[Survey, tuple[Asked, ...]]:
    """Charts of whole routes as charts of their paths, where a chart of streams is wanted; ``kind`` was typed."""
    found = []
    for each in asked:
        entry = each.entry
        streams = isinstance(entry, ChartEntry) and not entry.answers
        if streams and (kind if kind != AUTO else getattr(entry, "kind", AUTO)) in (AUTO, STREAMS):
            survey, (request,) = flows(survey, [each.request], language)
            each = replace(each, request=request)
        found.append(each)
    return survey, tuple(found)


def answers_of(survey: Survey, variable: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Answers by the labels that are spoken."""
    levels = survey.codebook[variable].valid_levels()
    places = [find_level(levels, text) for text in texts]
    names = printed_names(levels)
    return tuple(text if at is None else names[at] for text, at in zip(texts, places, strict=True))


def with_what_is_made(
    explanations: Sequence[Explanation], results: Results, study: Study, words: Words
) -> tuple[Explanation, ...]:
    """Explanations that say which of their variables stand in no column of the data, but are made by the study."""
    by_id = {estimate.id: estimate.request for estimate in results.estimates}
    found = []
    for explanation in explanations:
        names = [explanation.row.variable, *explanation.row.by, *_names_in(by_id[explanation.table].where)]
        made = tuple(dict.fromkeys(name for name in names if study.makes(name)))
        more = (words.fill("explain_made", names=made),) if made else ()
        found.append(replace(explanation, lines=(*explanation.lines, *more)))
    return tuple(found)


def _names_in(where: str | None) -> list[str]:
    from surveytool.aggregate.where_language import names, parse

    return list(names(parse(where))) if where else []


def titled(results: Results, asked: Sequence[Asked], language: str) -> Results:
    """The results with the titles that the study gives to its tables, in their order.

    A chart keeps its question: its title is a headline above it. A title of several
    tables stands before their questions.
    """
    pairs = zip(results.estimates, asked, strict=True)
    return replace(results, estimates=tuple(replace(each, label=_title(each, own, language)) for each, own in pairs))


def _title(estimates: Estimates, asked: Asked, language: str) -> str:
    title = said(asked.entry.title, language)
    if not title or isinstance(asked.entry, ChartEntry):
        return estimates.label
    return title if len(asked.entry.variables()) == 1 else f"{title}: {estimates.label}"
